"""What a layer's activation does to its pre-activations."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from typing import Any

import bqplot
import numpy as np

from nnvis_widget.core.graph import Layer
from nnvis_widget.core.number_text import format_percent, format_signed
from nnvis_widget.core.snapshot import Snapshot, TensorKey
from nnvis_widget.core.want import Want
from nnvis_widget.core.words.say import say
from nnvis_widget.errors import ModelError
from nnvis_widget.keras_adapter.evaluate_activation import (
    FLAT_SHARE,
    Function,
    activation_function,
    is_elementwise,
    slope,
)
from nnvis_widget.keras_adapter.read.read_structure import read_structure
from nnvis_widget.reduce.summary import summarize
from nnvis_widget.widgets.panels.figures.legend import area_key, line_key, not_finite
from nnvis_widget.widgets.panels.figures.plot import NONE, Plot, drawable, set_line, set_points
from nnvis_widget.widgets.panels.figures.style import color, text
from nnvis_widget.widgets.panels.panel import Panel
from nnvis_widget.widgets.panels.reading.selected import SELECTED, FollowedLayer, selected_unit

GRID = 401
BINS = 32
LEAST_SPAN = 4.0
MOST_SPAN = 30.0
HISTOGRAM_SHARE = 0.45
TANGENT_SHARE = 0.12
MOST_ZONES = 4
ZONE_OPACITY = 0.14


class ActivationFunctionPanel(Panel):
    """A layer's activation and its slope, with the pre-activations that it really gets; live while the model trains.

    The curve is found by trying the layer's own function, so custom ones are drawn too; a softmax, which works on all
    units together, is drawn for one unit with the others as they are for the sample. Under it lies the histogram of
    all pre-activations over the probe batch (the first 256 samples, or fewer where the layer is wide). A zone is
    called flat, and shaded, where the slope is under 7 % of the steepest one drawn: tanh beyond 2, sigmoid beyond 4,
    ReLU below 0. The point with the tangent is the chosen unit's for the chosen sample; without a choice, all units
    are points.

    Args:
        source: A Keras model, a `Trainer`, a `Run`, a `NetworkView` or another panel.
        layer: Its name or path; `None` or `"selected"` for the one that is selected, which is the first with an
            activation until one with an activation is.
        data: Samples for a plain model, as for `NetworkView`.
        height: Pixels of the picture, 120 to 1,200.
        linked: Whether step, selection and sample are those of all that shows this source, or its own.

    Raises:
        ModelError: If there is no such layer, or it has no activation.
    """

    title_key = "activationPanel"
    meaning_key = "activationMeaning"
    _function: Function

    def __init__(
        self,
        source: Any,
        layer: str | None = None,
        *,
        data: Any = None,
        height: int = 240,
        linked: bool = True,
        **traits: Any,
    ) -> None:
        self._name = layer
        self._last: tuple[np.ndarray, np.ndarray] | None = None
        super().__init__(source, data=data, height=height, linked=linked, **traits)

    @property
    def layer(self) -> str:
        """The name of the layer that is drawn."""
        return self._layer.name

    def table(self) -> Any:
        """The histogram: a row for each bin with its ends, its count, f and its slope in the middle, whether flat."""
        import pandas as pd

        with self._up_to_date():
            edges, counts = self._bins
            values, slopes = self._last or self._values_in_bins()
            return pd.DataFrame(
                {
                    "from": edges[:-1],
                    "to": edges[1:],
                    "count": counts,
                    "f": values,
                    "slope": slopes,
                    "is_flat": np.abs(slopes) < self._flat_below,
                }
            )

    def close(self) -> None:
        """Take the panel off the page and let go of its source; the table stays as it is."""
        if not self._is_closed:
            self._last = None if sys.is_finalizing() else self._values_in_bins()
            super().close()
            self._function = _forgotten  # the one of before may belong to a layer, which holds its model

    def _build(self) -> list[Any]:
        assert self.source is not None
        self._followed = self._chosen_layer()
        self._become(self._followed.find(self.gaze.look.selection))
        self._bins: tuple[np.ndarray, np.ndarray] = (np.array([0.0, 1.0]), np.zeros(1, np.int64))
        self._flat_below = 0.0
        plot = self._plot = Plot(self.height_px)
        self._zones = [
            plot.lines(
                [color("warn")],
                fill="inside",
                fill_colors=[color("warn")],
                fill_opacities=[ZONE_OPACITY],
                stroke_width=0.0,
            )
            for _ in range(MOST_ZONES)
        ]
        self._histogram = plot.lines(
            [color("ink-3")], fill="inside", fill_colors=[color("ink-3")], fill_opacities=[0.4], stroke_width=1.0
        )
        self._slope_line = plot.lines([color("info")], stroke_width=1.5, line_style="dashed")
        self._curve = plot.lines([color("ink")], stroke_width=2.0)
        self._tangent = plot.lines([color("neg")], stroke_width=2.0)
        self._units = bqplot.Scatter(
            x=NONE, y=NONE, scales=plot.scales, colors=[color("info")], stroke=color("surface"), default_size=36
        )
        plot.figure.marks = [
            *(*self._zones, self._histogram, self._slope_line, self._curve, self._tangent, self._units)
        ]
        return [plot.figure]

    def _chosen_layer(self) -> FollowedLayer:
        layers = self._by_name
        with_one = [layer for layer in layers.all if _has_activation(layer)]
        if self._name is None or self._name == SELECTED:
            if not with_one:
                raise ModelError(
                    "Expected a layer with an activation, this model has none. Add one: activation='relu'."
                )
            return FollowedLayer(with_one)
        layer = layers.find(self._name)
        if not _has_activation(layer):
            known = ", ".join(repr(one.name) for one in with_one[:8]) or "none"
            raise ModelError(
                f"Layer {layer.name!r} ({layer.type}) has no activation to draw. Layers with one: {known}."
            )
        return FollowedLayer(with_one, layer)

    def _become(self, layer: Layer) -> None:
        assert self.source is not None
        self._layer = layer
        model = self.source.model
        operation = read_structure(model).operations.get(layer.id) if model is not None else None
        self._function = activation_function(operation, layer.activation)
        self._is_elementwise = is_elementwise(self._function)
        self._others: tuple[np.ndarray, int] | None = None

    def _wants(self) -> Iterable[Want]:
        look = self.gaze.look
        layer = self._followed.find(look.selection).id
        return Want("z_layer", layer), Want("activation", layer, sample=look.sample)

    def _draw(self, snapshot: Snapshot | None) -> None:
        layer = self._followed.find(self.gaze.look.selection)
        if layer != self._layer:
            self._become(layer)
        batch, sample = self._pre_activations(snapshot)
        finite = batch[np.isfinite(batch)]
        unit = selected_unit(self.gaze.look.selection, layer, sample.shape[-1]) if sample.size else None
        if not self._is_elementwise:
            self._others = np.zeros(max(2, self._layer.units or 2)), 0
        if not self._is_elementwise and np.isfinite(sample).any():
            self._others = sample.reshape(-1), int(unit if unit is not None else np.nanargmax(sample))
        low, high = _span(finite)
        z = np.linspace(low, high, GRID)
        values, slopes = self._values_at(z)
        steepest = float(np.nanmax(np.abs(slopes))) if np.isfinite(slopes).any() else 0.0
        self._flat_below = FLAT_SHARE * steepest
        self._draw_curves(z, values, slopes)
        self._draw_zones(z, slopes)
        self._draw_histogram(finite)
        self._draw_units(sample.reshape(-1), unit)
        self._tell(snapshot, batch, finite, sample.reshape(-1), unit)

    def _pre_activations(self, snapshot: Snapshot | None) -> tuple[np.ndarray, np.ndarray]:
        """Of the probe batch `(samples, units)` and of the chosen sample `(units,)`; empty where not measured."""
        if snapshot is None:
            return NONE, NONE
        batch = snapshot.tensors.get(TensorKey("z_layer", self._layer.id), NONE)
        sample = snapshot.tensors.get(TensorKey("z", self._layer.id, sample=self.gaze.sample), NONE)
        return batch.astype(np.float64), sample.astype(np.float64)

    def _values_at(self, z: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """f and f′ at pre-activations `(n,)`."""
        rows = z.reshape(-1, 1)
        if self._is_elementwise or self._others is None:
            return self._function(rows)[:, 0], slope(self._function, rows)[:, 0]
        others, unit = self._others

        def alone(values: np.ndarray) -> np.ndarray:
            units = np.repeat(others[None], len(values), axis=0)
            units[:, unit] = values[:, 0]
            return self._function(units)[:, unit : unit + 1]

        return alone(rows)[:, 0], slope(alone, rows)[:, 0]

    def _values_in_bins(self) -> tuple[np.ndarray, np.ndarray]:
        edges = self._bins[0]
        return self._values_at((edges[1:] + edges[:-1]) / 2)

    def _draw_curves(self, z: np.ndarray, values: np.ndarray, slopes: np.ndarray) -> None:
        both = np.concatenate([values, slopes])
        both = both[np.isfinite(both)]
        low, high = (float(both.min()), float(both.max())) if both.size else (0.0, 1.0)
        margin = 0.06 * (high - low) or 0.5
        self._plot.span((float(z[0]), float(z[-1])), (low - margin, high + margin))
        set_line(self._curve, z, values)
        set_line(self._slope_line, z, slopes)

    def _draw_zones(self, z: np.ndarray, slopes: np.ndarray) -> None:
        is_flat = np.abs(slopes) < self._flat_below
        turns = np.flatnonzero(np.diff(np.concatenate([[0], is_flat.astype(int), [0]])))
        zones = [(float(z[start]), float(z[end - 1])) for start, end in turns.reshape(-1, 2)][:MOST_ZONES]
        bottom, top = self._plot.y.min, self._plot.y.max
        for number, mark in enumerate(self._zones):
            left, right = zones[number] if number < len(zones) else (float(z[0]), float(z[0]))
            set_points(mark, np.array([left, right, right, left]), np.array([bottom, bottom, top, top]))
        self._zone_spans = zones

    def _draw_histogram(self, finite: np.ndarray) -> None:
        if not finite.size:
            set_line(self._histogram, NONE, NONE)
            self._bins = (np.array([0.0, 1.0]), np.zeros(1, np.int64))
            return
        summary = summarize(finite, BINS)
        self._bins = summary.edges, summary.histogram
        bottom, top = self._plot.y.min, self._plot.y.max
        heights = bottom + HISTOGRAM_SHARE * (top - bottom) * summary.histogram / summary.histogram.max()
        x = np.repeat(summary.edges, 2)
        y = np.concatenate([[bottom], np.repeat(heights, 2), [bottom]])
        set_points(self._histogram, x, y)

    def _draw_units(self, sample: np.ndarray, unit: int | None) -> None:
        z = sample if unit is None else sample[unit : unit + 1]
        z = z[np.isfinite(z)]
        if not self._is_elementwise and self._others is not None:
            z = self._others[0][self._others[1]].reshape(1)
        if not z.size:
            set_points(self._units, NONE, NONE)
            set_line(self._tangent, NONE, NONE)
            return
        values, slopes = self._values_at(z)
        set_points(self._units, z, values)
        self._units.default_size = 64 if len(z) == 1 else 36
        if len(z) == 1:
            width = TANGENT_SHARE * (self._plot.x.max - self._plot.x.min)
            ends = np.array([-width, width])
            set_points(self._tangent, *drawable(z[0] + ends, values[0] + slopes[0] * ends))
        else:
            set_line(self._tangent, NONE, NONE)

    def _tell(
        self, snapshot: Snapshot | None, batch: np.ndarray, finite: np.ndarray, sample: np.ndarray, unit: int | None
    ) -> None:
        name = self._layer.activation
        where = f"{text(self._layer.name)}{'' if unit is None else f' · {unit}'}"
        subtitle = f"{where}, {text(name)}"
        parts = []
        if unit is not None and np.isfinite(sample[unit]):
            value = float(self._values_at(sample[unit : unit + 1])[0][0])
            parts.append(say("zOfSample", z=format_signed(float(sample[unit])), output=format_signed(value)))
        if finite.size and self._is_elementwise:
            share = self._flat_share(finite)
            parts.append(say("lieFlat", share=format_percent(share), values=f"{finite.size:,}"))
        known = sample[np.isfinite(sample)]
        if known.size and self._is_elementwise:
            count = round(self._flat_share(known) * known.size)
            parts.append(say("sampleLieFlat", flat=count, units=known.size))
        if not finite.size and not known.size:
            parts.append(say("curveIsExact"))
        if not self._is_elementwise:
            parts.append(say("othersAreHeld"))
        bad = not_finite(int(np.isnan(batch).sum()), int(np.isinf(batch).sum()))
        keys = line_key("f(z)", "ink") + line_key(say("slopeKey"), "info", is_dashed=True)
        keys += area_key(say("flatKey"), "warn", ZONE_OPACITY)
        words = say("activationWords", activation=name, layer=self._layer.name, list=say("semicolon").join(parts))
        self._say(subtitle, f"{bad}{' · '.join(parts)} {keys}", words, snapshot)

    def _flat_share(self, z: np.ndarray) -> float:
        return float((np.abs(self._values_at(z)[1]) < self._flat_below).mean())


def _forgotten(z: np.ndarray) -> np.ndarray:
    return z


def _has_activation(layer: Layer) -> bool:
    return layer.activation not in (None, "linear") and layer.role != "recurrent"


def _span(finite: np.ndarray) -> tuple[float, float]:
    """Of the pre-activations to draw: at least −4 to 4, at most 30 to either side."""
    low, high = (float(finite.min()), float(finite.max())) if finite.size else (0.0, 0.0)
    return max(-MOST_SPAN, min(-LEAST_SPAN, low)), min(MOST_SPAN, max(LEAST_SPAN, high))
