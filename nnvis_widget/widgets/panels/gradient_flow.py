"""How strongly every layer is pushed, and how far it moves."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from functools import partial
from typing import Any

import ipywidgets
import numpy as np

from nnvis_widget.core.graph import Layer
from nnvis_widget.core.number_text import format_number, safe_text
from nnvis_widget.core.snapshot import Snapshot, TensorKey
from nnvis_widget.core.want import Want
from nnvis_widget.core.words.say import say
from nnvis_widget.errors import ModelError
from nnvis_widget.reduce.axis_ticks import decade_ticks
from nnvis_widget.reduce.flow_of_gradients import joint_norm, update_ratio
from nnvis_widget.reduce.moments import Moments
from nnvis_widget.widgets.labels import Labels
from nnvis_widget.widgets.panels.figures.legend import line_key
from nnvis_widget.widgets.panels.figures.plot import NONE, Plot, apart, set_line, set_points
from nnvis_widget.widgets.panels.figures.style import color, text
from nnvis_widget.widgets.panels.panel import Panel
from nnvis_widget.widgets.panels.reading.over_time import even_snapshots, thinned

TOKENS = ("train", "info", "neg", "act", "val", "warn", "ok", "ink-3")
HEALTHY = (-4.0, -2.0)
LABEL_PX = 15
RIGHT_PX = 84
LONGEST_NAME = 10


class GradientFlow(Panel):
    """For each layer the norm of its gradient, and how far a step moves its weights relative to their size.

    Gradients are those of the compiled loss on the probe batch (the first 128 samples), one backward pass when a
    snapshot is due, never every step; they need data with targets, and TensorFlow. The move is taken from the weights
    of two kept snapshots in a row and divided by the steps between them. The band from 1e-4 to 1e-2 around the usual
    1e-3 is where training tends to be neither stuck nor unstable: a rule of thumb. A file gets the left picture.

    Args:
        source: A Keras model, a `Trainer`, a `Run`, a `NetworkView` or another panel.
        layers: Names of the layers to draw, at most eight; `None` for all with trainable weights, eight of them evenly
            chosen where there are more.
        data: Samples for a plain model, as for `NetworkView`.
        height: Pixels of the picture, 120 to 1,200.
        linked: Whether step, selection and sample are those of all that shows this source, or its own.

    Raises:
        ModelError: If a layer's name is unknown, it has no trainable weights, or there are more than eight.
    """

    title_key = "gradientPanel"
    meaning_key = "gradientMeaning"

    def __init__(
        self,
        source: Any,
        *,
        layers: list[str] | None = None,
        data: Any = None,
        height: int = 240,
        linked: bool = True,
        **traits: Any,
    ) -> None:
        self._names = layers
        self._rows: dict[tuple[int, int], dict[str, tuple[float, float]]] = {}
        super().__init__(source, data=data, height=height, linked=linked, **traits)

    def table(self) -> Any:
        """A row for each kept snapshot that is drawn and layer: step, layer, gradient_norm, update_ratio.

        The norm is NaN where it was not measured, infinite where a gradient is NaN or infinite.
        """
        import pandas as pd

        with self._up_to_date():
            rows = [
                (int(step), layer.name, norm, ratio)
                for layer in self._layers
                for step, norm, ratio in zip(self._steps, *self._flow[layer.id], strict=True)
            ]
            return pd.DataFrame(rows, columns=["step", "layer", "gradient_norm", "update_ratio"])

    def _build(self) -> list[Any]:
        self._layers, self._left_out = self._chosen_layers()
        self._rows.clear()
        self._steps, self._flow = NONE, {layer.id: (NONE, NONE) for layer in self._layers}
        self._plots = [Plot(self.height_px, RIGHT_PX) for _ in range(2)]
        self._lines = [
            [plot.lines([color(token)], stroke_width=2.0) for token, _ in zip(TOKENS, self._layers, strict=False)]
            for plot in self._plots
        ]
        self._ends = [plot.end_labels([color("ink")]) for plot in self._plots]
        self._cursors = [plot.lines([color("ink")], stroke_width=1.5, line_style="dotted") for plot in self._plots]
        self._band = self._plots[1].lines(
            [color("ok")], fill="inside", fill_colors=[color("ok")], fill_opacities=[0.14], stroke_width=0
        )
        for number, plot in enumerate(self._plots):
            marks = [*self._lines[number], self._cursors[number], self._ends[number]]
            plot.figure.marks = [self._band, *marks] if number else marks
            plot.figure.layout.width = "100%"
        heads = ("normOfGradient", "moveShare")
        self._body_labels = Labels()
        boxes = []
        for name, plot in zip(heads, self._plots, strict=True):
            head = self._body_labels.put(ipywidgets.HTML(), value=partial(_head, name))
            boxes.append(ipywidgets.VBox([head, plot.figure], layout={"flex": "1 1 260px", "min_width": "0"}))
        row = ipywidgets.HBox(boxes)
        row.add_class("nnvis-row")
        return [row]

    def _chosen_layers(self) -> tuple[list[Layer], int]:
        assert self.source is not None
        trainable = [layer for layer in self.source.graph.layers if _weights(layer)]
        if self._names is None:
            places = np.unique(np.linspace(0, len(trainable) - 1, min(len(trainable), len(TOKENS))).round().astype(int))
            return [trainable[place] for place in places], len(trainable) - len(places)
        layers = [layer for name in self._names if (layer := self._find_layer(name)) is not None]
        for layer in layers:
            if layer not in trainable:
                known = ", ".join(repr(one.name) for one in trainable[:8]) or "none"
                raise ModelError(f"Layer {layer.name!r} has no trainable weights. Layers with some: {known}.")
        if not 0 < len(layers) <= len(TOKENS):
            raise ModelError(f"Expected one to {len(TOKENS)} layers, got {len(layers)}. Name fewer.")
        return layers, 0

    def _wants(self) -> Iterable[Want]:
        for layer in self._layers:
            yield Want("weight", layer.id)
            yield Want("gradient", layer.id, grain="moments")

    def _draw(self, snapshot: Snapshot | None) -> None:
        self._measure()
        for number, plot in enumerate(self._plots):
            self._draw_plot(number, plot)
        self._tell(snapshot)

    def _measure(self) -> None:
        assert self.source is not None
        snapshots = even_snapshots(self.source.run)
        known: dict[tuple[int, int], dict[str, tuple[float, float]]] = {}
        for snapshot in snapshots:
            name = (snapshot.step, snapshot.revision)
            known[name] = self._rows.get(name) or self._flow_at(snapshot)
        self._rows = known
        self._steps = np.array([snapshot.step for snapshot in snapshots], np.float64)
        for layer in self._layers:
            pairs = np.array([row[layer.id] for row in known.values()]).reshape(-1, 2)
            self._flow[layer.id] = pairs[:, 0], pairs[:, 1]

    def _flow_at(self, snapshot: Snapshot) -> dict[str, tuple[float, float]]:
        """By layer id the norm of its gradient, and its move since the kept snapshot before; NaN where not measured."""
        assert self.source is not None
        before: Snapshot | None = None
        with suppress(KeyError):  # cleared meanwhile
            before = self.source.run.neighbour(snapshot.step, -1)
        result = {}
        for layer in self._layers:
            gradients = _tensors(snapshot, layer, "gradient")
            now = _tensors(snapshot, layer, "weight")
            then = _tensors(before, layer, "weight") if before is not None and before.step < snapshot.step else None
            ratio = np.nan
            if now is not None and then is not None and before is not None:
                ratio = update_ratio(then, now, snapshot.step - before.step)
            norm = _norm(snapshot, layer) if gradients is None else _norm_of(gradients)
            result[layer.id] = (norm, ratio)
        return result

    def _draw_plot(self, number: int, plot: Plot) -> None:
        heights = [_logarithm(self._flow[layer.id][number]) for layer in self._layers]
        known = np.concatenate([*heights, NONE])
        known = known[np.isfinite(known)]
        plot.show_axes(bool(known.size))
        if known.size:
            low, high = float(known.min()), float(known.max())
            if number:
                low, high = min(low, HEALTHY[0]), max(high, HEALTHY[1])
            margin = 0.06 * (high - low) or 0.5
            low, high = low - margin, high + margin
            plot.span_steps(self._steps[0], self._steps[-1], (low, high), decade_ticks(low, high), clock=self._clock)
        for line, height in zip(self._lines[number], heights, strict=True):
            set_line(line, self._steps, height)
        if number:
            x, (bottom, top) = (plot.x.min, plot.x.max), HEALTHY
            shown = known.size > 0
            corners = np.array([x[0], x[1], x[1], x[0]]), np.array([bottom, bottom, top, top])
            set_points(self._band, *(corners if shown else (np.zeros(1), np.zeros(1))))
        plot.point_at(self._cursors[number], self.gaze.step if known.size else None)
        self._draw_names(number, plot, heights)

    def _draw_names(self, number: int, plot: Plot, heights: list[np.ndarray]) -> None:
        ends = [
            (layer.name, token, float(height[np.isfinite(height)][-1]))
            for layer, token, height in zip(self._layers, TOKENS, heights, strict=False)
            if np.isfinite(height).any()
        ]
        least = LABEL_PX * (plot.y.max - plot.y.min) / plot.height_px
        labels = self._ends[number]
        with labels.hold_sync():
            labels.x = np.ones(len(ends))
            labels.y = np.array(apart([height for _, _, height in ends], least))
            labels.colors = [color(token) for _, token, _ in ends] or [color("ink")]
            labels.text = [safe_text(name)[:LONGEST_NAME] for name, _, _ in ends]

    def _tell(self, snapshot: Snapshot | None) -> None:
        assert self.source is not None
        said, keys = [], []
        for layer, token in zip(self._layers, TOKENS, strict=False):
            norms, ratios = self._flow[layer.id]
            if not len(norms):
                continue
            at = len(norms) - 1
            if snapshot is not None:
                at = max(0, int(np.searchsorted(self._steps, snapshot.step, "right")) - 1)
            norm, ratio = float(norms[at]), float(ratios[at])
            told = (
                say("notMeasured") if np.isnan(norm) else say("notFinite") if np.isinf(norm) else format_number(norm, 4)
            )
            parts = [say("gradientIs", value=told)]
            if np.isfinite(ratio):
                parts.append(say("moveIs", value=format_number(ratio, 4)))
            listed = say("comma").join(parts)
            said.append(say("nameIs", name=safe_text(layer.name), value=listed))
            keys.append(line_key(say("nameIs", name=text(layer.name), value=listed), token))
        notes = []
        if said and all(np.isnan(self._flow[layer.id][0]).all() for layer in self._layers):
            notes.append(say("gradientsNeedMore"))
        if reduced := thinned(len(self._steps), self.source.run):
            notes.append(reduced)
        if snapshot is not None and any(key.quantity == "moments" for key in snapshot.tensors):
            notes.append(say("moveIsKnown"))
        if self._left_out:
            notes.append(say("moreNotDrawn", count=self._left_out))
        if not self._layers:
            notes.append(say("noTrainable"))
        note = f"{''.join(keys)} {' · '.join(notes)}"
        self._say("", note, say("gradientWords", list=say("semicolon").join(said)), snapshot)


def _head(key: str) -> str:
    return f'<div class="nnvis-head">{say(key)}</div>'


def _weights(layer: Layer) -> list[str]:
    return [parameter.name for parameter in layer.parameters if parameter.is_trainable]


def _tensors(snapshot: Snapshot, layer: Layer, quantity: str) -> list[np.ndarray] | None:
    """All trainable tensors of a layer; `None` where one was not measured, or is kept as bundles only."""
    found = [snapshot.tensors.get(TensorKey(quantity, layer.id, name)) for name in _weights(layer)]
    known = [tensor for tensor in found if tensor is not None]
    return known if known and len(known) == len(found) else None


def _norm(snapshot: Snapshot, layer: Layer) -> float:
    """The norm of a layer's gradient by its moments; NaN where these were not measured."""
    found = [snapshot.tensors.get(TensorKey("moments", layer.id, f"gradient {name}")) for name in _weights(layer)]
    known = [Moments(*row) for row in found if row is not None]
    if not known or len(known) != len(found):
        return np.nan
    return float(np.linalg.norm([one.norm for one in known])) if all(one.is_finite for one in known) else np.inf


def _norm_of(gradients: list[np.ndarray]) -> float:
    norm = joint_norm(gradients)
    return norm if np.isfinite(norm) else np.inf


def _logarithm(values: np.ndarray) -> np.ndarray:
    return np.log10(np.where(np.isfinite(values) & (values > 0), values, np.nan))
