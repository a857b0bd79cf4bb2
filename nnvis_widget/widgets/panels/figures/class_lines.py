"""How well each class is told, over the training."""

from __future__ import annotations

from collections.abc import Sequence

import bqplot
import numpy as np

from nnvis_widget.core.clock import STEPS, Clock
from nnvis_widget.core.number_text import safe_text
from nnvis_widget.core.words.say import say
from nnvis_widget.widgets.panels.figures.plot import NONE, Plot, set_line, set_lines, set_points, stacked
from nnvis_widget.widgets.panels.figures.style import color

MOST_NAMED = 10
WORST_DRAWN = 5
LABEL_PX = 15
RIGHT_PX = 84
LONGEST_NAME = 10


class ClassLines:
    """Lines of the share that is told right: of all samples, of the chosen and the worst class, of others in grey.

    Up to ten classes are drawn and named; of more the worst five and the chosen one.

    Args:
        height_px: Of the figure.
    """

    def __init__(self, height_px: int) -> None:
        plot = self.plot = Plot(height_px, RIGHT_PX)
        self._others = plot.lines([color("ink-3")], stroke_width=1.0, opacities=[0.7])
        self._worst = plot.lines([color("warn")], stroke_width=2.0)
        self._chosen = plot.lines([color("info")], stroke_width=2.0)
        self._all = plot.lines([color("ink")], stroke_width=2.0, line_style="dashed")
        self._cursor = plot.lines([color("ink")], stroke_width=1.5, line_style="dotted")
        self._names = plot.end_labels([color("ink")])
        plot.figure.marks = [self._others, self._all, self._worst, self._chosen, self._cursor, self._names]

    def show(
        self,
        steps: np.ndarray,
        shares: np.ndarray,
        worst: Sequence[int],
        chosen: int | None,
        names: Sequence[str],
        cursor: int | None,
        clock: Clock = STEPS,
    ) -> int:
        """Draw other numbers.

        Args:
            steps: `(n,)`, increasing.
            shares: `(n, classes + 1)` from 0 to 1, the last of all samples; NaN for a class without samples.
            worst: The classes to draw, the worst first.
            chosen: A class to point out.
            names: Of the classes.
            cursor: The playhead's step, or `None`.
            clock: Which epoch a step belongs to.

        Returns:
            How many classes are drawn.
        """
        self.plot.show_axes(bool(len(steps)))
        if not len(steps):
            for mark in self.plot.figure.marks:
                (set_points if isinstance(mark, bqplot.Label) else set_line)(mark, NONE, NONE)
            return 0
        drawn = list(worst if len(names) <= MOST_NAMED else worst[:WORST_DRAWN])
        drawn += [chosen] if chosen is not None and chosen not in drawn and chosen in worst else []
        chosen = chosen if chosen in drawn else None
        last = shares.shape[1] - 1
        x, percents = steps.astype(np.float64), 100 * shares
        self._span(x, percents[:, [*drawn, last]], clock)
        grey = [one for one in drawn if one not in (chosen, drawn[0])]
        set_line(self._all, x, percents[:, last])
        set_line(self._worst, x, percents[:, drawn[0]] if drawn and drawn[0] != chosen else x * np.nan)
        set_line(self._chosen, x, x * np.nan if chosen is None else percents[:, chosen])
        self._others.colors = [color("ink-3")] * max(1, len(grey))
        set_lines(self._others, x, percents[:, grey].T)
        ends = [(percents[-1, last], "ink", say("allClasses"))]
        for one in drawn:
            token = "info" if one == chosen else "warn" if one == drawn[0] else "ink-2"
            ends.append((percents[-1, one], token, safe_text(names[one])[:LONGEST_NAME]))
        self._write(ends)
        self.plot.point_at(self._cursor, cursor)
        return len(drawn)

    def _span(self, x: np.ndarray, percents: np.ndarray, clock: Clock) -> None:
        low, high = float(np.nanmin(percents)), float(np.nanmax(percents))
        margin = max(1.0, 0.06 * (high - low))
        self.plot.span_steps(x[0], x[-1], (max(low, 0.0) - margin, min(high, 100.0) + margin), clock=clock)

    def _write(self, ends: list[tuple[float, str, str]]) -> None:
        plot = self.plot
        fitting = ends[: max(1, plot.height_px // LABEL_PX)]
        least = LABEL_PX * (plot.y.max - plot.y.min) / plot.height_px
        heights = stacked(
            [float(height) for height, _, _ in fitting], least, plot.y.min + least / 3, plot.y.max - least / 3
        )
        with self._names.hold_sync():
            self._names.x = np.ones(len(fitting))
            self._names.y = np.array(heights)
            self._names.colors = [color(token) for _, token, _ in fitting]
            self._names.text = [name for _, _, name in fitting]
