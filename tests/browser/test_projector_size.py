"""A view for a projector: larger by as much, laid out as by the zoom of a browser, and met where it is."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

import nnvis_widget as nv

from .dashboard_page import DashboardPage
from .joined_page import JoinedPage
from .page_log import PageLog
from .processes import wait_until
from .sample_views import digits_state, moons_state, moons_trainer
from .scene_page import PROBES
from .sight import bring_into_sight
from .test_one_screen import box_of
from .voila_page import VoilaPage
from .widget_page import WidgetPage

PLACES = """
() => {
  const whole = document.querySelector(".nv").getBoundingClientRect();
  const parts = [".nv", ".nv-header", ".nv-canvas", ".nv-inspector", ".nv-timeline", ".nv-canvas text.head"];
  return Object.fromEntries(parts.map((name) => {
    const { left, top, width, height } = document.querySelector(name).getBoundingClientRect();
    return [name, name.endsWith("head") ? [height] : [left - whole.left, top - whole.top, width, height]];
  }));
}
"""


OVERFLOWING = """() => [...document.querySelectorAll(".nnvis-dashboard .bqplot.figure")].flatMap((figure) => {
  const card = figure.closest(".nnvis-panel").getBoundingClientRect()
  const parts = [...figure.querySelectorAll("text, path.domain")].map((part) => part.getBoundingClientRect())
  return parts.filter(({ right }) => right > card.right + 1).map(({ right }) => `${right} of ${card.right}`)
})"""


def places(page: Page, state: dict[str, Any], width: float, size: float) -> dict[str, list[float]]:
    """Where the parts of a view are, and how high a letter is; nothing is cut or over another."""
    widget = WidgetPage(page)
    widget.open(state | {"size": size}, width=width)
    widget.network.wait_until_drawn()
    widget.wait_until_still()
    assert page.evaluate((PROBES / "layout_faults.js").read_text("utf-8"), ".nv") == []
    found: dict[str, list[float]] = page.evaluate(PLACES)
    return found


@pytest.mark.parametrize("size", [1.35, 1.7])
@pytest.mark.parametrize("width", [1350, 700])
@pytest.mark.parametrize("scene", ["moons", "digits"])
def test_it_is_laid_out_as_in_a_page_that_is_narrower_by_as_much(
    page: Page, scene: str, width: int, size: float
) -> None:
    page.set_viewport_size({"width": 1400, "height": 1700})
    state = moons_state("moons-unit", "L2", 1) if scene == "moons" else digits_state("L1", 7)
    narrow = places(page, state, width / size, 1)
    large = places(page, state, width, size)
    for name, wanted in narrow.items():
        assert large[name] == pytest.approx([size * value for value in wanted], abs=2 * size), name


def test_pointer_and_menu_meet_it_where_it_is(joined: JoinedPage) -> None:
    page, view = joined.page, nv.NetworkView(moons_trainer(0), height=500)
    page.set_viewport_size({"width": 1400, "height": 1000})
    view.selection = {"layer": "L1", "unit": 1}
    network = joined.show_one(view, width=1350)
    network.root.get_by_role("button", name="More").click()
    page.get_by_role("menuitemcheckbox", name="Size 1.7×").click()
    wait_until(lambda: bool(view.size == 1.7), "the size")
    expect(network.inspector_heading).to_contain_text("unit 1")
    ring = network.picture.locator("rect.selection").bounding_box()
    assert ring is not None
    page.mouse.click(ring["x"] + ring["width"] / 2, ring["y"] + 1.6 * ring["height"])
    expect(network.inspector_heading).to_contain_text("unit 2")
    assert "size=1.7" in view.to_python()


def test_the_whole_screen_is_taken_by_pointer_or_key_and_given_back_with_nothing_lost(joined: JoinedPage) -> None:
    trainer = moons_trainer(0)
    page, view = joined.page, nv.NetworkView(trainer, height=500)
    page.set_viewport_size({"width": 1200, "height": 800})
    view.selection = {"layer": "L1", "unit": 1}
    network = joined.show_one(view, width=1000)
    expect(network.inspector_heading).to_contain_text("unit 1")
    small, heading = box_of(network.root), network.inspector_heading.inner_text()
    trainer.start()
    network.wait_until_step_after(0)

    def whole() -> bool:
        return bool(page.evaluate("document.fullscreenElement === document.querySelector('.nv')"))

    more = network.root.get_by_role("button", name="More")
    item = page.get_by_role("menuitemcheckbox", name="Full screen")
    for press in (lambda part: part.click(), lambda part: part.press("Enter")):
        press(more)
        expect(item).to_have_attribute("aria-checked", "false")
        press(item)
        wait_until(whole, "full screen")
        wait_until(lambda: box_of(network.root) == {"x": 0, "y": 0, "width": 1200, "height": 800}, "the whole screen")
        assert page.evaluate((PROBES / "layout_faults.js").read_text("utf-8"), ".nv") == []
        expect(network.inspector_heading).to_have_text(heading)
        network.wait_until_step_after(network.shown_step())
        press(more)
        expect(item).to_have_attribute("aria-checked", "true")
        press(item)
        wait_until(lambda: not whole() and box_of(network.root) == small, "the page as before")
    more.click()
    item.click()
    wait_until(whole, "full screen")
    page.evaluate("document.exitFullscreen()")  # what Escape does is the browser's own: without a window it has no key
    wait_until(lambda: not whole() and box_of(network.root) == small, "the page as before")
    expect(network.inspector_heading).to_have_text(heading)
    network.wait_until_step_after(network.shown_step())
    trainer.pause()
    trainer.wait(timeout=30)
    assert view.selection == {"layer": "L1", "unit": 1}
    more.click()
    expect(item).to_have_attribute("aria-checked", "false")


def test_a_dashboard_grows_with_its_panels_and_its_columns_flow_anew(voila_page: VoilaPage, page_log: PageLog) -> None:
    voila_page.open("dashboard.ipynb")
    page = voila_page.page
    page.set_viewport_size({"width": 1440, "height": 900})
    dashboard = DashboardPage(page)
    dashboard.network.wait_until_drawn()
    tick = page.locator(".nnvis-dashboard .bqplot text:visible", has_text=re.compile(r"\d")).first
    low = box_of(tick)["height"]
    figure = page.locator(".nnvis-dashboard .bqplot.figure").first
    narrow = figure.locator("path.domain").first.get_attribute("d")
    assert box_of(dashboard.control("Train"))["x"] > box_of(dashboard.network.picture)["x"] + 500

    dashboard.network.root.get_by_role("button", name="More").click()
    page.get_by_role("menuitemcheckbox", name="Size 1.7×").click()
    bring_into_sight(figure)  # out of sight bqplot lays nothing out
    wait_until(lambda: bool(figure.locator("path.domain").first.get_attribute("d") != narrow), "a wider figure")
    assert page.evaluate(OVERFLOWING) == []
    assert box_of(tick)["height"] == pytest.approx(1.7 * low, abs=3)
    assert box_of(dashboard.control("Train"))["y"] > box_of(dashboard.network.picture)["y"] + 300
    assert page.evaluate("document.documentElement.scrollWidth") <= 1440

    whole = "document.fullscreenElement?.matches('.nnvis-dashboard') ?? false"
    for is_full in (True, False):
        dashboard.network.root.get_by_role("button", name="More").click()
        page.get_by_role("menuitemcheckbox", name="Full screen").press("Enter")
        wait_until(lambda is_full=is_full: page.evaluate(whole) == is_full, "full screen, and back")
        dashboard.control("Train").scroll_into_view_if_needed()
        expect(dashboard.control("Train")).to_be_in_viewport()
        assert page.evaluate(OVERFLOWING) == []
    assert page_log.errors == []
