from __future__ import annotations

import io
import time
from collections.abc import Callable, Sequence
from typing import Any

import ipywidgets
import keras
import numpy as np
from PIL import Image

import nnvis_widget as nv
from nnvis_widget.widgets.page_link import PageLink

from ..limits import PATIENCE_S


def wait_until(is_so: Callable[[], object], what: str) -> None:
    end = time.monotonic() + PATIENCE_S
    while not is_so():
        if time.monotonic() > end:
            raise AssertionError(f"waited in vain for {what}")
        time.sleep(0.01)


def parts(panel: Any, kind: type) -> list[Any]:
    """What there is of a kind of widget in a panel, in the order of its children."""
    found = [panel] if isinstance(panel, kind) else []
    return found + [part for child in getattr(panel, "children", ()) for part in parts(child, kind)]


def head(panel: Any) -> str:
    """The line above the picture, as HTML; pictures below it have heads of their own."""
    return _lines(panel, "nnvis-head")[0]


def note(panel: Any) -> str:
    """The lines below the picture, as HTML."""
    return _lines(panel, "nnvis-note")[-1]


def _lines(panel: Any, name: str) -> list[str]:
    begin = f'<div class="{name}"'
    return [str(part.value) for part in parts(panel, ipywidgets.HTML) if part.value.startswith(begin)]


def link(panel: Any) -> PageLink:
    """What a panel and its pages tell each other."""
    (found,) = parts(panel, PageLink)
    return found


def receive(widget: Any, buffers: Sequence[bytes] = (), **data: Any) -> None:
    """A message of a page to a widget, by the door of its comm."""
    widget.comm.handle_msg({"content": {"data": data}, "buffers": [memoryview(buffer) for buffer in buffers]})


def say(panel: Any, page: str = "a page", buffers: Sequence[bytes] = (), **content: Any) -> None:
    """A message of a page to a panel's link."""
    receive(link(panel), buffers, method="custom", content={"page": page} | content)


def take(panel: Any, page: str = "a page") -> None:
    """Answer as a page does that shows the panel and has painted everything sent so far."""
    say(panel, page, kind="taken", taken=link(panel).sent)


def open_page(panel: Any, page: str = "a page") -> None:
    """Show the panel on a page that nobody had opened before, which keeps drawing until all of it is there."""

    def is_all_there() -> bool:
        with panel._lock:  # not halfway through a drawing
            take(panel, page)
            return panel._greeted == link(panel).newcomers and not panel._news.is_set()

    wait_until(is_all_there, "everything for a new page")


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
