"""The weights of a layer as a heat map."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import ipywidgets
import numpy as np

from nnvis_widget.core.graph import Layer, Parameter
from nnvis_widget.core.number_text import format_signed
from nnvis_widget.core.snapshot import Snapshot, TensorKey
from nnvis_widget.errors import ModelError
from nnvis_widget.reduce.colour_scale import ColourScale
from nnvis_widget.reduce.kernel_groups import GRID, kernel_groups, kernel_shape
from nnvis_widget.reduce.kernel_sheet import MOST_COLUMNS, MOST_ROWS, Sheet, Tile, bundle_sheet, kernel_sheet
from nnvis_widget.reduce.tiles import block_boundaries
from nnvis_widget.widgets.panels.find_layer import find_layer
from nnvis_widget.widgets.panels.heat_map import HeatMap
from nnvis_widget.widgets.panels.legend import not_finite, ramp_legend
from nnvis_widget.widgets.panels.panel import Panel
from nnvis_widget.widgets.panels.style import text

MOST_PICTURES = 6
EXACT_DECIMALS = 4


@dataclass
class _Picture:
    """One parameter of one layer on the page."""

    layer: Layer
    parameter: Parameter
    heat_map: HeatMap
    head: Any
    scale: ColourScale = field(default_factory=ColourScale)
    sheet: Sheet | None = None
    exact: np.ndarray | None = None
    bias: np.ndarray | None = None


class WeightHeatmap(Panel):
    """The kernel of a layer as a heat map, its bias as a row of its own below; live while the model trains.

    Blue is positive, orange negative, and no colour is zero. Up to 12 x 12 weights are written as numbers; larger
    kernels than 128 x 256 cells are drawn as the means of blocks, which is said, and `rows` and `columns` (two sliders)
    look closer. A cell under the pointer, or clicked, is read out exactly; a click chooses its unit. Convolutions are
    drawn kernel by kernel, recurrent layers gate by gate, attention head by head.

    Args:
        source: A Keras model, a `Trainer`, a `Run`, a `NetworkView` or another panel.
        layer: A layer's name; `None` for every layer with a kernel, at most six.
        since: A step to compare with: what is drawn is the change since then; `None` for the weights themselves.
        data: Samples for a plain model; not needed here.
        height: Pixels of the picture, 120 to 1,200.

    Raises:
        ModelError: If there is no such layer, or it has no weights.

    Example:
        >>> nv.WeightHeatmap(model)
        >>> nv.WeightHeatmap(trainer, layer="dense_1", since=0)
    """

    title = "Weights"

    def __init__(
        self,
        source: Any,
        layer: str | None = None,
        *,
        since: int | None = None,
        data: Any = None,
        height: int = 240,
        **traits: Any,
    ) -> None:
        self._layer_name = layer
        self._since = _checked_step(since)
        self._rows: tuple[int, int] | None = None
        self._columns: tuple[int, int] | None = None
        self._reading: tuple[int, int, int] | None = None
        self._sliders: list[Any] = []
        super().__init__(source, data=data, height=height, **traits)

    @property
    def since(self) -> int | None:
        """The step that the weights are compared with; `None` shows the weights themselves."""
        return self._since

    @since.setter
    def since(self, value: int | None) -> None:
        self._since = _checked_step(value)
        for picture in self._pictures:
            picture.scale = ColourScale()
        self._redraw_soon()

    @property
    def rows(self) -> tuple[int, int] | None:
        """The first row of a matrix that is drawn and the end; `None` for all. Setting it looks closer."""
        return self._rows

    @rows.setter
    def rows(self, value: tuple[int, int] | None) -> None:
        self._look(0, value)

    @property
    def columns(self) -> tuple[int, int] | None:
        """The first column of a matrix that is drawn and the end; `None` for all. Setting it looks closer."""
        return self._columns

    @columns.setter
    def columns(self, value: tuple[int, int] | None) -> None:
        self._look(1, value)

    def table(self) -> Any:
        """Every weight as it is shown, none reduced: a row for each with layer, parameter, index and value.

        For one matrix the index is in the columns `row` and `column`; else it is one tuple.
        """
        import pandas as pd

        parts = []
        for picture in self._pictures:
            arrays = {picture.parameter.name: picture.exact, "bias": picture.bias}
            for name, array in arrays.items():
                if array is None:
                    continue
                frame = pd.DataFrame({"layer": picture.layer.name, "parameter": name, "value": array.reshape(-1)})
                places = np.indices(array.shape).reshape(array.ndim, -1)
                if array.ndim == 2:
                    frame.insert(2, "row", places[0])
                    frame.insert(3, "column", places[1])
                elif array.ndim == 1 and len(self._pictures) == 1 and picture.parameter.shape[1:] == array.shape:
                    frame.insert(2, "row", -1)
                    frame.insert(3, "column", places[0])
                else:
                    frame.insert(2, "index", [tuple(place) for place in places.T.tolist()])
                parts.append(frame)
        if not parts:
            return pd.DataFrame({"layer": [], "parameter": [], "value": []})
        return pd.concat(parts, ignore_index=True)

    def _build(self) -> list[Any]:
        assert self.source is not None
        graph = self.source.graph
        layers = graph.layers if self._layer_name is None else (find_layer(graph, self._layer_name),)
        chosen = [(layer, parameter) for layer in layers for parameter in _kernels(layer)]
        if self._layer_name is not None and not chosen:
            raise _no_weights(layers[0], [layer.name for layer in graph.layers if _kernels(layer)])
        self._left_out = max(0, len(chosen) - MOST_PICTURES)
        self._pictures = [
            _Picture(layer, parameter, self._heat_map(number), ipywidgets.HTML())
            for number, (layer, parameter) in enumerate(chosen[:MOST_PICTURES])
        ]
        boxes = [self._box(picture) for picture in self._pictures]
        if len(self._pictures) == 1:
            self.figure = self._pictures[0].heat_map.figure
        row = ipywidgets.HBox(boxes)
        row.add_class("nnvis-row")
        return [row, *self._make_sliders()]

    def _heat_map(self, number: int) -> HeatMap:
        return HeatMap(
            self.height_px,
            lambda row, column: self._read(number, row, column),
            lambda row, column: self._pick(number, row, column),
        )

    def _box(self, picture: _Picture) -> Any:
        box = ipywidgets.VBox([picture.head, picture.heat_map.figure])
        wide = len(picture.parameter.shape) > 2 or picture.layer.type in ("LSTM", "GRU")
        box.layout = {"flex": "1 1 420px" if wide else "1 1 260px", "min_width": "0"}
        return box

    def _make_sliders(self) -> list[Any]:
        shape = self._pictures[0].parameter.shape if len(self._pictures) == 1 else ()
        if len(shape) != 2 or self._pictures[0].layer.type in ("LSTM", "GRU"):
            return []
        if shape[0] <= 12 and shape[1] <= 12:
            return []
        for axis, name in enumerate(("Rows", "Columns")):
            size = int(shape[axis])
            slider = ipywidgets.IntRangeSlider(
                value=(0, size), min=0, max=size, description=name, layout={"width": "320px", "max_width": "100%"}
            )
            slider.observe(lambda change, axis=axis: self._look(axis, change["new"]), "value")
            self._sliders.append(slider)
        box = ipywidgets.HBox(self._sliders)
        box.add_class("nnvis-row")
        return [box]

    def _look(self, axis: int, wanted: tuple[int, int] | None) -> None:
        if len(self._pictures) != 1 or len(self._pictures[0].parameter.shape) != 2:
            raise ModelError("Expected one layer with a matrix to look closer at. Name it: layer=….")
        size = int(self._pictures[0].parameter.shape[axis])
        window = None if wanted is None or tuple(wanted) == (0, size) else (int(wanted[0]), int(wanted[1]))
        if window is not None and not 0 <= window[0] < window[1] <= size:
            if self._sliders and wanted == self._sliders[axis].value:
                return  # a slider with both ends at one place
            raise ModelError(f"Expected a first one and an end within 0 to {size}, got {wanted!r}.")
        if axis == 0:
            self._rows = window
        else:
            self._columns = window
        self._reading = None
        if self._sliders:
            self._sliders[axis].value = window or (0, size)
        self._redraw_soon()

    def _draw(self, snapshot: Snapshot | None) -> None:
        base = self._base()
        nan_count = infinite_count = 0
        for picture in self._pictures:
            self._measure(picture, snapshot, base)
            if picture.sheet is None:
                picture.head.value = f'<div class="nnvis-note">{text(picture.layer.name)}: not measured here</div>'
                continue
            self._paint(picture)
            for array in (picture.exact, picture.bias):
                if array is not None:
                    nan_count += int(np.isnan(array).sum())
                    infinite_count += int(np.isinf(array).sum())
        subtitle = self._subtitle(snapshot, base)
        bad = not_finite(nan_count, infinite_count)
        self._say(subtitle, f"{bad}{self._note_text(snapshot)}", self._in_words(snapshot, base))

    def _base(self) -> Snapshot | None:
        if self._since is None or self.source is None:
            return None
        try:
            return self.source.run.at(self._since)
        except KeyError:
            return None

    def _measure(self, picture: _Picture, snapshot: Snapshot | None, base: Snapshot | None) -> None:
        assert self.source is not None
        layer, name = picture.layer, picture.parameter.name
        picture.sheet = picture.exact = picture.bias = None
        if snapshot is None:
            return

        def tensor(quantity: str, part: str) -> np.ndarray | None:
            key = TensorKey(quantity, layer.id, part)
            now, before = snapshot.tensors.get(key), None if base is None else base.tensors.get(key)
            return now if now is None or before is None else now - before

        picture.exact = tensor("weight", name)
        if name == "kernel" or len(_kernels(layer)) == 1:
            picture.bias = tensor("weight", "bias")
        if picture.exact is not None and picture.exact.size:
            picture.sheet = kernel_sheet(
                picture.exact, picture.bias, layer.type, name, self._rows, self._columns, self._limit()
            )
            return
        sums, shape = tensor("bundle", "weight"), kernel_shape(layer)
        if sums is not None and shape is not None:
            groups = kernel_groups(self.source.graph, layer, self.source.scenery, shape)
            picture.sheet = bundle_sheet(sums, np.array(groups.boundaries), block_boundaries(shape[1], GRID))

    def _limit(self) -> tuple[int, int]:
        return min(MOST_ROWS, max(12, (self.height_px - 26) // 2)), MOST_COLUMNS

    def _paint(self, picture: _Picture) -> None:
        sheet = picture.sheet
        assert sheet is not None
        values, is_there = sheet.cells()
        limit = picture.scale.update(values[is_there], is_locked=self.cursor.step is not None)
        picture.heat_map.show(
            values, is_there, limit, "value", sheet.row_ticks, sheet.column_ticks, self._ring(picture, sheet)
        )
        shape = " × ".join(map(str, picture.parameter.shape))
        name = "" if picture.parameter.name == "kernel" else f" {text(picture.parameter.name)}"
        legend = ramp_legend("", limit, "value", picture.scale.is_clipped)
        reduced = f" · {sheet.reduction}" if sheet.reduction else ""
        value = f'<div class="nnvis-head">{text(picture.layer.name)}{name}, {shape}{reduced} {legend}</div>'
        if picture.head.value != value:
            picture.head.value = value

    def _ring(self, picture: _Picture, sheet: Sheet) -> tuple[int, int, int, int] | None:
        selection = self.cursor.selection
        if not selection or selection["layer"] != picture.layer.id or len(picture.parameter.shape) != 2:
            return None
        tile = sheet.tiles[0]
        unit = selection["unit"] - (self._columns[0] if self._columns else 0)
        if picture.layer.type in ("LSTM", "GRU") or not 0 <= unit < tile.columns[-1]:
            return None
        column = int(np.searchsorted(tile.columns, unit, "right")) - 1
        return 0, column, sheet.shape[0], column + 1

    def _read(self, number: int, row: int, column: int) -> None:
        self._reading = (number, row, column)
        with self._lock:
            snapshot = self._snapshot()
            self._say(self._subtitle(snapshot, self._base()), self._note_text(snapshot), self._words)

    def _pick(self, number: int, row: int, column: int) -> None:
        picture = self._pictures[number]
        found = picture.sheet.find(row, column) if picture.sheet else None
        if found is None or picture.layer.type != "Dense" or len(picture.parameter.shape) != 2:
            return
        tile, _, place = found
        unit = tile.locate(0, int(tile.columns[place]))[-1]
        self.cursor.selection = {"layer": picture.layer.id, "unit": int(unit)}

    def _note_text(self, snapshot: Snapshot | None) -> str:
        if not self._pictures:
            return "No layer of this model has a kernel yet. Build the model first: model.build(input_shape)."
        if snapshot is None:
            return "Nothing is recorded yet."
        more = f"{self._left_out} more layers are not drawn; name one: layer=…" if self._left_out else ""
        reading = self._reading_text()
        hint = "Point at or click a cell to read it." if not reading else ""
        return " · ".join(filter(None, [reading or hint, more]))

    def _reading_text(self) -> str:
        if self._reading is None:
            return ""
        number, row, column = self._reading
        picture = self._pictures[number]
        found = picture.sheet.find(row, column) if picture.sheet else None
        return "" if found is None else _cell_text(picture, *found)

    def _subtitle(self, snapshot: Snapshot | None, base: Snapshot | None) -> str:
        names = {picture.layer.name for picture in self._pictures}
        what = text(self._pictures[0].layer.name) if len(names) == 1 else f"{len(names)} layers"
        when = self._when(snapshot)
        if self._since is not None and base is not None and snapshot is not None:
            when = f"change from step {base.step:,} to step {snapshot.step:,}"
        return " · ".join(filter(None, [what, when]))

    def _in_words(self, snapshot: Snapshot | None, base: Snapshot | None) -> str:
        said = [f"Weights, {self._when(snapshot)}" + (f", change since step {base.step:,}" if base else "")]
        for picture in self._pictures:
            array = picture.exact
            shape = " by ".join(map(str, picture.parameter.shape))
            if array is None or not np.isfinite(array).any():
                said.append(f"{picture.layer.name}, {shape}")
                continue
            finite = np.where(np.isfinite(array), array, 0)
            place = np.unravel_index(int(np.abs(finite).argmax()), array.shape)
            at = ", ".join(str(int(n)) for n in place)
            low, high = format_signed(float(np.nanmin(finite))), format_signed(float(np.nanmax(finite)))
            strongest = format_signed(float(finite[place]))
            said.append(f"{picture.layer.name}, {shape}, from {low} to {high}, strongest {strongest} at {at}")
        return "; ".join(said) + "."


def _kernels(layer: Layer) -> list[Parameter]:
    return [parameter for parameter in layer.parameters if len(parameter.shape) >= 2 and parameter.name != "bias"]


def _no_weights(layer: Layer, others: list[str]) -> ModelError:
    if layer.note is not None:
        return ModelError(
            f"Layer {layer.name!r} has no weights to draw ({layer.note}). Build the model first, or name another layer."
        )
    known = ", ".join(map(repr, others[:8])) or "none"
    return ModelError(f"Layer {layer.name!r} ({layer.type}) has no kernel to draw. Layers with one: {known}.")


def _cell_text(picture: _Picture, tile: Tile, row: int, column: int) -> str:
    """What a cell holds, exactly."""
    (top, bottom), (left, right) = tile.rows[row : row + 2], tile.columns[column : column + 2]
    index = tile.locate(int(top), int(left))
    array = picture.bias if tile.is_bias else picture.exact
    name = f"{text(picture.layer.name)} {'bias' if tile.is_bias else text(picture.parameter.name)}"
    value = format_signed(float(tile.values[row, column]), EXACT_DECIMALS)
    if (bottom - top) * (right - left) == 1 and -1 not in index:
        if array is not None:
            value = format_signed(float(array.reshape(-1)[index[0]] if tile.is_bias else array[index]), EXACT_DECIMALS)
        return f"{name}[{', '.join(map(str, index))}] = {value}"
    last = tile.locate(int(bottom) - 1, int(right) - 1)
    span = ", ".join(":" if a == -1 else str(a) if a == b else f"{a}–{b}" for a, b in zip(index, last, strict=True))
    return f"{name}[{span}]: mean {value}"


def _checked_step(step: int | None) -> int | None:
    if step is None:
        return None
    if isinstance(step, bool) or not isinstance(step, int) or step < 0:
        raise ModelError(f"Expected since as a step of 0 or more, or None, got since={step!r}.")
    return step
