"""A recurrent layer as a person meets it: a unit along its sequence, by key and by pointer, while it trains."""

from __future__ import annotations

from playwright.sync_api import expect

from .network_page import NetworkPage
from .page_log import PageLog
from .voila_page import VoilaPage


def test_the_notebook_of_memory_shows_gates_along_the_sequence_and_trains(
    voila_page: VoilaPage, page_log: PageLog
) -> None:
    voila_page.open("sequence.ipynb")
    network = NetworkPage(voila_page.page)
    network.wait_until_drawn()
    inspector, page = network.inspector, voila_page.page
    expect(inspector.get_by_role("heading", name="memory · unit 0")).to_be_visible()
    step = inspector.get_by_label("time step", exact=True)
    expect(step).to_have_value("3")  # where the first series has its mark
    rows = inspector.get_by_role("listitem").filter(has=page.locator(".nv-strip"))
    expect(rows).to_have_count(6)
    forget = rows.filter(has_text="forget gate")
    expect(forget).to_contain_text("0.")
    before = network.shown_step()
    network.train()
    network.wait_until_step_after(before)
    network.pause()
    network.focus_picture()
    page.keyboard.press(">")
    expect(step).to_have_value("4")
    expect(inspector.get_by_text("Time step 4 reads place 4.")).to_be_visible()
    page.keyboard.press("<")
    page.keyboard.press("<")
    expect(step).to_have_value("2")
    strip = forget.locator(".nv-strip").bounding_box()
    assert strip is not None
    page.mouse.click(strip["x"] + strip["width"] * 23.5 / 24, strip["y"] + strip["height"] / 2)
    expect(step).to_have_value("23")
    shown = inspector.locator(".nv-facts-list dd").first.inner_text()  # what the layer puts out is its last state
    state = rows.filter(has_text="state h").locator(".nv-strip-number")
    assert abs(float(state.inner_text().replace("−", "-")) - float(shown.replace("−", "-"))) < 0.0011
    inspector.get_by_role("button", name="memory", exact=True).press("Enter")
    expect(inspector.get_by_text("8 units × 24 time steps")).to_be_visible()
    expect(inspector.get_by_role("img", name="forget gate: a row for each unit")).to_have_count(0)
    inspector.get_by_role("button", name="Gates", exact=True).press("Enter")
    expect(inspector.get_by_role("img", name="forget gate: a row for each unit")).to_be_visible()
    expect(inspector.locator(".nv-facts-list").filter(has_text="forget gate")).to_contain_text("below 0.1")
    assert not page_log.outside
    assert not page_log.errors
