"""What runs on the training thread: commands first, then a block of steps, then what is due to be measured."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from threading import Event
from time import perf_counter
from typing import Any

from nnvis_widget.control.source_core import SourceCore
from nnvis_widget.core.command import (
    Command,
    Pause,
    Reset,
    Resume,
    RunEpochs,
    RunSteps,
    SetHyperparameter,
    SetPace,
    SetThreshold,
    Stop,
    Suppose,
    TryChange,
    UndoReset,
)
from nnvis_widget.core.pace import FASTEST
from nnvis_widget.core.status import Problem, State
from nnvis_widget.keras_adapter.loops.step_logs import StepLogs
from nnvis_widget.keras_adapter.observer import Observer
from nnvis_widget.keras_adapter.read_facts import plan_of, read_facts
from nnvis_widget.keras_adapter.state import InitialState
from nnvis_widget.keras_adapter.steering import optimizer_name
from nnvis_widget.keras_adapter.train_loop import TrainLoop
from nnvis_widget.training.applying import Applying
from nnvis_widget.training.block_size import BlockSize
from nnvis_widget.training.hyperparameters import Hyperparameters
from nnvis_widget.training.kept import keep_trained
from nnvis_widget.training.pacing import Pacing
from nnvis_widget.training.record import Record
from nnvis_widget.training.stepping import MOVED, Stepping
from nnvis_widget.training.trial import SideTrial
from nnvis_widget.training.trying import Trying

MOST_WAIT_S = 0.05


class Engine:
    """The training thread's work, one piece at a time.

    Args:
        loop: Takes the steps.
        observer: Takes the snapshots.
        wake: Sees to it that `work` is called, on the training thread.

    Attributes:
        core: Status, listeners and commands.
        error: What ended the training in `failed`.
        pacing: At what pace steps are taken.
        stepping: The next step, where one goes through it.
        trying: The change that is tried beside it.
    """

    def __init__(self, loop: TrainLoop, observer: Observer, wake: Callable[[], None]) -> None:
        self.error: BaseException | None = None
        self.pacing = Pacing(loop, observer)
        self.stepping = Stepping(
            loop, lambda: self._leave("paused"), self._take_step, lambda: self._tell(self.core.status.state)
        )
        self._has_news = Event()

        def hear() -> None:
            self._has_news.set()
            wake()

        self.trying = Trying(
            f"nnvis-trial-{loop.model.name}",
            self._make_trial,
            lambda: self._leave("paused"),
            self._train_on,
            lambda: self._tell(self.core.status.state),
            hear,
        )

        self.applying = Applying(loop, observer, self._leave_what_is_beside, lambda: self._tell(self.core.status.state))
        self.core = SourceCore(
            capabilities={"looks", "trains", "supposes", "judges"},
            refusal="Expected one of trainer.status.commands, got {command}, which a Trainer does not know.",
            watches=observer.watches,
            handlers={
                Resume: lambda _: self._start(),
                RunSteps: lambda command: self._start(steps=command.count),
                RunEpochs: lambda command: self._start(epochs=command.count),
                Pause: lambda _: self._pause(),
                Stop: lambda _: self._stop(),
                Reset: lambda _: self._reset(),
                UndoReset: lambda _: self._undo_reset(),
                SetHyperparameter: self._set_hyperparameter,
                SetPace: self._set_pace,
                Suppose: observer.supposing.obey,
                SetThreshold: self._set_threshold,
                **self.stepping.handlers,
                **self.trying.handlers,
                **self.applying.handlers,
            },
            check=self._check,
            look=self._look,
            wake=hear,
            renew=observer.read_anew,
            is_stale=observer.is_stale,
        )
        self._loop = loop
        self._observer = observer
        self._record = Record(loop, observer)
        self._initial: InitialState | None = None
        self._bring_back: Callable[[], None] | None = None
        if loop.model.built:
            self._keep_initial()
        loop.on_built = self._keep_initial
        loop.on_epoch = self._note_epoch
        self._block_size = BlockSize()
        self._steps_left: int | None = None
        self._epoch_goal: int | None = None
        self._hyperparameters = Hyperparameters(loop)
        self._seen = loop.moment
        self._record.begin_epoch()
        self._tell("idle")
        self._observe()

    def has_work(self) -> bool:
        """Whether commands wait or a training runs."""
        return len(self.core.queue) > 0 or self.core.is_training or self.trying.has_news

    def work(self) -> None:
        """Obey the commands that wait, then take one block of steps if the training runs and its pace allows it."""
        # A person's callback may even exit; the thread has to outlive that, or every wait would be endless.
        try:
            self._has_news.clear()
            self.core.obey()
            self.trying.hear()
            if self.core.is_training:
                self._go_on()
        except BaseException as error:
            self._fail(error)

    @property
    def applied(self) -> dict[str, float]:
        """The values in force, for any thread; while a training runs those of its newest block."""
        return self._hyperparameters.applied(self.core)

    def _check(self, command: Command) -> None:
        self.applying.check(command)
        if isinstance(command, TryChange):
            self.trying.check(command, self._loop.model.built)
        if isinstance(command, SetHyperparameter):
            self._hyperparameters.check(command, self.core)

    def _start(self, steps: int | None = None, epochs: int | None = None) -> None:
        self._leave_what_is_beside()
        self._go(steps, epochs)

    def _leave_what_is_beside(self) -> None:
        self.stepping.leave()
        self.trying.stay()
        self.trying.leave()

    def _make_trial(self, command: TryChange) -> SideTrial:
        observer = self._observer
        facts = observer.checkup.facts or read_facts(observer.forward)
        parts = (observer.forward, self._loop.feed, self._initial, facts, observer.checkup.updates)
        return SideTrial(*parts, command.finding, command.steps)

    def _go(self, steps: int | None = None, epochs: int | None = None) -> None:
        self._steps_left = steps
        self._epoch_goal = None if epochs is None else self._loop.moment.epoch + epochs
        self.error = None
        self._train_on()

    def _train_on(self) -> None:
        self._hyperparameters.begin()
        self._observer.checkup.plan = plan_of(self._loop.feed, self._loop.epochs, self._observer.scenery)
        self.pacing.begin()
        self._tell("running", problem=None, ending="")

    def _pause(self) -> None:
        self.trying.stay()
        self._leave("paused")

    def _stop(self) -> None:
        self._leave_what_is_beside()
        states: tuple[State, ...] = ("running", "paused")
        if self.core.status.state in states and self._finish():
            self._leave("finished", from_states=states)

    def _leave(self, state: State, from_states: tuple[State, ...] = ("running",), ending: str = "") -> bool:
        """Leave the training in this state; whether it was in one of those."""
        is_left = self.core.status.state in from_states
        if is_left:
            if state == "finished":
                self._observer.finish_looks(self._loop.moment)
            self._observe()
            self._tell(state, ending=ending)
        return is_left

    def _finish(self) -> bool:
        """End the training; whether the person's callbacks let it end."""
        try:
            self._loop.finish()
        except BaseException as error:
            self._fail(error)
            return False
        return True

    def _reset(self) -> None:
        self._leave_what_is_beside()
        self.trying.forget()
        if not self._finish():
            return
        if self._loop.moment.step:
            self._bring_back = keep_trained(self._loop, self._observer)
            self.core.capabilities |= {"remembers"}
        if self._initial is not None:
            self._initial.restore(self._loop.model)
        self._loop.rewind()
        self._observer.begin_anew()
        self._record.begin_epoch()
        self._rest_anew("idle")

    def _undo_reset(self) -> None:
        self._leave_what_is_beside()
        if self._bring_back is None or not self._finish():
            return
        bring_back, self._bring_back = self._bring_back, None
        self.core.capabilities -= {"remembers"}
        bring_back()
        self._record.change_pace()
        self._rest_anew("paused")

    def _rest_anew(self, state: State) -> None:
        self.error = None
        self._observe()
        self._tell(state, problem=None, ending="")

    def _set_hyperparameter(self, command: SetHyperparameter) -> None:
        if self._hyperparameters.set(command):
            self._record.change_pace()
        self._note_hyperparameters()
        self._observer.checkup.rate_changed()
        self._observer.watches.is_asked = True
        self.stepping.renew()

    def _set_pace(self, command: SetPace) -> None:
        self.pacing.asked = command.pace
        self._tell(self.core.status.state)

    def _set_threshold(self, command: SetThreshold) -> None:
        self._observer.checkup.set_threshold(command.name, command.value, self._observer.first_bad)
        self._tell(self.core.status.state)

    def _go_on(self) -> None:
        now_s = perf_counter()
        due = self.pacing.due(now_s)
        if due.is_picture or (not due.steps and self._is_look_due(now_s)):
            self._observe()
        elif due.steps:
            self._train(due.steps)
        else:
            self._has_news.wait(min(due.wait_s, MOST_WAIT_S))

    def _take_step(self, undo: Callable[[], None]) -> None:
        """Take the step that was gone through; one that fails has changed nothing."""
        try:
            self._go(steps=1)
            self._train(1, lambda _: self.stepping.take_singly())
        except BaseException as error:
            undo()
            self._fail(error)

    def _train(self, most: int, advance: Callable[[int], StepLogs | None] | None = None) -> None:
        limit = min(self._block_size.steps, most)
        if self._steps_left is not None:
            limit = min(limit, self._steps_left)
        before = self._loop.moment
        is_examined = self._observer.begins_look(before)
        start_s = perf_counter()
        logs = (advance or self._loop.advance)(1 if is_examined else limit)
        end_s = perf_counter()
        if logs is not None:
            if not is_examined:
                self._block_size.measured(len(logs), end_s - start_s)
            self._record.add_steps(before, logs)
            if self._steps_left is not None:
                self._steps_left -= len(logs)
        if self._loop.moment.epoch > before.epoch:
            self._record.end_epoch()
        if is_examined:
            self._observer.end_look(self._loop.moment)
        self._tell("running")
        if self._loop.is_done:
            ending = self._loop.ending
            if self._finish():
                self._leave("finished", ending=ending)
        elif self._is_at_goal():
            self._leave("paused")
        elif self._is_look_due(end_s):
            self._observe()

    def _is_look_due(self, now_s: float) -> bool:
        if self._observer.is_urgent(now_s):
            return True
        is_new = self._loop.moment != self._seen and not self.pacing.is_by_redraw
        return is_new and self._observer.is_due(now_s)

    def _keep_initial(self) -> None:
        self._initial = InitialState(self._loop.model)

    def _note_epoch(self) -> None:
        self._record.begin_epoch()
        self._note_hyperparameters()

    def _note_hyperparameters(self) -> None:
        self._observer.note_hyperparameters(self._loop.moment.step, self._hyperparameters.keep())

    def _is_at_goal(self) -> bool:
        if self._steps_left is not None and self._steps_left <= 0:
            return True
        return self._epoch_goal is not None and self._loop.moment.epoch >= self._epoch_goal

    def _look(self) -> None:
        self._observe()
        if self.stepping.leave_if_moved():
            self._tell(self.core.status.state, problem=Problem(MOVED))

    def _observe(self) -> None:
        self._seen = self._loop.moment
        values = self._hyperparameters.keep()
        is_at_rest = not self.core.is_training
        self._observer.observe(self._loop.moment, self._loop.scalars, values, is_at_rest)
        status = self.core.status
        problem = self._observer.still(status.problem) or self._observer.problem
        if problem != status.problem:
            self._tell(status.state, problem=problem)
        elif self._observer.told != (status.generation, status.first_bad, status.findings):
            self._tell(status.state)

    def _fail(self, error: BaseException) -> None:
        self.error = error
        with suppress(Exception):  # what ended the training may end the look at it, too, but not the thread
            self._observe()
        self._tell("failed", problem=Problem.of(error))

    def _tell(self, state: State, **changes: Any) -> None:
        if state != "running":
            self.pacing.rest()
        pace, capabilities = self.pacing.pace, self.core.capabilities - {"steps", "takes"}
        self.core.capabilities = capabilities | ({"steps", "takes"} if self.stepping.opened is not None else set())
        self.core.tell(
            state,
            pace=FASTEST if pace is None else str(pace),
            moment=self._loop.moment,
            steps_per_epoch=self._loop.feed.steps_per_epoch,
            epochs=self._loop.epochs,
            optimizer=optimizer_name(self._loop.model),
            first_bad=self._observer.first_bad,
            findings=self._observer.checkup.findings,
            generation=self._observer.generation,
            steps=self.stepping.shown,
            trial=self.trying.shown,
            **changes,
        )
