"""The gradients and moves of few layers over the steps, a line for each layer."""

from __future__ import annotations

from typing import Any

import numpy as np

from nnvis_widget.core.clock import Clock
from nnvis_widget.core.number_text import safe_text
from nnvis_widget.reduce.axis_ticks import decade_ticks
from nnvis_widget.widgets.panels.figures.plot import NONE, Plot, apart, logarithm, set_line, set_points
from nnvis_widget.widgets.panels.figures.style import color

TOKENS = ("train", "info", "neg", "act", "val", "warn", "ok", "ink-3")
HEALTHY = (-4.0, -2.0)
LABEL_PX = 15
RIGHT_PX = 84
LONGEST_NAME = 10


class FlowLines:
    """A picture on a logarithmic axis, with the names of the layers at the ends of the lines.

    Args:
        names: Of at most eight layers.
        height_px: Of the picture.
        has_band: Whether the healthy moves are shaded.
    """

    def __init__(self, names: list[str], height_px: int, has_band: bool) -> None:
        self._names = names
        plot = self.plot = Plot(height_px, RIGHT_PX)
        self._lines = [plot.lines([color(token)], stroke_width=2.0) for token in TOKENS[: len(names)]]
        self._ends = plot.end_labels([color("ink")])
        self._cursor = plot.lines([color("ink")], stroke_width=1.5, line_style="dotted")
        shade: dict[str, Any] = {"fill": "inside", "fill_colors": [color("ok")], "fill_opacities": [0.14]}
        self._band = plot.lines([color("ok")], stroke_width=0, **shade) if has_band else None
        below = [] if self._band is None else [self._band]
        plot.figure.marks = [*below, *self._lines, self._cursor, self._ends]
        plot.figure.layout.width = "100%"

    def show(self, steps: np.ndarray, values: np.ndarray, cursor: float | None, clock: Clock) -> None:
        """Draw values `(n, layers)` at steps `(n,)`; what is not finite, or not above 0, is a gap."""
        plot, heights = self.plot, list(logarithm(values).T)
        known = np.concatenate([*heights, NONE])
        known = known[np.isfinite(known)]
        plot.show_axes(bool(known.size))
        if known.size:
            low, high = float(known.min()), float(known.max())
            if self._band is not None:
                low, high = min(low, HEALTHY[0]), max(high, HEALTHY[1])
            margin = 0.06 * (high - low) or 0.5
            low, high = low - margin, high + margin
            plot.span_steps(steps[0], steps[-1], (low, high), decade_ticks(low, high), clock=clock)
        for line, height in zip(self._lines, heights, strict=True):
            set_line(line, steps, height)
        if self._band is not None:
            x, (bottom, top) = (plot.x.min, plot.x.max), HEALTHY
            corners = np.array([x[0], x[1], x[1], x[0]]), np.array([bottom, bottom, top, top])
            set_points(self._band, *(corners if known.size else (np.zeros(1), np.zeros(1))))
        plot.point_at(self._cursor, cursor if known.size else None)
        self._write_names(heights)

    def _write_names(self, heights: list[np.ndarray]) -> None:
        ends = [
            (name, token, float(height[np.isfinite(height)][-1]))
            for name, token, height in zip(self._names, TOKENS, heights, strict=False)
            if np.isfinite(height).any()
        ]
        least = LABEL_PX * (self.plot.y.max - self.plot.y.min) / self.plot.height_px
        labels = self._ends
        with labels.hold_sync():
            labels.x = np.ones(len(ends))
            labels.y = np.array(apart([height for _, _, height in ends], least))
            labels.colors = [color(token) for _, token, _ in ends] or [color("ink")]
            labels.text = [safe_text(name)[:LONGEST_NAME] for name, _, _ in ends]
