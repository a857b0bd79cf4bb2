"""The marks of training curves: lines, names at their ends, changes, the best epoch, the playhead."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import bqplot
import numpy as np

from nnvis_widget.core.clock import STEPS, Clock
from nnvis_widget.core.number_text import format_rate
from nnvis_widget.core.words.say import say
from nnvis_widget.reduce.axis_ticks import decade_ticks, round_ticks
from nnvis_widget.reduce.curves import curve_extremes, local_extent
from nnvis_widget.reduce.smooth import smooth
from nnvis_widget.widgets.panels.figures.plot import NONE, Plot, apart, drawable, set_line, set_points
from nnvis_widget.widgets.panels.figures.style import color
from nnvis_widget.widgets.panels.reading.read_curves import Curve

POINTS = 400
LEAST_SMOOTHED = 100
LEAST_REACH = 8
TICK_SHARE = 0.035
LABEL_PX = 15
RIGHT_PX = 76
MOST_TICKS = 4
RUN_TOKENS = ("info", "neg", "act", "val", "warn", "train")

Shown = Mapping[tuple[int, str], Curve]
"""By the number of a run and `` or `val_`."""


@dataclass
class Pair:
    """The marks of one curve: the average through its values, paler behind the playhead, over a faint band of most of
    them; ticks at the frame where values lie beyond it.
    """

    run: int
    prefix: str
    token: str
    band: Any
    beyond: Any
    line: Any

    @property
    def marks(self) -> list[Any]:
        """All of them, the faint ones below."""
        return [self.band, self.beyond, self.line]


@dataclass(frozen=True)
class Noisy:
    """A curve, made ready to be drawn: at most `POINTS` places.

    Attributes:
        places: `(m,)`.
        line: The average there.
        low: Below it lie 5 % of the values around; NaN throughout for few values, which are their own line.
        high: Above it lie 5 %.
        least: The very least value there.
        greatest: The very greatest.
    """

    places: np.ndarray
    line: np.ndarray
    low: np.ndarray
    high: np.ndarray
    least: np.ndarray
    greatest: np.ndarray

    @classmethod
    def of(cls, curve: Curve) -> Noisy:
        """Few values are no noise: an average of them would lag behind."""
        places, values = curve
        rows = curve_extremes(places, values, POINTS).astype(np.float64)
        at, least, greatest, means = rows.T
        if len(values) < LEAST_SMOOTHED:
            none = np.full(len(values), np.nan)
            return cls(places, values, none, none, none, none)
        centres = np.searchsorted(places, at)
        low, high = local_extent(values, centres, max(LEAST_REACH, len(values) // len(rows)))
        return cls(at, smooth(means), low, high, least, greatest)


class CurveMarks:
    """Everything within the axes.

    Args:
        height_px: Of the figure.
        run_count: How many runs are compared; each has a colour of its own then.
    """

    def __init__(self, height_px: int, run_count: int) -> None:
        plot = self.plot = Plot(height_px, RIGHT_PX)
        self.pairs = [pair for number in range(run_count) for pair in self._make_pairs(number, run_count > 1)]
        self._changes = plot.lines([color("ink-3")], stroke_width=1, line_style="dashed")
        self.change_names = plot.labels([color("ink-2")], x_offset=4, y_offset=8, apply_clip=False)
        self._cursor_line = plot.lines([color("ink")], stroke_width=1.5, line_style="dotted")
        self._points = bqplot.Scatter(
            x=NONE,
            y=NONE,
            scales=plot.scales,
            colors=[color("surface")],
            stroke=color("ink"),
            default_size=48,
            apply_clip=False,
        )
        self._best = bqplot.Scatter(
            x=NONE,
            y=NONE,
            scales=plot.scales,
            colors=[color("val")],
            marker="diamond",
            default_size=64,
            apply_clip=False,
        )
        self._names = plot.end_labels([color("ink")], font_weight="bold")
        marks = [mark for pair in self.pairs for mark in pair.marks]
        plot.figure.marks = [
            *(self._changes, self.change_names, *marks, self._cursor_line, self._best, self._points, self._names)
        ]

    def show(
        self,
        shown: Shown,
        runs: Sequence[str],
        changes: Sequence[tuple[str, float, float]],
        best: tuple[float, float] | None,
        cursor: float | None,
        is_log: bool,
        clock: Clock = STEPS,
    ) -> None:
        """Draw other curves.

        Args:
            shown: At least one curve with a number that has a place on the axis.
            runs: Names of the runs.
            changes: Hyperparameters that changed: name, place, value since.
            best: Place and value of the best validation.
            cursor: The place of the playhead, or `None`.
            is_log: Whether the axis is logarithmic.
            clock: Which epoch a place belongs to, where places are steps.
        """
        noisy = {key: Noisy.of(curve) for key, curve in shown.items()}
        self._span(noisy, is_log, clock)
        for pair in self.pairs:
            self._draw_pair(pair, noisy.get((pair.run, pair.prefix)), cursor, is_log)
        self._draw_changes(changes)
        self._draw_cursor(noisy, cursor, is_log)
        places, values = (NONE, NONE) if best is None else (np.array([number]) for number in best)
        set_points(self._best, places, np.clip(heights(values, is_log), self.plot.y.min, self.plot.y.max))
        self._draw_names(noisy, runs, is_log)

    def clear(self) -> None:
        """Draw nothing."""
        self.plot.show_axes(False)
        for mark in self.plot.figure.marks:
            (set_line if isinstance(mark, bqplot.Lines) else set_points)(mark, NONE, NONE)

    def _make_pairs(self, number: int, is_many: bool) -> list[Pair]:
        pairs = []
        for prefix, is_dashed in (("", False), ("val_", True)):
            token = RUN_TOKENS[number] if is_many else ("val" if is_dashed else "train")
            fill = {"fill": "inside", "fill_colors": [color(token)], "fill_opacities": [0.22]}
            band = self.plot.lines([color(token)], stroke_width=0, **fill)
            beyond = self.plot.lines([color(token)], stroke_width=1, opacities=[0.3])
            line = self.plot.lines(
                [color(token)] * 2,
                stroke_width=2,
                opacities=[1.0, 0.4],
                line_style="dashed" if is_dashed else "solid",
            )
            pairs.append(Pair(number, prefix, token, band, beyond, line))
        return pairs

    def _span(self, noisy: Mapping[tuple[int, str], Noisy], is_log: bool, clock: Clock) -> None:
        last = max(float(one.places[-1]) for one in noisy.values())
        first = min(float(one.places[0]) for one in noisy.values())
        all_heights = np.concatenate([heights(one.line, is_log) for one in noisy.values()])
        low, high = float(np.nanmin(all_heights)), float(np.nanmax(all_heights))
        margin = (high - low) * 0.06 or abs(high) * 0.1 or 0.5
        low, high = low - margin, high + margin
        self.plot.show_axes(True)
        y_ticks = decade_ticks(low, high) if is_log else round_ticks(low, high)
        begin = min(first, 0.0 if last > 1 else first)
        self.plot.span_steps(begin, last, (low, high), y_ticks, MOST_TICKS, clock)

    def _draw_pair(self, pair: Pair, noisy: Noisy | None, cursor: float | None, is_log: bool) -> None:
        if noisy is None:
            for mark in pair.marks:
                set_line(mark, NONE, NONE)
            return
        self._draw_band(pair.band, noisy, is_log)
        self._draw_beyond(pair.beyond, noisy, is_log)
        x, y = drawable(noisy.places, heights(noisy.line, is_log))
        # both halves have as many points: what one does not have stays at its end
        split = len(x) if cursor is None else int(np.searchsorted(x, cursor, "right"))
        before = np.minimum(np.arange(len(x)), max(split - 1, 0))
        after = np.maximum(np.arange(len(x)), min(max(split - 1, 0), len(x) - 1))
        set_points(pair.line, np.stack([x[before], x[after]]), np.stack([y[before], y[after]]))

    def _draw_band(self, band: Any, noisy: Noisy, is_log: bool) -> None:
        low, high = heights(noisy.low, is_log), heights(noisy.high, is_log)
        if is_log:
            low = np.where(np.isfinite(high) & ~np.isfinite(low), self.plot.y.min, low)
        keep = np.isfinite(low) & np.isfinite(high)
        x, bottom, top = noisy.places[keep], self.plot.y.min, self.plot.y.max
        around = np.concatenate([np.clip(low[keep], bottom, top), np.clip(high[keep], bottom, top)[::-1]])
        set_line(band, np.concatenate([x, x[::-1]]), around)

    def _draw_beyond(self, beyond: Any, noisy: Noisy, is_log: bool) -> None:
        """Short strokes at the frame where the curve leaves it: no extreme goes untold."""
        bottom, top = self.plot.y.min, self.plot.y.max
        length = TICK_SHARE * (top - bottom)
        low, high = heights(noisy.least, is_log), heights(noisy.greatest, is_log)
        under = low < bottom
        if is_log:
            under |= np.isfinite(noisy.least) & (noisy.least <= 0)
        ends = [(noisy.places[under], bottom, bottom + length), (noisy.places[high > top], top, top - length)]
        x = np.concatenate([np.repeat(places, 3) for places, _, _ in ends])
        y = np.concatenate([np.tile([at, to, np.nan], len(places)) for places, at, to in ends])
        set_line(beyond, x, y)

    def _draw_changes(self, all_changes: Sequence[tuple[str, float, float]]) -> None:
        changes = all_changes[-POINTS:]
        x = np.array([value for _, place, _ in changes for value in (place, place, place)])
        bottom, top = self.plot.y.min, self.plot.y.max
        y = np.array([value for _ in changes for value in (bottom, top, np.nan)])
        set_line(self._changes, x, y)
        named = changes[-4:]
        with self.change_names.hold_sync():
            self.change_names.x = np.array([place for _, place, _ in named])
            self.change_names.y = np.full(len(named), top)
            self.change_names.text = [f"{_short(name)} {format_rate(value)}" for name, _, value in named]

    def _draw_cursor(self, noisy: Mapping[tuple[int, str], Noisy], cursor: float | None, is_log: bool) -> None:
        if cursor is None:
            set_line(self._cursor_line, NONE, NONE)
            set_points(self._points, NONE, NONE)
            return
        set_points(self._cursor_line, np.array([cursor] * 2), np.array([self.plot.y.min, self.plot.y.max]))
        found = [value_at(one.places, one.line, cursor) for one in noisy.values()]
        at = heights(np.array([value for _, value in found]), is_log)
        keep = np.isfinite(at)
        set_points(self._points, np.array([place for place, _ in found])[keep], at[keep])

    def _draw_names(self, noisy: Mapping[tuple[int, str], Noisy], runs: Sequence[str], is_log: bool) -> None:
        ends, colors, names = [], [], []
        for pair in self.pairs:
            curve = noisy.get((pair.run, pair.prefix))
            at = NONE if curve is None else heights(curve.line, is_log)
            if curve is None or not np.isfinite(at[-1]) or (pair.prefix and len(runs) > 1):
                continue
            ends.append(float(at[-1]))
            colors.append(color(pair.token))
            names.append(say("valName" if pair.prefix else "trainName") if len(runs) == 1 else runs[pair.run][:9])
        least = LABEL_PX * (self.plot.y.max - self.plot.y.min) / self.plot.height_px
        with self._names.hold_sync():
            self._names.x = np.ones(len(ends))
            self._names.y = np.array(apart(ends, least))
            self._names.colors = colors or [color("ink")]
            self._names.text = names


def heights(values: np.ndarray, is_log: bool) -> np.ndarray:
    """Where values lie on the axis; NaN for what has no place there."""
    numbers = np.where(np.isfinite(values), values, np.nan)
    if not is_log:
        return numbers
    return np.log10(np.where(numbers > 0, numbers, np.nan))


def value_at(places: np.ndarray, values: np.ndarray, place: float) -> tuple[float, float]:
    """The last place at or before one, and the value there; NaN before the first."""
    index = int(np.searchsorted(places, place, "right")) - 1
    return (place, np.nan) if index < 0 else (float(places[index]), float(values[index]))


def _short(name: str) -> str:
    return {"learning_rate": "lr", "batch_size": "batch"}.get(name, name)
