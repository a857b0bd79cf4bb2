"""What the doctor costs a long training: the same one with it and without."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from math import ceil
from time import perf_counter, process_time
from typing import Any
from unittest.mock import patch

import keras
import numpy as np

import nnvis_widget as nv
from nnvis_widget.keras_adapter.checkup import Checkup

from .result import Result, interleaved, median_ratio

LONG_S = 20.0
CALIBRATED = 300
ROUNDS = 3
LIMIT = 1.03


def measure() -> Iterator[Result]:
    for name, make in NETWORKS.items():
        steps = _steps_of_a_long_one(make)
        wall = interleaved({"with": partial(_train, make, steps), "without": partial(_without, make, steps)}, ROUNDS)
        cpu = {key: [one[1] for one in values] for key, values in wall.items()}
        time = {key: [one[0] for one in values] for key, values in wall.items()}
        note = f"{steps:,} steps, {time['without'][0]:.0f} s; CPU {median_ratio(cpu['with'], cpu['without']):.3f} ×"
        yield Result(f"A long training of {name} with the doctor / without", _ratio(time), "×", LIMIT, note)


def _ratio(time: dict[str, list[float]]) -> float:
    return median_ratio(time["with"], time["without"])


def _steps_of_a_long_one(make: Callable[[], tuple[Any, Any]]) -> int:
    trainer = nv.Trainer(*make(), batch_size=32)
    trainer.run_steps(CALIBRATED)
    trainer.wait()
    start_s = perf_counter()
    trainer.run_steps(CALIBRATED)
    trainer.wait()
    return ceil(LONG_S / (perf_counter() - start_s) * CALIBRATED)


def _train(make: Callable[[], tuple[Any, Any]], steps: int) -> Any:
    """Seconds that pass, and of the processor."""
    model, data = make()
    trainer = nv.Trainer(model, data, batch_size=32)
    trainer.run_steps(1)
    trainer.wait()
    start_s, cpu_s = perf_counter(), process_time()
    trainer.run_steps(steps)
    trainer.wait()
    return perf_counter() - start_s, process_time() - cpu_s


def _without(make: Callable[[], tuple[Any, Any]], steps: int) -> Any:
    with patch.object(Checkup, "is_due", lambda *_: False):
        return _train(make, steps)


def _small() -> tuple[Any, Any]:
    layers = [keras.layers.Dense(8, "tanh"), keras.layers.Dense(6, "tanh"), keras.layers.Dense(1, "sigmoid")]
    return _compiled([keras.Input((2,)), *layers], "binary_crossentropy"), nv.datasets.moons(n=500, noise=0.2, seed=0)


def _digits() -> tuple[Any, Any]:
    layers = [keras.layers.Dense(64, "relu"), keras.layers.Dense(10, "softmax")]
    model = _compiled([keras.Input((784,)), *layers], "sparse_categorical_crossentropy")
    return model, nv.datasets.digits(size=28)


def _cnn() -> tuple[Any, Any]:
    layers = [
        *(keras.layers.Conv2D(8, 3, activation="relu"), keras.layers.MaxPooling2D()),
        *(keras.layers.Conv2D(16, 3, activation="relu"), keras.layers.GlobalAveragePooling2D()),
        keras.layers.Dense(10, "softmax"),
    ]
    rng = np.random.default_rng(0)
    x, y = rng.normal(size=(1024, 28, 28, 1)).astype("float32"), rng.integers(0, 10, 1024)
    return _compiled([keras.Input((28, 28, 1)), *layers], "sparse_categorical_crossentropy"), (x, y)


def _deep() -> tuple[Any, Any]:
    layers = [*(keras.layers.Dense(512, "relu") for _ in range(6)), keras.layers.Dense(10, "softmax")]
    rng = np.random.default_rng(0)
    x, y = rng.normal(size=(4096, 64)).astype("float32"), rng.integers(0, 10, 4096)
    return _compiled([keras.Input((64,)), *layers], "sparse_categorical_crossentropy"), (x, y)


def _compiled(layers: list[Any], loss: str) -> Any:
    keras.utils.set_random_seed(1)
    model = keras.Sequential(layers)
    model.compile("adam", loss, metrics=["accuracy"])
    return model


NETWORKS = {"2-8-6-1": _small, "784-64-10": _digits, "a small CNN": _cnn, "6 × 512": _deep}
