from __future__ import annotations

import io
import re
import time
from collections.abc import Callable, Sequence
from threading import Event
from typing import Any

import bqplot
import ipywidgets
import keras
import numpy as np
from PIL import Image

import nnvis_widget as nv
from nnvis_widget.widgets.page_link import PageLink
from nnvis_widget.widgets.panels.figures.style import color

from ..limits import PATIENCE_S


def wait_until(is_so: Callable[[], object], what: str) -> None:
    end = time.monotonic() + PATIENCE_S
    while not is_so():
        if time.monotonic() > end:
            raise AssertionError(f"waited in vain for {what}")
        time.sleep(0.01)


def parts(panel: Any, kind: type) -> list[Any]:
    """What is shown of a kind of widget or mark in a panel or a picture, in the order of its children."""
    if hasattr(panel, "layout") and panel.layout.display == "none":
        return []
    found = [panel] if isinstance(panel, kind) else []
    inner = (*getattr(panel, "children", ()), *getattr(panel, "marks", ()))
    return found + [part for one in inner for part in parts(one, kind)]


def head(panel: Any) -> str:
    """The line above the panel, as HTML."""
    return _lines_of_text(panel, "nnvis-head")[0]


def heads(panel: Any) -> list[str]:
    """The lines above the pictures of a panel, as HTML."""
    return _lines_of_text(panel, "nnvis-head")[1:]


def note(panel: Any) -> str:
    """The lines below the picture, as HTML."""
    return _lines_of_text(panel, "nnvis-note")[-1]


def _lines_of_text(panel: Any, name: str) -> list[str]:
    begin = f'<div class="{name}"'
    return [str(part.value) for part in parts(panel, ipywidgets.HTML) if part.value.startswith(begin)]


def pictures(panel: Any) -> list[bqplot.Figure]:
    """The pictures of a panel."""
    return parts(panel, bqplot.Figure)


def picture(panel: Any, name: str) -> bqplot.Figure:
    """The picture below a line that begins with a name."""
    begin = re.compile(f'<div class="nnvis-head">(<span class="nnvis-hidden">)?{re.escape(name)}')
    (found,) = [box.children[1] for box in parts(panel, ipywidgets.VBox) if begin.match(box.children[0].value)]
    return found


def lines(panel: Any, *tokens: str, **style: Any) -> list[bqplot.Lines]:
    """The lines whose first colour is one of these tokens, with this style."""
    colors = [color(token) for token in tokens]
    return [
        line
        for line in parts(panel, bqplot.Lines)
        if line.colors[0] in colors and all(getattr(line, name) == value for name, value in style.items())
    ]


def written(panel: Any) -> list[str]:
    """The words and numbers in the pictures, but for those at the axes."""
    return [word for label in parts(panel, bqplot.Label) for word in label.text]


def ring(cells: Any) -> tuple[float, float, float, float]:
    """The ring around chosen cells of a picture: its left, top, right and bottom; all zero for none."""
    (found,) = lines(cells, "ink", stroke_width=2.5)
    return found.x.min(), found.y.min(), found.x.max(), found.y.max()


def pixels_of(cells: Any, theme: str) -> np.ndarray:
    """The cells that the page of a theme shows: uint8 `(rows, columns, 4)`."""
    (image,) = [one for one in parts(cells, bqplot.Image) if one.pixelated == (theme == "light")]
    return np.asarray(Image.open(io.BytesIO(image.image.value)))


def click(cells: Any, x: float, y: float) -> None:
    """Click into a picture of cells, `x` columns and `y` rows from its corner, as a page does."""
    say_of_mark(parts(cells, bqplot.Image)[0], "element_click", data={"click_x": x, "click_y": y})


def point_at(cells: Any, row: int, column: int) -> None:
    """Bring the pointer to a cell, as a page does."""
    (grid,) = parts(cells, bqplot.GridHeatMap)
    say_of_mark(grid, "hover", point={"rowNum": row, "columnNum": column})


def say_of_mark(mark: Any, event: str, **content: Any) -> None:
    """A message of a page to a mark."""
    receive(mark, method="custom", content={"event": event} | content)


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
    sent = link(panel).sent
    take(panel, page)
    wait_until(lambda: link(panel).sent > sent, "everything for a new page")
    if isinstance(panel.source, nv.Trainer):
        panel.source.pause()  # returns when what the panel asked for is measured
    panel.describe()  # draws it
    take(panel, page)


def hide(panel: Any, page: str = "a page") -> None:
    """Say as a page does on which the panel is no longer on the screen."""
    say(panel, page, kind="hidden")


def drawn(panel: Any, is_so: Callable[[], object], what: str) -> None:
    """Wait as a page that keeps drawing."""

    def look() -> object:
        take(panel)
        return is_so() and panel.describe() and is_so()  # a drawing under way ends before it describes itself

    wait_until(look, what)


def train(trainer: nv.Trainer, steps: int = 1) -> None:
    """Take steps, and wait until those who listened before have heard of it."""
    has_ended = Event()
    end = trainer.subscribe(lambda status: status.state == "paused" and has_ended.set())
    trainer.run_steps(steps)
    assert has_ended.wait(PATIENCE_S)
    end()


def plane_model(name: str = "plane") -> keras.Sequential:
    keras.utils.set_random_seed(1)
    layers = [keras.layers.Dense(5, "tanh", name="hidden"), keras.layers.Dense(1, "sigmoid", name="out")]
    model = keras.Sequential([keras.Input((2,)), *layers], name=name)
    model.compile(keras.optimizers.SGD(0.1), "binary_crossentropy", metrics=["accuracy"])
    return model


def plane_trainer() -> nv.Trainer:
    return nv.Trainer(plane_model(), nv.datasets.moons(n=64, noise=0.1, seed=0), batch_size=16)
