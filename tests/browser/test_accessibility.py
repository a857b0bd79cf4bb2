"""The view, checked by axe-core; its rules and names: https://github.com/dequelabs/axe-core"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

import nnvis_widget as nv

from .joined_page import JoinedPage
from .sample_views import moons_trainer
from .scenes import SCENES
from .widget_page import WidgetPage

AXE = Path(__file__).parents[2] / "js/node_modules/axe-core/axe.min.js"


def findings(page: Page, place: str = ".nv") -> list[str]:
    """What axe-core finds serious or critical in a place, each with the first element it concerns."""
    if not page.evaluate("'axe' in window"):
        # as a script's text: Voilà's page has an AMD loader that a file of its own would register with
        page.evaluate(AXE.read_text(encoding="utf-8"))
    result: dict[str, Any] = page.evaluate("(place) => axe.run(place, { resultTypes: ['violations'] })", place)
    return [
        f"{found['id']} ({found['impact']}): {found['nodes'][0]['html'][:160]} {found['nodes'][0]['failureSummary']}"
        for found in result["violations"]
        if found["impact"] in ("serious", "critical")
    ]


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_serious(joined: JoinedPage, theme: str) -> None:
    trainer = moons_trainer(0)
    trainer.run_steps(30)
    trainer.wait()
    view = nv.NetworkView(trainer, selection={"layer": trainer.graph.layers[2].id, "unit": 1})
    page, network = joined.page, joined.show_one(view, theme)
    expect(network.training_time).to_have_attribute("aria-valuenow", "30")
    expect(network.inspector_heading).to_contain_text("dense_2 · unit 1")
    assert findings(page) == []

    network.training_time.focus()
    page.keyboard.press("Home")
    expect(network.state).to_contain_text("Viewing")
    network.root.get_by_role("button", name="More", exact=True).click()
    expect(network.root.get_by_role("menu")).to_be_visible()
    assert findings(page) == []

    network.root.get_by_role("menuitem", name="Describe").click()
    expect(network.root.get_by_role("dialog", name="Description")).to_contain_text("51 parameters")
    assert findings(page) == []


def test_the_tree_says_the_numbers_and_follows_the_selection(page: Page) -> None:
    widget = WidgetPage(page)
    widget.open(SCENES["playground-unit"].state())
    network = widget.network
    network.wait_until_drawn()
    tree = network.root.get_by_role("tree", name="Layers and units of moons_mlp")
    expect(tree.get_by_role("treeitem", level=1)).to_have_count(4)
    selected = tree.get_by_role("treeitem", selected=True)
    expect(selected).to_contain_text("dense_2, unit 1 of 4, tanh, output")
    expect(selected).to_contain_text("strongest input dense_1")
    expect(selected).to_have_attribute("aria-posinset", "2")
    expect(selected).to_have_attribute("aria-setsize", "4")

    tree.get_by_role("treeitem", name="dense_1, unit 5 of 6").dispatch_event("click")
    expect(network.inspector_heading).to_contain_text("dense_1 · unit 5")
    expect(selected).to_contain_text("dense_1, unit 5 of 6")
