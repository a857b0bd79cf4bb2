"""Do the numbers and colours of the picture come from the model? numpy and the design's own tokens are the judges."""

from __future__ import annotations

import re
from io import BytesIO

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Page

import nnvis_widget as nv

from .sample_views import moons_trainer
from .widget_page import WidgetPage

LAYER, UNIT = 2, 1

# visual.md, "value": negative … 0 … positive, interpolated in OKLab.
VALUE = {
    "light": ["#9c3d00", "#cf5d0e", "#ee8f48", "#f9c9a2", "#f0f1f2", "#b5d4ec", "#67a9d9", "#2677b4", "#0a467d"],
    "dark": ["#ffc48f", "#f59a4c", "#c06a24", "#6d4122", "#2b2d30", "#23496a", "#2f7ab2", "#5caee8", "#b0dcff"],
}
TO_LMS = np.array(
    [
        [0.4122214708, 0.5363325363, 0.0514459929],
        [0.2119034982, 0.6806995451, 0.1073969566],
        [0.0883024619, 0.2817188376, 0.6299787005],
    ]
)
TO_LAB = np.array(
    [
        [0.2104542553, 0.7936177850, -0.0040720468],
        [1.9779984951, -2.4285922050, 0.4505937099],
        [0.0259040371, 0.7827717662, -0.8086757660],
    ]
)


def oklab(color: str) -> np.ndarray:
    rgb = np.array([int(color[i : i + 2], 16) for i in (1, 3, 5)]) / 255
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    return TO_LAB @ np.cbrt(TO_LMS @ linear)


def srgb(lab: np.ndarray) -> np.ndarray:
    linear = np.linalg.solve(TO_LMS, np.linalg.solve(TO_LAB, lab) ** 3)
    rgb = np.where(linear <= 0.0031308, 12.92 * linear, 1.055 * np.maximum(linear, 0) ** (1 / 2.4) - 0.055)
    return np.clip(rgb * 255, 0, 255)


def ramp(theme: str, share: float) -> np.ndarray:
    """The colour at a share of −1 … 1."""
    stops = [oklab(color) for color in VALUE[theme]]
    at = (share + 1) / 2 * (len(stops) - 1)
    low = min(int(at), len(stops) - 2)
    return srgb(stops[low] + (at - low) * (stops[low + 1] - stops[low]))


@pytest.fixture(scope="module")
def trainer() -> nv.Trainer:
    return moons_trainer()


@pytest.fixture(scope="module")
def view(trainer: nv.Trainer) -> nv.NetworkView:
    selection = {"layer": trainer.graph.layers[LAYER].id, "unit": UNIT}
    view = nv.NetworkView(trainer, selection=selection, sample=3)
    view.look()  # what was just chosen is measured by another thread
    return view


def opened(page: Page, view: nv.NetworkView, theme: str = "light") -> WidgetPage:
    page.set_viewport_size({"width": 1400, "height": 1000})
    widget = WidgetPage(page)
    widget.open(view.get_state() | {"height": 960}, theme=theme, width=1400)
    widget.network.wait_until_drawn()
    widget.wait_until_still()
    return widget


def forward(trainer: nv.Trainer, inputs: np.ndarray) -> list[np.ndarray]:
    """What each dense layer puts out, from the weights, in float64; tanh but for the last."""
    outputs = [inputs.astype(np.float64)]
    for layer in trainer.model.layers:
        kernel, bias = (np.asarray(weights, np.float64) for weights in layer.get_weights())
        outputs.append(np.tanh(outputs[-1] @ kernel + bias))
    return outputs


