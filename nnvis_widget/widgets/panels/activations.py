"""What every layer makes of one sample."""

from __future__ import annotations

from dataclasses import dataclass, field
from math import isqrt, prod
from typing import Any

import ipywidgets
import numpy as np

from nnvis_widget.core.graph import Layer
from nnvis_widget.core.number_text import format_number, format_percent
from nnvis_widget.core.ramps import RampName
from nnvis_widget.core.snapshot import Snapshot, TensorKey
from nnvis_widget.reduce.activation_sheet import activation_sheet
from nnvis_widget.reduce.colour_scale import ColourScale
from nnvis_widget.reduce.kernel_sheet import Sheet, kernel_sheet
from nnvis_widget.sources.source import Source
from nnvis_widget.widgets.panels.bars import MOST_BARS, Bars
from nnvis_widget.widgets.panels.find_sample import find_sample, sample_data
from nnvis_widget.widgets.panels.heat_map import HeatMap
from nnvis_widget.widgets.panels.legend import not_finite, ramp_legend
from nnvis_widget.widgets.panels.panel import Panel
from nnvis_widget.widgets.panels.selected import is_selected, selected_unit
from nnvis_widget.widgets.panels.style import text

MOST_LAYERS = 8
MOST_THUMBS = 24
STRIP_PX = 64
THUMBS_PX = 76
NEVER_NEGATIVE = {"relu", "relu6", "sigmoid", "hard_sigmoid", "softmax", "softplus", "exponential"}


@dataclass
class _Row:
    """One layer on the page."""

    layer: Layer
    shape: tuple[int, ...]
    picture: Any
    head: Any
    scale: ColourScale = field(default_factory=ColourScale)
    sheet: Sheet | None = None
    values: np.ndarray | None = None


