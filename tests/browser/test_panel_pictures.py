"""In both themes of JupyterLab: are the picture files of panels what a person sees, and does the network follow?"""

from __future__ import annotations

import io
import re
from collections import Counter
from collections.abc import Callable
from itertools import product
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import numpy as np
from PIL import Image
from playwright.sync_api import Locator, Page

from .lab_page import LabPage
from .models import MOONS, VIEW
from .network_page import NetworkPage
from .page_log import PageLog
from .processes import wait_until
from .servers import LAB_THEMES
from .sight import bring_into_sight
from .test_theme import DARK_HAIR, LIGHT_HAIR, expect_hairline

SVG = "{http://www.w3.org/2000/svg}"
KINDS = {
    "weights": "nv.WeightHeatmap(trainer)",
    "activations": "nv.ActivationPanel(trainer)",
    "gradients": "nv.GradientFlow(trainer)",
    "curves": "nv.TrainingCurves(trainer)",
    "confusion": "nv.ConfusionMatrix(trainer)",
    "function": 'nv.ActivationFunctionPanel(trainer, "dense_1")',
    "distribution": 'nv.WeightHistogram(trainer, "dense_1")',
    "over_time": 'nv.WeightsOverTime(trainer, "dense_1")',
}
PANELS = f"""
trainer.run_steps(40)
trainer.wait()
panels = [{", ".join(KINDS.values())}]
ipywidgets.VBox(panels)
"""
SAVE = """
for name, panel in zip({names}, panels):
    panel.save_svg(f"{folder}/{{name}}.svg")
    panel.save_png(f"{folder}/{{name}}.png", scale=1)
    panel.save_png(f"{folder}/{{name}}-large.png", scale=3)
"""
WORDS = """(panel) => {
  const texts = []
  for (const part of panel.querySelectorAll(".widget-html, .bqplot > svg")) {
    const walker = document.createTreeWalker(part, NodeFilter.SHOW_TEXT)
    while (walker.nextNode()) {
      const around = walker.currentNode.parentElement
      if (around.closest("style, .nnvis-hint, .nnvis-help, .nnvis-hidden")) continue
      if (around.getClientRects().length === 0) continue
      if (getComputedStyle(around).opacity !== "0") texts.push(walker.currentNode.data)
    }
  }
  return texts.join(" ")
}"""
PICTURES = """(panel) => [...panel.querySelectorAll(".bqplot > .svg-figure")].map((one) => {
  const { left, top, width, height } = one.getBoundingClientRect()
  return { left: left - panel.getBoundingClientRect().left, x: left, y: top, width, height }
})"""


# As a dashboard does for a projector.
ENLARGE = "() => { document.querySelector('.nnvis-panel').parentElement.style.zoom = '1.5' }"


def words(text: str) -> Counter[str]:
    return Counter(re.split(r"\s+", text.strip()))


def opened(source: Any) -> np.ndarray:
    return np.asarray(Image.open(source).convert("RGB")).astype(np.int16)


def compare_with_the_page(panel: Locator, root: ElementTree.Element, png: np.ndarray) -> None:
    """Each picture of bqplot lies in the file at its place and has the pixels of the screen."""
    nested = [one for one in root.iter(f"{SVG}svg") if one is not root and len(one) > 0]
    for place in panel.evaluate(PICTURES):
        box = {name: place[name] for name in ("x", "y", "width", "height")}
        at = next(one for one in reversed(nested) if abs(float(one.get("x", "0")) - place["left"]) < 0.01
                  and float(one.get("width", "0")) == place["width"]
                  and float(one.get("height", "0")) == place["height"])  # fmt: skip
        nested.remove(at)
        screen = opened(io.BytesIO(panel.page.screenshot(clip=box)))
        left, top = round(place["left"]), round(float(at.get("y", "0")))
        file = png[top : top + screen.shape[0], left : left + screen.shape[1]]
        screen = screen[: file.shape[0], : file.shape[1]]
        assert max(share_without_like(screen, file), share_without_like(file, screen)) < 0.005