def test_the_inspector_shows_the_sum_of_the_model(page: Page, view: nv.NetworkView, trainer: nv.Trainer) -> None:
    widget = opened(page, view)
    kernel, bias = (np.asarray(weights, np.float64) for weights in trainer.model.layers[LAYER - 1].get_weights())
    inputs = forward(trainer, trainer.scenery.batch([3])[0])[LAYER - 1][0]
    terms = [*(inputs * kernel[:, UNIT]), bias[UNIT]]
    text = widget.network.inspector.inner_text()
    part = text[text.index("z = Σ") : text.index("Activation")]
    shown = [float(found.replace("−", "-")) for found in re.findall(r"^([+−]?\d+\.\d{3})$", part, flags=re.MULTILINE)]
    assert len(shown) == len(terms) + 1
    np.testing.assert_allclose(shown[:-1], terms, atol=0.0011)
    np.testing.assert_allclose(shown[-1], sum(terms), atol=0.0006)
    assert abs(sum(shown[:-1]) - shown[-1]) < 0.0011


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_tile_has_the_colours_of_its_outputs(
    page: Page, view: nv.NetworkView, trainer: nv.Trainer, theme: str
) -> None:
    opened(page, view, theme)
    ring = page.locator(".nv-canvas svg rect.selection").bounding_box()
    assert ring is not None
    extent = trainer.scenery.extent
    assert extent is not None
    x0, x1, y0, y1 = extent
    shares = [0.25, 0.4, 0.5, 0.6, 0.75]
    places = [(x, y) for x in shares for y in shares]
    points = np.array([[x0 + (x1 - x0) * x, y1 - (y1 - y0) * y] for x, y in places])
    expected = forward(trainer, points)[LAYER][:, UNIT]
    assert expected.max() - expected.min() > 0.5, "a tile of one colour would prove little"
    shot = np.asarray(Image.open(BytesIO(page.screenshot())).convert("RGB"), float)
    far = []
    for (x, y), value in zip(places, expected, strict=True):
        pixel = shot[round(ring["y"] + ring["height"] * y), round(ring["x"] + ring["width"] * x)]
        # A tile has 28 points a side, drawn smoothly: a neighbour's value may be meant.
        near = np.linspace(max(-1, value - 0.1), min(1, value + 0.1), 9)
        far.append(min(np.abs(pixel - ramp(theme, share)).max() for share in near))
    assert max(far) < 8, list(zip(places, far, strict=True))


def test_the_strongest_edge_has_the_end_of_the_ramp(page: Page, view: nv.NetworkView, trainer: nv.Trainer) -> None:
    """Its colour, at 0.9 of its opacity over white, is somewhere in the gap before its column."""
    view.selection = {}
    opened(page, view)
    kernel = trainer.model.layers[LAYER - 1].get_weights()[0]
    strongest = kernel.ravel()[np.abs(kernel).argmax()]
    heads = [page.get_by_text(name, exact=True).first.bounding_box() for name in ("dense_1", "dense_2")]
    assert all(heads)
    (left, right) = (int(box["x"] + box["width"] / 2) for box in heads if box is not None)
    shot = np.asarray(Image.open(BytesIO(page.screenshot())).convert("RGB"), float)
    gap = shot[150:700, left + 60 : right - 60].reshape(-1, 3)
    share = float(np.clip(strongest / scale_of(kernel), -1, 1))
    strength = np.sign(share) * (0.38 + (0.88 - 0.38) * abs(share))
    color = 0.9 * ramp("light", strength) + 0.1 * 255
    assert np.abs(gap - color).max(axis=1).min() < 10, (share, color)


def scale_of(kernel: np.ndarray) -> float:
    """The 98th percentile of the sizes, as the nearest rank (visual.md, section 3)."""
    return float(np.quantile(np.abs(kernel), 0.98, method="inverted_cdf"))


def test_each_layer_says_where_its_scale_ends(page: Page, view: nv.NetworkView, trainer: nv.Trainer) -> None:
    opened(page, view)
    # Each has a <title> with the whole sentence.
    texts = " ".join(page.locator("svg text").all_text_contents())
    said = [float(number) for number in re.findall(r"m = ([\d.]+)Colour and width", texts)]
    scales = [scale_of(layer.get_weights()[0]) for layer in trainer.model.layers]
    assert said == [float(f"{scale:.2g}") for scale in scales]
    assert len(set(said)) > 1
