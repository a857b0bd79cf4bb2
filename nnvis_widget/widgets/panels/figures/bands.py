"""Many numbers over the steps as bands of quantiles."""

from __future__ import annotations

import numpy as np

from nnvis_widget.widgets.panels.figures.plot import NONE, Plot, set_line, set_points
from nnvis_widget.widgets.panels.figures.style import color

SHARES = (0.0, 5.0, 25.0, 50.0, 75.0, 95.0, 100.0)


class Bands:
    """The middle 50 and 90 % as areas, the median, and thin lines of the smallest and the largest.

    Args:
        plot: Where they are drawn; its figure needs the `marks`.
    """

    def __init__(self, plot: Plot) -> None:
        self._areas = [
            plot.lines(
                [color("info")], fill="inside", fill_colors=[color("info")], fill_opacities=[share], stroke_width=0
            )
            for share in (0.18, 0.3)
        ]
        self._ends = [plot.lines([color("ink-3")], stroke_width=1.0) for _ in range(2)]
        self.median = plot.lines([color("ink")], stroke_width=2.0)
        self.marks = [*self._areas, *self._ends, self.median]

    def show(self, steps: np.ndarray, quantiles: np.ndarray) -> None:
        """Draw other quantiles, `(n, 7)` of the `SHARES`, at steps `(n,)`; none for n = 0."""
        if not len(steps):
            for mark in self.marks:
                set_line(mark, NONE, NONE)
            return
        x = steps.astype(np.float64)
        for mark, (under, above) in zip(self._areas, ((1, 5), (2, 4)), strict=True):
            around = np.concatenate([quantiles[:, under], quantiles[::-1, above]])
            set_points(mark, np.concatenate([x, x[::-1]]), around)
        for mark, column in zip((*self._ends, self.median), (0, 6, 3), strict=True):
            set_line(mark, x, quantiles[:, column])


def quantiles_of(values: np.ndarray | None) -> np.ndarray | None:
    """float64 `(7,)` of the `SHARES` of the finite numbers, any shape; `None` where there are none."""
    if values is None:
        return None
    finite = values[np.isfinite(values)].astype(np.float64)
    return np.percentile(finite, SHARES) if finite.size else None
