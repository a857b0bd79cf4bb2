"""Probabilities as bars, with percents and in words."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import bqplot
import numpy as np

from nnvis_widget.core.number_text import format_percent, safe_text
from nnvis_widget.widgets.panels.figures.figure import make_figure
from nnvis_widget.widgets.panels.figures.plot import NONE, set_ticks
from nnvis_widget.widgets.panels.figures.style import color
from nnvis_widget.widgets.panels.figures.text_width import CHARACTER_PX, width_px

MOST_BARS = 20
LONGEST_NAME = 14


class Bars:
    """Horizontal bars from 0 to 1, the first class on top.

    Args:
        height_px: Of the figure.
        write: How a number is written behind its bar.
    """

    def __init__(self, height_px: int, write: Callable[[float], str] = format_percent) -> None:
        self._write = write
        self._x = bqplot.LinearScale(min=0.0, max=1.0, allow_padding=False)
        self._y = bqplot.LinearScale(min=-0.5, max=0.5, reverse=True, allow_padding=False)
        scales = {"x": self._x, "y": self._y}
        self._bars = bqplot.Lines(x=[0.0], y=[0.0], scales=scales, colors=[color("act")], stroke_width=10.0)
        self._percents = bqplot.Label(
            x=NONE, y=NONE, text=[], scales=scales, default_size=12, font_weight="normal", colors=[color("ink")],
            x_offset=6, apply_clip=False,
        )  # fmt: skip
        self._axis = bqplot.Axis(scale=self._y, side="left", grid_lines="none", tick_style={"font-size": "12px"})
        self._height_px = height_px
        self.figure = make_figure(
            [self._bars, self._percents], [self._axis], height_px, {"top": 4, "bottom": 4, "left": 40, "right": 60}
        )
        self.figure.add_class("nnvis-cells")

    def show(self, probabilities: np.ndarray, names: Sequence[str]) -> None:
        """Show other probabilities, `(n,)`, n at most 20, and the names of their classes."""
        count = len(probabilities)
        known = np.where(np.isfinite(probabilities), np.clip(probabilities, 0, 1), 0.0)
        if count and self._y.max != count - 0.5:
            self._y.max = count - 0.5
            self._bars.stroke_width = float(min(16, max(4, 0.7 * (self._height_px - 8) / count)))
        places = np.arange(count, dtype=float)
        with self._bars.hold_sync():
            self._bars.colors = [color("act")] * max(1, count)
            self._bars.x = np.stack([np.zeros(count), known], axis=1) if count > 1 else np.append(0.0, known)
            self._bars.y = np.stack([places, places], axis=1) if count > 1 else np.zeros(1 + count)
        with self._percents.hold_sync():
            self._percents.x, self._percents.y = known, places
            self._percents.text = [self._write(float(share)) for share in probabilities]
        shown = [safe_text(name)[:LONGEST_NAME] for name in names]
        set_ticks(self._axis, list(zip(places.tolist(), shown, strict=True)))
        left = 12 + round(max(map(width_px, shown), default=CHARACTER_PX))
        if self.figure.fig_margin["left"] != left:
            self.figure.fig_margin = self.figure.fig_margin | {"left": left}
