"""What one layer makes of a sample, as a picture."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import isqrt, prod
from typing import Any

import ipywidgets
import numpy as np

from nnvis_widget.core.anatomy import NEVER_NEGATIVE
from nnvis_widget.core.graph import Layer
from nnvis_widget.core.number_text import format_number, format_percent
from nnvis_widget.core.ramps import RampName
from nnvis_widget.core.snapshot import Snapshot, TensorKey
from nnvis_widget.core.words.say import say
from nnvis_widget.reduce.activation_sheet import activation_sheet
from nnvis_widget.reduce.colour_scale import ColourScale
from nnvis_widget.reduce.kernel_sheet import Sheet
from nnvis_widget.run.gaze import Selection
from nnvis_widget.widgets.panels.figures.bars import MOST_BARS, Bars
from nnvis_widget.widgets.panels.figures.heat_map import HeatMap
from nnvis_widget.widgets.panels.figures.legend import ramp_legend
from nnvis_widget.widgets.panels.figures.style import text
from nnvis_widget.widgets.panels.reading.selected import is_selected, selected_unit

STRIP_PX = 64
MOST_MEASURED = 65_536


class ActivationRow:
    """Units as strips and grids, feature maps as tiles, probabilities as bars, under a line with name and legend.

    Args:
        layer: What is shown.
        shape: Of its output for one sample.
        is_input: Whether it is an input of the network.
        is_output: Whether it is an output.
        has_shares: Whether the outputs of the network are probabilities.
        height_px: Of the picture; strips of few units take less.
        on_cell: Called with the row and column of a cell that the pointer came to.
        on_pick: Called with those of a cell that was clicked.

    Attributes:
        values: What was measured, flat or in its shape; `None` where nothing was.
        sheet: The cells; `None` where there are none.
    """

    def __init__(
        self,
        layer: Layer,
        shape: tuple[int, ...],
        is_input: bool,
        is_output: bool,
        has_shares: bool,
        height_px: int,
        on_cell: Callable[[int, int], None],
        on_pick: Callable[[int, int], None],
    ) -> None:
        self.layer, self.shape, self.is_output = layer, shape, is_output
        self._is_input = is_input
        self._height_px = height_px
        self.scale = ColourScale()
        self.sheet: Sheet | None = None
        self.values: np.ndarray | None = None
        self.head = ipywidgets.HTML()
        is_end = layer.activation == "softmax" or (layer.activation == "sigmoid" and is_output and has_shares)
        if is_end and len(shape) == 1 and shape[0] <= MOST_BARS:
            self.picture: Any = Bars(max(STRIP_PX, min(height_px, 8 + 17 * shape[-1])))
        else:
            is_strip = len(shape) == 1 and shape[0] <= 16
            self.picture = HeatMap(STRIP_PX if is_strip else height_px, on_cell, on_pick)
        self.box = self._make_box()

    @property
    def is_probability(self) -> bool:
        """Whether it is drawn as bars."""
        return isinstance(self.picture, Bars)

    def measure(self, snapshot: Snapshot | None, sample: int) -> None:
        """Take the numbers of a sample from a snapshot."""
        self.values = self.sheet = None
        for quantity in ("activation", "map"):
            key = TensorKey(quantity, self.layer.id, sample=sample)
            values = None if snapshot is None else snapshot.tensors.get(key)
            if values is not None and values.size == prod(self.shape):
                self.values = values
                return

    def show_nothing(self, why: str) -> None:
        """Say why there is no picture."""
        self._set_head(say("nameIs", name=text(self.layer.name), value=why))
        if isinstance(self.picture, HeatMap):
            self.picture.show(np.zeros((2, 2)), np.zeros((2, 2), bool), 1.0)

    @property
    def missing(self) -> str:
        """Why a layer is not measured though its sample is."""
        count = prod(self.shape)
        return say("tooManyToMeasure", values=f"{count:,}") if count > MOST_MEASURED else say("notMeasured")

    def paint(self, selection: Selection, class_names: Sequence[str], is_locked: bool) -> None:
        """Draw what was measured.

        Args:
            selection: What is ringed.
            class_names: For bars.
            is_locked: Whether the colours stay as they are, for looking back.
        """
        assert self.values is not None
        name, shape = text(self.layer.name), " × ".join(map(str, self.shape))
        activation = f" · {text(self.layer.activation)}" if self.layer.activation else ""
        if isinstance(self.picture, Bars):
            self.picture.show(self.values.reshape(-1), class_names)
            self._set_head(f"{name}, {shape}{activation}")
            return
        sheet = self.sheet = activation_sheet(self.values, self.shape)
        values, is_there = sheet.cells()
        ramp_name = self._ramp(self.values)
        limit = self.scale.update(values[is_there], is_locked)
        self.picture.show(
            values,
            is_there,
            limit,
            ramp_name,
            sheet.row_ticks,
            sheet.column_ticks if len(self.shape) != 1 or self.shape[0] <= 16 else (),
            self._ring(sheet, selection),
            format_number,
        )
        reduced = f" · {sheet.reduction}" if sheet.reduction else ""
        legend = ramp_legend("", limit, ramp_name, self.scale.is_clipped)
        self._set_head(f"{name}, {shape}{activation}{reduced} {legend}")

    def reading(self, row: int, column: int) -> str:
        """HTML: what a cell holds; empty where there is none."""
        found = self.sheet.find(row, column) if self.sheet else None
        if found is None or self.values is None:
            return ""
        tile, y, x = found
        index = tile.locate(int(tile.rows[y]), int(tile.columns[x]))
        size = int(np.diff(tile.rows)[y] * np.diff(tile.columns)[x])
        value = format_number(float(tile.values[y, x]), 4)
        cell = f"{text(self.layer.name)}[{', '.join(map(str, index))}]"
        return f"{cell} = {value}" if size == 1 else say("cellAndOn", cell=cell, size=size, value=value)

    def unit_at(self, row: int, column: int) -> int | None:
        """The unit that a cell belongs to; `None` where cells are no units."""
        found = self.sheet.find(row, column) if self.sheet else None
        return int(found[0].locate(0, found[2])[0]) if found is not None and len(self.shape) == 1 else None

    def words(self) -> str:
        """Plain: its range; empty where nothing finite was measured."""
        if self.values is None or not np.isfinite(self.values).any():
            return ""
        values = self.values[np.isfinite(self.values)]
        low, high = format_number(float(values.min())), format_number(float(values.max()))
        zero = say("zeroShare", share=format_percent(float((values == 0).mean())))
        said = say("comma").join([say("fromLowToHigh", low=low, high=high), zero])
        return say("nameIs", name=self.layer.name, value=said)

    def _make_box(self) -> Any:
        """Pictures keep the shape of their cells, strips take what is left."""
        layout = {"flex": "1 1 220px", "min_width": "0", "max_width": "420px"}
        if len(self.shape) >= 2 and isinstance(self.picture, HeatMap):
            rows, columns = activation_sheet(np.zeros(prod(self.shape)), self.shape).shape
            width = max(140, min(720, round((self._height_px - 26) * columns / rows) + 40))
            layout = {"flex": f"0 1 {width}px", "min_width": "0", "max_width": "100%"}
        return ipywidgets.VBox([self.head, self.picture.figure], layout=layout)

    def _ramp(self, values: np.ndarray) -> RampName:
        if self._is_input and len(self.shape) >= 2 and not (values < 0).any():
            return "pixel"
        is_positive = self.layer.activation in NEVER_NEGATIVE or self.layer.role == "pool"
        return "magnitude" if is_positive and not (values < 0).any() else "value"

    def _ring(self, sheet: Sheet, selection: Selection) -> tuple[int, int, int, int] | None:
        if is_selected(selection, self.layer):
            return 0, 0, *sheet.shape
        unit = selected_unit(selection, self.layer, prod(self.shape)) if len(self.shape) == 1 else None
        for tile in sheet.tiles:
            column = -1 if unit is None else unit - tile.locate(0, 0)[0]
            if 0 <= column < tile.shape[1]:
                return tile.top, column, tile.top + 1, column + 1
        return None

    def _set_head(self, said: str) -> None:
        value = f'<div class="nnvis-head">{said}</div>'
        if self.head.value != value:
            self.head.value = value


def output_shape(layer: Layer, elements: int = 0) -> tuple[int, ...]:
    """Of a layer's output for one sample; empty where it is not known or there are several.

    Args:
        layer: The layer.
        elements: How many were measured, which tells a single size that is not known.
    """
    if len(layer.output_shape) != 1 or len(layer.output_shape[0]) < 2:
        return ()
    sizes = layer.output_shape[0][1:]
    known = prod(size for size in sizes if size is not None)
    if sizes.count(None) == 1 and known and elements and elements % known == 0:
        return tuple(elements // known if size is None else size for size in sizes)
    return tuple(size for size in sizes if size is not None) if None not in sizes else ()


def square(shape: tuple[int, ...]) -> tuple[int, int] | None:
    """A flat input of 64, 784 or another square of numbers without names: most likely a picture."""
    side = isqrt(prod(shape))
    return (side, side) if len(shape) == 1 and side >= 8 and side * side == shape[0] else None