def share_without_like(these: np.ndarray, those: np.ndarray) -> float:
    """Of pixels with none like it at most two pixels away: half pixels may be rounded to either side."""
    inner = these[2:-2, 2:-2]
    height, width = inner.shape[:2]
    without = np.ones((height, width), dtype=bool)
    for y, x in sorted(product(range(5), repeat=2), key=lambda place: place != (2, 2)):
        near = those[y : y + height, x : x + width]
        without[without] = np.abs(inner[without] - near[without]).max(axis=-1) > 60
    return float(without.mean())


def test_a_change_of_theme_redraws_the_canvas_and_a_file_has_the_texts_and_the_pixels_of_its_panel(
    lab: LabPage, new_notebook: Callable[..., str], tmp_path: Path, page_log: PageLog
) -> None:
    folders = {theme: tmp_path / theme for theme in LAB_THEMES}
    saves = [SAVE.format(names=list(KINDS), folder=folder) for folder in folders.values()]
    for folder in folders.values():
        folder.mkdir()
    page = lab.page
    page.set_viewport_size({"width": 1280, "height": 1000})
    enlarged = tmp_path / "enlarged"
    enlarged.mkdir()
    save_one = SAVE.format(names=["weights"], folder=enlarged)
    lab.open(new_notebook(MOONS, PANELS, *saves, VIEW, save_one), mode="lab")
    for cell in (0, 1, 4):
        lab.run_cell(cell)
    network = NetworkPage(page)
    network.come_into_view()
    expect_hairline(network, LIGHT_HAIR)
    for cell, (theme, folder) in enumerate(folders.items(), start=2):
        lab.choose_theme(LAB_THEMES[theme])
        network.come_into_view()
        expect_hairline(network, {"dark": DARK_HAIR, "light": LIGHT_HAIR}[theme])
        lab.run_cell(cell)
        check_files(page, folder)
    page.evaluate(ENLARGE)
    lab.run_cell(5)
    check_the_file_of_an_enlarged_panel(page, enlarged / "weights.svg")
    lab.expect_no_error_output()
    assert not page_log.errors


def check_files(page: Page, folder: Path) -> None:
    for number, name in enumerate(KINDS):
        panel = page.locator(".nnvis-panel").nth(number)
        bring_into_sight(panel)
        files = [folder / f"{name}.svg", folder / f"{name}.png", folder / f"{name}-large.png"]
        wait_until(lambda files=files: all(file.is_file() for file in files), f"the files of {name}")
        root = ElementTree.parse(files[0]).getroot()
        small = opened(files[1])
        width, height = int(root.get("width", "")), int(root.get("height", ""))
        assert small.shape[:2] == (height, width)
        with Image.open(files[2]) as large:
            assert large.size == (3 * width, 3 * height)
        texts = list(root.iter(f"{SVG}text"))
        assert words(" ".join("".join(one.itertext()) for one in texts)) == words(panel.evaluate(WORDS)), name
        assert len(root.findall(f"{SVG}rect[@fill-opacity]")) == panel.locator(".nnvis-area").count(), name
        assert root.find(f"{SVG}desc").text
        source = files[0].read_text()
        assert "<script" not in source
        assert set(re.findall(r'href="([a-z]+):', source)) <= {"data"}
        assert "var(" not in source
        compare_with_the_page(panel, root, small)


def check_the_file_of_an_enlarged_panel(page: Page, file: Path) -> None:
    """It is laid out as on the page, in the panel's own px."""
    panel = page.locator(".nnvis-panel").first
    bring_into_sight(panel)
    wait_until(file.is_file, "the file of an enlarged panel")
    root = ElementTree.parse(file).getroot()
    places = [[place[name] / 1.5 for name in ("left", "width", "height")] for place in panel.evaluate(PICTURES)]
    nested = [one for one in root.iter(f"{SVG}svg") if one is not root and len(one) > 0]
    found = [[float(one.get(name, "0")) for name in ("x", "width", "height")] for one in nested]
    assert places
    for place in places:
        assert any(np.allclose(place, one, atol=0.1) for one in found), (place, found)
    assert words(" ".join("".join(one.itertext()) for one in root.iter(f"{SVG}text"))) == words(panel.evaluate(WORDS))
