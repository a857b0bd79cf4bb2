"""Loss and metrics over a training."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

import bqplot.interacts
import numpy as np

from nnvis_widget.core.clock import STEPS, Clock
from nnvis_widget.core.finding import Finding
from nnvis_widget.core.findings import wrong_at
from nnvis_widget.core.number_text import format_number, safe_text
from nnvis_widget.core.snapshot import Snapshot
from nnvis_widget.core.words.say import say
from nnvis_widget.errors import DataError
from nnvis_widget.run.gaze import Gaze
from nnvis_widget.sources.source import Source, as_source, gaze_of
from nnvis_widget.widgets.panels.figures.curve_marks import (
    LEAST_SMOOTHED,
    RUN_TOKENS,
    CurveMarks,
    Shown,
    value_at,
)
from nnvis_widget.widgets.panels.figures.legend import line_key, not_finite
from nnvis_widget.widgets.panels.figures.plot import NONE
from nnvis_widget.widgets.panels.figures.style import text
from nnvis_widget.widgets.panels.panel import Panel
from nnvis_widget.widgets.panels.parts.curve_controls import MetricChoice, TimeSlider
from nnvis_widget.widgets.panels.reading.read_curves import Curves, is_history, read_history, read_run
from nnvis_widget.widgets.weakly import weakly

MOST_RUNS = 6
_TONES = {"fault": "nnvis-bad", "warning": "nnvis-warn"}


class TrainingCurves(Panel):
    """Loss and metrics while the model trains: training solid, validation dashed, over a faint band of most values.

    Values are those that Keras reports: of training, the mean over the epoch so far. The average sets the range; where
    single values lie beyond it, strokes at the frame say so, however long the training. The numbers below are those of
    the last whole epoch. Click into it and the playhead of everything follows the pointer; another click holds
    it, a double click goes back to the training. The slider below does the same by key; its right
    end follows the training.

    Args:
        source: A Keras model, a `Trainer`, a `Run`, a `NetworkView` or another panel; a Keras `History`; a dict of
            lists; or several of these to compare, as a list or as a dict of them by name, at most six.
        metric: Which metric first; `None` for the loss.
        log: Whether the axis is logarithmic; `None` for yes where the metric is a loss above zero.
        by: `step`, or `epoch` for the last value of each epoch.
        data: Samples for a plain model; not needed here.
        height: Pixels of the picture, 120 to 1,200.
        linked: Whether step, selection and sample are those of all that shows this source, or its own.

    Raises:
        DataError: If a history holds something else than numbers, or there are more than six.
    """

    _is_of_model = False
    title_key = "trainingPanel"
    meaning_key = "trainingMeaning"

    def __init__(
        self,
        source: Any,
        *,
        metric: str | None = None,
        log: bool | None = None,
        by: str = "step",
        data: Any = None,
        height: int = 240,
        linked: bool = True,
        **traits: Any,
    ) -> None:
        if by not in ("step", "epoch"):
            raise DataError(f"Expected by='step' or by='epoch', got by={by!r}.")
        self._metric, self._is_log, self._by = metric, log, by
        self._place: float | None = None
        super().__init__(source, data=data, height=height, linked=linked, **traits)

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

        with self._up_to_date():
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

    def close(self) -> None:
        """Take the panel off the page and let go of what trains; the curves stay as they are."""
        if not self._is_closed:
            self._histories, sources = self._curves(), self._sources
            super().close()
            sources.clear()

    def _find_source(self, source: Any, data: Any) -> tuple[Source | None, Gaze]:
        self._histories, found = _read_all(source, data)
        self._sources = {name: inner for name, (inner, _) in found.items()}
        return next(iter(found.values()), (None, Gaze()))

    def _find_subject(self) -> None:
        """A metric is of no layer."""

    def _heard(self) -> list[Source]:
        return list(self._sources.values())

    def _build(self) -> list[Any]:
        self._marks = CurveMarks(self.height_px, len(self._curves()))
        plot = self._marks.plot
        self._selector = bqplot.interacts.IndexSelector(scale=plot.x, color="transparent", line_width=0)
        self._selector.observe(self._on_pointer, "selected")
        plot.figure.interaction = self._selector
        self._choice = MetricChoice(self.metric, bool(self._is_log), weakly(self._set_metric), weakly(self._set_log))
        self._time = None if self.source is None else TimeSlider(weakly(self._set_step))
        return [self._choice.row, plot.figure, *([self._time.row] if self._time else [])]

    def _curves(self) -> dict[str, Curves]:
        runs = {name: read_run(inner, self._by) for name, inner in self._sources.items()}
        return runs | self._histories

    def _metrics(self) -> list[str]:
        found = dict.fromkeys(name for curves in self._curves().values() for name in curves.metrics)
        if self.source is not None and not found:
            found = dict.fromkeys(name for name in self.source.run.awaited if not name.startswith("val_"))
        return sorted(found, key=lambda name: (name != "loss", list(found).index(name)))

    def _draw(self, snapshot: Snapshot | None) -> None:
        curves = self._until_now(self._curves(), snapshot)
        self._choice.offer(self._metrics(), self.metric)
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
        self._choice.set_log(is_log)
        first = next(iter(curves.values()))
        cursor, best = self._cursor_place(first.unit), self._best(shown)
        clock = self._clock if first.unit == "step" and len(curves) == 1 else STEPS
        self._marks.show(shown, list(curves), first.changes, best, cursor, is_log, clock)
        self._tell(shown, list(curves), first.unit, cursor, best, is_log, clock)
        if self._time is not None and self.source is not None:
            self._time.show(self.gaze.step, self.source.status.moment.step)

    def _until_now(self, curves: dict[str, Curves], snapshot: Snapshot | None) -> dict[str, Curves]:
        """While it follows a training, up to the snapshot that all parts of the page show; what is newer waits."""
        source = self.source
        if source is None or snapshot is None or self.gaze.step is not None or source.status.state != "running":
            return curves
        (name, first), *others = curves.items()
        end = snapshot.step if first.unit == "step" else source.run.clock.epoch_at(snapshot.step) or 0.0
        so_far = first.until(end)
        return {name: so_far if so_far.by_name else first, **dict(others)}

    def _wants_log(self, numbers: np.ndarray) -> bool:
        if self._is_log is not None:
            return bool(self._is_log) and bool((numbers > 0).any())
        return "loss" in self.metric and bool((numbers > 0).all())

    def _best(self, shown: Shown) -> tuple[float, float] | None:
        """Place and value of the best validation of the first run."""
        curve = shown.get((0, "val_"))
        if curve is None or not np.isfinite(curve[1]).any():
            return None
        places, values = curve
        is_less_better = any(word in self.metric for word in ("loss", "error", "mse", "mae"))
        index = int(np.nanargmin(values) if is_less_better else np.nanargmax(values))
        return float(places[index]), float(values[index])

    def _tell(
        self,
        shown: Shown,
        runs: list[str],
        unit: str,
        cursor: float | None,
        best: tuple[float, float] | None,
        is_log: bool,
        clock: Clock,
    ) -> None:
        place = cursor if cursor is not None else max(float(places[-1]) for places, _ in shown.values())
        said = []
        whole = {} if self.source is None or unit == "epoch" else self.source.run.epoch_values(int(place))
        for (number, prefix), (places, values) in shown.items():
            at, value = value_at(places, values, place)
            if number == 0 and prefix + self.metric in whole:
                value = whole[prefix + self.metric].value
            if at == place and np.isnan(value) and place < places[0]:
                continue
            name = say("valName" if prefix else "trainName")
            said.append(f"{safe_text(runs[number]) + ' ' if len(runs) > 1 else ''}{name} {format_number(value, 3)}")
        keys = ""
        if len(runs) > 1:
            keys = "".join(line_key(text(name), RUN_TOKENS[number]) for number, name in enumerate(runs))
            keys += line_key(say("validationLine"), "ink-2", is_dashed=True)
        bad = not_finite(
            sum(int(np.isnan(values).sum()) for _, values in shown.values()),
            sum(int(np.isinf(values).sum()) for _, values in shown.values()),
        )

        def moment(at: float, is_exact: bool = False) -> str:
            if unit == "epoch":
                return say("epoch", epoch=f"{at:,.0f}")
            return clock.text_with_step(at) if is_exact else clock.text(at)

        best_text = ""
        if best:
            best_text = " · " + say("bestVal", value=format_number(best[1], 3), moment=moment(best[0]))
        longest = max(len(places) for places, _ in shown.values())
        is_smoothed = longest >= LEAST_SMOOTHED
        thinned = " · " + say("bandOf", values=f"{longest:,}") if is_smoothed else ""
        hint = "" if unit == "epoch" else f' title="{say("stepHint", step=f"{place:,.0f}")}"'
        listed = say("comma").join(said)
        now = say("nameIs", name=moment(place), value=escape(listed))
        note = f"{bad}<span{hint}>{now}</span>{best_text}{thinned} {keys}"
        looks = [say("smoothed")] * is_smoothed + [say("logScaleNote")] * is_log
        subtitle = say("comma").join([text(self.metric), *looks])
        count, exact = f"{longest:,}", moment(place, True)
        told = say("trainingOver", metric=self.metric, values=count, moment=exact, list=listed)
        sentences = [say("sentence", text=told)]
        if best:
            sentences.append(say("bestValidation", value=format_number(best[1], 3), moment=moment(best[0], True)))
        words = say("gap").join(sentences)
        wrong = self._wrong()
        told_wrong = "".join(f' · <b class="{_TONES[one.severity]}">{text(one.pill)}</b>' for one in wrong)
        self._say(
            subtitle, note + told_wrong, say("gap").join([words, *(say("sentence", text=one.title) for one in wrong)])
        )

    def _wrong(self) -> list[Finding]:
        """What is wrong with loss, steps or plan, where one training is shown."""
        source = self.source
        if source is None or len(self._curves()) > 1:
            return []
        step, chronicle = self.gaze.step, source.run.found
        found = source.status.findings if step is None or chronicle is None else chronicle.at(step)
        return wrong_at(found, "loss", "optimizer", "schedule")

    def _clear(self) -> None:
        self._marks.clear()
        known = ", ".join(map(repr, self._metrics()))
        note = say("noMetricYet", metric=text(repr(self.metric)), known=text(known)) if known else say("trainFirst")
        self._say(text(self.metric), note, say("gap").join([say("sentence", text=self.title), note]))

    # What a person moves, and what moves because of it.

    def _cursor_place(self, unit: str) -> float | None:
        step = self.gaze.step
        if self.source is None or step is None:
            return self._place
        return self._clock.epoch_at(step) if unit == "epoch" else step

    def _on_pointer(self, change: Any) -> None:
        selected = np.asarray(change["new"] if change["new"] is not None else NONE, np.float64).reshape(-1)
        place = float(selected[0]) if selected.size and np.isfinite(selected[0]) else None
        if self.source is None:
            self._place = None if place is None else max(1.0, round(place))
            self._redraw_soon()
            return
        clock = self._clock
        if place is not None and self._by == "epoch" and clock.is_known:
            place = clock.step_at(place)
        step = None if place is None else int(np.clip(round(place), 0, self.source.status.moment.step))
        self.gaze.step = step

    def _set_step(self, step: int | None) -> None:
        self.gaze.step = step

    def _set_metric(self, metric: str) -> None:
        self.metric = metric

    def _set_log(self, is_log: bool) -> None:
        self._is_log = is_log
        self._redraw_soon()


def _read_all(value: Any, data: Any) -> tuple[dict[str, Curves], dict[str, tuple[Source, Gaze]]]:
    """Histories and sources by name; a source with the gaze of all that shows it."""
    if is_history(value):
        return {"": read_history(value)}, {}
    named: dict[str, Any] = {"": value}
    if isinstance(value, Mapping):
        named = {str(name): one for name, one in value.items()}
    elif isinstance(value, Sequence) and not isinstance(value, str | bytes):
        named = {say("runName", number=number): one for number, one in enumerate(value, 1)}
    if not 0 < len(named) <= MOST_RUNS:
        raise DataError(f"Expected one to {MOST_RUNS} runs to compare, got {len(named)}. Pass fewer.")
    histories = {name: read_history(one) for name, one in named.items() if is_history(one)}
    found = {name: (one, as_source(one, data)) for name, one in named.items() if name not in histories}
    return histories, {name: (source, gaze_of(one, source)) for name, (one, source) in found.items()}
