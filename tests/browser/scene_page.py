"""The whole view on a plain page, without Python and Jupyter: js/demo/view.html, served from disk by Playwright."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import urlencode, urlsplit

from playwright.sync_api import Page, Route

DEMO = Path(__file__).parents[2] / "js/demo"
ORIGIN = "http://nnvis.test"
PROBES = Path(__file__).parent / "probes"
TYPES = {".html": "text/html", ".js": "text/javascript", ".css": "text/css"}


SETTLED = """async () => {
  const boxes = () => [...document.querySelectorAll(".nv, .nv *")].map((part) => {
    const { x, y, width, height } = part.getBoundingClientRect()
    return [x, y, width, height].join()
  }).join(" ")
  for (let i = 0, same = 0, before = ""; i < 120; i++) {
    await new Promise((done) => requestAnimationFrame(done))
    const now = boxes()
    same = now === before ? same + 1 : 0
    before = now
    if (same === 4) return true
  }
  return false
}"""


SET_THEME = """(isDark) => {
  const rules = document.documentElement.style
  document.body.dataset.jpThemeLight = String(!isDark)
  rules.setProperty("--jp-layout-color1", isDark ? "#212121" : "#fff")
  rules.setProperty("--jp-ui-font-color1", isDark ? "rgba(255,255,255,0.87)" : "rgba(0,0,0,0.87)")
  document.body.style.background = isDark ? "#111" : "#fff"
}"""


def build_demo() -> None:
    """Bundle the demo pages (node js/build.mjs --demo, about a second)."""
    node = shutil.which("node")
    assert node is not None, "Expected `node` on PATH to build js/demo. Install Node 20 or newer."
    subprocess.run([node, "build.mjs", "--demo"], cwd=DEMO.parent, check=True, capture_output=True, timeout=120)


class ScenePage:
    """One scene of js/demo/scenes.ts; `faults` says what is wrong with its layout."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.errors: list[str] = []
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("console", lambda line: self.errors.append(line.text) if line.type == "error" else None)
        page.route(f"{ORIGIN}/**", _serve)

    def open(self, scene: str, **options: str) -> None:
        self.page.goto(f"{ORIGIN}/view.html?{urlencode({'scene': scene, **options})}")
        self.page.locator("body[data-ready]").wait_for()
        if scene == "waiting":  # that it waits is told after a while, and takes room from the picture
            self.page.locator(".nv-notice[role=status]").wait_for()
            self.settle()

    def set_theme(self, theme: str) -> None:
        """As js/demo/view.ts does for `theme` in the address."""
        self.page.evaluate(SET_THEME, theme == "dark")
        self.settle()

    def resize(self, width: int, height: int = 900) -> None:
        """Change the window and let the view lay itself out anew."""
        self.page.set_viewport_size({"width": width, "height": height})
        self.settle()

    def settle(self) -> None:
        """Wait until the boxes of all parts have been the same for four animation frames, of 120 at most."""
        assert self.page.evaluate(SETTLED), "The parts of the view take turns: their sizes did not come to rest."

    def faults(self, within: str = ".nv") -> list[str]:
        return self._probe("layout_faults", within)

    def low_contrasts(self) -> list[str]:
        return self._probe("low_contrasts")

    def _probe(self, name: str, argument: str | None = None) -> list[str]:
        found: list[str] = self.page.evaluate((PROBES / f"{name}.js").read_text("utf-8"), argument)
        return found


class OpenDemo(Protocol):
    """open_demo("moons", {"device_scale_factor": 2}, theme="dark"): a scene, options of the context and the scene."""

    def __call__(self, scene: str, context: dict[str, Any] | None = None, **options: str) -> ScenePage: ...


def _serve(route: Route) -> None:
    file = DEMO / urlsplit(route.request.url).path.lstrip("/")
    if not file.is_file():
        route.fulfill(status=404 if file.suffix else 204)
        return
    route.fulfill(body=file.read_bytes(), content_type=TYPES.get(file.suffix, "text/plain"))
