"""How a layer's numbers spread, and how that changes over the training."""

from __future__ import annotations

from typing import Any

import ipywidgets
import numpy as np

from nnvis_widget.core.graph import Layer
from nnvis_widget.core.number_text import format_count, format_number, format_percent, format_signed
from nnvis_widget.core.snapshot import Snapshot, TensorKey
from nnvis_widget.errors import ModelError
from nnvis_widget.reduce.axis_ticks import round_ticks
from nnvis_widget.reduce.summary import TensorSummary, summarize
from nnvis_widget.widgets.panels.legend import line_key, not_finite
from nnvis_widget.widgets.panels.panel import Panel
from nnvis_widget.widgets.panels.plot import NONE, Plot, set_line, set_points
from nnvis_widget.widgets.panels.style import color, text

QUANTITIES = ("weight", "gradient", "activation")
SHARES = (0.0, 5.0, 25.0, 50.0, 75.0, 95.0, 100.0)
MOST_STEPS = 120
BINS = 32


class WeightHistogram(Panel):
    """The spread of a layer's weights over the training as bands, and their histogram at the step looked at.

    The bands hold the middle 50 and 90 % of all numbers at every kept snapshot (at most 120 of them, evenly chosen),
    the line is the median, the thin lines are the smallest and the largest. The histogram counts every number exactly.
    A file gets the bands.

    Args:
        source: A Keras model, a `Trainer`, a `Run`, a `NetworkView` or another panel.
        layer: The layer's name; `None` for the first with weights.
        quantity: `weight`; `gradient` (of the loss on the probe batch, one backward pass when a snapshot is due) or
            `activation` (of the chosen sample).
        parameter: Which of its parameters, such as `bias`; not for `activation`.
        data: Samples for a plain model, as for `NetworkView`.
        height: Pixels of the picture, 120 to 1,200.

    Raises:
        ModelError: If there is no such layer, quantity or parameter.
    """

    title = "Distribution"

    def __init__(
        self,
        source: Any,
        layer: str | None = None,
        *,
        quantity: str = "weight",
        parameter: str = "kernel",
        data: Any = None,
        height: int = 240,
        **traits: Any,
    ) -> None:
        if quantity not in QUANTITIES:
            raise ModelError(f"Expected one of {', '.join(QUANTITIES)}, got quantity={quantity!r}.")
        self._name, self._quantity, self._parameter = layer, quantity, parameter
        self._quantiles: dict[tuple[int, int], np.ndarray | None] = {}
        self._counted: TensorSummary | None = None
        super().__init__(source, data=data, height=height, **traits)

    def table(self) -> Any:
        """The bands: a row for each step drawn, with the quantiles in per cent as columns."""
        import pandas as pd

        steps, quantiles = self._bands
        frame = pd.DataFrame(quantiles, columns=[f"{share:g}%" for share in SHARES], index=steps)
        return frame.rename_axis("step")

    def counts(self) -> Any:
        """The histogram: a row for each bin with its ends and its exact count."""
        import pandas as pd

        counted = self._counted
        if counted is None:
            return pd.DataFrame({"from": [], "to": [], "count": []})
        return pd.DataFrame({"from": counted.edges[:-1], "to": counted.edges[1:], "count": counted.histogram})

    def _build(self) -> list[Any]:
        self._layer = self._chosen_layer()
        self._bands: tuple[np.ndarray, np.ndarray] = (NONE, np.zeros((0, len(SHARES))))
        over, now = self._over, self._now = Plot(self.height_px), Plot(self.height_px)
        self.figure = over.figure
        self._areas = [
            over.lines(
                [color("info")], fill="inside", fill_colors=[color("info")], fill_opacities=[share], stroke_width=0
            )
            for share in (0.18, 0.3)
        ]
        self._ends = [over.lines([color("ink-3")], stroke_width=1.0) for _ in range(2)]
        self._median = over.lines([color("ink")], stroke_width=2.0)
        self._cursor_line = over.lines([color("ink")], stroke_width=1.5, line_style="dotted")
        over.figure.marks = [*self._areas, *self._ends, self._median, self._cursor_line]
        self._bars = now.lines(
            [color("ink-3")], fill="inside", fill_colors=[color("ink-3")], fill_opacities=[0.4], stroke_width=1.0
        )
        now.figure.marks = [self._bars]
        for plot, flex in ((over, "2 1 240px"), (now, "1 1 160px")):
            plot.figure.layout.flex, plot.figure.layout.width = flex, "auto"
        row = ipywidgets.HBox([over.figure, now.figure])
        row.add_class("nnvis-row")
        return [row]

    def _chosen_layer(self) -> Layer:
        assert self.source is not None
        layers = self.source.graph.layers
        fitting = [layer for layer in layers if self._quantity == "activation" or self._has_parameter(layer)]
        if self._name is None:
            if not fitting:
                raise ModelError(
                    "Expected a layer with weights, this model has none. Build it: model.build((None, n))."
                )
            return fitting[-1] if self._quantity == "activation" else fitting[0]
        layer = self._find_layer(self._name)
        assert layer is not None
        if layer not in fitting:
            own = ", ".join(repr(parameter.name) for parameter in layer.parameters) or "none"
            raise ModelError(
                f"Layer {layer.name!r} ({layer.type}) has no {self._parameter!r}; its parameters are: {own}. "
                "Pass another layer or parameter=…"
            )
        return layer

    def _has_parameter(self, layer: Layer) -> bool:
        return any(parameter.name == self._parameter for parameter in layer.parameters)

    def _wish(self) -> dict[str, Any]:
        return {"gradients": self._quantity == "gradient"}

    def _key(self) -> TensorKey:
        if self._quantity == "activation":
            return TensorKey("activation", self._layer.id, sample=self.cursor.sample)
        return TensorKey(self._quantity, self._layer.id, self._parameter)

    def _draw(self, snapshot: Snapshot | None) -> None:
        steps, quantiles = self._bands = self._measure()
        values = None if snapshot is None else snapshot.tensors.get(self._key())
        self._counted = None if values is None or not values.size else summarize(values, BINS)
        self._draw_bands(steps, quantiles)
        self._draw_histogram()
        self._tell(snapshot, len(steps))

    def _measure(self) -> tuple[np.ndarray, np.ndarray]:
        """Steps `(n,)` and quantiles `(n, 7)` of the snapshots that hold the tensor and a finite number in it."""
        assert self.source is not None
        run, key = self.source.run, self._key()
        steps = _chosen(run.steps)
        found: dict[int, np.ndarray] = {}
        known: dict[tuple[int, int], np.ndarray | None] = {}
        for step in steps.tolist():
            try:
                snapshot = run.at(step)
            except KeyError:  # cleared meanwhile
                break
            name = (snapshot.step, snapshot.revision)
            if name in self._quantiles and self._quantity != "activation":
                known[name] = self._quantiles[name]
            else:
                known[name] = _quantiles(snapshot.tensors.get(key))
            quantiles = known[name]
            if quantiles is not None:
                found[snapshot.step] = quantiles
        self._quantiles = known
        places = np.array(list(found), np.int64)
        return places, np.array(list(found.values())).reshape(-1, len(SHARES))

    def _draw_bands(self, steps: np.ndarray, quantiles: np.ndarray) -> None:
        self._over.show_axes(bool(len(steps)))
        if not len(steps):
            for mark in self._over.figure.marks:
                set_line(mark, NONE, NONE)
            return
        x = steps.astype(np.float64)
        low, high = float(quantiles[:, 0].min()), float(quantiles[:, -1].max())
        margin = 0.06 * (high - low) or 0.5
        self._over.span((float(x[0]), float(x[-1]) if len(x) > 1 else float(x[0]) + 1), (low - margin, high + margin))
        for mark, (under, above) in zip(self._areas, ((1, 5), (2, 4)), strict=True):
            around = np.concatenate([quantiles[:, under], quantiles[::-1, above]])
            set_points(mark, np.concatenate([x, x[::-1]]), around)
        for mark, column in zip((*self._ends, self._median), (0, 6, 3), strict=True):
            set_line(mark, x, quantiles[:, column])
        step = self.cursor.step
        bottom, top = self._over.y.min, self._over.y.max
        at = np.zeros(0) if step is None else np.full(2, float(np.clip(step, x[0], x[-1])))
        set_line(self._cursor_line, at, np.array([bottom, top])[: len(at)])

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
        what = self._quantity if self._quantity == "activation" else f"{text(self._parameter)} {self._quantity}s"
        subtitle = " · ".join(filter(None, [f"{text(self._layer.name)}, {what}", self._when(snapshot)]))
        counted = self._counted
        if counted is None:
            why = "Gradients need data with targets and a compiled model." if self._quantity == "gradient" else ""
            self._say(subtitle, f"Not measured at this step. {why}")
            return
        said = f"{format_count(counted.count)} numbers"
        if counted.finite_count:
            said += (
                f", mean {format_signed(counted.mean, 3)} ± {format_number(counted.deviation, 3)}"
                f", from {format_signed(counted.minimum, 3)} to {format_signed(counted.maximum, 3)}"
                f", {format_percent(counted.zero_count / counted.count)} zero"
            )
        kept = self.source.run.kept_count
        reduced = f" · {drawn} of {kept} kept snapshots drawn" if drawn < kept else ""
        keys = line_key("median", "ink") + line_key("middle 50 and 90 %", "info") + line_key("ends", "ink-3")
        bad = not_finite(counted.nan_count, counted.infinite_count)
        self._say(subtitle, f"{bad}{said}{reduced} {keys}", f"Distribution of {subtitle}: {said}.")


def _chosen(steps: np.ndarray) -> np.ndarray:
    """At most 120 of the steps, evenly spread, with the last: as a run grows, those chosen stay until half of them go.

    So the numbers of a snapshot are sorted once, not at every redraw.
    """
    stride = 1
    while -(-len(steps) // stride) > MOST_STEPS - 1:
        stride *= 2
    chosen = steps[::stride]
    return chosen if not len(steps) or chosen[-1] == steps[-1] else np.append(chosen, steps[-1])


def _quantiles(values: np.ndarray | None) -> np.ndarray | None:
    if values is None:
        return None
    finite = values[np.isfinite(values)].astype(np.float64)
    return np.percentile(finite, SHARES) if finite.size else None
