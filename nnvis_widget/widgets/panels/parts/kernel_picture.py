"""One parameter of one layer as a heat map, with what can be read from it."""

from __future__ import annotations

from collections.abc import Callable

import ipywidgets
import numpy as np

from nnvis_widget.core.graph import Layer, Parameter
from nnvis_widget.core.number_text import format_signed
from nnvis_widget.core.snapshot import Snapshot, TensorKey
from nnvis_widget.core.words.say import say
from nnvis_widget.reduce.colour_scale import ColourScale
from nnvis_widget.reduce.kernel_groups import GRID, kernel_groups, kernel_shape
from nnvis_widget.reduce.kernel_sheet import MOST_COLUMNS, MOST_ROWS, Sheet, Tile, bundle_sheet, kernel_sheet
from nnvis_widget.reduce.tiles import block_boundaries
from nnvis_widget.run.gaze import Selection
from nnvis_widget.sources.source import Source
from nnvis_widget.widgets.panels.figures.heat_map import HeatMap
from nnvis_widget.widgets.panels.figures.legend import ramp_legend
from nnvis_widget.widgets.panels.figures.style import text
from nnvis_widget.widgets.panels.reading.in_moments import in_moments
from nnvis_widget.widgets.panels.reading.selected import is_selected, selected_unit

EXACT_DECIMALS = 4

Window = tuple[int, int] | None


