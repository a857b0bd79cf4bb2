"""One number for each of many layers, from the first to the last."""

from __future__ import annotations

import numpy as np

from nnvis_widget.reduce.axis_ticks import decade_ticks, round_ticks
from nnvis_widget.widgets.panels.figures.plot import NONE, Plot, logarithm, set_line, set_points
from nnvis_widget.widgets.panels.figures.style import color

RANGE_OPACITY = 0.2
MOST_DOTS = 60


class FlowProfile:
    """A line over the depth on a logarithmic axis, over the range of all kept snapshots.

    Args:
        count: Of the layers.
        height_px: Of the picture.
    """

    def __init__(self, count: int, height_px: int) -> None:
        self._places = np.arange(1.0, count + 1)
        plot = self.plot = Plot(height_px)
        self._range = plot.lines(
            [color("info")], fill="inside", fill_colors=[color("info")], fill_opacities=[RANGE_OPACITY], stroke_width=0
        )
        dots = {"marker": "circle", "marker_size": 16} if count <= MOST_DOTS else {}
        self._line = plot.lines([color("ink")], stroke_width=1.5, **dots)
        self._chosen = plot.lines([color("ink")], stroke_width=1.5, line_style="dotted")
        plot.figure.marks = [self._range, self._chosen, self._line]
        plot.figure.layout.width = "100%"

    def show(self, values: np.ndarray, now: np.ndarray, chosen: int | None) -> None:
        """Draw what there is now `(layers,)` over the range of `(n, layers)`; a line at the layer of a place from 0.

        What is not finite, or not above 0, is a gap.
        """
        plot, height, every = self.plot, logarithm(now), logarithm(values)
        known = np.concatenate([height, every.reshape(-1)])
        known = known[np.isfinite(known)]
        plot.show_axes(bool(known.size))
        if known.size:
            low, high = float(known.min()), float(known.max())
            margin = 0.06 * (high - low) or 0.5
            low, high = low - margin, high + margin
            x = (0.5, len(self._places) + 0.5)
            plot.span(x, (low, high), round_ticks(1.0, x[1], finest=0), decade_ticks(low, high))
        set_line(self._line, self._places, height)
        has = np.isfinite(every).any(axis=0)
        if has.sum() > 1 and len(values) > 1:
            least = np.where(has, np.nanmin(np.where(has, every, 0.0), axis=0), np.nan)[has]
            most = np.where(has, np.nanmax(np.where(has, every, 0.0), axis=0), np.nan)[has]
            x = self._places[has]
            set_points(self._range, np.concatenate([x, x[::-1]]), np.concatenate([least, most[::-1]]))
        else:
            set_line(self._range, NONE, NONE)
        plot.point_at(self._chosen, None if chosen is None or not known.size else self._places[chosen])
