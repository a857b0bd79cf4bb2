"""Does the page say of a sample what is true of the task, and nothing else?"""

from __future__ import annotations

import keras
import numpy as np
import pytest
from playwright.sync_api import Page, expect

import nnvis_widget as nv

from .page_log import PageLog
from .widget_page import WidgetPage

X = np.float32([[1.0, 2.0, 0.5], [0.0, 1.0, 1.0]])


def outputs(activation: str | None, loss: object, weights: list[list[float]], bias: list[float]) -> keras.Model:
    model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(len(bias), activation, name="out")], name="told")
    model.compile("sgd", loss)
    model.get_layer("out").set_weights([np.float32(weights), np.float32(bias)])
    return model


ZERO = [[0.0] * 3] * 3
CASES = {
    "labels": (
        outputs("sigmoid", "binary_crossentropy", ZERO, [2.0, -2.0, 2.0]),
        np.array([[1, 1, 1], [0, 1, 0]]),
        ["#0, labels label 0, label 1, label 2", "predicted label 0, label 2 ✗ 1 of 3 labels wrong"],
        ["label 0", "✗ wrong", "✓ right"],
        ["class"],
    ),
    "classes": (
        outputs("softmax", "sparse_categorical_crossentropy", ZERO, [0.0, 1.0, 0.0]),
        np.array([2, 1]),
        ["#0, class 2", "predicted class 1, 57.6% ✗ wrong: it is class 2"],
        ["✗ wrong"],
        ["true:", "✓"],
    ),
    "reconstruction": (
        outputs(None, "mse", np.eye(3).tolist(), [0.5, 0.0, 0.0]),
        X,
        ["#0", "reconstruction off by 0.167 on average"],
        ["value 0"],
        ["right", "wrong", "class", "✓", "✗", "%"],
    ),
    "unknown": (
        outputs(None, lambda y, p: keras.ops.mean(y - p, axis=-1), ZERO, [1.0, 2.0, 3.0]),
        np.array([[0, 1, 1], [1, 0, 0]]),
        ["#0", "output 1.00, 2.00, 3.00"],
        ["unit 0"],
        ["right", "wrong", "class", "✓", "✗", "%"],
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_the_page_says_what_is_true_of_the_task(page: Page, page_log: PageLog, name: str) -> None:
    model, y, in_inspector, in_picture, nowhere = CASES[name]
    view = nv.NetworkView(model, data=(X, y))
    view.selection = {"layer": view.source.graph.by_name("out").id, "unit": 0}
    page.set_viewport_size({"width": 1200, "height": 760})
    widget = WidgetPage(page)
    widget.open(view.get_state(), width=1200)
    widget.network.wait_until_drawn()
    sample = page.get_by_role("group", name="Sample")
    for text in in_inspector:
        expect(sample).to_contain_text(text)
    for text in in_picture:
        expect(page.locator(".nv")).to_contain_text(text)
    for text in nowhere:
        expect(sample).not_to_contain_text(text)
    assert page_log.errors == []
    view.close()
