from __future__ import annotations

import hashlib
import re

from playwright.sync_api import Locator, Page, expect

# In each language, and in that of test_languages.py.
NAME = re.compile("^(Neural network|神经网络|⟦Neural network⟧)$")


class NetworkPage:
    """A NetworkView on a page, found and used as a person finds and uses it.

    Args:
        page: Any page that shows the view: JupyterLab, Voilà, the demo page.
        number: Which view, from 0, where a page shows several.
    """

    def __init__(self, page: Page, number: int = 0) -> None:
        self.page = page
        self.root = page.get_by_role("region", name=NAME).nth(number)

    def come_into_view(self) -> None:
        """Scroll to where it is: a view that is made anew meanwhile, with a part that has come, takes its place."""
        self.root.evaluate("(root) => root.scrollIntoView({ block: 'nearest' })")

    @property
    def state(self) -> Locator:
        """The pill in the header: "Live · epoch 12", "Paused", "Viewing epoch 3", …"""
        return self.root.get_by_role("banner").or_(self.root.locator("header")).locator(".nv-pill").first

    @property
    def timeline(self) -> Locator:
        return self.root.get_by_role("group", name="Timeline")

    @property
    def clock(self) -> Locator:
        """The clock in the timeline: "epoch" and "12.4", a plan beside it, or "step" and "1,234"."""
        return self.timeline.locator(".nv-clock")

    def shown_moment(self) -> str:
        """The moment of the picture, as every part of the page tells it: "epoch 12.4" or "step 1,234"."""
        found = re.match(r"(?:epoch [\d.,]+|step [\d,]+)", self.clock.get_attribute("title") or "")
        assert found is not None
        return found[0]

    @property
    def train_button(self) -> Locator:
        return self.timeline.get_by_role("button", name=re.compile(r"^Train( \(|$)")).first

    @property
    def pause_button(self) -> Locator:
        return self.timeline.get_by_role("button", name=re.compile(r"^Pause training"))

    @property
    def one_step_button(self) -> Locator:
        return self.timeline.get_by_role("button", name="Train one step")

    @property
    def go_live_button(self) -> Locator:
        return self.timeline.get_by_role("button", name=re.compile(r"^Go live"))

    @property
    def training_time(self) -> Locator:
        return self.timeline.get_by_role("slider", name="Training time")

    @property
    def picture(self) -> Locator:
        return self.root.locator(".nv-canvas")

    @property
    def inspector(self) -> Locator:
        return self.root.get_by_role("complementary", name="Inspector")

    @property
    def inspector_heading(self) -> Locator:
        """The heading of what the inspector shows: the selected unit, or the whole network."""
        return self.inspector.get_by_role("heading").first

    @property
    def what_if(self) -> Locator:
        """The bar over the picture while changes are tried."""
        return self.root.get_by_role("region", name="What if")

    def hold_the_unit_at_zero(self) -> None:
        """Try it of the chosen unit, by keyboard."""
        self.inspector.get_by_role("button", name=re.compile("^What if")).focus()
        self.page.keyboard.press("Enter")
        expect(self.inspector.get_by_role("spinbutton", name="Hold unit at")).to_be_focused()
        self.inspector.get_by_role("button", name="Zero: hold the unit at zero").focus()
        self.page.keyboard.press("Enter")
        expect(self.what_if.get_by_role("listitem")).to_have_count(1)
        expect(self.what_if.get_by_role("table")).to_be_visible()

    def undo_what_is_tried(self) -> None:
        self.what_if.get_by_role("button", name=re.compile("^Undo")).focus()
        self.page.keyboard.press("Enter")
        expect(self.what_if).to_be_hidden()

    def wait_until_drawn(self) -> None:
        expect(self.root).to_be_visible()
        expect(self.picture.locator("canvas").first).to_be_attached()
        expect(self.state).to_be_visible()

    def wait_until_running(self) -> None:
        expect(self.pause_button).to_be_visible()

    def focus_picture(self) -> None:
        """Where Tab leads into the network; from there arrows choose and `[` and `]` show another sample."""
        self.picture.locator("[tabindex='0']").first.focus()

    def choose_a_unit(self) -> None:
        """By keys: a unit of the second layer with weights."""
        self.focus_picture()
        for key in ("ArrowRight", "ArrowRight", "Home", "ArrowDown", "Enter"):
            self.page.keyboard.press(key)

    def train(self) -> None:
        self.train_button.click()
        self.wait_until_running()

    def pause(self) -> None:
        self.pause_button.click()
        expect(self.train_button).to_be_visible()

    def shown_step(self) -> int:
        """The value of the slider, which is the step of the picture."""
        return int(self.training_time.get_attribute("aria-valuenow") or 0)

    def wait_until_step_after(self, step: int) -> int:
        """Wait until the view shows a later step than this one, and return it."""
        self.page.wait_for_function(
            "([slider, step]) => Number(slider.getAttribute('aria-valuenow')) > step",
            arg=[self.training_time.element_handle(), step],
        )
        return self.shown_step()

    def pixels(self) -> list[str]:
        """What is painted in the picture, wherever on the page it stands."""
        canvases = self.picture.locator("canvas")
        pixels: list[str] = canvases.evaluate_all("(all) => all.map((canvas) => canvas.toDataURL())")
        return pixels

    def picture_hash(self) -> str:
        """A fingerprint of the pixels of the picture, cursors and overlays included.

        Without the timeline, which lies over it where the window is low.
        """
        style = ".nv-timeline { visibility: hidden !important }"
        pixels = self.picture.screenshot(animations="disabled", caret="hide", style=style)
        return hashlib.sha256(pixels).hexdigest()
