"""Histograms of several steps, one before the other."""

from __future__ import annotations

import numpy as np

from nnvis_widget.reduce.axis_ticks import round_ticks
from nnvis_widget.widgets.panels.figures.plot import NONE, Plot, set_line, set_points
from nnvis_widget.widgets.panels.figures.style import color

MOST_ROWS = 24
MOST_BINS, LEAST_BINS = 48, 8
HEIGHT_ROWS = 2.5
MOST_STEP_TICKS = 6


class Ridge:
    """A row for each step, the newest in front at the bottom, all with the same bins and heights.

    Args:
        plot: Where they are drawn; its figure needs the `marks`.
    """

    def __init__(self, plot: Plot) -> None:
        self._plot = plot
        self._rows = plot.lines([color("ink-2")], fill="inside", stroke_width=1.0)
        self.marks = [self._rows]

    def show(self, steps: np.ndarray, counts: np.ndarray, edges: np.ndarray, pointed_out: int | None) -> None:
        """Draw other histograms.

        Args:
            steps: `(n,)`, increasing.
            counts: `(n, bins)`.
            edges: `(bins + 1,)`.
            pointed_out: The index of the row in colour, or `None`.
        """
        self._plot.show_axes(bool(len(steps)))
        if not len(steps):
            set_line(self._rows, NONE, NONE)
            return
        count = len(steps)
        baselines = np.arange(count, dtype=float)[::-1]
        heights = baselines[:, None] + HEIGHT_ROWS * counts / counts.max()
        y = np.concatenate([baselines[:, None], heights, baselines[:, None]], axis=1)
        x = np.concatenate([edges[:1], (edges[1:] + edges[:-1]) / 2, edges[-1:]])
        token = ["info" if row == pointed_out else "ink-2" for row in range(count)]
        with self._rows.hold_sync():
            self._rows.colors = [color(name) for name in token]
            self._rows.fill_colors = [color("info" if name == "info" else "surface") for name in token]
            self._rows.fill_opacities = [0.3 if name == "info" else 0.8 for name in token]
            set_points(self._rows, *((np.tile(x, (count, 1)), y) if count > 1 else (x, y[0])))
        pace = -(-count // MOST_STEP_TICKS)
        ticks = [(float(baselines[row]), f"{steps[row]:,}") for row in range(count - 1, -1, -pace)]
        low, high = float(edges[0]), float(edges[-1])
        self._plot.span((low, high), (-0.1, max(float(y.max()), 1.0)), round_ticks(low, high), ticks)


def histograms(arrays: list[np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
    """Counts int64 `(n, bins)` of the finite numbers of n arrays in the same bins, and their edges `(bins + 1,)`."""
    finite = [array[np.isfinite(array)].astype(np.float64) for array in arrays]
    low, high = min(float(one.min()) for one in finite), max(float(one.max()) for one in finite)
    if low == high:
        low, high = low - 0.5, high + 0.5
    bins = min(MOST_BINS, max(LEAST_BINS, round(max(map(len, finite)) ** 0.5)))
    edges = np.linspace(low, high, bins + 1)
    return np.array([np.histogram(one, edges)[0] for one in finite]), edges
