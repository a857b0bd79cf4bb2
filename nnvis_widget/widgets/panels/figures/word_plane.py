"""Points of a plane with their names."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import bqplot
import numpy as np

from nnvis_widget.core.number_text import safe_text
from nnvis_widget.widgets.panels.figures.plot import NONE, Plot
from nnvis_widget.widgets.panels.figures.style import color

LONGEST_NAME = 12
MOST_NAMED = 40


class WordPlane:
    """Names at their places on two axes of equal scale around 0.

    Args:
        height_px: Of the figure.
        on_pick: Called with the number of a point that was clicked.
    """

    def __init__(self, height_px: int, on_pick: Callable[[int], None]) -> None:
        self._plot = Plot(height_px, right_px=64)
        self._on_pick = on_pick
        scales = self._plot.scales
        self._points = bqplot.Scatter(
            x=NONE, y=NONE, scales=scales, colors=[color("ink-3")], default_size=36, interactions={"click": "select"}
        )
        self._chosen = bqplot.Scatter(
            x=NONE, y=NONE, scales=scales, colors=[color("focus")], default_size=90, fill=False, stroke_width=2.5
        )
        self._names = self._plot.labels([color("ink")], x_offset=7, y_offset=-5, apply_clip=False)
        self._points.on_element_click(self._on_click)
        self.figure = self._plot.figure
        self.figure.marks = [self._points, self._chosen, self._names]

    def show(self, points: np.ndarray, names: Sequence[str], chosen: int | None) -> None:
        """Show other points, `(n, 2)`, with a name each, and which one is chosen."""
        reach = float(np.abs(points).max(initial=0.0)) * 1.1 or 1.0
        self._plot.span((-reach, reach), (-reach, reach))
        self._plot.show_axes(bool(len(points)))
        for mark, shown in ((self._points, points), (self._chosen, points[[chosen]] if chosen is not None else None)):
            with mark.hold_sync():
                mark.x, mark.y = (NONE, NONE) if shown is None else (shown[:, 0], shown[:, 1])
        named = range(len(points)) if len(points) <= MOST_NAMED else [] if chosen is None else [chosen]
        with self._names.hold_sync():
            self._names.x, self._names.y = points[list(named), 0], points[list(named), 1]
            self._names.text = [safe_text(names[one])[:LONGEST_NAME] for one in named]

    def _on_click(self, _: Any, content: Any) -> None:
        """The page is not trusted: what it says of a point is checked."""
        data = content.get("data") if isinstance(content, dict) else None
        index = data.get("index") if isinstance(data, dict) else None
        if isinstance(index, int) and not isinstance(index, bool) and 0 <= index < len(self._points.x):
            self._on_pick(index)
