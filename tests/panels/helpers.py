from __future__ import annotations

import io
import time
from collections.abc import Callable, Sequence
from typing import Any

import keras
import numpy as np
from PIL import Image

import nnvis_widget as nv

from ..limits import PATIENCE_S


def wait_until(is_so: Callable[[], object], what: str) -> None:
    end = time.monotonic() + PATIENCE_S
    while not is_so():
        if time.monotonic() > end:
            raise AssertionError(f"waited in vain for {what}")
        time.sleep(0.01)


def say(panel: Any, page: str = "a page", buffers: Sequence[bytes] = (), **content: Any) -> None:
    """A message of a page to a panel's link."""
    message = {"method": "custom", "content": {"page": page} | content}
    panel._link._handle_msg({"content": {"data": message}, "buffers": [memoryview(buffer) for buffer in buffers]})


def take(panel: Any, page: str = "a page") -> None:
    """Answer as a page does that shows the panel and has painted everything sent so far."""
    say(panel, page, kind="taken", taken=panel._link.sent)


def open_page(panel: Any, page: str = "a page") -> None:
    """Show the panel on a page that nobody had opened before, until all of it is there."""
    take(panel, page)
    wait_until(
        lambda: panel._greeted == panel._link.newcomers and not panel._news.is_set(), "everything for a new page"
    )
    with panel._lock:  # the drawing is complete
        take(panel, page)


def hide(panel: Any, page: str = "a page") -> None:
    """Say as a page does on which the panel is no longer on the screen."""
    say(panel, page, kind="hidden")


def drawn(panel: Any, is_so: Callable[[], object], what: str) -> None:
    """Wait as a page that keeps drawing."""

    def look() -> object:
        take(panel)
        with panel._lock:  # not halfway through a drawing
            return is_so()

    wait_until(look, what)


def plane_model(name: str = "plane") -> keras.Sequential:
    keras.utils.set_random_seed(1)
    layers = [keras.layers.Dense(5, "tanh", name="hidden"), keras.layers.Dense(1, "sigmoid", name="out")]
    model = keras.Sequential([keras.Input((2,)), *layers], name=name)
    model.compile(keras.optimizers.SGD(0.1), "binary_crossentropy", metrics=["accuracy"])
    return model


def plane_trainer() -> nv.Trainer:
    return nv.Trainer(plane_model(), nv.datasets.moons(n=64, noise=0.1, seed=0), batch_size=16)


def pixels_of(heat_map: Any, theme: str) -> np.ndarray:
    """The picture that the page of a theme shows: uint8 `(rows, columns, 4)`."""
    data = heat_map._images[theme].image.value
    return np.asarray(Image.open(io.BytesIO(data)))
