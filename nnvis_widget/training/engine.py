"""What runs on the training thread: commands first, then a block of steps, then what is due to be measured."""

from __future__ import annotations

import traceback
from collections.abc import Mapping
from dataclasses import replace
from time import perf_counter
from typing import Any

import numpy as np

from nnvis_widget.control.command_queue import CommandQueue
from nnvis_widget.core.command import (
    Command,
    Pause,
    Reset,
    Resume,
    RunEpochs,
    RunSteps,
    SetHyperparameter,
    Stop,
    Unwatch,
    Watch,
)
from nnvis_widget.core.snapshot import Moment
from nnvis_widget.core.status import Problem, State, Status
from nnvis_widget.errors import CommandError
from nnvis_widget.keras_adapter.loops.feed import ArrayFeed
from nnvis_widget.keras_adapter.loops.step_logs import StepLogs
from nnvis_widget.keras_adapter.observer import Observer
from nnvis_widget.keras_adapter.state import InitialState
from nnvis_widget.keras_adapter.steering import (
    check_learning_rate,
    follows_schedule,
    learning_rate,
    optimizer_name,
    set_learning_rate,
)
from nnvis_widget.keras_adapter.train_loop import TrainLoop
from nnvis_widget.run.listeners import Listeners
from nnvis_widget.training.block_size import BlockSize

COMMANDS: Mapping[State, tuple[str, ...]] = {
    "idle": ("start", "run_steps", "run_epochs", "set_hyperparameter"),
    "running": ("pause", "stop", "reset", "set_hyperparameter"),
    "paused": ("start", "run_steps", "run_epochs", "reset", "stop", "set_hyperparameter"),
    "finished": ("start", "run_steps", "run_epochs", "reset", "set_hyperparameter"),
    "failed": ("start", "reset", "set_hyperparameter"),
}


