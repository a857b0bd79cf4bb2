"""The bqplot panels on a real page: they change while the model trains, and the curve moves the playhead of all."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import Locator, Page, expect

from .models import MOONS
from .page_log import PageLog
from .sight import bring_into_sight
from .voila_page import VoilaPage

PANELS = """
weights = nv.WeightHeatmap(trainer, "dense_1")
curves = nv.TrainingCurves(trainer)
activations = nv.ActivationPanel(trainer)
ipywidgets.VBox([weights, curves, activations])
"""
BUTTONS = """
start, pause = ipywidgets.Button(description="Start it"), ipywidgets.Button(description="Pause it")
start.on_click(lambda _: trainer.start())
pause.on_click(lambda _: trainer.pause())
ipywidgets.HBox([start, pause])
"""


def panel(page: Page, title: str) -> Locator:
    return page.locator(".nnvis-panel").filter(has=page.get_by_role("heading", name=title))


def pictures(place: Locator) -> list[str]:
    """The addresses of the images that bqplot made of the last bytes."""
    hrefs: list[str] = place.locator("image").evaluate_all("(all) => all.map((one) => one.getAttribute('href'))")
    return hrefs


def test_the_panels_move_with_the_training_and_the_curve_moves_the_playhead(
    voila_page: VoilaPage, new_notebook: Callable[..., str], page_log: PageLog
) -> None:
    voila_page.open(new_notebook(MOONS, PANELS, BUTTONS))
    page = voila_page.page
    weights, curves, activations = (panel(page, title) for title in ("Weights", "Training", "Activations"))
    expect(weights.locator("image")).to_have_count(2)
    before = {place: pictures(place) for place in (weights, activations)}
    page.get_by_role("button", name="Start it").click()
    for place in (weights, activations):
        expect(place.get_by_role("heading")).to_have_text(re.compile(r"epoch (?!0\.0)\d"))
    expect(curves).to_contain_text(re.compile(r"epoch (?!0\.0)[\d,.]+: train \d"))
    for place, then in before.items():
        # a picture comes with a message of its own, after its heading; the input's stays
        expect(place.locator(f"image[href='{then[-1]}']")).to_have_count(0)
    page.get_by_role("button", name="Pause it").click()

    live = curves.get_by_role("button", name="Go live")
    expect(live).to_be_disabled()
    plot = curves.locator(".bqplot")
    bring_into_sight(plot)
    box = plot.bounding_box()
    assert box is not None
    # a click takes hold of the playhead, then it follows the pointer
    page.mouse.click(box["x"] + box["width"] * 0.4, box["y"] + box["height"] / 2)
    page.mouse.move(box["x"] + box["width"] * 0.5, box["y"] + box["height"] / 2, steps=5)
    expect(live).to_be_enabled()
    past = re.search(r"epoch ([\d,.]+):", curves.inner_text())
    assert past is not None
    assert float(past[1].replace(",", "")) > 0
    now = pictures(weights)
    live.click()
    expect(live).to_be_disabled()
    expect(weights.locator(f"image[href='{now[0]}']")).to_have_count(0)
    assert not page_log.outside
    assert not page_log.errors
