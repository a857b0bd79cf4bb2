"""A figure with two axes of round numbers, as the panels with lines have it."""

from __future__ import annotations

from typing import Any

import bqplot
import numpy as np

from nnvis_widget.core.clock import STEPS, Clock
from nnvis_widget.reduce.axis_ticks import Tick, round_ticks, time_ticks
from nnvis_widget.widgets.panels.figures.figure import make_figure
from nnvis_widget.widgets.panels.figures.text_width import CHARACTER_PX, width_px

NONE = np.zeros(0)


class Plot:
    """Two linear scales, their axes, and the figure with the marks of a panel.

    Args:
        height_px: Of the figure.
        right_px: Room to the right of the plot, for names at line ends.
        top_px: Room above it.
    """

    def __init__(self, height_px: int, right_px: int = 16, top_px: int = 12) -> None:
        self.x = bqplot.LinearScale(min=0.0, max=1.0, allow_padding=False)
        self.y = bqplot.LinearScale(min=0.0, max=1.0, allow_padding=False)
        self._x_axis = bqplot.Axis(scale=self.x, grid_lines="none", tick_style={"font-size": "12px"})
        self._y_axis = bqplot.Axis(scale=self.y, side="left", grid_lines="solid", tick_style={"font-size": "12px"})
        self._margin = {"top": top_px, "bottom": 26, "left": 40, "right": right_px}
        self.height_px = height_px - top_px - 26
        self.figure = make_figure([], [self._x_axis, self._y_axis], height_px, dict(self._margin))

    @property
    def scales(self) -> dict[str, Any]:
        """For a mark of this plot."""
        return {"x": self.x, "y": self.y}

    def show_axes(self, is_shown: bool) -> None:
        """Without numbers there is nothing to measure."""
        self._x_axis.visible = self._y_axis.visible = is_shown

    def lines(self, colors: list[str], **style: Any) -> Any:
        """Lines that get their points later."""
        return bqplot.Lines(x=np.zeros(1), y=np.zeros(1), scales=self.scales, colors=colors, **style)

    def labels(self, colors: list[str], **style: Any) -> Any:
        """Texts that get their places later."""
        style = {"default_size": 12, "font_weight": "normal", "align": "start", "scales": self.scales} | style
        return bqplot.Label(x=NONE, y=NONE, text=[], colors=colors, **style)

    def end_labels(self, colors: list[str], **style: Any) -> Any:
        """Names at the right end of lines, at x = 1 whatever the range: bqplot leaves texts behind when it grows."""
        scales = {"x": bqplot.LinearScale(min=0.0, max=1.0, allow_padding=False), "y": self.y}
        return self.labels(colors, x_offset=8, apply_clip=False, scales=scales, **style)

    def span(
        self,
        x: tuple[float, float],
        y: tuple[float, float],
        x_ticks: list[Tick] | None = None,
        y_ticks: list[Tick] | None = None,
    ) -> None:
        """Show other ranges, with round numbers at both axes unless others are given."""
        for scale, (low, high) in ((self.x, x), (self.y, y)):
            if (scale.min, scale.max) != (low, high):
                with scale.hold_sync():
                    scale.min, scale.max = float(low), float(high)
        set_ticks(self._x_axis, round_ticks(*x) if x_ticks is None else x_ticks)
        ticks = round_ticks(*y) if y_ticks is None else y_ticks
        set_ticks(self._y_axis, ticks)
        left = 16 + round(max((width_px(name) for _, name in ticks), default=2 * CHARACTER_PX))
        if left != self._margin["left"]:
            self._margin["left"] = left
            self.figure.fig_margin = dict(self._margin)

    def span_steps(
        self,
        first: float,
        last: float,
        y: tuple[float, float],
        y_ticks: list[Tick] | None = None,
        most: int = 5,
        clock: Clock = STEPS,
    ) -> None:
        """As `span`, from one step to another, named by their epochs; a single step has room after it."""
        x = (float(first), float(last if last > first else first + 1))
        self.span(x, y, time_ticks(*x, clock, most), y_ticks)

    def point_at(self, mark: Any, step: float | None) -> None:
        """Move a line to a step, from bottom to top; `None` hides it."""
        at = NONE if step is None else np.full(2, float(np.clip(step, self.x.min, self.x.max)))
        set_line(mark, at, np.array([self.y.min, self.y.max])[: len(at)])


