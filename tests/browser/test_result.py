"""What is put out beside its target, as a person sees it: pictures of classes, and words of a sequence."""

from __future__ import annotations

import keras
import numpy as np
import pytest
from keras import layers
from playwright.sync_api import Locator, expect

import nnvis_widget as nv

from .joined_page import JoinedPage
from .test_accessibility import findings

SIDE = 16
NAMES = ("ground", "box")


def boxes() -> nv.Trainer:
    """Learns to find a bright box in noise, pixel by pixel."""
    keras.utils.set_random_seed(1)
    rng = np.random.default_rng(1)
    y = np.zeros((64, SIDE, SIDE), np.int32)
    for picture, (row, column) in zip(y, rng.integers(0, SIDE - 6, (64, 2)), strict=True):
        picture[row : row + 6, column : column + 6] = 1
    x = (y + rng.normal(0, 0.1, y.shape))[..., None].astype(np.float32)
    model = keras.Sequential([layers.Input((SIDE, SIDE, 1)), layers.Conv2D(2, 1, activation="softmax", name="pixels")])
    model.compile(keras.optimizers.Adam(0.3), "sparse_categorical_crossentropy")
    return nv.Trainer(model, nv.Dataset(x, y, class_names=NAMES), batch_size=64)


def colours(picture: Locator) -> list[int]:
    """How many pixels have each colour of a picture, the most frequent first."""
    counts: list[int] = picture.locator("canvas").evaluate(
        """(canvas) => {
          const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
          const counts = {};
          for (let i = 0; i < data.length; i += 4) {
            const key = data.slice(i, i + 3).join();
            counts[key] = (counts[key] ?? 0) + 1;
          }
          return Object.values(counts).sort((one, other) => other - one);
        }"""
    )
    return counts


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_classes_of_a_picture_become_those_of_its_target(joined: JoinedPage, theme: str) -> None:
    trainer = boxes()
    view = nv.NetworkView(trainer)
    page, network = joined.page, joined.show_one(view, theme)
    pane = page.get_by_role("complementary", name="Output and target")
    target = pane.get_by_role("figure", name="target")
    expect(target).to_be_visible()
    assert colours(target) == [SIDE * SIDE - 36, 36]
    trainer.run_steps(60)
    trainer.wait()
    expect(pane).to_contain_text(f"right at {SIDE * SIDE} of {SIDE * SIDE} places")
    assert colours(pane.get_by_role("figure", name="put out")) == [SIDE * SIDE - 36, 36]
    assert colours(pane.get_by_role("figure", name="wrong")) == [SIDE * SIDE]
    expect(pane.get_by_role("row", name="1 box")).to_contain_text("14.1%")  # 36 of 256
    assert findings(page) == []
    for width in (960, 700, 560, 360):
        page.set_viewport_size({"width": width, "height": 900})
        expect(target).to_be_visible()
        cut = pane.evaluate("(one) => one.scrollWidth - one.clientWidth")
        assert cut <= 0, width
        assert network.root.evaluate("(one) => one.scrollWidth - one.clientWidth") <= 0, width


def test_the_places_of_a_sequence_are_read_in_words(joined: JoinedPage) -> None:
    keras.utils.set_random_seed(2)
    x = np.random.default_rng(2).integers(0, 3, (32, 40))
    model = keras.Sequential([layers.Input((40,)), layers.Embedding(3, 4), layers.Dense(3, "softmax")])
    model.compile("adam", "sparse_categorical_crossentropy")
    view = nv.NetworkView(model, data=nv.Dataset(x, x, class_names=["red", "<b>green</b>", "blue"]))
    joined.show_one(view, "light")
    pane = joined.page.get_by_role("complementary", name="Output and target")
    guesses = model.predict(x, verbose=0)[0].argmax(axis=-1)
    words = ["red", "<b>green</b>", "blue"]
    rows = pane.get_by_role("row")
    expect(rows).to_have_count(41)
    for place in (0, 39):
        mark = "✓" if guesses[place] == x[0, place] else "✗"
        said = f"{place} {mark} {guesses[place]} {words[guesses[place]]} {x[0, place]} {words[x[0, place]]}"
        assert rows.nth(place + 1).inner_text().split() == said.split()
    pane.get_by_role("region", name="What was put out at each place").press("End")
    expect(rows.last).to_be_in_viewport()
    assert findings(joined.page) == []
