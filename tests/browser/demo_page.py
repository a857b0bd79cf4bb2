from __future__ import annotations

from pathlib import Path

from playwright.sync_api import FloatRect, Locator, Page, Route, expect

from .network_page import NetworkPage

JS = Path(__file__).parents[2] / "js"
ADDRESS = "http://nnvis.test"


class DemoPage(NetworkPage):
    """The whole view on a plain page without Python: one of the scenes of js/demo/scenes.ts."""

    def __init__(self, page: Page) -> None:
        super().__init__(page)
        page.route(f"{ADDRESS}/**", self._serve)

    def open(self, scene: str = "moons", **options: str) -> None:
        wishes = "&".join(f"{name}={value}" for name, value in {"scene": scene, **options}.items())
        self.page.goto(f"{ADDRESS}/view.html?{wishes}")
        self.wait_until_drawn()
        expect(self.picture.locator("text").first).to_be_visible()

    @property
    def zoom(self) -> Locator:
        return self.root.get_by_role("group", name="Zoom")

    @property
    def scale(self) -> float:
        """1 where the whole network is shown, which is when the buttons are away."""
        return int(self.zoom.locator("span").first.inner_text().rstrip("%")) / 100 if self.zoom.is_visible() else 1.0

    @property
    def tooltip(self) -> Locator:
        return self.root.get_by_role("tooltip")

    def select(self, layer: str, unit: int) -> None:
        self.page.evaluate("([layer, unit]) => demo.state.set({ selection: { layer, unit } })", [layer, unit])

    def selection(self) -> dict[str, object] | None:
        chosen: dict[str, object] | None = self.page.evaluate("demo.state.values.selection")
        return chosen

    def let_go(self) -> None:
        self.page.evaluate("demo.state.set({ selection: null })")
        expect(self.ring).to_have_count(0)

    @property
    def ring(self) -> Locator:
        return self.picture.locator("rect.selection")

    def ring_box(self) -> FloatRect:
        """Where the selected unit is on the screen, once it stands still."""
        self.wait_until_still()
        box = self.ring.bounding_box()
        assert box is not None, "Expected a selected unit with a ring."
        return box

    def place_of(self, layer: str, unit: int) -> FloatRect:
        """Where a unit is on the screen; nothing is selected afterwards."""
        self.select(layer, unit)
        expect(self.ring).to_have_count(1)
        box = self.ring_box()
        self.let_go()
        return box

    def wait_until_still(self) -> None:
        """Wait until the picture has been drawn three times over without a text or ring having moved."""
        self.page.evaluate(
            """async () => {
              const picture = document.querySelector(".nnvis-stage > svg");
              const frame = () => new Promise((done) => requestAnimationFrame(done));
              for (let still = 0, before = ""; still < 3; ) {
                await frame();
                const now = picture.innerHTML;
                still = now === before ? still + 1 : 0;
                before = now;
              }
            }"""
        )

    @staticmethod
    def _serve(route: Route) -> None:
        name = route.request.url.removeprefix(ADDRESS).split("?")[0].lstrip("/")
        file = JS / "demo" / name
        if file.is_file():
            route.fulfill(path=file)
        else:
            route.fulfill(status=204)


def centre(box: FloatRect) -> tuple[float, float]:
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
