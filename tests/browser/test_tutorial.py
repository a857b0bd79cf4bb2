"""The tutorial as a visitor and as a student of it sees it: every picture drawn, the numbers those of the pictures."""

from __future__ import annotations

import re

from playwright.sync_api import Locator, Page, expect

from .lab_page import LabPage
from .network_page import NetworkPage
from .page_log import PageLog
from .sight import bring_into_sight
from .voila_page import VoilaPage

PANELS = [
    *("Activation", "Activation", "Activations"),  # an untrained network, forward
    *("Training", "Weights", "Activations", "Distribution", "Gradient flow"),  # the one that was trained
    *("Weights", "Activations", "Training"),  # the reader of digits
    "Training",  # the sliders
]
FIRST, BACKWARD, LIVE, SLIDERS = range(4)

HAS_PICTURE = """(panel) => [...panel.querySelectorAll(".bqplot image, .bqplot path.line")]
    .some((one) => { const box = one.getBoundingClientRect(); return box.width > 8 && box.height > 2 })"""


def test_the_page_of_a_visitor(voila_page: VoilaPage, page_log: PageLog) -> None:
    voila_page.open("tutorial.ipynb", "dark")
    page = voila_page.page
    train(page)
    check_pictures(page)
    check_numbers(page)
    check_that_a_slider_changes_the_curves(page)
    assert not page_log.outside
    assert not page_log.errors


def test_the_notebook_of_a_student(lab: LabPage, page_log: PageLog) -> None:
    lab.open("tutorial.ipynb")
    lab.run_all()
    train(lab.page)
    check_pictures(lab.page)
    check_numbers(lab.page)
    assert not page_log.outside
    assert not page_log.errors


def train(page: Page) -> None:
    """The live parts begin when the visitor says so, and end by themselves; at the fastest pace, nobody waits."""
    page.get_by_role("combobox", name="Pace").first.select_option("as fast as it can")
    for number in (LIVE, SLIDERS):
        network = NetworkPage(page, number)
        network.come_into_view()
        expect(network.state).to_have_text("Ready")
        network.train()
        expect(network.state).to_have_text("Finished")


def check_pictures(page: Page) -> None:
    for number in (FIRST, BACKWARD, LIVE, SLIDERS):
        network = NetworkPage(page, number)
        network.come_into_view()
        network.wait_until_drawn()
    panels = page.locator(".nnvis-panel")
    expect(panels).to_have_count(len(PANELS))
    for panel, title in zip(panels.all(), PANELS, strict=True):
        expect(panel.get_by_role("heading").first.locator("b")).to_have_text(title)
    for panel in panels.all():
        bring_into_sight(panel)
        expect(panel.locator(".bqplot").first).to_be_visible()
        page.wait_for_function(HAS_PICTURE, arg=panel.element_handle())


def check_numbers(page: Page) -> None:
    """The arithmetic between the pictures, done by hand in the cells, is that of the pictures."""
    printed = "\n".join(page.locator(".jp-OutputArea-output pre").all_inner_texts())
    z, a = found(r"  = ([+−]\d\.\d{3})\n", printed), found(r"tanh\(z\) = ([+−]\d\.\d{3})", printed)
    first = NetworkPage(page, FIRST)
    first.come_into_view()
    expect(first.inspector).to_contain_text("hidden · unit 3")
    for number in (z, a):
        expect(first.inspector).to_contain_text(number)
    expect(first.state).to_have_text("At rest")
    p = float(found(r"output p, by hand:\s+(\d\.\d{3})", printed))
    activations = page.locator(".nnvis-panel").nth(PANELS.index("Activations"))
    expect(activations).to_contain_text(f"{100 * (1 - p):.1f}%")

    # looking at it has changed nothing: the rate is still 0.5, though the slider of the controls knows no such step
    live = NetworkPage(page, LIVE)
    live.come_into_view()
    expect(live.root).to_contain_text("SGD 0.5")
    expect(live.root).not_to_contain_text("SGD 0.501")
    expect(live.state).to_have_text("Finished")
    expect(live.training_time).to_have_attribute("aria-valuenow", str(150 * 12))


def check_that_a_slider_changes_the_curves(page: Page) -> None:
    network = NetworkPage(page, SLIDERS)
    curves = page.locator(".nnvis-panel").last
    expect(network.root).to_contain_text("2 → 32 → 1")
    before = trained_curves(network, curves)

    units = page.locator(".widget-hslider", has_text="Units").get_by_role("slider")
    bring_into_sight(units)
    units.focus()
    page.keyboard.press("ArrowLeft")
    expect(network.root).to_contain_text("2 → 31 → 1")
    after = trained_curves(network, curves)
    assert after != before

    page.get_by_role("button", name="Too little").click()
    expect(network.root).to_contain_text("2 → 1 → 1")
    assert trained_curves(network, curves) not in (before, after)


def trained_curves(network: NetworkPage, curves: Locator) -> str:
    """The last values of both curves when the training has ended by itself; the view has followed to its end."""
    network.come_into_view()
    expect(network.state).to_have_text("Finished")
    bring_into_sight(curves)
    last = re.compile(rf"{re.escape(network.shown_moment())}: train [\d.e−-]+, val [\d.e−-]+")
    expect(curves).to_contain_text(last)
    return found(f"({last.pattern})", curves.inner_text())


def found(pattern: str, text: str) -> str:
    match = re.search(pattern, text)
    assert match is not None, f"{pattern} is not in {text!r}"
    return match[1]
