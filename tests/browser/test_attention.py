"""Attention as a person meets it: heads in the network, a place of one, and what it looks at."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from .network_page import NetworkPage
from .page_log import PageLog
from .voila_page import VoilaPage

LANES = [f"{name}: 6 rows, a vector of 16 numbers each" for name in ("query", "key")]


def test_the_notebook_of_attention_shows_what_a_place_looks_at_and_trains(
    voila_page: VoilaPage, page_log: PageLog
) -> None:
    voila_page.open("transformer.ipynb")
    network = NetworkPage(voila_page.page)
    network.wait_until_drawn()
    inspector, page = network.inspector, voila_page.page
    expect(inspector.get_by_role("heading", name="look · head 0")).to_be_visible()
    expect(inspector.get_by_label("looks", exact=True)).to_have_value("5")
    rows = inspector.locator(".nv-bar-item", has=page.locator(".nv-bar-label"))
    looks_at = rows.filter(has_text="·")
    expect(looks_at).to_have_count(6)
    expect(looks_at.filter(has_text="5 · =")).to_have_count(1)  # the sign, not the number of its token
    expect(rows.filter(has_text="sum")).to_contain_text("1.000")
    shares = [float(text) for text in looks_at.locator(".nv-bar-number").all_inner_texts()]
    assert shares == sorted(shares, reverse=True)
    assert abs(sum(shares) - 1) < 0.0011  # within one unit of the last digit
    queries, keys = (inspector.get_by_role("img", name=name, exact=True) for name in LANES)
    expect(inspector.get_by_text(re.compile("^query of 5 · =: "))).to_be_visible()
    keys.hover(position={"x": 9, "y": 20})
    expect(inspector.locator(".nv-lane-pointed:visible")).to_have_count(3)  # it looks at that from where it is
    keys.click(position={"x": 9, "y": 20})  # of six rows of 14 px the second
    expect(inspector.get_by_label("at", exact=True)).to_have_value("1")
    queries.click(position={"x": 9, "y": 78})
    inspector.get_by_role("button", name="Step by step", expanded=False).press("Enter")
    table = inspector.get_by_role("table", name="How place 5 comes to look at others")
    expect(table.get_by_role("row")).to_have_count(7)
    softmax = [float(text) for text in table.locator("tbody td:last-child").all_inner_texts()]
    assert abs(sum(softmax) - 1) < 0.004  # each of six is written to three decimals
    expect(inspector.locator(".nv-learning-check[data-tone=ok]")).to_contain_text("a forward pass")
    before = network.shown_step()
    network.train()
    network.wait_until_step_after(before)
    network.pause()
    expect(rows.filter(has_text="sum")).to_contain_text("1.000")
    looks_at.filter(has_text="2 · +").get_by_role("button").press("Enter")
    expect(inspector.get_by_label("at", exact=True)).to_have_value("2")
    inspector.get_by_label("looks", exact=True).fill("1")
    expect(inspector.get_by_label("looks", exact=True)).to_have_value("1")
    expect(rows.filter(has_text="sum")).to_contain_text("1.000")
    assert not page_log.outside
    assert not page_log.errors