class Engine:
    """The training thread's work, one piece at a time.

    Args:
        loop: Takes the steps.
        observer: Takes the snapshots.
        queue: Where commands come from.
    """

    def __init__(self, loop: TrainLoop, observer: Observer, queue: CommandQueue) -> None:
        self.listeners: Listeners[Status] = Listeners()
        self.error: BaseException | None = None
        self._loop = loop
        self._observer = observer
        self._queue = queue
        self._initial: InitialState | None = None
        if loop.model.built:
            self._keep_initial()
        loop.on_built = self._keep_initial
        loop.on_epoch = self._note_hyperparameters
        self._block_size = BlockSize()
        self._steps_left: int | None = None
        self._epoch_goal: int | None = None
        self._is_scheduled = follows_schedule(loop.model)
        self._step_names: tuple[str, ...] = ()
        self._applied: dict[str, float] = {}
        self._last_watch: dict[str, Watch] = {}
        self.status = Status()
        self._tell("idle")
        self._observe()

    def has_work(self) -> bool:
        """Whether commands wait or a training runs."""
        return len(self._queue) > 0 or self.status.state == "running"

    def work(self) -> None:
        """Obey the commands that wait, then take one block of steps if the training runs."""
        # A person's callback may even exit; the thread has to outlive that, or every wait would be endless.
        while (command := self._queue.take()) is not None:
            try:
                self._obey(command)
            except BaseException as error:
                self._fail(error)
        if self.status.state == "running":
            try:
                self._train()
            except BaseException as error:
                self._fail(error)

    def hyperparameters(self) -> dict[str, float]:
        """The values in force."""
        values: dict[str, float] = {}
        rate = learning_rate(self._loop.model)
        if rate is not None:
            values["learning_rate"] = rate
        if isinstance(self._loop.feed, ArrayFeed):
            values["batch_size"] = float(self._loop.feed.batch_size)
        self._applied = values
        return values

    @property
    def applied(self) -> dict[str, float]:
        """The values in force, for any thread; while a training runs those of its newest block.

        The optimiser of a running JAX training must not be read from another thread: its arrays are donated.
        """
        return self._applied if self.status.state == "running" else self.hyperparameters()

    def check(self, command: Command) -> None:
        """See that a command can be carried out, before it is put on the queue. Any thread may call this.

        Raises:
            CommandError: If a value is out of range or cannot be set at all.
        """
        if not isinstance(command, SetHyperparameter):
            return
        feed = self._loop.feed
        if command.name == "learning_rate":
            check_learning_rate(self._loop.model, command.value, self._is_scheduled)
        elif command.name != "batch_size":
            raise CommandError(f"Expected learning_rate or batch_size, got {command.name!r}.")
        elif isinstance(feed, ArrayFeed):
            feed.check_batch_size(command.value)
        else:
            raise CommandError("Expected data in memory to change the batch size of; a stream brings its own batches.")

    def _obey(self, command: Command) -> None:
        match command:
            case Resume():
                self._go()
            case RunSteps(count):
                self._go(steps=count)
            case RunEpochs(count):
                self._go(epochs=count)
            case Pause():
                self._leave("paused")
            case Stop():
                if self.status.state in ("running", "paused"):
                    self._loop.finish()
                    self._leave("finished", from_states=("running", "paused"))
            case Reset():
                self._reset()
            case SetHyperparameter(name, value):
                self._set_hyperparameter(name, value)
            case Watch():
                self._watch(command)
            case Unwatch(view):
                self._observer.watches.unwatch(view)
                self._last_watch.pop(view, None)

    def _go(self, steps: int | None = None, epochs: int | None = None) -> None:
        self._steps_left = steps
        self._epoch_goal = None if epochs is None else self._loop.moment.epoch + epochs
        self.error = None
        self._is_scheduled = follows_schedule(self._loop.model)
        self._tell("running", problem=None)

    def _leave(self, state: State, from_states: tuple[State, ...] = ("running",)) -> None:
        if self.status.state in from_states:
            self._observe()
            self._tell(state)

    def _reset(self) -> None:
        self._loop.finish()
        if self._initial is not None:
            self._initial.restore(self._loop.model)
        self._loop.rewind()
        self._observer.run.clear()
        self._observer.forget()
        self.error = None
        self._observe()
        self._tell("idle", problem=None)

    def _set_hyperparameter(self, name: str, value: float) -> None:
        if name == "learning_rate":
            set_learning_rate(self._loop.model, value)
        elif isinstance(self._loop.feed, ArrayFeed):
            self._loop.feed.batch_size = int(value)
        self._observe()

    def _watch(self, watch: Watch) -> None:
        previous = self._last_watch.get(watch.view)
        self._last_watch[watch.view] = watch
        self._observer.watches.watch(watch)
        changed = previous is None or replace(previous, is_following=True) != replace(watch, is_following=True)
        if changed or self.status.state != "running":
            self._observe()

    def _train(self) -> None:
        limit = self._block_size.steps
        if self._steps_left is not None:
            limit = min(limit, self._steps_left)
        before = self._loop.moment
        start_s = perf_counter()
        logs = self._loop.advance(limit)
        end_s = perf_counter()
        if logs is not None:
            self._block_size.measured(len(logs), end_s - start_s)
            self._record(before, logs)
            if self._steps_left is not None:
                self._steps_left -= len(logs)
        if self._loop.moment.epoch > before.epoch:
            self._record_epoch()
        self._tell("running")
        if self._loop.is_done:
            self._loop.finish()
            self._leave("finished")
        elif self._is_at_goal():
            self._leave("paused")
        elif self._observer.is_due(end_s):
            self._observe()

    def _keep_initial(self) -> None:
        self._initial = InitialState(self._loop.model)

    def _record(self, before: Moment, logs: StepLogs) -> None:
        last = Moment(before.step + len(logs), before.epoch, before.batch + len(logs))
        self._observer.record(last, np.arange(before.step + 1, last.step + 1), logs.names, logs.values)
        self._step_names = logs.names

    def _record_epoch(self) -> None:
        """Record what is known once an epoch, such as `val_loss`."""
        values = {name: value for name, value in self._loop.scalars.items() if name not in self._step_names}
        if values:
            moment = self._loop.moment
            self._observer.record(
                moment, np.array([moment.step]), tuple(values), np.array([list(values.values())], np.float64)
            )

    def _note_hyperparameters(self) -> None:
        self._observer.note_hyperparameters(self._loop.moment.step, self.hyperparameters())

    def _is_at_goal(self) -> bool:
        if self._steps_left is not None and self._steps_left <= 0:
            return True
        return self._epoch_goal is not None and self._loop.moment.epoch >= self._epoch_goal

    def _observe(self) -> None:
        self._observer.observe(self._loop.moment, self._loop.scalars, self.hyperparameters())
        if self._observer.problem is not None and self.status.problem is None:
            self._tell(self.status.state, problem=self._observer.problem)
        elif self._observer.first_bad is not self.status.first_bad:
            self._tell(self.status.state)

    def _fail(self, error: BaseException) -> None:
        self.error = error
        first_line = (str(error).strip().splitlines() or [""])[0]
        title = f"{type(error).__name__}: {first_line}"
        self._observe()
        self._tell("failed", problem=Problem(title, "".join(traceback.format_exception(error))))

    def _tell(self, state: State, **changes: Any) -> None:
        self.status = replace(
            self.status,
            state=state,
            moment=self._loop.moment,
            steps_per_epoch=self._loop.feed.steps_per_epoch,
            epochs=self._loop.epochs,
            optimizer=optimizer_name(self._loop.model),
            commands=COMMANDS[state],
            first_bad=self._observer.first_bad,
            generation=self._observer.generation,
            **changes,
        )
        self.listeners.notify(self.status)
