"""How a layer's numbers spread, and how that changes over the training."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import ipywidgets
import numpy as np

from nnvis_widget.core.number_text import format_count, format_number, format_percent, format_signed
from nnvis_widget.core.snapshot import Snapshot, TensorKey
from nnvis_widget.core.want import Want
from nnvis_widget.core.words.say import say
from nnvis_widget.errors import ModelError
from nnvis_widget.reduce.axis_ticks import round_ticks
from nnvis_widget.reduce.summary import TensorSummary, summarize
from nnvis_widget.widgets.panels.figures.bands import SHARES, Bands, quantiles_of
from nnvis_widget.widgets.panels.figures.legend import band_keys, line_key, not_finite
from nnvis_widget.widgets.panels.figures.plot import NONE, Plot, set_line, set_points
from nnvis_widget.widgets.panels.figures.ridge import MOST_ROWS, Ridge, histograms
from nnvis_widget.widgets.panels.figures.style import color, text
from nnvis_widget.widgets.panels.panel import Panel
from nnvis_widget.widgets.panels.reading.in_moments import in_moments
from nnvis_widget.widgets.panels.reading.over_time import OverTime, even_snapshots, thinned
from nnvis_widget.widgets.panels.reading.selected import SELECTED, FollowedLayer, follow_parameter
from nnvis_widget.widgets.weakly import weakly

QUANTITIES = ("weight", "gradient", "activation")
KINDS = ("bands", "ridge")
BINS = 32


class WeightHistogram(Panel):
    """The spread of a layer's weights over the training, and their histogram at the step looked at.

    Bands hold the middle 50 and 90 % of all numbers at every kept snapshot (at most 120 of them, evenly chosen), the
    line is the median, the thin lines are the smallest and the largest. A ridge has the histograms of at most 24 kept
    snapshots one before the other, the newest in front, the one looked at in colour. Histograms count every number
    exactly. A file gets the bands or the ridge.

    Args:
        source: A Keras model, a `Trainer`, a `Run`, a `NetworkView` or another panel.
        layer: Its name or path; `None` or `"selected"` for the one that is selected, which is the first with weights
            (of activations the last layer) until one that fits is.
        quantity: `weight`; `gradient` (of the loss on the probe batch, one backward pass when a snapshot is due) or
            `activation` (of the chosen sample).
        kind: `bands` or `ridge`.
        parameter: Which of its parameters, such as `bias`; not for `activation`.
        data: Samples for a plain model, as for `NetworkView`.
        height: Pixels of the picture, 120 to 1,200.
        linked: Whether step, selection and sample are those of all that shows this source, or its own.

    Raises:
        ModelError: If there is no such layer, quantity, kind or parameter.
    """

    title_key = "distributionPanel"
    meaning_key = "distributionMeaning"

    def __init__(
        self,
        source: Any,
        layer: str | None = None,
        *,
        quantity: str = "weight",
        kind: str = "bands",
        parameter: str = "kernel",
        data: Any = None,
        height: int = 240,
        linked: bool = True,
        **traits: Any,
    ) -> None:
        if quantity not in QUANTITIES:
            raise ModelError(f"Expected one of {', '.join(QUANTITIES)}, got quantity={quantity!r}.")
        if kind not in KINDS:
            raise ModelError(f"Expected one of {', '.join(KINDS)}, got kind={kind!r}.")
        self._name, self._quantity, self._parameter, self._kind = layer, quantity, parameter, kind
        self._counted: TensorSummary | None = None
        self._rows: tuple[np.ndarray, np.ndarray] = (NONE, np.zeros((0, 0)))
        self._edges = np.zeros(1)
        super().__init__(source, data=data, height=height, linked=linked, **traits)

    def table(self) -> Any:
        """A row for each step drawn: the quantiles in per cent; of a ridge the counts, by where bins begin."""
        import pandas as pd

        with self._up_to_date():
            steps, values = self._rows
            columns = self._edges[:-1] if self._kind == "ridge" else [f"{share:g}%" for share in SHARES]
            return pd.DataFrame(values, columns=columns, index=steps).rename_axis("step")

    def counts(self) -> Any:
        """The histogram: a row for each bin with its ends and its exact count."""
        import pandas as pd

        with self._up_to_date():
            counted = self._counted
            if counted is None:
                return pd.DataFrame({"from": [], "to": [], "count": []})
            return pd.DataFrame({"from": counted.edges[:-1], "to": counted.edges[1:], "count": counted.histogram})

    def _build(self) -> list[Any]:
        assert self.source is not None
        self._followed = self._chosen_layer()
        self._layer = self._followed.find(self.gaze.look.selection)
        self._over_time = OverTime(weakly(self._quantiles_of))
        over, now = self._over, self._now = Plot(self.height_px), Plot(self.height_px)
        self._picture = Ridge(over) if self._kind == "ridge" else Bands(over)
        over.figure.marks = self._picture.marks
        if self._kind == "bands":
            self._cursor_line = over.lines([color("ink")], stroke_width=1.5, line_style="dotted")
            over.figure.marks = [*self._picture.marks, self._cursor_line]
        self._bars = now.lines(
            [color("ink-3")], fill="inside", fill_colors=[color("ink-3")], fill_opacities=[0.4], stroke_width=1.0
        )
        now.figure.marks = [self._bars]
        for plot, flex in ((over, "2 1 240px"), (now, "1 1 160px")):
            plot.figure.layout.flex, plot.figure.layout.width = flex, "auto"
        row = ipywidgets.HBox([over.figure, now.figure])
        row.add_class("nnvis-row")
        return [row]

    def _chosen_layer(self) -> FollowedLayer:
        layers = self._by_name
        if self._quantity != "activation":
            return follow_parameter(layers, self._name, self._parameter)
        named = None if self._name is None or self._name == SELECTED else layers.find(self._name)
        return FollowedLayer(layers.measured[::-1], named)

    def _wants(self) -> Iterable[Want]:
        layer = self._followed.find(self.gaze.look.selection).id
        sample = self.gaze.look.sample if self._quantity == "activation" else None
        yield Want(self._quantity, layer, sample=sample)

    def _quantiles_of(self, snapshot: Snapshot) -> np.ndarray | None:
        return quantiles_of(snapshot.tensors.get(self._key()))

    def _key(self) -> TensorKey:
        if self._quantity == "activation":
            return TensorKey("activation", self._layer.id, sample=self.gaze.sample)
        return TensorKey(self._quantity, self._layer.id, self._parameter)

    def _draw(self, snapshot: Snapshot | None) -> None:
        layer = self._followed.find(self.gaze.look.selection)
        if layer != self._layer or self._quantity == "activation":
            self._layer = layer
            self._over_time.forget()
        values = None if snapshot is None else snapshot.tensors.get(self._key())
        self._counted = None if values is None or not values.size else summarize(values, BINS)
        if isinstance(self._picture, Ridge):
            self._draw_ridge(self._picture, snapshot)
        else:
            self._draw_bands(self._picture)
        self._draw_histogram()
        self._tell(snapshot, len(self._rows[0]))

    def _draw_ridge(self, ridge: Ridge, snapshot: Snapshot | None) -> None:
        assert self.source is not None
        found = {one.step: one.tensors.get(self._key()) for one in even_snapshots(self.source.run, MOST_ROWS)}
        known = {step: values for step, values in found.items() if values is not None and np.isfinite(values).any()}
        steps, counts = np.array(list(known), np.int64), np.zeros((0, 0), np.int64)
        if known:
            counts, self._edges = histograms(list(known.values()))
        self._rows = steps, counts
        at = None if snapshot is None or not known else int(np.abs(steps - snapshot.step).argmin())
        ridge.show(steps, counts, self._edges, at)

    def _draw_bands(self, bands: Bands) -> None:
        assert self.source is not None
        steps, found = self._over_time.look(self.source.run)
        quantiles = np.array(found).reshape(-1, len(SHARES))
        self._rows = steps, quantiles
        bands.show(steps, quantiles)
        self._over.show_axes(bool(len(steps)))
        if len(steps):
            low, high = float(quantiles[:, 0].min()), float(quantiles[:, -1].max())
            margin = 0.06 * (high - low) or 0.5
            self._over.span_steps(steps[0], steps[-1], (low - margin, high + margin), clock=self._clock)
        self._over.point_at(self._cursor_line, self.gaze.step if len(steps) else None)

    def _draw_histogram(self) -> None:
        counted = self._counted
        self._now.show_axes(counted is not None)
        if counted is None or not counted.finite_count:
            set_line(self._bars, NONE, NONE)
            return
        most = float(counted.histogram.max())
        ends = float(counted.edges[0]), float(counted.edges[-1])
        self._now.span(ends, (0.0, most * 1.06), round_ticks(*ends, most=3))
        heights = np.repeat(counted.histogram.astype(np.float64), 2)
        set_points(self._bars, np.repeat(counted.edges, 2), np.concatenate([[0.0], heights, [0.0]]))

    def _tell(self, snapshot: Snapshot | None, drawn: int) -> None:
        assert self.source is not None
        parameter = text(self._parameter)
        what = (
            say("activationsOf")
            if self._quantity == "activation"
            else say("weightsOf" if self._quantity == "weight" else "gradientsOf", parameter=parameter)
        )
        subtitle = say("comma").join([text(self._layer.name), what])
        counted = self._counted
        if counted is None:
            why = say("gradientsNeedData") if self._quantity == "gradient" else ""
            known = in_moments(snapshot, self._layer, self._parameter) if self._quantity == "weight" else ""
            self._say(subtitle, known or say("gap").join([say("notMeasuredAtStep"), why]), at=snapshot)
            return
        parts = [say("numbersCount", size=format_count(counted.count))]
        if counted.finite_count:
            low, high = format_signed(counted.minimum, 3), format_signed(counted.maximum, 3)
            mean, deviation = format_signed(counted.mean, 3), format_number(counted.deviation, 3)
            parts.append(say("meanAndDeviation", mean=mean, deviation=deviation))
            parts.append(say("fromLowToHigh", low=low, high=high))
            parts.append(say("zeroShare", share=format_percent(counted.zero_count / counted.count)))
        said = say("comma").join(parts)
        unseen = self._over_time.missing if self._quantity == "weight" and self._kind == "bands" else 0
        reduced = thinned(drawn, self.source.run, unseen)
        keys = band_keys()
        if self._kind == "ridge":
            keys = line_key(say("stepLookedAt"), "info")
        bad = not_finite(counted.nan_count, counted.infinite_count)
        note = f"{bad}{' · '.join(filter(None, [said, reduced]))} {keys}"
        self._say(
            subtitle, note, say("distributionOf", subject=subtitle, moment=self._when(snapshot), text=said), snapshot
        )
