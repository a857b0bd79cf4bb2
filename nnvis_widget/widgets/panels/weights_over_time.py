"""The weights of a layer as lines over the training."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from nnvis_widget.core.graph import Parameter
from nnvis_widget.core.number_text import format_count, format_signed
from nnvis_widget.core.snapshot import Snapshot, TensorKey
from nnvis_widget.core.want import Want
from nnvis_widget.core.words.say import say
from nnvis_widget.widgets.panels.figures.bands import SHARES, Bands, quantiles_of
from nnvis_widget.widgets.panels.figures.legend import band_keys, line_key, not_finite
from nnvis_widget.widgets.panels.figures.plot import Plot, set_lines
from nnvis_widget.widgets.panels.figures.style import color, text
from nnvis_widget.widgets.panels.panel import Panel
from nnvis_widget.widgets.panels.reading.in_moments import in_moments
from nnvis_widget.widgets.panels.reading.over_time import OverTime, thinned
from nnvis_widget.widgets.panels.reading.selected import follow_parameter, selected_unit
from nnvis_widget.widgets.weakly import weakly

MOST_LINES = 64
MOST_THICK = 16


class WeightsOverTime(Panel):
    """Every weight of a layer as a line over the training, those into the selected unit in colour; live.

    Blue lines end above zero, orange ones below; the others are grey. More than 64 weights become bands of the middle
    50 and 90 % with median and ends, and the selected unit's own lines where it has at most 64. At most 120 kept
    snapshots are drawn, evenly chosen.

    Args:
        source: A Keras model, a `Trainer`, a `Run`, a `NetworkView` or another panel.
        layer: Its name or path; `None` or `"selected"` for the one that is selected, which is the first with weights
            until one with weights is.
        parameter: Which of its parameters, such as `bias`.
        data: Samples for a plain model; not needed here.
        height: Pixels of the picture, 120 to 1,200.
        linked: Whether step, selection and sample are those of all that shows this source, or its own.

    Raises:
        ModelError: If there is no such layer, or it has no such parameter.

    Example:
        >>> nv.WeightsOverTime(trainer, layer="dense_1")
    """

    _is_of_model = False
    title_key = "overTimePanel"
    meaning_key = "overTimeMeaning"

    def __init__(
        self,
        source: Any,
        layer: str | None = None,
        *,
        parameter: str = "kernel",
        data: Any = None,
        height: int = 240,
        linked: bool = True,
        **traits: Any,
    ) -> None:
        self._name, self._parameter = layer, parameter
        super().__init__(source, data=data, height=height, linked=linked, **traits)

    def table(self) -> Any:
        """A row for each step drawn: a column for each weight that is a line, by its index, and for each quantile."""
        import pandas as pd

        with self._up_to_date():
            indices, steps, lines = self._lines
            shape = self._shape()
            names = [", ".join(map(str, np.unravel_index(index, shape))) for index in indices]
            frame = pd.DataFrame(lines, columns=[f"[{name}]" for name in names], index=steps)
            if self._quantiles is not None:
                bands = pd.DataFrame(
                    self._quantiles[1], columns=[f"{share:g}%" for share in SHARES], index=self._quantiles[0]
                )
                frame = pd.concat([bands, frame], axis=1)
            return frame.rename_axis("step")

    def _build(self) -> list[Any]:
        assert self.source is not None
        self._followed = follow_parameter(self._by_name, self._name, self._parameter)
        self._layer = self._followed.find(self.gaze.look.selection)
        self._indices = np.zeros(0, np.int64)
        self._lines = (self._indices, np.zeros(0, np.int64), np.zeros((0, 0)))
        self._quantiles: tuple[np.ndarray, np.ndarray] | None = None
        self._bands_over_time = OverTime(weakly(self._quantiles_of))
        self._lines_over_time = OverTime(weakly(self._chosen_values))
        plot = self._plot = Plot(self.height_px)
        self._bands = Bands(plot)
        self._grey = plot.lines([color("ink-3")], stroke_width=1.0, opacities=[0.55])
        self._coloured = plot.lines([color("pos")], stroke_width=2.0)
        self._cursor_line = plot.lines([color("ink")], stroke_width=1.5, line_style="dotted")
        plot.figure.marks = [*self._bands.marks, self._grey, self._coloured, self._cursor_line]
        return [plot.figure]

    def _wants(self) -> Iterable[Want]:
        yield Want("weight", self._followed.find(self.gaze.look.selection).id)

    def _shape(self) -> tuple[int, ...]:
        found: Parameter = next(one for one in self._layer.parameters if one.name == self._parameter)
        return found.shape

    def _values(self, snapshot: Snapshot) -> np.ndarray | None:
        return snapshot.tensors.get(TensorKey("weight", self._layer.id, self._parameter))

    def _quantiles_of(self, snapshot: Snapshot) -> np.ndarray | None:
        return quantiles_of(self._values(snapshot))

    def _chosen_values(self, snapshot: Snapshot) -> np.ndarray | None:
        values = self._values(snapshot)
        return None if values is None else values.reshape(-1)[self._indices].astype(np.float64)

    def _unit(self) -> int | None:
        """The selected unit, where its weights are a column of the parameter."""
        shape = self._shape()
        if self._layer.units is None or len(shape) > 2 or not shape or shape[-1] != self._layer.units:
            return None
        return selected_unit(self.gaze.look.selection, self._layer, self._layer.units)

    def _choose(self) -> tuple[int | None, np.ndarray]:
        """The selected unit, and which of the lines lead into it; sees to it that these lines are looked at."""
        layer = self._followed.find(self.gaze.look.selection)
        if layer != self._layer:
            self._layer = layer
            self._bands_over_time.forget()
            self._lines_over_time.forget()
        count, unit = int(np.prod(self._shape())), self._unit()
        into = np.zeros(0, np.int64) if unit is None else np.arange(unit, count, self._layer.units or 1)
        indices = np.arange(count) if count <= MOST_LINES else into if len(into) <= MOST_LINES else into[:0]
        if not np.array_equal(indices, self._indices):
            self._indices = indices
            self._lines_over_time.forget()
        return unit, np.isin(indices, into)

    def _draw(self, snapshot: Snapshot | None) -> None:
        assert self.source is not None
        unit, is_into = self._choose()
        steps, found = self._lines_over_time.look(self.source.run)
        lines = np.array(found).reshape(len(steps), len(self._indices))
        self._lines = self._indices, steps, lines
        self._quantiles = None
        ranges = [lines]
        if int(np.prod(self._shape())) > MOST_LINES:
            at, quantiles = self._bands_over_time.look(self.source.run)
            self._quantiles = at, np.array(quantiles).reshape(-1, len(SHARES))
            ranges.append(self._quantiles[1])
        self._span(steps, np.concatenate([part.reshape(-1) for part in ranges]))
        self._bands.show(*(self._quantiles or (steps[:0], lines[:0])))
        x, into = steps.astype(np.float64), lines[:, is_into].T
        set_lines(self._grey, x, lines[:, ~is_into].T)
        into = into[np.isfinite(into).any(axis=1)]
        newest = [float(line[np.isfinite(line)][-1]) for line in into]
        self._coloured.colors = [color("neg" if value < 0 else "pos") for value in newest] or [color("pos")]
        self._coloured.stroke_width = 2.0 if len(into) <= MOST_THICK else 1.0
        set_lines(self._coloured, x, into)
        self._plot.point_at(self._cursor_line, self.gaze.step if len(steps) else None)
        self._tell(snapshot, unit, len(into), len(steps))

    def _span(self, steps: np.ndarray, values: np.ndarray) -> None:
        finite = values[np.isfinite(values)]
        self._plot.show_axes(bool(finite.size))
        if not finite.size:
            return
        low, high = float(finite.min()), float(finite.max())
        margin = 0.06 * (high - low) or 0.5
        self._plot.span_steps(steps[0], steps[-1], (low - margin, high + margin), clock=self._clock)

    def _tell(self, snapshot: Snapshot | None, unit: int | None, coloured: int, drawn: int) -> None:
        assert self.source is not None
        name = "" if self._parameter == "kernel" else f" {text(self._parameter)}"
        subtitle = f"{text(self._layer.name)}{name}"
        values = None if snapshot is None else self._values(snapshot)
        if values is None:
            known = in_moments(snapshot, self._layer, self._parameter)
            self._say(subtitle, known or say("onlySumsKept"), at=snapshot)
            return
        finite = values[np.isfinite(values)]
        said = say("weightCount", size=format_count(values.size))
        if finite.size:
            low, high = format_signed(float(finite.min())), format_signed(float(finite.max()))
            said = say("comma").join([said, say("fromLowToHigh", low=low, high=high)])
        notes, keys = [said, thinned(drawn, self.source.run, self._lines_over_time.missing)], ""
        if unit is not None and coloured:
            notes.append(say("colourInto", weights=coloured, unit=unit))
            keys += line_key(say("endsAbove"), "pos") + line_key(say("endsBelow"), "neg")
        elif unit is not None:
            notes.append(say("tooManyInto", unit=unit, most=MOST_LINES))
        if self._quantiles is not None:
            keys += band_keys()
        elif coloured < values.size:
            keys += line_key(say("otherWeights" if coloured else "eachWeight"), "ink-3")
        bad = not_finite(int(np.isnan(values).sum()), int(np.isinf(values).sum()))
        notes_text = " · ".join(filter(None, notes))
        words = say("overTimeOf", subject=subtitle, moment=self._when(snapshot), text=notes_text)
        self._say(subtitle, f"{bad}{notes_text} {keys}", words, snapshot)
