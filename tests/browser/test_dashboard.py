"""The dashboard on a real page: all of it moves together, by pointer and by key, in both hosts and at any width."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import suppress

import pytest
from playwright.sync_api import FloatRect, Locator, Page, TimeoutError, expect

from .conftest import VIEWPORT, OpenPage
from .dashboard_page import DashboardPage
from .lab_page import LabPage
from .models import MOONS
from .outputs import expect_nothing_red
from .page_log import PageLog
from .processes import wait_until
from .sample_notebooks import write_notebook
from .servers import VoilaServer
from .sight import bring_into_sight
from .standing_still import standing_still
from .test_accessibility import findings
from .test_one_screen import LEAST_FOR_A_FIELD, box_of, is_within
from .voila_page import VoilaPage

NewNotebook = Callable[..., str]

DASHBOARD = """
dashboard = nv.Dashboard(trainer, panels=["weights", "activation_function", "training"])
dashboard
"""
TITLES = ["Weights", "Activation", "Training"]
OVERLAPS = """
() => {
  const parts = [...document.querySelectorAll(
    ".nv-header, .nnvis-dashboard-tools, .nv-side, .nv-legend, .nnvis-dashboard-side, .nv-inspector, .nnvis-slot, " +
    ".nnvis-dashboard-adding, .nv-timeline:not([data-stuck])"
  )].filter((part) => part.getClientRects().length > 0);
  const overlaps = [];
  for (const [i, a] of parts.entries()) {
    for (const b of parts.slice(i + 1)) {
      const [p, q] = [a.getBoundingClientRect(), b.getBoundingClientRect()];
      const width = Math.min(p.right, q.right) - Math.max(p.left, q.left);
      const height = Math.min(p.bottom, q.bottom) - Math.max(p.top, q.top);
      if (width > 1 && height > 1) overlaps.push(`${a.className} | ${b.className}`);
    }
  }
  return overlaps;
}
"""
LEAVING = """([parts, place]) => [...document.querySelectorAll(parts)]
  .filter((part) => part.getClientRects().length > 0)
  .filter((part) => {
    const [inner, outer] = [part, part.closest(place)].map((one) => one.getBoundingClientRect());
    return inner.left < outer.left || inner.right > outer.right + 1 || part.scrollWidth > part.clientWidth + 1;
  })
  .map((part) => part.textContent)"""

IS_WITHIN = "() => document.querySelector('.nnvis-dashboard').scrollWidth <= innerWidth"


@pytest.fixture(scope="module")
def opened(open_lasting_page: OpenPage, voila: VoilaServer) -> Iterator[DashboardPage]:
    """One dashboard in Voilà that several tests go on with."""
    write_notebook(voila.folder / "dashboards.ipynb", [MOONS, DASHBOARD])
    page = open_lasting_page()
    log = PageLog(page)
    visit = VoilaPage(page, voila)
    visit.open("dashboards.ipynb")
    yield DashboardPage(page)
    visit.leave()
    assert not log.outside
    assert not log.errors


@pytest.fixture
def dashboard(opened: DashboardPage) -> DashboardPage:
    opened.page.set_viewport_size(VIEWPORT)
    opened.button("Split").click()
    opened.network.wait_until_drawn()
    expect(opened.headings).to_have_count(len(TITLES))
    return opened


def train_and_pause(dashboard: DashboardPage) -> None:
    dashboard.control("Train").click()
    for title in ("Weights", "Activation"):
        bring_into_sight(dashboard.panel(title))  # what nobody sees is not drawn
        expect(dashboard.panel(title).get_by_role("heading")).to_contain_text(re.compile(r"epoch (?!0\.0)\d"))
    bring_into_sight(dashboard.panel("Training"))
    expect(dashboard.panel("Training")).to_contain_text(re.compile(r"epoch (?!0\.0)[\d,.]+: train"))
    dashboard.control("Pause").click()
    expect(dashboard.control("Train")).to_be_visible()


def test_the_curve_takes_network_and_panels_back_in_time(dashboard: DashboardPage) -> None:
    page, network = dashboard.page, dashboard.network
    train_and_pause(dashboard)
    assert findings(page, ".nnvis-dashboard") == []
    # following the training, nobody has moved the playhead
    expect(network.state).to_have_text("Paused")
    last = dashboard.epoch_of("Training")
    # a loss on its axis of logarithms, by its own numbers
    numbers = dashboard.panel("Training").locator(".tick text").all_text_contents()
    assert numbers
    assert not [number for number in numbers if number.startswith(("-", "−"))]
    plot = dashboard.panel("Training").locator(".bqplot")
    bring_into_sight(plot)
    box = plot.bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + box["width"] * 0.3, box["y"] + box["height"] / 2)
    page.mouse.move(box["x"] + box["width"] * 0.4, box["y"] + box["height"] / 2, steps=4)
    page.mouse.click(box["x"] + box["width"] * 0.4, box["y"] + box["height"] / 2)
    expect(network.state).to_contain_text("Viewing")
    wait_until(
        lambda: dashboard.epoch_of("Weights") == dashboard.epoch_of("Activation") < last,
        "the panels to go back in time",
    )

    def has_come_back() -> bool:
        # ipywidgets holds the pointer's last place back while the kernel is busy: it can come after the button
        if network.go_live_button.is_visible():
            with suppress(TimeoutError):  # it has gone meanwhile
                network.go_live_button.click(timeout=1_000)
        return bool(dashboard.epoch_of("Weights") == dashboard.epoch_of("Training") >= last)

    wait_until(has_come_back, "the panels to come back")


def test_what_is_chosen_in_the_network_the_panels_show_and_nothing_overlaps(dashboard: DashboardPage) -> None:
    page, network = dashboard.page, dashboard.network
    expect(dashboard.panel("Weights").get_by_role("heading")).to_contain_text("dense · epoch")
    network.focus_picture()
    for key in ("ArrowRight", "ArrowRight", "ArrowDown", "Enter"):
        page.keyboard.press(key)
    expect(network.inspector_heading).to_contain_text("dense_1 · unit 2")
    for title in ("Weights", "Activation"):
        expect(dashboard.panel(title).get_by_role("heading")).to_contain_text("dense_1")
    expect_no_overlap(dashboard)


def test_panels_are_moved_removed_and_added_by_key(dashboard: DashboardPage) -> None:
    page = dashboard.page
    dashboard.button("Move Weights later").focus()
    page.keyboard.press("Enter")
    wait_until(lambda: dashboard.titles == ["Activation", "Weights", "Training"], "the panel at its new place")
    expect(dashboard.button("Move Weights later")).to_be_focused()
    page.keyboard.press("Enter")
    wait_until(lambda: dashboard.titles == ["Activation", "Training", "Weights"], "the panel at the end")
    expect(dashboard.button("Move Weights earlier")).to_be_focused()
    dashboard.button("Remove Activation").focus()
    page.keyboard.press("Enter")
    wait_until(lambda: dashboard.titles == ["Training", "Weights"], "the panel gone")
    expect(dashboard.button("Remove Training")).to_be_focused()
    dashboard.root.get_by_role("combobox", name="Panel").select_option("Gradient flow")
    dashboard.button("Add panel").focus()
    page.keyboard.press("Enter")
    wait_until(lambda: dashboard.titles == ["Training", "Weights", "Gradient flow"], "the new panel")
    dashboard.button("Panels").focus()
    page.keyboard.press("Enter")
    expect(dashboard.network.picture).to_be_hidden()
    expect(dashboard.panel("Weights")).to_be_visible()


def expect_no_overlap(dashboard: DashboardPage) -> None:
    """Nothing lies over anything else or leaves the page, at any width, in any arrangement."""
    page = dashboard.page
    faults: dict[tuple[int, str], list[str]] = {}
    for width in (1400, 1000, 700):
        page.set_viewport_size({"width": width, "height": 900})
        for arrangement in ("Split", "Network", "Panels"):
            dashboard.button(arrangement).click()
            expect(dashboard.network.picture).to_be_visible(visible=arrangement != "Panels")
            page.wait_for_function(f"(width) => innerWidth === width && ({IS_WITHIN})()", arg=width)
            faults[width, arrangement] = page.evaluate(OVERLAPS)
    assert not any(faults.values()), faults


def test_the_notebook_lives_in_jupyterlab(lab: LabPage, page_log: PageLog) -> None:
    lab.open("dashboard.ipynb")
    lab.run_all()
    dashboard = DashboardPage(lab.page)
    dashboard.network.wait_until_drawn()
    with standing_still(lab.page):
        dashboard.control("Train").click()
        dashboard.network.wait_until_step_after(60)
    dashboard.control("Pause").click()
    train_and_pause(dashboard)
    expect_the_first_screen(dashboard)
    come_back_to_the_trained_network(dashboard)
    assert dashboard.titles == ["Weights", "Activation", "Weights over time", "Training"]
    assert findings(lab.page, ".nnvis-workshop") == []
    assert lab.page.evaluate(OVERLAPS) == []
    expect_nothing_red(lab.notebook)
    assert not page_log.errors


def expect_the_first_screen(dashboard: DashboardPage) -> None:
    """Network, result and timeline at once, also in the columns that JupyterLab leaves of 1,130 and 700 px."""
    page, network = dashboard.page, dashboard.network
    for width in (1130, 700, 1280):
        page.set_viewport_size({"width": width, "height": 900})
        wait_until(lambda: page.evaluate(OVERLAPS) == [], f"nothing over anything at {width} px")
        expect_at_once(dashboard, network.picture, network.timeline)
        assert box_of(network.picture)["height"] >= LEAST_FOR_A_FIELD
        assert is_within(box_of(network.picture), box_of(page.locator(".jp-Notebook")))


def expect_at_once(dashboard: DashboardPage, *parts: Locator) -> None:
    """On the screen together; what is above is laid out anew after the window, and moves them."""
    header, size = dashboard.network.root.locator(".nv-header"), dashboard.page.viewport_size
    assert size is not None

    def is_so() -> bool:
        header.evaluate("(header) => header.scrollIntoView()")
        window = FloatRect(x=0, y=0, width=size["width"], height=size["height"])
        return all(is_within(box_of(part), window, slack=4) for part in parts)

    wait_until(is_so, "all on the screen together")


def come_back_to_the_trained_network(dashboard: DashboardPage) -> None:
    """From other data by pointer, from another number of units and from a reset by key."""
    page, network, train = dashboard.page, dashboard.network, dashboard.control("Train")
    units, back = page.get_by_role("slider", name="Units"), page.locator(".nnvis-back")
    network.choose_a_unit()
    expect(network.inspector_heading).to_have_text("hidden_2 · unit 1")
    expect(network.state).to_have_text("Paused")
    wait_until(
        lambda: network.shown_step() == int(network.training_time.get_attribute("aria-valuemax") or 0), "the end"
    )
    page.set_viewport_size({"width": 1400, "height": 900})
    total, fold = network.inspector.locator(".nv-bar-total"), network.inspector.locator(".nv-fold-hint")
    expect_at_once(dashboard, total, fold)
    wait_until(lambda: box_of(total)["y"] + box_of(total)["height"] <= box_of(fold)["y"] + 1, "the whole sum at once")
    page.set_viewport_size({"width": 1280, "height": 900})
    trained = what_is_told(dashboard)

    page.get_by_role("radio", name="Circles").click()
    expect(network.root).to_contain_text("circles_mlp")
    back.click()
    wait_until(lambda: what_is_told(dashboard) == trained, "the trained network after other data")

    units.focus()
    page.keyboard.press("ArrowRight")
    expect(network.training_time).to_have_attribute("aria-valuemax", "0")
    expect(back).to_be_visible()
    page.get_by_role("radio", name="Moons").focus()
    page.keyboard.press("Tab")
    expect(back).to_be_focused()
    page.keyboard.press("Enter")
    wait_until(lambda: what_is_told(dashboard) == trained, "the trained network after another number of units")
    expect(train).to_be_focused()

    dashboard.control("Reset").focus()
    for _ in range(2):
        page.keyboard.press("Enter")
    expect(network.training_time).to_have_attribute("aria-valuemax", "0")
    undo = dashboard.control("Back to the trained network")
    expect(undo).to_be_visible()
    expect(network.timeline.get_by_role("button", name="Back to the trained network")).to_be_visible()
    assert page.evaluate(LEAVING, [".nv-invitation button", ".nv-track-place"]) == []
    assert page.evaluate(LEAVING, [".nnvis-pair button", ".nnvis-pair"]) == []
    page.keyboard.press("Tab")
    expect(undo).to_be_focused()
    page.keyboard.press("Enter")
    wait_until(lambda: what_is_told(dashboard) == trained, "the trained network after a reset")
    expect(train).to_be_focused()
    network.training_time.focus()
    page.keyboard.press("Home")
    expect(network.state).to_contain_text("Viewing epoch 0.0")
    network.go_live_button.click()
    expect(network.state).to_have_text("Paused")


def what_is_told(dashboard: DashboardPage) -> tuple[object, ...]:
    """The moment, how far its timeline goes, its losses, and how the number of the chosen unit adds up."""
    network = dashboard.network
    time = [network.training_time.get_attribute(f"aria-value{name}") for name in ("now", "max", "text")]
    return (
        time,
        network.timeline.locator(".nv-readout").inner_text(),
        network.inspector.locator(".nv-bars").first.inner_text(),
    )


def test_the_notebook_is_a_dark_page_whose_network_is_built_anew(voila_page: VoilaPage, page_log: PageLog) -> None:
    page = voila_page.page
    page.emulate_media(color_scheme="dark")
    voila_page.open("dashboard.ipynb", "dark")
    dashboard = DashboardPage(page)
    dashboard.network.wait_until_drawn()
    expect_dark_pictures(dashboard.panel("Weights"))
    train_and_pause(dashboard)
    assert findings(page, ".nnvis-dashboard") == []
    assert dashboard.epoch_of("Weights") > 0
    data = page.get_by_role("radiogroup", name="Data")
    expect(data.get_by_role("radio")).to_have_text(["Moons", "Circles", "XOR", "Spiral", "Gaussians", "Your own"])
    place, controls = dashboard.network.root.bounding_box(), dashboard.control("Train").element_handle()
    data.get_by_role("radio", name="XOR").click()
    expect(page.get_by_role("button", name="Back")).to_have_attribute("title", "Back to the trained network")
    expect(dashboard.network.root).to_contain_text("xor_mlp")
    assert dashboard.network.root.bounding_box() == place, "nothing moves when there is a way back"
    page.keyboard.press("ArrowRight")
    expect(data.get_by_role("radio", name="Spiral")).to_be_checked()
    expect(dashboard.network.root).to_contain_text("spiral_mlp")
    for title in ("Weights", "Weights over time"):
        expect(dashboard.panel(title).get_by_role("heading")).to_contain_text("epoch 0.0")
    train_and_pause(dashboard)
    page.get_by_role("checkbox", name="x₁²").check()
    expect(dashboard.network.root).to_contain_text("3 features")
    draw_points_of_ones_own(page)
    expect(dashboard.network.root).to_contain_text("drawn_mlp")
    expect(page.get_by_text(re.compile(r"These \d+ points are the data"))).to_be_visible()
    train_and_pause(dashboard)
    assert controls is not None
    assert controls.evaluate("(button) => button.isConnected"), "what is pressed while it is built anew is not lost"
    assert findings(page, ".nnvis-choices") == []
    assert not page_log.outside
    assert not page_log.errors


def expect_dark_pictures(panel: Locator) -> None:
    """Of its two, one for each theme, the other one is not seen."""
    images = panel.locator("image")
    expect(images).to_have_count(2)
    shown = images.evaluate_all("(all) => all.map((one) => [one.classList.length, getComputedStyle(one).opacity])")
    assert sorted(shown) == [[0, "1"], [1, "0"]]


def draw_points_of_ones_own(page: Page) -> None:
    page.get_by_role("radio", name="Your own").click()
    plane = page.get_by_role("region", name="Points to draw").get_by_role("img")
    thumbnail = page.get_by_role("radio", name="Your own").locator("canvas")
    expect(thumbnail).to_be_hidden()
    for name, side in (("Class 0", 0.3), ("Class 1", 0.7)):
        page.get_by_role("radio", name=name).click()
        bring_into_sight(plane)
        box = plane.bounding_box()
        assert box is not None
        page.mouse.move(box["x"] + side * box["width"], box["y"] + 30)
        page.mouse.down()
        page.mouse.move(box["x"] + side * box["width"], box["y"] + 200, steps=12)
        page.mouse.up()
    expect(thumbnail).to_be_visible()


EVERY = """
drawn = [kind for kind in kinds_for(trainer.structure) if kind != "findings"]  # which are words
dashboard = nv.Dashboard(trainer, panels=drawn)
dashboard
"""


def see_every_panel_change(dashboard: DashboardPage) -> None:
    with standing_still(dashboard.page):
        dashboard.control("Train").click()
        dashboard.network.wait_until_step_after(60)
    titles = dashboard.titles
    assert len(titles) == 8
    for title in titles:
        panel = dashboard.panel(title)
        bring_into_sight(panel)
        pictures = panel.locator(".svg-figure")
        expect(pictures.first).to_be_visible()
        seen = pictures.evaluate_all("(all) => all.map((one) => one.outerHTML).join()")
        wait_until(
            lambda pictures=pictures, seen=seen: (  # type: ignore[misc]
                pictures.evaluate_all("(all) => all.map((one) => one.outerHTML).join()") != seen
            ),
            f"another picture of {title}",
        )
    dashboard.control("Pause").click()
    expect(dashboard.control("Train")).to_be_visible()


def test_every_panel_changes_during_a_training_in_voila(
    voila_page: VoilaPage, new_notebook: NewNotebook, page_log: PageLog
) -> None:
    voila_page.open(new_notebook(MOONS, "from nnvis_widget.dashboard.kinds import kinds_for", EVERY))
    see_every_panel_change(DashboardPage(voila_page.page))
    assert not page_log.outside
    assert not page_log.errors
