"""The weights of a layer as a heat map."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import ipywidgets
import numpy as np

from nnvis_widget.core.graph import Layer, Parameter
from nnvis_widget.core.snapshot import Snapshot
from nnvis_widget.core.want import Want
from nnvis_widget.core.words.say import say
from nnvis_widget.errors import ModelError
from nnvis_widget.reduce.colour_scale import ColourScale
from nnvis_widget.widgets.labels import Labels
from nnvis_widget.widgets.panels.figures.legend import not_finite
from nnvis_widget.widgets.panels.figures.style import text
from nnvis_widget.widgets.panels.panel import Panel
from nnvis_widget.widgets.panels.parts.kernel_picture import KernelPicture, Window, kernels
from nnvis_widget.widgets.panels.reading.selected import SELECTED, FollowedLayer
from nnvis_widget.widgets.weakly import weakly

MOST_PICTURES = 6
NUMBERS = 12


class WeightHeatmap(Panel):
    """The kernel of a layer as a heat map, its bias as a row of its own below; live while the model trains.

    Blue is positive, orange negative, and no colour is zero. Up to 12 x 12 weights are written as numbers; larger
    kernels than 128 x 256 cells are drawn as the means of blocks, which is said, and `rows` and `columns` (two sliders)
    look closer. A cell under the pointer, or clicked, is read out exactly; a click chooses its unit. Convolutions are
    drawn kernel by kernel, recurrent layers gate by gate, attention head by head.

    Args:
        source: A Keras model, a `Trainer`, a `Run`, a `NetworkView` or another panel.
        layer: A layer's name or path; of a group the layers in it. `None` for every layer with a kernel, at most six;
            `"selected"` for the one that is selected, which is the first with a kernel until one with a kernel is. (Of
            a layer that bears this very name pass the path.)
        since: A step to compare with: what is drawn is the change since then; `None` for the weights themselves.
        data: Samples for a plain model; not needed here.
        height: Pixels of the picture, 120 to 1,200.
        linked: Whether step, selection and sample are those of all that shows this source, or its own.

    Raises:
        ModelError: If there is no such layer, or it has no weights.

    Example:
        >>> nv.WeightHeatmap(model)
        >>> nv.WeightHeatmap(trainer, layer="dense_1", since=0)
    """

    title_key = "weightsPanel"
    meaning_key = "weightsMeaning"

    def __init__(
        self,
        source: Any,
        layer: str | None = None,
        *,
        since: int | None = None,
        data: Any = None,
        height: int = 240,
        linked: bool = True,
        **traits: Any,
    ) -> None:
        self._layer_name = layer
        self._since = _checked_step(since)
        self._rows: Window = None
        self._columns: Window = None
        self._reading: tuple[int, int, int] | None = None
        self._is_setting = False
        super().__init__(source, data=data, height=height, linked=linked, **traits)

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

        with self._up_to_date():
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
        fitting, shown = self._chosen_layers()
        self._rows = self._columns = self._reading = None
        each = [kernels(layer) for layer in fitting]
        most = max(map(len, each), default=0) if self._followed else sum(map(len, each))
        self._places = [self._make_place(number) for number in range(min(most, MOST_PICTURES))]
        self._shown: list[Layer] = []
        self._pictures: list[KernelPicture] = []
        self._sliders: list[Any] = []
        self._body_labels = Labels()
        matrices = [parameter.shape for parameters in each for parameter in parameters if len(parameter.shape) == 2]
        is_alone = self._followed is not None or sum(map(len, each)) == 1
        if is_alone and any(max(shape) > NUMBERS for shape in matrices):
            self._sliders = [self._make_slider(axis, name) for axis, name in enumerate(("rowsSlider", "columnsSlider"))]
        self._become(shown)
        boxes = [ipywidgets.HBox(parts) for parts in ([place.box for place in self._places], self._sliders) if parts]
        for box in boxes:
            box.add_class("nnvis-row")
        return boxes

    def _chosen_layers(self) -> tuple[list[Layer], list[Layer]]:
        """Those that may be drawn, and those that are drawn first."""
        layers = self._by_name
        with_one = [layer for layer in layers.all if kernels(layer)]
        self._followed: FollowedLayer | None = None
        if self._layer_name == SELECTED and with_one:
            self._followed = FollowedLayer(with_one)
            return with_one, [self._followed.find(self.gaze.look.selection)]
        if self._layer_name is None or self._layer_name == SELECTED:
            return with_one, with_one
        found = [layer for layer in layers.find_all(self._layer_name) if kernels(layer)]
        if not found:
            raise _no_weights(layers.find(self._layer_name), [other.name for other in with_one])
        return found, found

    def _wants(self) -> Iterable[Want]:
        followed = [self._followed.find(self.gaze.look.selection)] if self._followed else []
        for layer in followed or [picture.layer for picture in self._pictures]:
            yield Want("weight", layer.id)

    def _make_place(self, number: int) -> KernelPicture:
        return KernelPicture(self.height_px, weakly(self._read, number), weakly(self._pick, number))

    def _make_slider(self, axis: int, name: str) -> Any:
        slider = ipywidgets.IntRangeSlider(value=(0, 1), min=0, max=1, layout={"width": "320px", "max_width": "100%"})
        self._body_labels.put(slider, description=name)
        slider.observe(lambda change: self._look(axis, change["new"]), "value")
        return slider

    def _become(self, layers: list[Layer]) -> None:
        """Draw other layers."""
        if layers == self._shown:
            return
        self._shown = layers
        chosen: list[tuple[Layer, Parameter]] = [(layer, one) for layer in layers for one in kernels(layer)]
        self._left_out = max(0, len(chosen) - MOST_PICTURES)
        self._pictures = self._places[: len(chosen)]
        for number, place in enumerate(self._places):
            place.become(chosen[number] if number < len(chosen) else None)
        self._rows = self._columns = self._reading = None
        self._set_sliders()

    def _set_sliders(self) -> None:
        only = self._pictures[0] if len(self._pictures) == 1 and self._pictures[0].is_matrix else None
        shape = only.parameter.shape if only is not None else (1, 1)
        self._is_setting = True
        for slider, size in zip(self._sliders, shape, strict=False):
            slider.layout.display = None if max(shape) > NUMBERS else "none"
            slider.disabled = only is None
            slider.max = max(size, slider.max)  # the range lies within the ends all the time
            slider.value = (0, size)
            slider.max = size
        self._is_setting = False

    def _look(self, axis: int, wanted: tuple[int, int] | None) -> None:
        if self._is_setting:
            return
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
        assert self.source is not None
        if self._followed is not None:
            self._become([self._followed.find(self.gaze.look.selection)])
        base = self._base()
        nan_count = infinite_count = 0
        for picture in self._pictures:
            picture.measure(self.source, snapshot, base, self._rows, self._columns)
            first = self._columns[0] if self._columns else 0
            is_locked, is_alone = self.gaze.step is not None, len(self._pictures) == 1
            picture.paint(self.gaze.look.selection, first, is_locked, is_alone)
            for array in (picture.exact, picture.bias):
                if array is not None:
                    nan_count += int(np.isnan(array).sum())
                    infinite_count += int(np.isinf(array).sum())
        subtitle = self._subtitle(snapshot, base)
        bad = not_finite(nan_count, infinite_count)
        self._say(subtitle, f"{bad}{self._note_text(snapshot)}", self._in_words(snapshot, base), self._at(snapshot))

    def _base(self) -> Snapshot | None:
        if self._since is None or self.source is None:
            return None
        try:
            return self.source.run.at(self._since)
        except KeyError:
            return None

    def _read(self, number: int, row: int, column: int) -> None:
        with self._lock:
            self._reading = (number, row, column)
            snapshot = self._snapshot()
            subtitle = self._subtitle(snapshot, self._base())
            self._say(subtitle, self._note_text(snapshot), self._words, self._at(snapshot))

    def _pick(self, number: int, row: int, column: int) -> None:
        unit = self._places[number].unit_at(row, column)
        if unit is not None:
            self.gaze.selection = {"layer": self._places[number].layer.id, "unit": unit}

    def _note_text(self, snapshot: Snapshot | None) -> str:
        if not self._pictures:
            return say("noKernelYet")
        if snapshot is None:
            return say("nothingRecorded")
        more = say("moreNotDrawnName", count=self._left_out) if self._left_out else ""
        reading = ""
        if self._reading is not None:
            number, row, column = self._reading
            reading = self._places[number].reading(row, column)
        hint = f'<span class="nnvis-hint">{say("pointAtCell")}</span>' if not reading else ""
        return " · ".join(filter(None, [reading or hint, more]))

    def _subtitle(self, snapshot: Snapshot | None, base: Snapshot | None) -> str:
        names = {picture.layer.name for picture in self._pictures}
        what = text(self._pictures[0].layer.name) if len(names) == 1 else say("layers", count=len(names))
        if self._since is None or base is None or snapshot is None:
            return what
        return f"{what} · {say('changeFromTo', first=self._when(base), last=self._when(snapshot))}"

    def _at(self, snapshot: Snapshot | None) -> Snapshot | None:
        """What the line above ends with; of a change it has told both moments."""
        return snapshot if self._since is None or self._base() is None else None

    def _in_words(self, snapshot: Snapshot | None, base: Snapshot | None) -> str:
        said = [self.title, self._when(snapshot)]
        if base:
            said.append(say("changeSince", moment=self._when(base)))
        pictures = [picture.words() for picture in self._pictures]
        return say("sentence", text=say("semicolon").join([say("comma").join(said), *pictures]))


def _no_weights(layer: Layer, others: list[str]) -> ModelError:
    if layer.note is not None:
        return ModelError(
            f"Layer {layer.name!r} has no weights to draw ({layer.note}). Build the model first, or name another layer."
        )
    known = ", ".join(map(repr, others[:8])) or "none"
    return ModelError(f"Layer {layer.name!r} ({layer.type}) has no kernel to draw. Layers with one: {known}.")


def _checked_step(step: int | None) -> int | None:
    if step is None:
        return None
    if isinstance(step, bool) or not isinstance(step, int) or step < 0:
        raise ModelError(f"Expected since as a step of 0 or more, or None, got since={step!r}.")
    return step
