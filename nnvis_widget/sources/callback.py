"""Watching a plain `model.fit`."""

from __future__ import annotations

import sys
import traceback
import warnings
from collections.abc import Callable, Mapping
from contextlib import suppress
from copy import copy
from itertools import groupby
from time import perf_counter
from typing import Any

import keras
import numpy as np

from nnvis_widget.control.call_end import CallEnd
from nnvis_widget.core.plain_text import sentence
from nnvis_widget.core.snapshot import Moment
from nnvis_widget.core.status import Problem, State
from nnvis_widget.errors import ModelError
from nnvis_widget.keras_adapter.loops.step_logs import LeftOut, one_step
from nnvis_widget.keras_adapter.read_facts import Plan
from nnvis_widget.sources.model import WatchedModel

LOOK_S = 0.02
UNTOLD = Problem(
    "The training has ended with an error, or was interrupted; what happened is told where fit was called."
)


class LiveCallback(keras.callbacks.Callback):
    """Shows a plain `model.fit` in a view while it runs.

    Every batch costs a comparison and an append; about every 20 ms commands are heard, and at most ten times a second
    what is on the screen is measured, within 2.5 % of the time. An error in here is reported once and ends the
    watching, never the training.

    Args:
        view: The `NetworkView` of the model that is trained.

    Raises:
        ModelError: At the start of `fit`, if the view shows another model.

    Example:
        >>> view = nv.NetworkView(model, data=(x, y))
        >>> model.fit(x, y, callbacks=[nv.LiveCallback(view)])
    """

    def __init__(self, view: Any) -> None:
        super().__init__()
        source = getattr(view, "source", view)
        if "steers" not in getattr(source, "capabilities", ()):
            raise ModelError(
                f"Expected a NetworkView of a Keras model, got a view of {type(source).__name__}. "
                "Make one with nv.NetworkView(model)."
            )
        self._source: WatchedModel = source
        self._is_detached = False
        self._look_s = float("-inf")
        self._last_batch = -1
        self._is_examined = False
        self._steps_per_epoch: int | None = None
        self._left_out = LeftOut()
        self._forget_hook: Callable[[], None] = lambda: None
        self._end: CallEnd | None = None

    def __deepcopy__(self, memo: object) -> LiveCallback:
        """A callback of the same view: a view is on a page once."""
        return copy(self)

    def set_model(self, model: Any) -> None:
        """Called by Keras before the training."""
        super().set_model(model)
        if model is not self._source.model:
            raise ModelError(
                f"Expected fit on the model of the view, {self._source.model.name!r}, got {model.name!r}. "
                "Make a view of this model: nv.NetworkView(model)."
            )

    def on_train_begin(self, logs: Mapping[str, Any] | None = None) -> None:
        """Called by Keras."""
        self._guard(self._begin)

    def on_epoch_begin(self, epoch: int, logs: Mapping[str, Any] | None = None) -> None:
        """Called by Keras."""
        self._guard(lambda: self._begin_epoch(epoch))

    def on_train_batch_end(self, batch: int, logs: Mapping[str, Any] | None = None) -> None:
        """Called by Keras, every `steps_per_execution` batches."""
        if self._is_detached:
            return
        if self._steps_per_epoch is not None:
            # The last execution of an epoch is told as whole even where the epoch's batches ran out (Keras 3.15).
            batch = min(batch, self._steps_per_epoch - 1)
        self._step += batch - self._last_batch
        self._last_batch = batch
        self._pending.append((self._step, logs))
        now_s = perf_counter()
        if now_s >= self._look_s or self._is_examined:
            self._look_s = now_s + LOOK_S
            self._guard(lambda: self._look(now_s))

    def on_epoch_end(self, epoch: int, logs: Mapping[str, Any] | None = None) -> None:
        """Called by Keras, with the validation's metrics."""
        self._guard(lambda: self._end_epoch(epoch, logs or {}))

    def on_train_end(self, logs: Mapping[str, Any] | None = None) -> None:
        """Called by Keras, also after an early stop; not after an interrupt."""
        self._guard(lambda: self._rest("finished"))
        if self._is_detached:
            self._source.tell("finished")

    def interrupt(self, error: BaseException) -> None:
        """The training has ended with an error; Keras does not tell of that."""
        self._guard(lambda: self._rest("failed", problem=Problem.of(error)))
        if self._is_detached:
            self._source.tell("failed", problem=Problem.of(error))

    def _begin(self) -> None:
        self._forget()
        self._is_detached = False
        moment = self._source.status.moment
        self._step, self._first_epoch = moment.step, moment.epoch
        self._epoch, self._last_batch = 0, -1
        self._pending: list[tuple[int, Mapping[str, Any] | None]] = []
        self._scalars: dict[str, float] = {}
        self._look_s = float("-inf")
        self._source.is_stop_wanted = False
        self._is_first_epoch = True
        self._is_examined = False
        epochs, self._steps_per_epoch = self.params.get("epochs"), self.params.get("steps")
        self._source.observer.checkup.plan = Plan(steps_per_epoch=self._steps_per_epoch, epochs=epochs)
        self._source.tell(
            "running",
            epochs=None if epochs is None else self._first_epoch + epochs,
            steps_per_epoch=self._steps_per_epoch,
        )
        self._forget_hook = _after_this_cell(lambda: self._guard(lambda: self._rest("paused")))
        self._end = CallEnd("fit", lambda: self._guard(lambda: self._rest("failed", problem=UNTOLD)))

    def _begin_epoch(self, epoch: int) -> None:
        if self._is_first_epoch and epoch:
            # fit(initial_epoch=…) goes on counting by itself
            self._first_epoch = 0
            self._source.tell("running", epochs=self.params.get("epochs"))
        self._is_first_epoch = False
        self._epoch = epoch
        self._last_batch = -1
        self._source.observer.begin_epoch(self._step, self._first_epoch + epoch, self._steps_per_epoch)
        _ = self.model
        self._source.note_hyperparameters(self._step)  # what the callbacks of the epoch's end have changed
        if not self._step:
            self._examine()

    def _obey(self) -> None:
        if self._source.has_commands:
            # On JAX this brings the variables up to date, and takes what is set on them into the next step; it copies
            # the whole state, so only when something is due.
            _ = self.model
            self._tell()
            self._source.obey()
        if self._source.is_stop_wanted:
            self.model.stop_training = True

    def _look(self, now_s: float) -> None:
        self._obey()
        self._examine()
        if self._source.observer.is_due(now_s):
            _ = self.model
            self._flush()
            self._tell()
            self._source.observe(self._scalars)

    def _examine(self) -> None:
        """Half of the doctor's look: before a step, or after it."""
        observer = self._source.observer
        if self._is_examined:
            _ = self.model
            self._is_examined = False
            observer.end_look(self._moment())
            self._tell()
        elif observer.checkup.is_due(self._step, perf_counter(), observer.first_bad):
            _ = self.model
            self._is_examined = observer.begins_look(self._moment())

    def _end_epoch(self, epoch: int, logs: Mapping[str, Any]) -> None:
        self._obey()  # before callbacks behind this one change the rate: what was asked before that is older
        self._flush()
        numbers = one_step(logs).last
        # A callback before this one may have put the rate among them, which stands with the optimiser.
        known = {name: value for name, value in numbers.items() if name != "learning_rate"}
        self._source.observer.end_epoch(self._step, self._first_epoch + epoch + 1, known, self._steps_per_epoch)
        new = {name: value for name, value in numbers.items() if name.startswith("val_")}
        if new:
            end = Moment(self._step, self._first_epoch + epoch + 1, 0)
            self._source.observer.record(end, np.array([self._step]), tuple(new), np.array([list(new.values())]))
        self._scalars |= numbers
        self._epoch, self._last_batch = epoch + 1, -1
        self._tell()

    def _rest(self, state: State, **changes: Any) -> None:
        self._forget()
        if not self._source.is_fitting:
            return
        _ = self.model
        self._flush()
        self._tell()
        if state == "finished":
            self._source.observer.finish_looks(self._moment())
        self._source.observe(self._scalars)
        self._source.tell(state, **changes)

    def _forget(self) -> None:
        self._forget_hook()
        if self._end is not None:
            self._end.forget()

    def _moment(self) -> Moment:
        return Moment(self._step, self._first_epoch + self._epoch, self._last_batch + 1)

    def _tell(self) -> None:
        self._source.tell("running", self._moment())

    def _flush(self) -> None:
        pending, self._pending = self._pending, []
        rows = [(step, one_step(logs)) for step, logs in pending if logs]
        for names, group in groupby(rows, key=lambda row: row[1].names):
            block = list(group)
            steps = np.array([step for step, _ in block])
            values = np.concatenate([logs.values for _, logs in block])
            self._left_out.tell(block[-1][1].left_out)
            now = self._moment()
            last = Moment(int(steps[-1]), now.epoch, max(0, now.batch - (now.step - int(steps[-1]))))
            self._source.observer.record(last, steps, names, values)
            self._scalars |= dict(zip(names, values[-1].tolist(), strict=True))

    def _guard(self, act: Callable[[], None]) -> None:
        if self._is_detached:
            return
        try:
            act()
        except Exception as error:
            self._is_detached = True
            with suppress(Exception):
                problem = Problem(f"The watching has ended: {error}", traceback.format_exc())
                self._source.tell(self._source.status.state, problem=problem)
            warnings.warn(
                f"nnvis_widget stopped watching because of {type(error).__name__}: {sentence(error)} "
                "The training goes on.",
                RuntimeWarning,
                stacklevel=3,
            )


def _after_this_cell(act: Callable[[], None]) -> Callable[[], None]:
    """Run `act` when the notebook cell has ended, also by an interrupt; the result, called, forgets it."""
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython else None
    if shell is None:
        return lambda: None

    def hook(*_: object) -> None:
        act()

    def forget() -> None:
        if hook in shell.events.callbacks["post_run_cell"]:
            shell.events.unregister("post_run_cell", hook)

    shell.events.register("post_run_cell", hook)
    return forget
