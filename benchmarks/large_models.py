"""What a snapshot and a frame of a large model cost: they follow the screen, not the model."""

from __future__ import annotations

import statistics
from collections.abc import Iterator
from sys import setrecursionlimit
from time import process_time, sleep
from typing import Any

import keras
import numpy as np

import nnvis_widget as nv

from .browser_stand_in import BrowserStandIn
from .result import Result

UNITS = 16
ON_SCREEN = 24
"""Columns of a wide screen, with those just beside it."""
FRAMES = 21


def measure() -> Iterator[Result]:
    for name in ("ResNet50", "NASNetLarge"):
        yield from known_model(name)
    yield from deep_model(1_000, most_kb=200, most_ms=8)
    yield from deep_model(3_000, most_ms=25)


def known_model(name: str) -> Iterator[Result]:
    """A view whose page has the input, the pooled features and the classes on its screen."""
    model = getattr(keras.applications, name)(weights=None)
    shape = model.inputs[0].shape[1:]
    view = nv.NetworkView(model, data=np.random.default_rng(0).random((2, *shape)).astype(np.float32))
    ids = [layer.id for layer in view.source.graph.layers]
    costs_s = [look(view, BrowserStandIn(view), [ids[0], *ids[-2:]], sample) for sample in (0, 1, 0, 1)]
    snapshot = view.source.run.latest
    count = f"{model.count_params() / 1e6:.0f} M parameters"
    yield Result(f"Snapshot of {name}, three layers on screen", snapshot.byte_count / 1e6, "MB", 2, count)
    yield Result(f"CPU time of a snapshot of {name}", min(costs_s) * 1e3, "ms")
    view.close()


def look(view: Any, page: BrowserStandIn, layers: list[str], sample: int) -> float:
    """CPU seconds of a look at a sample."""
    page.tell_layers(layers)
    before_s = process_time()
    view.sample = sample
    while view.source.run.latest.samples != (sample,):
        sleep(0.01)
    return process_time() - before_s


def deep_model(depth: int, most_ms: float, most_kb: float | None = None) -> Iterator[Result]:
    """A frame of a network of many small layers with a unit chosen in the middle of the screen."""
    setrecursionlimit(20 * depth)  # Keras walks a model one call deeper a layer
    model = keras.Sequential([keras.Input((UNITS,)), *(keras.layers.Dense(UNITS, "tanh") for _ in range(depth))])
    view = nv.NetworkView(model, data=np.random.default_rng(0).normal(size=(4, UNITS)).astype(np.float32))
    view.opened = [group.path for group in view.source.structure.groups]
    page = BrowserStandIn(view)
    page.tell_layers([f"L{depth // 2 + place}" for place in range(ON_SCREEN)])
    view.selection = {"layer": f"L{depth // 2 + ON_SCREEN // 2}", "unit": 3}
    while not any(key.quantity == "z_batch" for key in view.source.run.latest.tensors):
        sleep(0.05)
    costs_s, size = [], 0
    for _ in range(FRAMES):
        before_s = process_time()
        size = len(view.get_state("frame")["frame"])
        costs_s.append(process_time() - before_s)
    yield Result(f"Frame of {depth:,} layers of {UNITS} units", size / 1e3, "kB", most_kb)
    yield Result(f"CPU time to make it, a unit chosen ({depth:,})", statistics.median(costs_s) * 1e3, "ms", most_ms)
    view.close()
