"""Whether an input of noise is told as the one that gives least, of networks with a picture, a table and words."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from typing import Any

import keras
import numpy as np

import nnvis_widget as nv
from tests.panels.helpers import drawn, open_page

from .result import Result

SEEDS = 20
EPOCHS = 12
SAMPLES = 600
WORDS = 24


def measure() -> Iterator[Result]:
    missed = {"ablation": 0, "gradient": 0}
    largest = {"ablation": 0.0, "gradient": 0.0}
    accuracies = []
    for seed in range(SEEDS):
        (x, y), model = data(seed), build(seed)
        model.fit(x, y, batch_size=32, epochs=EPOCHS, verbose=0)
        accuracies.append(model.evaluate(x, y, verbose=0)[1])
        with closing(nv.InputShare(model, data=(x, y))) as panel:
            open_page(panel)
            drawn(panel, lambda panel=panel: len(panel.table()), "the shares")
            table = panel.table().set_index("input")
        for way in missed:
            missed[way] += int(table[way].idxmin() != "table")
            largest[way] = max(largest[way], float(table[way]["table"]))
    base = f"accuracy {min(accuracies):.2f} to {max(accuracies):.2f}"
    for way, name in (("ablation", "taken away"), ("gradient", "slope × input")):
        note = f"its largest share {largest[way]:.1%}, {base}"
        yield Result(f"Seeds of {SEEDS} where noise is not last, {name}", missed[way], "seeds", 0, note)


def data(seed: int) -> Any:
    """One of four classes by what the picture is and what the words say; the table says nothing."""
    rng = np.random.default_rng(seed)
    kind, mood = rng.integers(0, 2, (2, SAMPLES))
    pictures = rng.normal(0, 0.3, (SAMPLES, 8, 8, 1))
    pictures[kind == 0, 3:5] += 1
    pictures[kind == 1, :, 3:5] += 1
    words = rng.integers(8, WORDS, (SAMPLES, 6))
    words[np.arange(SAMPLES), rng.integers(0, 6, SAMPLES)] = 4 * mood + rng.integers(0, 4, SAMPLES)
    table = rng.normal(size=(SAMPLES, 4))
    return [pictures.astype("float32"), table.astype("float32"), words.astype("int32")], 2 * kind + mood


def build(seed: int) -> Any:
    keras.utils.set_random_seed(seed)
    layers = keras.layers
    picture = keras.Input((8, 8, 1), name="picture")
    table = keras.Input((4,), name="table")
    words = keras.Input((6,), dtype="int32", name="words")
    seen = layers.GlobalAveragePooling2D()(layers.Conv2D(6, 3, activation="relu")(picture))
    read = layers.GlobalAveragePooling1D()(layers.Embedding(WORDS, 6)(words))
    joined = layers.Concatenate()([layers.Dense(6, "relu")(seen), layers.Dense(6, "relu")(table), read])
    model = keras.Model([picture, table, words], layers.Dense(4, "softmax")(layers.Dense(16, "relu")(joined)))
    model.compile(keras.optimizers.Adam(0.01), "sparse_categorical_crossentropy", metrics=["accuracy"])
    return model
