"""What watching costs a training of the 784-64-10 network."""

from __future__ import annotations

import statistics
import tempfile
from collections.abc import Callable, Iterator
from functools import partial
from time import perf_counter
from typing import Any

import keras
import numpy as np

import nnvis_widget as nv

from .browser_stand_in import BrowserStandIn
from .result import Result, interleaved, median_ratio

BATCH_SIZE = 32
EPOCHS = 12
WIDE_STEPS = 30


def measure() -> Iterator[Result]:
    data = nv.datasets.digits(size=28)
    steps = EPOCHS * -(-len(data.inputs) // BATCH_SIZE)
    stand_ins: list[BrowserStandIn] = []
    runs = {
        "fit": fitting(data, lambda view: []),
        "trainer": training(data, stand_ins),
        "empty": fitting(data, lambda view: [Empty()]),
        "live": fitting(data, lambda view: [nv.LiveCallback(view)], stand_ins),
        "tensorboard": fitting(data, lambda view: [tensorboard()]),
        "histogram": fitting(data, lambda view: [Histograms()]),
    }
    for run in runs.values():
        run()
    seconds = interleaved(runs, rounds=7)
    milliseconds = {name: statistics.median(values) / steps * 1e3 for name, values in seconds.items()}
    base = f"fit {milliseconds['fit']:.2f} ms a step"
    yield Result("Trainer with a view / plain fit", median_ratio(seconds["trainer"], seconds["fit"]), "×", 0.5, base)
    yield Result(
        "LiveCallback / empty callback",
        median_ratio(seconds["live"], seconds["empty"]),
        "×",
        1.05,
        f"empty {milliseconds['empty']:.2f} ms a step",
    )
    for name, title in (
        ("tensorboard", "Keras' TensorBoard callback, every batch"),
        ("histogram", "numpy histogram of every weight, every batch"),
    ):
        yield Result(f"{title} / empty callback", median_ratio(seconds[name], seconds["empty"]), "×")
    yield Result("Trainer with a view", milliseconds["trainer"], "ms a step")
    frames = [frame for stand_in in stand_ins for frame in stand_in.frames]
    yield Result("Largest frame of the 784-64-10 view", max(size for _, size in frames) / 1e3, "kB", 60)
    rates = [stand_in.busiest_second() for stand_in in stand_ins]
    yield Result("Most messages in a second", max(count for count, _ in rates), "a second", 15)
    yield Result("Most bytes in a second", max(size for _, size in rates) / 1e3, "kB", 500)
    yield Result("Frames taken while the Trainer ran", stand_ins[0].rate_hz(), "a second")
    yield wide_layer()


def build(seed: int = 1) -> Any:
    keras.utils.set_random_seed(seed)
    model = keras.Sequential(
        [keras.Input((784,)), keras.layers.Dense(64, "relu"), keras.layers.Dense(10, "softmax")], name="digits_mlp"
    )
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    return model


def fitting(data: Any, callbacks: Callable[[Any], list[Any]], seen: list[BrowserStandIn] | None = None) -> Any:
    """Seconds of a plain fit; tracing is done beforehand. With `seen`, a browser takes the view's frames."""
    model = build()
    view = nv.NetworkView(model, data=data) if seen is not None else None
    if view is not None and seen is not None:
        seen.append(BrowserStandIn(view))

    def run() -> float:
        chosen = callbacks(view)
        start_s = perf_counter()
        model.fit(*data.training, batch_size=BATCH_SIZE, epochs=EPOCHS, verbose=0, callbacks=chosen)
        return perf_counter() - start_s

    return run


def training(data: Any, seen: list[BrowserStandIn]) -> Callable[[], float]:
    """Seconds of the same number of epochs in a Trainer that a browser watches."""
    trainer = nv.Trainer(build(), data.training, batch_size=BATCH_SIZE)
    seen.append(BrowserStandIn(nv.NetworkView(trainer, edges="signal")))

    def run() -> float:
        start_s = perf_counter()
        trainer.run_epochs(EPOCHS)
        trainer.wait()
        return perf_counter() - start_s

    return run


def wide_layer() -> Result:
    """A Trainer of 784-4096-4096-10 with a unit chosen in a view, beside one that nobody looks at."""
    rng = np.random.default_rng(0)
    data = (
        rng.normal(size=(WIDE_STEPS * BATCH_SIZE, 784)).astype(np.float32),
        rng.integers(0, 10, WIDE_STEPS * BATCH_SIZE),
    )
    trainers = {"unwatched": nv.Trainer(build_wide(), data), "watched": nv.Trainer(build_wide(), data)}
    view = nv.NetworkView(trainers["watched"])
    view.selection = {"layer": trainers["watched"].graph.layers[2].id, "unit": 7}
    BrowserStandIn(view)

    def epoch(trainer: Any) -> float:
        start_s = perf_counter()
        trainer.run_epochs(1)
        trainer.wait()
        return perf_counter() - start_s

    runs = {name: partial(epoch, trainer) for name, trainer in trainers.items()}
    for run in runs.values():
        run()
    seconds = interleaved(runs, rounds=5)
    ratio = median_ratio(seconds["watched"], seconds["unwatched"])
    each = statistics.median(seconds["unwatched"]) / WIDE_STEPS * 1e3
    title = "4,096 × 4,096 links: Trainer with a view / without"
    return Result(title, ratio, "×", 1.1, f"unwatched {each:.0f} ms a step")


def build_wide() -> Any:
    keras.utils.set_random_seed(1)
    hidden = [keras.layers.Dense(4096, "relu") for _ in range(2)]
    model = keras.Sequential([keras.Input((784,)), *hidden, keras.layers.Dense(10, "softmax")])
    model.compile("sgd", "sparse_categorical_crossentropy")
    return model


class Empty(keras.callbacks.Callback):
    def on_train_batch_end(self, batch: int, logs: Any = None) -> None:
        pass


class Histograms(keras.callbacks.Callback):
    def on_train_batch_end(self, batch: int, logs: Any = None) -> None:
        self.histograms = [np.histogram(weights, 32) for weights in self.model.get_weights()]


def tensorboard() -> Any:
    return keras.callbacks.TensorBoard(tempfile.mkdtemp(), histogram_freq=1, update_freq="batch", write_graph=False)
