"""How a unit learns, asked for, read, lit and copied by keyboard alone."""

from __future__ import annotations

import re

from playwright.sync_api import expect

import nnvis_widget as nv

from .joined_page import JoinedPage
from .learning_page import copy, open_learning, tab_to, table
from .sample_views import moons_trainer
from .test_accessibility import findings


def written(value: float) -> str:
    return f"{value:+.3f}".replace("-", "−")


def test_a_unit_is_asked_how_it_learns_by_keyboard_and_each_row_lights_its_edge(joined: JoinedPage) -> None:
    trainer = moons_trainer(1)
    view = nv.NetworkView(trainer, height=760, sample=20)
    network = joined.show_one(view)
    section = open_learning(network)
    chosen = view.selection
    arithmetic = nv.arithmetic(trainer, chosen["layer"], chosen["unit"], sample=20)
    assert arithmetic.delta is not None
    assert arithmetic.gradient is not None
    expect(section).to_contain_text(f"δ of this sample{written(arithmetic.delta)}")
    expect(section).to_contain_text("Sample 20, in the batch of samples 0–31")
    rows = table(section).get_by_role("row")
    expect(rows).to_have_count(8)  # a head, six weights, the bias
    for row, own in zip(rows.all()[1:], arithmetic.gradient.sample["kernel"], strict=False):
        expect(row.get_by_role("cell").first).to_have_text(written(own))
    expect(section.locator("[data-tone=ok]")).to_contain_text(re.compile(r"Checked: \d+ numbers agree with .*autodiff"))
    assert findings(joined.page) == []

    second = rows.nth(2).get_by_role("button", name="dense_1 · 1")
    tab_to(joined.page, second)
    expect(rows.nth(2)).to_have_attribute("data-lit", "")
    expect(network.inspector.locator(".nv-bar-lit")).to_contain_text("dense_1 · 1")  # the same edge in the sum
    copy(section, "Copy as LaTeX")
    text = section.get_by_role("textbox", name="The arithmetic as text")  # this bare page may not use the clipboard
    expect(text).to_be_focused()
    expect(text).to_have_value(nv.arithmetic(trainer, chosen["layer"], chosen["unit"], sample=20).to_latex())
    assert view.learning == "open"
    tab_to(joined.page, second)
    joined.page.keyboard.press("Enter")
    expect(network.inspector_heading).to_contain_text("dense_1 · unit 1")
    expect(rows).to_have_count(4)
    trainer.stop()
