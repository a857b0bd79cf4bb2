"""A picture drawn by hand, for a network that looks at pictures."""

from __future__ import annotations

from math import isqrt
from typing import Any

import numpy as np
import traitlets

from nnvis_widget.core.drawings import is_drawn
from nnvis_widget.core.number_text import format_number
from nnvis_widget.core.scenery import Scenery
from nnvis_widget.errors import DataError
from nnvis_widget.run.gaze import Move
from nnvis_widget.sources.source import as_source, gaze_of
from nnvis_widget.widgets.gate import admit_turn
from nnvis_widget.widgets.pad import Pad

MOST_CELLS = 64 * 64
SIDES = (8, 28)
"""Of a flat input that does not say which picture it is, and whose features have no names."""
MOST_READ = 1_000


class DigitPad(Pad):
    """Paper to draw a picture on that becomes the sample, live: units, bars and prediction follow the pen.

    It is a sample beside the data, "your drawing": nobody knows what is right of it, so nothing is called right or
    wrong. Ink and paper have the values that they have in the data: those at the two ends of what the first 1,000
    samples hold, paper at the end where most pixels are. An empty picture is no sample.

    Args:
        source: A view, a trainer, a panel or a model with data: its inputs are pictures of one channel, 28 x 28, 8 x 8
            or another size up to 64 x 64, flat or not.
        data: Samples for a plain model, as for `NetworkView`.

    Attributes:
        drawing: Ink of each cell, 0 to 255, row by row, as bytes.
        is_sample: Whether the drawing is what is looked at.
        values: What paper and ink are for the network: two numbers.

    Raises:
        DataError: If its samples are no such pictures, or all one colour.

    Example:
        >>> digits = nv.datasets.digits(size=8)
        >>> reader = keras.Sequential([keras.Input((64,)), keras.layers.Dense(10, "softmax")])
        >>> nv.DigitPad(nv.NetworkView(reader, data=digits))
    """

    rows = traitlets.Int(28, read_only=True).tag(sync=True)
    columns = traitlets.Int(28, read_only=True).tag(sync=True)
    is_sample = traitlets.Bool(False, read_only=True).tag(sync=True)
    values = traitlets.Tuple(traitlets.Float(), traitlets.Float(), default_value=(0.0, 1.0), read_only=True)
    told_values = traitlets.List(traitlets.Unicode(), read_only=True).tag(sync=True)

    def __init__(self, source: Any, *, data: Any = None, **traits: Any) -> None:
        self._source = as_source(source, data)
        self._gaze = gaze_of(source, self._source)
        scenery = self._source.scenery
        rows, columns = _size_of(scenery)
        values = _paper_and_ink(scenery.inputs[0])
        told = [format_number(value) for value in values]
        for name, value in {"rows": rows, "columns": columns, "values": values, "told_values": told}.items():
            self.set_trait(name, value)
        super().__init__(pad="digit", drawing=bytes(rows * columns), **traits)
        self._data_sample = 0 if is_drawn(self._gaze.sample) else self._gaze.sample
        self._index: int | None = None
        self._unsubscribe = self._gaze.subscribe(self._on_move)
        self.observe(lambda _: self._look_at_drawing(), "drawing")

    def __repr__(self) -> str:
        return f"<DigitPad, {self.rows} x {self.columns}, {'drawn on' if any(self.drawing) else 'empty'}>"

    @property
    def picture(self) -> np.ndarray:
        """Ink `(rows, columns)`, uint8: 0 is paper."""
        return np.frombuffer(self.drawing, np.uint8).reshape(self.rows, self.columns).copy()

    def draw(self, picture: Any) -> None:
        """Put a picture in the place of what is drawn.

        Args:
            picture: `(rows, columns)`: ink from 0 to 255.

        Raises:
            DataError: If it is no such picture.
        """
        array = np.asarray(picture)
        is_ink = array.shape == (self.rows, self.columns) and array.dtype.kind in "uif"
        if not is_ink or not ((array >= 0) & (array <= 255)).all():
            raise DataError(
                f"Expected ink from 0 to 255 of shape ({self.rows}, {self.columns}), got {array.dtype} of shape "
                f"{array.shape}. Scale the picture."
            )
        self._show(array.astype(np.uint8).tobytes())

    def close(self) -> None:
        """Take the pad off the page; the samples of the data are looked at again."""
        if not self._is_closed:
            self._unsubscribe()
            self._look_at_data()
        super().close()

    def _is_drawing(self, data: bytes) -> bool:
        return bool(len(data) == self.rows * self.columns)

    def _hear(self, content: object) -> None:
        turn = admit_turn(content)
        if turn == "data":
            self._look_at_data()
        elif turn == "drawing":
            self._look_at_drawing()

    def _look_at_drawing(self) -> None:
        if not any(self.drawing):
            self._look_at_data()
            return
        scenery = self._source.scenery
        paper, ink = self.values
        given = scenery.inputs[0]
        sample = (paper + (ink - paper) * (self.picture / 255.0)).reshape(given.shape[1:])
        if given.dtype.kind in "iu":
            sample = np.rint(sample)
        self._index = scenery.drawings.add([sample.astype(given.dtype)])
        self._gaze.sample = self._index

    def _look_at_data(self) -> None:
        if is_drawn(self._gaze.sample):
            self._gaze.sample = self._data_sample

    def _on_move(self, move: Move) -> None:
        if not is_drawn(move.now.sample):
            self._data_sample = move.now.sample
        self.set_trait("is_sample", move.now.sample == self._index)


def _size_of(scenery: Scenery) -> tuple[int, int]:
    shape = scenery.inputs[0].shape[1:] if len(scenery.inputs) == 1 and scenery.sample_count else ()
    size: tuple[int, ...] = shape[:2] if len(shape) == 2 or (len(shape) == 3 and shape[2] == 1) else ()
    if len(shape) == 1:
        side = isqrt(shape[0])
        is_square = side in SIDES and side * side == shape[0] and not scenery.feature_names
        size = scenery.image_shape or ((side, side) if is_square else ())
    is_number = bool(scenery.inputs) and scenery.inputs[0].dtype.kind in "fiu"
    if len(size) != 2 or not is_number or not 1 < size[0] * size[1] <= MOST_CELLS:
        raise DataError(
            f"Expected samples that are pictures of one channel, such as (n, 28, 28) or (n, 784), got "
            f"{[array.shape for array in scenery.inputs] or 'no samples'}. Pass them: data=(x, y)."
        )
    return size[0], size[1]


def _paper_and_ink(samples: np.ndarray) -> tuple[float, float]:
    read = np.asarray(samples[:MOST_READ], np.float64)
    read = read[np.isfinite(read)]
    low, high = (float(read.min()), float(read.max())) if read.size else (0.0, 0.0)
    if low == high:
        raise DataError(f"Expected pictures with paper and ink, got one colour in all of them, {low:g}. Pass others.")
    return (low, high) if np.median(read) <= (low + high) / 2 else (high, low)