def set_ticks(axis: Any, ticks: list[Tick]) -> None:
    """Write these names at these places of an axis."""
    # bqplot sends them as float32, and finds a name by what JavaScript makes of the number: "1" of 1.0
    places = [float(np.float32(place)) for place, _ in ticks]
    names = {
        str(int(place)) if place == int(place) else repr(place): name
        for place, (_, name) in zip(places, ticks, strict=True)
    }
    # without values bqplot would choose some of its own
    axis.visible = bool(places)
    if axis.tick_values is None or list(axis.tick_values) != places or axis.tick_labels != names:
        # the names first, and in a message of their own: bqplot 0.13.1 writes new places with the names it has
        axis.tick_labels = names
        axis.tick_values = np.array(places)


def set_points(mark: Any, x: np.ndarray, y: np.ndarray) -> None:
    """Move the points of a scatter in one message."""
    with mark.hold_sync():
        mark.x, mark.y = x, y


def set_line(mark: Any, x: np.ndarray, y: np.ndarray) -> None:
    """Move a line; NaN makes a gap."""
    set_points(mark, *drawable(x, y))


def set_lines(mark: Any, x: np.ndarray, ys: np.ndarray) -> None:
    """Move several lines `(n, m)` over the same places `(m,)`; NaN makes a gap, a line of nothing else is left out."""
    ends = [drawable(x, y) for y in ys if np.isfinite(y).any()]
    if not ends:
        set_line(mark, NONE, NONE)
        return
    # at least two points a line: bqplot squeezes an axis of one
    width = max(2, *(len(places) for places, _ in ends))
    sides = [np.stack([np.pad(one, (0, width - len(one)), "edge") for one in side]) for side in zip(*ends, strict=True)]
    set_points(mark, *(side[0] if len(ends) == 1 else side for side in sides))


def drawable(x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The points of a line as bqplot 0.13.1 can draw them: at least one, and the last one a number.

    An empty line, or one that ends with NaN, makes the browser complain of a broken path.
    """
    finite = np.flatnonzero(np.isfinite(y))
    if not len(finite):
        return np.zeros(1), np.zeros(1)
    if finite[-1] == len(y) - 1:
        return x, y
    last = finite[-1]
    return np.append(x, x[last]), np.append(y, y[last])


def apart(places: list[float], least: float) -> list[float]:
    """The places, moved as little as needed so that neighbours are `least` apart; in the order given."""
    order = sorted(range(len(places)), key=lambda i: places[i])
    moved = [places[i] for i in order]
    for _ in range(8):
        for i in range(len(moved) - 1):
            gap = moved[i + 1] - moved[i]
            if gap < least:
                shift = (least - gap) / 2
                moved[i] -= shift
                moved[i + 1] += shift
    result = [0.0] * len(places)
    for place, i in zip(moved, order, strict=True):
        result[i] = place
    return result


def stacked(places: list[float], least: float, low: float, high: float) -> list[float]:
    """The places, moved so that neighbours are `least` apart and all lie within `low` to `high`, if they have room."""
    order = sorted(range(len(places)), key=lambda i: -places[i])
    moved: list[float] = []
    for i in order:
        moved.append(min(places[i], moved[-1] - least if moved else high))
    floor = low
    for k in reversed(range(len(moved))):
        moved[k] = max(moved[k], floor)
        floor = moved[k] + least
    result = [0.0] * len(places)
    for place, i in zip(moved, order, strict=True):
        result[i] = place
    return result


def logarithm(values: np.ndarray) -> np.ndarray:
    """The logarithm to base ten; NaN of what is not finite or not above 0."""
    return np.log10(np.where(np.isfinite(values) & (values > 0), values, np.nan))
