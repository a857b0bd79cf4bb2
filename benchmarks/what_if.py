"""From a change that is asked for to its answer on the probe batch of 256 samples, with the picture."""

from __future__ import annotations

import statistics
from collections.abc import Iterator
from itertools import count
from time import perf_counter
from typing import Any

from .result import Result

ROUNDS = 12


def measure() -> Iterator[Result]:
    import keras
    import numpy as np
    from keras import layers

    rng = np.random.default_rng(0)
    dense = keras.Sequential([layers.Input((784,)), layers.Dense(64, "relu"), layers.Dense(10, "softmax")])
    yield _answered("784-64-10", dense, rng.normal(size=(300, 784)), "L1", 0.1)
    conv = keras.Sequential(
        [
            layers.Input((28, 28, 1)),
            layers.Conv2D(32, 3, activation="relu"),
            layers.MaxPooling2D(),
            layers.Conv2D(64, 3, activation="relu"),
            layers.MaxPooling2D(),
            layers.Flatten(),
            layers.Dense(600, "relu"),
            layers.Dense(10, "softmax"),
        ]
    )
    name = f"a CNN of {conv.count_params() / 1e6:.2f} M weights"
    yield _answered(name, conv, rng.normal(size=(300, 28, 28, 1)), "L3", 0.5)


def _answered(name: str, model: Any, x: Any, layer: str, limit_s: float) -> Result:
    import numpy as np

    import nnvis_widget as nv

    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    y = np.arange(len(x)) % 10
    model.train_on_batch(x[:32].astype(np.float32), y[:32])
    view = nv.NetworkView(model, data=(x.astype(np.float32), y))
    seconds = []
    for number in count():
        start_s = perf_counter()
        view.what_if = [
            {"kind": "unit", "layer": layer, "unit": number, "to": "mean"},
            {"kind": "weight", "layer": layer, "name": "bias", "index": [number], "value": 0.5},
        ]
        answer = view.what_if_answer
        seconds.append(perf_counter() - start_s)
        assert answer is not None
        assert answer.problem == ""
        if number == ROUNDS:
            break
    view.close()
    # the first one also compiles
    return Result(f"what if, {name}: changed to answered", statistics.median(seconds[1:]), "s", limit_s)