class ActivationPanel(Panel):
    """The activations of the layers for one sample, and what the model says of it; live while the model trains.

    Units are strips and grids, feature maps a tile for each channel, the probabilities of a softmax bars. Each layer
    has a scale of its own, with numbers. A cell under the pointer, or clicked, is read out exactly; a click on a unit
    chooses it everywhere.

    Args:
        source: A Keras model, a `Trainer`, a `Run`, a `NetworkView` or another panel.
        sample: An index into the data; or, for a plain model, an array: one sample without its batch axis. With
            another source an array must be one of its samples. `None` for the sample that is chosen there.
        layers: Names of the layers to draw; `None` for all, at most eight, the first and the output.
        data: Samples for a plain model, as for `NetworkView`.
        height: Pixels of a layer's picture, 120 to 1,200; strips of units take less.

    Raises:
        DataError: If the sample does not fit the model, or is none of the source's.
        ModelError: If a layer's name is unknown.

    Example:
        >>> nv.ActivationPanel(model, sample=x[0])
    """

    title = "Activations"

    def __init__(
        self,
        source: Any,
        sample: Any = None,
        *,
        layers: list[str] | None = None,
        data: Any = None,
        height: int = 160,
        **traits: Any,
    ) -> None:
        self._wanted, self._names = sample, layers
        self._reading: tuple[int, int, int] | None = None
        super().__init__(source, data=data, height=height, **traits)

    def table(self) -> Any:
        """Every activation as measured: a row for each with layer, index and value."""
        import pandas as pd

        parts = [
            pd.DataFrame(
                {
                    "layer": row.layer.name,
                    "index": [tuple(place) for place in np.ndindex(row.shape)],
                    "value": row.values.reshape(-1),
                }
            )
            for row in self._rows
            if row.values is not None
        ]
        return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame({"layer": [], "index": [], "value": []})

    def _find_source(self, source: Any, data: Any) -> tuple[Source | None, Any]:
        wanted = self._wanted
        if wanted is None or isinstance(wanted, int | np.integer):
            found, cursor = super()._find_source(source, data)
        else:
            found, cursor = super()._find_source(source, sample_data(source, wanted) if data is None else data)
        assert found is not None
        if wanted is not None:
            cursor.sample = find_sample(found, wanted)
        return found, cursor

    def _wish(self) -> dict[str, Any]:
        return {"maps": True}

    def _build(self) -> list[Any]:
        layers = self._chosen_layers()
        self._rows = [self._row(number, layer) for number, layer in enumerate(layers)]
        boxes = [self._box(row) for row in self._rows]
        row = ipywidgets.HBox(boxes)
        row.add_class("nnvis-row")
        return [*self._make_choice(), row]

    def _chosen_layers(self) -> list[Layer]:
        assert self.source is not None
        graph = self.source.graph
        if self._names is not None:
            return [layer for name in self._names if (layer := self._find_layer(name)) is not None]
        shown = [layer for layer in graph.layers if layer.output_shape and _shape(layer)]
        shown = [layer for layer in shown if layer.type not in ("Dropout", "Flatten", "Rescaling")]
        self._left_out = max(0, len(shown) - MOST_LAYERS)
        if self._left_out:
            shown = [*shown[: MOST_LAYERS - 1], shown[-1]]
        return shown

    def _row(self, number: int, layer: Layer) -> _Row:
        shape = _shape(layer)
        assert self.source is not None
        scenery = self.source.scenery
        image = scenery.image_shape or (None if scenery.feature_names else _square(shape))
        if layer.id in self.source.graph.inputs and image is not None and prod(image) == prod(shape):
            shape = image
        if self._is_probability(layer, shape):
            picture: Any = Bars(max(STRIP_PX, min(self.height_px, 8 + 17 * shape[-1])))
        else:
            picture = HeatMap(
                self._height(shape), lambda r, c: self._read(number, r, c), lambda r, c: self._pick(number, r, c)
            )
        return _Row(layer, shape, picture, ipywidgets.HTML())

    def _is_probability(self, layer: Layer, shape: tuple[int, ...]) -> bool:
        assert self.source is not None
        is_end = layer.activation == "softmax" or (layer.activation == "sigmoid" and self._is_output(layer))
        return is_end and len(shape) == 1 and shape[0] <= MOST_BARS

    def _is_output(self, layer: Layer) -> bool:
        return self.source is not None and layer.id in self.source.graph.outputs

    def _height(self, shape: tuple[int, ...]) -> int:
        return STRIP_PX if len(shape) == 1 and shape[0] <= 16 else self.height_px

    def _box(self, row: _Row) -> Any:
        """Pictures keep the shape of their cells, strips take what is left."""
        box = ipywidgets.VBox([row.head, row.picture.figure])
        if len(row.shape) >= 2 and isinstance(row.picture, HeatMap):
            rows, columns = activation_sheet(np.zeros(prod(row.shape)), row.shape).shape
            width = max(140, min(720, round((self.height_px - 26) * columns / rows) + 40))
            box.layout = {"flex": f"0 1 {width}px", "min_width": "0", "max_width": "100%"}
        else:
            box.layout = {"flex": "1 1 220px", "min_width": "0", "max_width": "420px"}
        return box

    def _make_choice(self) -> list[Any]:
        assert self.source is not None
        scenery = self.source.scenery
        if scenery.sample_count < 2:
            self._index: Any = None
            self._thumbs: HeatMap | None = None
            return []
        self._is_setting = False
        self._index = ipywidgets.BoundedIntText(
            value=self.cursor.sample % scenery.sample_count,
            min=0,
            max=scenery.sample_count - 1,
            description="Sample",
            layout={"width": "160px", "height": "28px"},
            style={"description_width": "auto"},
        )
        self._index.observe(self._on_index, "value")
        self._thumbs = self._make_thumbs()
        return [self._index, *([self._thumbs.figure] if self._thumbs else [])]

    def _make_thumbs(self) -> HeatMap | None:
        """The first samples as pictures to click; only of pictures with one channel."""
        assert self.source is not None
        scenery = self.source.scenery
        pictures = np.asarray(scenery.inputs[0][:MOST_THUMBS], np.float64)
        if scenery.image_shape is not None and pictures.ndim == 2:
            pictures = pictures.reshape(-1, *scenery.image_shape)
        if pictures.ndim == 4 and pictures.shape[3] == 1:
            pictures = pictures[..., 0]
        if pictures.ndim != 3 or max(pictures.shape[1:]) > 64:
            return None
        sheets = [kernel_sheet(picture) for picture in pictures]
        width = sheets[0].shape[1] + 1
        cells = np.concatenate([np.pad(sheet.cells()[0], ((0, 0), (0, 1))) for sheet in sheets], axis=1)[:, :-1]
        is_there = np.arange(cells.shape[1]) % width != width - 1
        thumbs = HeatMap(THUMBS_PX, lambda r, c: None, lambda r, c: self._choose(c // width))
        names = tuple((index * width + (width - 1) / 2, str(index)) for index in range(len(sheets)))
        limit = float(np.nanmax(np.abs(cells))) or 1.0
        there = np.broadcast_to(is_there, cells.shape)
        thumbs.show(cells, there, limit, "pixel", (), names, None, None)
        thumbs.figure.layout.max_width = f"{len(sheets) * 56}px"
        self._thumb_width = width
        self._thumb_state = (cells, there, limit, names)
        return thumbs

    def _draw(self, snapshot: Snapshot | None) -> None:
        bad = [0, 0]
        for number, row in enumerate(self._rows):
            row.values = self._values(snapshot, row)
            if row.values is None:
                row.sheet = None
                row.head.value = f'<div class="nnvis-head">{text(row.layer.name)}: {self._why(row, snapshot)}</div>'
                if isinstance(row.picture, HeatMap):
                    row.picture.show(np.zeros((2, 2)), np.zeros((2, 2), bool), 1.0)
                continue
            bad[0] += int(np.isnan(row.values).sum())
            bad[1] += int(np.isinf(row.values).sum())
            self._paint(number, row)
        self._show_choice()
        verdict, words = self._verdict()
        sample = f"sample {self._sample_index()}"
        left_out = getattr(self, "_left_out", 0)
        more = f"{left_out} more layers are not drawn; name them: layers=[…]" if left_out else ""
        parts = [verdict, self._reading_text(), more]
        if not any(row.values is not None for row in self._rows):
            parts.append("There is no sample to look at: pass sample=x[0], or data=(x, y).")
        subtitle = " · ".join(filter(None, [sample, self._when(snapshot)]))
        note = not_finite(*bad) + " · ".join(filter(None, parts))
        self._say(subtitle, note, f"Activations, {subtitle}. {words} {self._in_words()}")

    def _sample_index(self) -> int:
        assert self.source is not None
        count = self.source.scenery.sample_count
        sample: int = self.cursor.sample % count if count else self.cursor.sample
        return sample

    def _values(self, snapshot: Snapshot | None, row: _Row) -> np.ndarray | None:
        if snapshot is None:
            return None
        for quantity in ("activation", "map"):
            values = snapshot.tensors.get(TensorKey(quantity, row.layer.id, sample=self.cursor.sample))
            if values is not None and values.size == prod(row.shape):
                return values
        return None

    def _why(self, row: _Row, snapshot: Snapshot | None) -> str:
        if snapshot is not None and self.cursor.sample not in snapshot.samples:
            return f"sample {self._sample_index()} was not measured at step {snapshot.step:,}"
        count = prod(row.shape)
        return f"{count:,} values, too many to measure" if count > 65_536 else "not measured"

    def _paint(self, number: int, row: _Row) -> None:
        assert row.values is not None
        name, shape = text(row.layer.name), " × ".join(map(str, row.shape))
        activation = f" · {text(row.layer.activation)}" if row.layer.activation else ""
        if isinstance(row.picture, Bars):
            row.picture.show(row.values.reshape(-1), self._class_names(row.shape[-1]))
            head = f"{name}, {shape}{activation}"
        else:
            row.sheet = activation_sheet(row.values, row.shape)
            values, is_there = row.sheet.cells()
            ramp_name = self._ramp(row)
            limit = row.scale.update(values[is_there], is_locked=self.cursor.step is not None)
            picture: HeatMap = row.picture
            picture.show(
                values,
                is_there,
                limit,
                ramp_name,
                row.sheet.row_ticks,
                row.sheet.column_ticks if len(row.shape) != 1 or row.shape[0] <= 16 else (),
                self._ring(row),
                format_number,
            )
            reduced = f" · {row.sheet.reduction}" if row.sheet.reduction else ""
            legend = ramp_legend("", limit, ramp_name, row.scale.is_clipped)
            head = f"{name}, {shape}{activation}{reduced.replace('weights', 'values')} {legend}"
        value = f'<div class="nnvis-head">{head}</div>'
        if row.head.value != value:
            row.head.value = value

    def _ramp(self, row: _Row) -> RampName:
        assert row.values is not None
        assert self.source is not None
        if row.layer.id in self.source.graph.inputs and len(row.shape) >= 2 and not (row.values < 0).any():
            return "pixel"
        is_positive = row.layer.activation in NEVER_NEGATIVE or row.layer.type in ("ReLU", "Softmax")
        is_positive = is_positive or "Pooling" in row.layer.type
        return "magnitude" if is_positive and not (row.values < 0).any() else "value"

    def _ring(self, row: _Row) -> tuple[int, int, int, int] | None:
        if row.sheet is None:
            return None
        if is_selected(self.cursor.selection, row.layer):
            return 0, 0, *row.sheet.shape
        unit = selected_unit(self.cursor.selection, row.layer, prod(row.shape)) if len(row.shape) == 1 else None
        for tile in row.sheet.tiles:
            column = -1 if unit is None else unit - tile.locate(0, 0)[0]
            if 0 <= column < tile.shape[1]:
                return tile.top, column, tile.top + 1, column + 1
        return None

    def _class_names(self, count: int) -> list[str]:
        assert self.source is not None
        names = list(self.source.scenery.class_names)
        if len(names) == count:
            return names
        if count == 1:
            return names[1:] if len(names) == 2 else ["1"]
        return [str(index) for index in range(count)]

    def _verdict(self) -> tuple[str, str]:
        """What the model says and whether it is right: HTML and plain words."""
        assert self.source is not None
        last = next((row for row in reversed(self._rows) if self._is_output(row.layer)), None)
        scenery = self.source.scenery
        if last is None or last.values is None or not np.isfinite(last.values).all():
            return "", ""
        values, target = last.values.reshape(-1), scenery.target(self._sample_index())
        is_class = isinstance(last.picture, Bars) or scenery.task == "classification"
        if not is_class or (len(values) == 1 and target not in (None, 0.0, 1.0)):
            said = f"output {', '.join(format_number(float(value), 3) for value in values[:4])}"
            known = f", true {format_number(target, 3)}" if target is not None else ""
            return f"{said}{known}", f"{said}{known}."
        if len(values) == 1:
            guess, share = int(values[0] >= 0.5), float(max(values[0], 1 - values[0]))
            names = list(scenery.class_names) if len(scenery.class_names) == 2 else ["0", "1"]
        else:
            guess, names = int(values.argmax()), self._class_names(len(values))
            share = float(values[guess])
        certain = f" · {format_percent(share)}" if isinstance(last.picture, Bars) else ""
        if target is None or not 0 <= int(target) < len(names):
            return f"predicted: {text(names[guess])}{certain}", f"Predicted {names[guess]}{certain}."
        is_right = guess == int(target)
        mark, word, look = ("✓", "right", "nnvis-good") if is_right else ("✗", "wrong", "nnvis-bad")
        html = f'predicted: {text(names[guess])}{certain} · <span class="{look}">{mark} {word}</span>'
        true = names[int(target)]
        return f"{html}, true: {text(true)}", f"Predicted {names[guess]}{certain}, {word}, true is {true}."

    def _in_words(self) -> str:
        said = []
        for row in self._rows:
            if row.values is None or not np.isfinite(row.values).any():
                continue
            values = row.values[np.isfinite(row.values)]
            low, high = format_number(float(values.min())), format_number(float(values.max()))
            zeros = format_percent(float((values == 0).mean()))
            said.append(f"{row.layer.name}: from {low} to {high}, {zeros} zero")
        return "; ".join(said) + "." if said else "Nothing is measured yet."

    def _reading_text(self) -> str:
        if self._reading is None:
            return ""
        number, r, c = self._reading
        row = self._rows[number]
        found = row.sheet.find(r, c) if row.sheet else None
        if found is None or row.values is None:
            return ""
        tile, y, x = found
        index = tile.locate(int(tile.rows[y]), int(tile.columns[x]))
        size = int(np.diff(tile.rows)[y] * np.diff(tile.columns)[x])
        value = float(tile.values[y, x])
        what = "=" if size == 1 else f"and on, mean of {size} ="
        return f"{text(row.layer.name)}[{', '.join(map(str, index))}] {what} {format_number(value, 4)}"

    # What a person chooses.

    def _show_choice(self) -> None:
        if self._index is None:
            return
        index = self._sample_index()
        self._is_setting = True
        self._index.value = index
        self._is_setting = False
        if self._thumbs is not None:
            cells, there, limit, names = self._thumb_state
            left = index * self._thumb_width
            ring = (0, left, cells.shape[0], left + self._thumb_width - 1) if left < cells.shape[1] else None
            self._thumbs.show(cells, there, limit, "pixel", (), names, ring, None)

    def _on_index(self, change: Any) -> None:
        if not self._is_setting:
            self._choose(int(change["new"]))

    def _choose(self, index: int) -> None:
        assert self.source is not None
        if 0 <= index < self.source.scenery.sample_count:
            self.cursor.sample = index

    def _read(self, number: int, row: int, column: int) -> None:
        self._reading = (number, row, column)
        self._redraw_soon()

    def _pick(self, number: int, row: int, column: int) -> None:
        chosen = self._rows[number]
        found = chosen.sheet.find(row, column) if chosen.sheet else None
        if found is not None and len(chosen.shape) == 1:
            unit = found[0].locate(0, found[2])[0]
            self.cursor.selection = {"layer": chosen.layer.id, "unit": int(unit)}


def _square(shape: tuple[int, ...]) -> tuple[int, int] | None:
    """A flat input of 64, 784 or another square of numbers without names: most likely a picture."""
    side = isqrt(prod(shape))
    return (side, side) if len(shape) == 1 and side >= 8 and side * side == shape[0] else None


def _shape(layer: Layer) -> tuple[int, ...]:
    """Of the output for one sample; empty where it is not known or there are several."""
    if len(layer.output_shape) != 1 or len(layer.output_shape[0]) < 2:
        return ()
    sizes = layer.output_shape[0][1:]
    return tuple(size for size in sizes if size is not None) if None not in sizes else ()