class KernelPicture:
    """A head with a legend over a heat map; the parameter in it may be changed.

    Args:
        height_px: Of the heat map.
        on_cell: Called with the row and column of a cell that the pointer came to.
        on_pick: Called with those of a cell that was clicked.

    Attributes:
        exact: The parameter as measured, or its change; `None` where it was not measured.
        bias: Likewise of the layer's bias, where it is drawn below.
        sheet: The cells; `None` where there are none.
    """

    layer: Layer
    parameter: Parameter

    def __init__(
        self, height_px: int, on_cell: Callable[[int, int], None], on_pick: Callable[[int, int], None]
    ) -> None:
        self._height_px = height_px
        self.heat_map = HeatMap(height_px, on_cell, on_pick)
        self.head = ipywidgets.HTML()
        self.box = ipywidgets.VBox([self.head, self.heat_map.figure], layout={"min_width": "0"})
        self.become(None)

    def become(self, chosen: tuple[Layer, Parameter] | None) -> None:
        """Show another parameter from the next drawing on; `None` for none."""
        self.scale = ColourScale()
        self.sheet: Sheet | None = None
        self.exact: np.ndarray | None = None
        self.bias: np.ndarray | None = None
        self.box.layout.display = "none" if chosen is None else None
        if chosen is not None:
            self.layer, self.parameter = chosen
            is_wide = len(self.parameter.shape) > 2 or bool(self.layer.gates)
            self.box.layout.flex = "1 1 420px" if is_wide else "1 1 260px"

    @property
    def is_matrix(self) -> bool:
        """Whether it is one tile of rows and columns, which can be looked at more closely."""
        return len(self.parameter.shape) == 2 and not self.layer.gates

    def measure(
        self, source: Source, snapshot: Snapshot | None, base: Snapshot | None, rows: Window, columns: Window
    ) -> None:
        """Take the numbers from a snapshot, as the change since another one where there is one."""
        name = self.parameter.name
        self.sheet = self.exact = self.bias = None
        self._instead = in_moments(snapshot, self.layer, name)
        if snapshot is None:
            return

        def tensor(quantity: str, part: str) -> np.ndarray | None:
            key = TensorKey(quantity, self.layer.id, part)
            now, before = snapshot.tensors.get(key), None if base is None else base.tensors.get(key)
            return now if now is None or before is None else now - before

        self.exact = tensor("weight", name)
        if self.parameter.kind == "kernel" or len(kernels(self.layer)) == 1:
            self.bias = tensor("weight", f"{name.removesuffix(self.parameter.kind)}bias")
        if self.exact is not None and self.exact.size:
            limit = min(MOST_ROWS, max(12, (self._height_px - 26) // 2)), MOST_COLUMNS
            axes, gates = self.layer.axes_of(self.parameter), self.layer.gates
            self.sheet = kernel_sheet(self.exact, self.bias, axes, gates, rows, columns, limit)
            return
        sums, shape = tensor("bundle", "weight"), kernel_shape(self.layer)
        if sums is not None and shape is not None:
            groups = kernel_groups(source.graph, self.layer, source.scenery, shape)
            self.sheet = bundle_sheet(sums, np.array(groups.boundaries), block_boundaries(shape[1], GRID))

    def paint(self, selection: Selection, first_column: int, is_locked: bool, is_alone: bool) -> None:
        """Draw what was measured.

        Args:
            selection: What is ringed.
            first_column: The first column of the matrix that is drawn.
            is_locked: Whether the colours stay as they are, for looking back.
            is_alone: Whether the panel's own line names it already.
        """
        if self.sheet is None:
            self._set_head(
                f'<div class="nnvis-note">{text(self.layer.name)}: {self._instead or say("notMeasuredHere")}</div>'
            )
            return
        sheet = self.sheet
        values, is_there = sheet.cells()
        limit = self.scale.update(values[is_there], is_locked)
        ring = self._ring(sheet, selection, first_column)
        self.heat_map.show(values, is_there, limit, "value", sheet.row_ticks, sheet.column_ticks, ring)
        shape = " × ".join(map(str, self.parameter.shape))
        name = text(self.layer.name)
        if self.parameter.name != "kernel":
            name = f"{name} {text(self.parameter.name)}"
        named = f'<span class="nnvis-hidden">{name}, </span>' if is_alone else f"{name}, "
        legend = ramp_legend("", limit, "value", self.scale.is_clipped)
        reduced = f" · {sheet.reduction}" if sheet.reduction else ""
        self._set_head(f'<div class="nnvis-head">{named}{shape}{reduced} {legend}</div>')

    def reading(self, row: int, column: int) -> str:
        """HTML: what a cell of the sheet holds, exactly; empty where there is none."""
        found = self.sheet.find(row, column) if self.sheet else None
        return "" if found is None else self._cell_text(*found)

    def unit_at(self, row: int, column: int) -> int | None:
        """The unit of a dense layer that a cell belongs to."""
        found = self.sheet.find(row, column) if self.sheet else None
        if found is None or self.layer.role != "dense" or len(self.parameter.shape) != 2:
            return None
        tile, _, place = found
        return int(tile.locate(0, int(tile.columns[place]))[-1])

    def words(self) -> str:
        """Its range and its strongest weight, as plain text."""
        array, said = self.exact, [self.layer.name, say("bySizes").join(map(str, self.parameter.shape))]
        if array is None or not np.isfinite(array).any():
            return say("comma").join(said)
        finite = np.where(np.isfinite(array), array, 0)
        place = np.unravel_index(int(np.abs(finite).argmax()), array.shape)
        at = ", ".join(str(int(n)) for n in place)
        low, high = format_signed(float(np.nanmin(finite))), format_signed(float(np.nanmax(finite)))
        said.append(say("fromLowToHigh", low=low, high=high))
        said.append(say("strongestAt", value=format_signed(float(finite[place])), place=at))
        return say("comma").join(said)

    def _ring(self, sheet: Sheet, selection: Selection, first_column: int) -> tuple[int, int, int, int] | None:
        if is_selected(selection, self.layer):
            return 0, 0, *sheet.shape
        tile = sheet.tiles[0]
        unit = selected_unit(selection, self.layer, first_column + int(tile.columns[-1]))
        if unit is None or unit < first_column or not self.is_matrix:
            return None
        column = int(np.searchsorted(tile.columns, unit - first_column, "right")) - 1
        return 0, column, sheet.shape[0], column + 1

    def _cell_text(self, tile: Tile, row: int, column: int) -> str:
        (top, bottom), (left, right) = tile.rows[row : row + 2], tile.columns[column : column + 2]
        index = tile.locate(int(top), int(left))
        array = self.bias if tile.is_bias else self.exact
        name = f"{text(self.layer.name)} {say('biasRow') if tile.is_bias else text(self.parameter.name)}"
        value = format_signed(float(tile.values[row, column]), EXACT_DECIMALS)
        if (bottom - top) * (right - left) == 1 and -1 not in index:
            if array is not None:
                exact = array.reshape(-1)[index[0]] if tile.is_bias else array[index]
                value = format_signed(float(exact), EXACT_DECIMALS)
            return f"{name}[{', '.join(map(str, index))}] = {value}"
        last = tile.locate(int(bottom) - 1, int(right) - 1)
        span = ", ".join(":" if a == -1 else str(a) if a == b else f"{a}–{b}" for a, b in zip(index, last, strict=True))
        return say("cellMean", cell=f"{name}[{span}]", value=value)

    def _set_head(self, value: str) -> None:
        if self.head.value != value:
            self.head.value = value


def kernels(layer: Layer) -> list[Parameter]:
    """The parameters of a layer that are drawn as pictures: all but vectors and biases."""
    return [parameter for parameter in layer.parameters if len(parameter.shape) >= 2 and parameter.kind != "bias"]
