"""What each input gives to the prediction, over the steps."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from nnvis_widget.core.clock import Clock
from nnvis_widget.core.number_text import safe_text
from nnvis_widget.widgets.panels.figures.flow_lines import LABEL_PX, LONGEST_NAME, RIGHT_PX, TOKENS
from nnvis_widget.widgets.panels.figures.plot import Plot, set_line, stacked
from nnvis_widget.widgets.panels.figures.style import color

MOST_LINES = len(TOKENS)
ENDS = (-2.0, 102.0)


class ShareLines:
    """Two lines for each of at most eight inputs, in percent: whole and dashed; names at the ends of the whole.

    Args:
        count: How many inputs have lines.
        height_px: Of the picture.
    """

    def __init__(self, count: int, height_px: int) -> None:
        plot = self.plot = Plot(height_px, RIGHT_PX)
        colors = [color(token) for token in TOKENS[:count]]
        self._whole = [plot.lines([one], stroke_width=2.0) for one in colors]
        self._dashed = [plot.lines([one], stroke_width=1.5, line_style="dashed") for one in colors]
        self._cursor = plot.lines([color("ink")], stroke_width=1.5, line_style="dotted")
        self._names = plot.end_labels([color("ink")])
        plot.figure.marks = [*self._dashed, *self._whole, self._cursor, self._names]

    def show(
        self, steps: np.ndarray, shares: np.ndarray, names: Sequence[str], cursor: float | None, clock: Clock
    ) -> None:
        """Draw shares `(n, inputs, 2)` from 0 to 1 at steps `(n,)`; NaN is a gap."""
        plot, percents = self.plot, 100 * shares
        plot.show_axes(bool(len(steps)))
        x = steps.astype(np.float64)
        if len(steps):
            plot.span_steps(x[0], x[-1], ENDS, clock=clock)
        for place, (whole, dashed) in enumerate(zip(self._whole, self._dashed, strict=True)):
            set_line(whole, x, percents[:, place, 0])
            set_line(dashed, x, percents[:, place, 1])
        plot.point_at(self._cursor, cursor if len(steps) else None)
        ends = [
            (float(known[-1]), token, safe_text(name)[:LONGEST_NAME])
            for name, token, line in zip(names, TOKENS, percents[:, :, 0].T, strict=False)
            if len(known := line[np.isfinite(line)])
        ]
        least = LABEL_PX * (ENDS[1] - ENDS[0]) / plot.height_px
        heights = stacked([end for end, _, _ in ends], least, ENDS[0] + least / 3, ENDS[1] - least / 3)
        with self._names.hold_sync():
            self._names.x, self._names.y = np.ones(len(ends)), np.array(heights)
            self._names.colors = [color(token) for _, token, _ in ends] or [color("ink")]
            self._names.text = [name for _, _, name in ends]
