"""Loss and metrics over a training."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

import bqplot
import bqplot.interacts
import ipywidgets
import numpy as np

from nnvis_widget.core.number_text import format_number, format_rate, safe_text
from nnvis_widget.core.snapshot import Snapshot
from nnvis_widget.errors import DataError
from nnvis_widget.reduce.axis_ticks import decade_ticks, round_ticks
from nnvis_widget.reduce.curves import curve_extremes
from nnvis_widget.reduce.smooth import smooth
from nnvis_widget.run.cursor import Cursor
from nnvis_widget.sources.source import Source
from nnvis_widget.widgets.panels.legend import line_key, not_finite
from nnvis_widget.widgets.panels.panel import Panel, resolve
from nnvis_widget.widgets.panels.plot import NONE, Plot, apart, drawable, set_line, set_points
from nnvis_widget.widgets.panels.read_curves import Curves, is_history, read_history, read_run
from nnvis_widget.widgets.panels.style import color, text

POINTS = 400
MOST_RUNS = 6
LEAST_SMOOTHED = 100
LABEL_PX = 15
RIGHT_PX = 76
RUN_TOKENS = ("info", "neg", "act", "val", "warn", "train")


@dataclass
class _Pair:
    """The marks of one curve: its values faint, the average through them, and the part behind the playhead paler."""

    run: int
    prefix: str
    token: str
    raw: Any
    line: Any

    @property
    def marks(self) -> list[Any]:
        return [self.raw, self.line]


class TrainingCurves(Panel):
    """Loss and metrics while the model trains: training solid, validation dashed, values faint under their average.

    Values are those that Keras reports: of training, the mean over the epoch so far. However long the training, every
    extreme stays in the picture. Click into it and the playhead of everything follows the pointer; another click holds
    it, a double click goes back to the training. The slider below does the same by key.

    Args:
        source: A Keras model, a `Trainer`, a `Run`, a `NetworkView` or another panel; a Keras `History`; a dict of
            lists; or several of these to compare, as a list or as a dict of them by name, at most six.
        metric: Which metric first; `None` for the loss.
        log: Whether the axis is logarithmic; `None` for yes where the metric is a loss above zero.
        by: `step`, or `epoch` for the last value of each epoch.
        data: Samples for a plain model; not needed here.
        height: Pixels of the picture, 120 to 1,200.

    Raises:
        DataError: If a history holds something else than numbers, or there are more than six.
    """

    title = "Training"

    def __init__(
        self,
        source: Any,
        *,
        metric: str | None = None,
        log: bool | None = None,
        by: str = "step",
        data: Any = None,
        height: int = 240,
        **traits: Any,
    ) -> None:
        if by not in ("step", "epoch"):
            raise DataError(f"Expected by='step' or by='epoch', got by={by!r}.")
        self._metric, self._is_log, self._by = metric, log, by
        self._place: float | None = None
        super().__init__(source, data=data, height=height, **traits)
        others = [inner for inner in self._sources.values() if inner is not self.source]
        self._unsubscribe += [inner.run.subscribe(lambda _: self._refresher.wake()) for inner in others]

    @property
    def metric(self) -> str:
        """The metric that is drawn, without `val_`; setting it draws another."""
        return self._metric or next(iter(self._metrics()), "loss")

    @metric.setter
    def metric(self, value: str) -> None:
        self._metric = value
        self._redraw_soon()

    def table(self) -> Any:
        """Every recorded value, none thinned out: a row for each step (or epoch), a column for each metric."""
        import pandas as pd

        frames = {}
        for name, curves in self._curves().items():
            series = {
                metric: pd.Series(values, index=places).groupby(level=0).last()
                for metric, (places, values) in curves.by_name.items()
            }
            frame = pd.DataFrame(series)
            frame.index = frame.index.astype("int64")
            frames[name] = frame.rename_axis(curves.unit)
        if len(frames) == 1:
            return next(iter(frames.values()))
        return pd.concat(frames, axis=1, names=["run", "metric"])

    def _find_source(self, source: Any, data: Any) -> tuple[Source | None, Any]:
        self._histories, found = _read_all(source, data)
        self._sources = {name: inner for name, (inner, _) in found.items()}
        return next(iter(found.values()), (None, Cursor()))

    def _build(self) -> list[Any]:
        plot = self._plot = Plot(self.height_px, RIGHT_PX)
        self.figure = plot.figure
        names = list(self._curves())
        self._pairs = [pair for number in range(len(names)) for pair in self._make_pairs(number, len(names) > 1)]
        self._changes = plot.lines([color("ink-3")], stroke_width=1, line_style="dashed")
        self._change_names = plot.labels([color("ink-2")], x_offset=4, y_offset=8, apply_clip=False)
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
        self._names = plot.labels([color("ink")], x_offset=8, font_weight="bold", apply_clip=False)
        marks = [mark for pair in self._pairs for mark in pair.marks]
        plot.figure.marks = [
            *(self._changes, self._change_names, *marks, self._cursor_line, self._best, self._points, self._names)
        ]
        self._selector = bqplot.interacts.IndexSelector(scale=plot.x, color="transparent", line_width=0)
        self._selector.observe(self._on_pointer, "selected")
        plot.figure.interaction = self._selector
        return [self._make_controls(), plot.figure, *self._make_time()]

    def _make_pairs(self, number: int, is_many: bool) -> list[_Pair]:
        pairs = []
        for prefix, is_dashed in (("", False), ("val_", True)):
            token = RUN_TOKENS[number] if is_many else ("val" if is_dashed else "train")
            raw = self._plot.lines([color(token)], stroke_width=1, opacities=[0.22])
            line = self._plot.lines(
                [color(token)] * 2,
                stroke_width=2,
                opacities=[1.0, 0.4],
                line_style="dashed" if is_dashed else "solid",
            )
            pairs.append(_Pair(number, prefix, token, raw, line))
        return pairs

    def _make_controls(self) -> Any:
        self._choice = ipywidgets.Dropdown(
            description="Metric", options=[self.metric], layout={"width": "220px"}, style={"description_width": "auto"}
        )
        self._scale = ipywidgets.Checkbox(description="Logarithmic", value=bool(self._is_log), indent=False)
        self._scale.layout.width = "auto"
        self._choice.observe(self._on_choice, "value")
        self._scale.observe(self._on_scale, "value")
        row = ipywidgets.HBox([self._choice, self._scale])
        row.add_class("nnvis-row")
        return row

    def _make_time(self) -> list[Any]:
        self._slider = ipywidgets.IntSlider(
            description="Step",
            min=0,
            max=1,
            readout=False,
            # Else the page sends back what it was told, and late (ipywidgets 8.1.9): the playhead would stay there.
            continuous_update=False,
            layout={"flex": "1 1 160px"},
            style={"description_width": "auto"},
        )
        self._live = ipywidgets.Button(
            description="Go live", tooltip="Follow the training", layout={"width": "88px", "height": "28px"}
        )
        self._is_setting = False
        self._slider.observe(self._on_slider, "value")
        self._live.on_click(lambda _: self._go_live())
        row = ipywidgets.HBox([self._slider, self._live])
        row.add_class("nnvis-row")
        return [row] if self.source is not None else []

    def _curves(self) -> dict[str, Curves]:
        runs = {name: read_run(inner, self._by) for name, inner in self._sources.items()}
        return runs | self._histories

    def _metrics(self) -> list[str]:
        found = dict.fromkeys(name for curves in self._curves().values() for name in curves.metrics)
        return sorted(found, key=lambda name: (name != "loss", list(found).index(name)))

    def _draw(self, snapshot: Snapshot | None) -> None:
        curves = self._curves()
        self._set_options()
        shown = {
            (number, prefix): curve
            for number, one in enumerate(curves.values())
            for prefix in ("", "val_")
            if (curve := one.by_name.get(prefix + self.metric)) is not None and len(curve[0])
        }
        finite = [values[np.isfinite(values)] for _, values in shown.values()]
        numbers = np.concatenate(finite) if finite else NONE
        if not len(numbers):
            self._clear()
            return
        is_log = self._wants_log(numbers)
        self._set_scale(is_log)
        unit = next(iter(curves.values())).unit
        cursor = self._cursor_place(unit)
        self._span(shown, numbers, is_log)
        for pair in self._pairs:
            self._draw_pair(pair, shown.get((pair.run, pair.prefix)), cursor, is_log)
        self._draw_changes(next(iter(curves.values())))
        self._draw_cursor(shown, cursor, is_log)
        best = self._draw_best(shown, is_log)
        self._draw_names(shown, list(curves), is_log)
        self._tell(shown, list(curves), unit, cursor, best, is_log)
        self._set_time()

    def _wants_log(self, numbers: np.ndarray) -> bool:
        if self._is_log is not None:
            return bool(self._is_log) and bool((numbers > 0).any())
        return "loss" in self.metric and bool((numbers > 0).all())

    def _span(self, shown: Mapping[Any, Any], numbers: np.ndarray, is_log: bool) -> None:
        last = max(float(places[-1]) for places, _ in shown.values())
        first = min(float(places[0]) for places, _ in shown.values())
        heights = _heights(numbers[numbers > 0] if is_log else numbers, is_log)
        low, high = float(heights.min()), float(heights.max())
        margin = (high - low) * 0.06 or abs(high) * 0.1 or 0.5
        low, high = low - margin, high + margin
        x = (min(first, 0.0 if last > 1 else first), last if last > first else first + 1)
        self._plot.show_axes(True)
        self._plot.span(x, (low, high), None, decade_ticks(low, high) if is_log else round_ticks(low, high))

    def _draw_pair(self, pair: _Pair, curve: Any, cursor: float | None, is_log: bool) -> None:
        if curve is None:
            for mark in pair.marks:
                set_line(mark, NONE, NONE)
            return
        places, values = curve
        rows = curve_extremes(places, values, POINTS).astype(np.float64)
        zigzag = np.repeat(rows[:, 0], 2), _heights(rows[:, 1:].reshape(-1), is_log)
        set_line(pair.raw, *zigzag)
        average = _average(values)
        chosen = np.unique(np.linspace(0, len(places) - 1, min(len(places), POINTS)).round().astype(int))
        x, y = places[chosen], _heights(average[chosen], is_log)
        x, y = drawable(x, y)
        # both halves have as many points: what one does not have stays at its end
        split = len(x) if cursor is None else int(np.searchsorted(x, cursor, "right"))
        before = np.minimum(np.arange(len(x)), max(split - 1, 0))
        after = np.maximum(np.arange(len(x)), min(max(split - 1, 0), len(x) - 1))
        set_points(pair.line, np.stack([x[before], x[after]]), np.stack([y[before], y[after]]))

    def _draw_changes(self, curves: Curves) -> None:
        changes = curves.changes[-POINTS:]
        x = np.array([value for _, place, _ in changes for value in (place, place, place)])
        bottom, top = self._plot.y.min, self._plot.y.max
        y = np.array([value for _ in changes for value in (bottom, top, np.nan)])
        set_line(self._changes, x, y)
        named = changes[-4:]
        with self._change_names.hold_sync():
            self._change_names.x = np.array([place for _, place, _ in named])
            self._change_names.y = np.full(len(named), top)
            self._change_names.text = [f"{_short(name)} {format_rate(value)}" for name, _, value in named]

    def _draw_cursor(self, shown: Mapping[Any, Any], cursor: float | None, is_log: bool) -> None:
        if cursor is None:
            set_line(self._cursor_line, NONE, NONE)
            set_points(self._points, NONE, NONE)
            return
        set_points(self._cursor_line, np.array([cursor] * 2), np.array([self._plot.y.min, self._plot.y.max]))
        found = [_value_at(places, _average(values), cursor) for places, values in shown.values()]
        heights = _heights(np.array([value for _, value in found]), is_log)
        keep = np.isfinite(heights)
        set_points(self._points, np.array([place for place, _ in found])[keep], heights[keep])

    def _draw_best(self, shown: Mapping[Any, Any], is_log: bool) -> tuple[float, float] | None:
        curve = shown.get((0, "val_"))
        if curve is None or not np.isfinite(curve[1]).any():
            set_points(self._best, NONE, NONE)
            return None
        places, values = curve
        is_less_better = any(word in self.metric for word in ("loss", "error", "mse", "mae"))
        index = int(np.nanargmin(values) if is_less_better else np.nanargmax(values))
        set_points(self._best, places[index : index + 1], _heights(values[index : index + 1], is_log))
        return float(places[index]), float(values[index])

    def _draw_names(self, shown: Mapping[Any, Any], runs: list[str], is_log: bool) -> None:
        ends, colors, names = [], [], []
        for pair in self._pairs:
            curve = shown.get((pair.run, pair.prefix))
            heights = NONE if curve is None else _heights(_average(curve[1]), is_log)
            if curve is None or not np.isfinite(heights[-1]) or (pair.prefix and len(runs) > 1):
                continue
            ends.append((float(curve[0][-1]), float(heights[-1])))
            colors.append(color(pair.token))
            names.append(("val" if pair.prefix else "train") if len(runs) == 1 else runs[pair.run][:9])
        least = LABEL_PX * (self._plot.y.max - self._plot.y.min) / self._plot.height_px
        with self._names.hold_sync():
            self._names.x = np.array([self._plot.x.max] * len(ends))
            self._names.y = np.array(apart([height for _, height in ends], least))
            self._names.colors = colors or [color("ink")]
            self._names.text = names

    def _tell(
        self,
        shown: Mapping[Any, Any],
        runs: list[str],
        unit: str,
        cursor: float | None,
        best: tuple[float, float] | None,
        is_log: bool,
    ) -> None:
        place = cursor if cursor is not None else max(float(places[-1]) for places, _ in shown.values())
        said = []
        for (number, prefix), (places, values) in shown.items():
            at, value = _value_at(places, values, place)
            if at == place and np.isnan(value) and place < places[0]:
                continue
            name = "val" if prefix else "train"
            said.append(f"{safe_text(runs[number]) + ' ' if len(runs) > 1 else ''}{name} {format_number(value, 3)}")
        keys = ""
        if len(runs) > 1:
            keys = "".join(line_key(text(name), RUN_TOKENS[number]) for number, name in enumerate(runs))
            keys += line_key("validation", "ink-2", is_dashed=True)
        bad = not_finite(
            sum(int(np.isnan(values).sum()) for _, values in shown.values()),
            sum(int(np.isinf(values).sum()) for _, values in shown.values()),
        )
        what = "best val" if best else ""
        best_text = f" · ◆ {what} {format_number(best[1], 3)} at {unit} {best[0]:,.0f}" if best else ""
        longest = max(len(places) for places, _ in shown.values())
        thinned = f" · {longest:,} values, drawn as {POINTS} with every extreme" if longest > POINTS else ""
        note = f"{bad}{unit} {place:,.0f}: {escape(', '.join(said))}{best_text}{thinned} {keys}"
        smoothed = ", smoothed" if longest >= LEAST_SMOOTHED else ""
        subtitle = f"{text(self.metric)}{smoothed}{', log scale' if is_log else ''}"
        words = f"Training, {self.metric} over {longest:,} values. At {unit} {place:,.0f}: {', '.join(said)}"
        words += f". Best validation {format_number(best[1], 3)} at {unit} {best[0]:,.0f}." if best else "."
        self._say(subtitle, note, words)

    def _clear(self) -> None:
        self._plot.show_axes(False)
        for mark in self._plot.figure.marks:
            if isinstance(mark, bqplot.Lines):
                set_line(mark, NONE, NONE)
            else:
                set_points(mark, NONE, NONE)
        known = ", ".join(map(repr, self._metrics()))
        if known:
            note = f"No {text(repr(self.metric))} is recorded yet. Recorded are: {text(known)}."
        else:
            note = "Nothing is recorded yet: train first."
        self._say(text(self.metric), note, f"Training. {note}")

    # What a person moves, and what moves because of it.

    def _set_options(self) -> None:
        names = self._metrics()
        if self.metric not in names:
            names = [self.metric, *names]
        if list(self._choice.options) != names or self._choice.value != self.metric:
            wanted = self.metric
            self._is_setting = True
            self._choice.options = names
            self._choice.value = wanted
            self._is_setting = False
        self._choice.layout.display = None if len(names) > 1 else "none"

    def _set_scale(self, is_log: bool) -> None:
        if self._scale.value != is_log:
            self._is_setting = True
            self._scale.value = is_log
            self._is_setting = False

    def _set_time(self) -> None:
        if self.source is None:
            return
        last = self.source.status.moment.step
        self._is_setting = True
        with self._slider.hold_sync():
            self._slider.max = max(1, last)
            self._slider.value = min(last if self.cursor.step is None else self.cursor.step, max(1, last))
        self._is_setting = False
        self._live.disabled = self.cursor.step is None

    def _cursor_place(self, unit: str) -> float | None:
        step: int | None = self.cursor.step if self.source is not None else None
        if self.source is None or step is None:
            return self._place
        pace = self.source.status.steps_per_epoch if unit == "epoch" else 1
        return step / (pace or 1)

    def _on_pointer(self, change: Any) -> None:
        selected = np.asarray(change["new"] if change["new"] is not None else NONE, np.float64).reshape(-1)
        place = float(selected[0]) if selected.size and np.isfinite(selected[0]) else None
        if self.source is None:
            self._place = None if place is None else max(1.0, round(place))
            self._redraw_soon()
            return
        pace = self.source.status.steps_per_epoch if self._by == "epoch" else 1
        step = None if place is None else int(np.clip(round(place * (pace or 1)), 0, self.source.status.moment.step))
        self.cursor.step = step

    def _on_choice(self, change: Any) -> None:
        if not self._is_setting and change["new"]:
            self.metric = change["new"]

    def _on_scale(self, change: Any) -> None:
        if not self._is_setting:
            self._is_log = bool(change["new"])
            self._redraw_soon()

    def _on_slider(self, change: Any) -> None:
        if not self._is_setting:
            self.cursor.step = int(change["new"])

    def _go_live(self) -> None:
        self.cursor.step = None


def _read_all(value: Any, data: Any) -> tuple[dict[str, Curves], dict[str, tuple[Source, Any]]]:
    """Histories and sources by name; a source with its cursor."""
    if is_history(value):
        return {"": read_history(value)}, {}
    named: dict[str, Any] = {"": value}
    if isinstance(value, Mapping):
        named = {str(name): one for name, one in value.items()}
    elif isinstance(value, Sequence) and not isinstance(value, str | bytes):
        named = {f"run {number}": one for number, one in enumerate(value, 1)}
    if not 0 < len(named) <= MOST_RUNS:
        raise DataError(f"Expected one to {MOST_RUNS} runs to compare, got {len(named)}. Pass fewer.")
    histories = {name: read_history(one) for name, one in named.items() if is_history(one)}
    sources = {name: resolve(one, data) for name, one in named.items() if name not in histories}
    return histories, sources


def _heights(values: np.ndarray, is_log: bool) -> np.ndarray:
    """Where values lie on the axis; NaN for what has no place there."""
    numbers = np.where(np.isfinite(values), values, np.nan)
    if not is_log:
        return numbers
    return np.log10(np.where(numbers > 0, numbers, np.nan))


def _value_at(places: np.ndarray, values: np.ndarray, place: float) -> tuple[float, float]:
    """The last place at or before one, and the value there; NaN before the first."""
    index = int(np.searchsorted(places, place, "right")) - 1
    return (place, np.nan) if index < 0 else (float(places[index]), float(values[index]))


def _average(values: np.ndarray) -> np.ndarray:
    """Few values are no noise: an average of them would lag behind."""
    return smooth(values) if len(values) >= LEAST_SMOOTHED else values


def _short(name: str) -> str:
    return {"learning_rate": "lr", "batch_size": "batch"}.get(name, name)
