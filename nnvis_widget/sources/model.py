"""A model at rest, or under somebody else's `fit`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from nnvis_widget.control.cadence import Cadence
from nnvis_widget.control.command_queue import CommandQueue
from nnvis_widget.control.worker import Worker
from nnvis_widget.core.command import Command, SetHyperparameter, Stop, Unwatch, Watch
from nnvis_widget.core.graph import NetworkGraph
from nnvis_widget.core.scenery import Scenery
from nnvis_widget.core.snapshot import Moment
from nnvis_widget.core.status import State, Status
from nnvis_widget.errors import CommandError
from nnvis_widget.keras_adapter.observer import Observer
from nnvis_widget.keras_adapter.read_data import read_scenery
from nnvis_widget.keras_adapter.steering import (
    check_learning_rate,
    follows_schedule,
    learning_rate,
    optimizer_name,
    set_learning_rate,
)
from nnvis_widget.run.gaze import Gaze
from nnvis_widget.run.listeners import Listeners
from nnvis_widget.run.run import Run

WATCH_RATE_HZ = 10.0
WATCH_SHARE = 0.025
FIT_COMMANDS = ("stop", "set_hyperparameter")


class WatchedModel:
    """A source for views of a model that trains elsewhere, or not at all.

    At rest, a thread that lives only while it is needed measures what views ask for. While `LiveCallback` reports a
    `fit`, everything is measured on the thread that trains.

    Args:
        model: Any Keras model.
        data: Samples to look at it with, as for `Trainer`, or `None`.
        byte_budget: Memory for the run, in bytes.
    """

    def __init__(self, model: Any, data: Any = None, byte_budget: int = 256 * 2**20) -> None:
        self.model = model
        self.scenery: Scenery = read_scenery(data, model=model)
        self.run = Run(byte_budget=byte_budget)
        self.gaze = Gaze()
        self.observer = Observer(model, self.scenery, self.run, Cadence(WATCH_RATE_HZ, WATCH_SHARE))
        self.is_fitting = False
        self.is_stop_wanted = False
        self._is_scheduled = follows_schedule(model)
        self.status = Status(optimizer=optimizer_name(model), generation=self.observer.generation)
        self._listeners: Listeners[Status] = Listeners()
        self._queue = CommandQueue(self._wake)
        self._worker = Worker(f"nnvis-model-{model.name}", self.obey, self._has_work)
        self._last_watch: dict[str, Watch] = {}
        self.observe({})

    @property
    def graph(self) -> NetworkGraph:
        """The model's structure."""
        return self.observer.graph

    def subscribe(self, listener: Callable[[Status], object]) -> Callable[[], None]:
        """Hear of every change of state; the result, called, ends that."""
        return self._listeners.subscribe(listener)

    def post(self, command: Command) -> None:
        """Put a command on the queue. Any thread may call this.

        Raises:
            CommandError: If it asks for a value out of range, or for something only a `Trainer` can do.
        """
        if isinstance(command, SetHyperparameter):
            if command.name != "learning_rate":
                raise CommandError(f"Expected learning_rate, got {command.name!r}; fit has fixed it. Use nv.Trainer.")
            is_scheduled = self._is_scheduled if self.is_fitting else follows_schedule(self.model)
            check_learning_rate(self.model, command.value, is_scheduled)
        elif not isinstance(command, Watch | Unwatch | Stop):
            raise CommandError(
                f"Expected a command that a plain fit can obey, got {type(command).__name__}. "
                "Train with nv.Trainer to pause, step and reset."
            )
        self._queue.put(command)

    @property
    def has_commands(self) -> bool:
        """Whether `obey` has something to do."""
        return len(self._queue) > 0

    def obey(self) -> None:
        """Carry out the commands that wait; on the training thread during a `fit`, else on the worker's."""
        while (command := self._queue.take()) is not None:
            match command:
                case SetHyperparameter(_, value):
                    set_learning_rate(self.model, value)
                    self.note_hyperparameters(self.status.moment.step)
                    self._refresh_unless_fitting()
                case Stop():
                    self.is_stop_wanted = self.is_fitting
                case Unwatch(view):
                    self.observer.watches.unwatch(view)
                    self._last_watch.pop(view, None)
                case Watch():
                    self.observer.watches.watch(command)
                    self._last_watch[command.view] = command
                    self._refresh_unless_fitting()

    def hyperparameters(self) -> dict[str, float]:
        """The values in force. During a `fit` only the thread that trains may ask."""
        rate = learning_rate(self.model)
        return {} if rate is None else {"learning_rate": rate}

    def note_hyperparameters(self, step: int) -> None:
        """Record where a value changed."""
        self.observer.note_hyperparameters(step, self.hyperparameters())

    def observe(self, scalars: dict[str, float]) -> None:
        """Measure what is watched now."""
        self.observer.observe(self.status.moment, scalars, self.hyperparameters())
        known = (self.status.generation, self.status.problem, self.status.first_bad)
        if known != (self.observer.generation, self.observer.problem, self.observer.first_bad):
            self.tell(self.status.state)

    def tell(self, state: State, moment: Moment | None = None, **changes: Any) -> None:
        """Change the status and announce it."""
        if state == "running" and not self.is_fitting:
            self._is_scheduled = follows_schedule(self.model)
        self.is_fitting = state == "running"
        self.status = replace(
            self.status,
            state=state,
            moment=moment or self.status.moment,
            optimizer=optimizer_name(self.model),
            commands=FIT_COMMANDS if self.is_fitting else (),
            generation=self.observer.generation,
            problem=self.observer.problem,
            first_bad=self.observer.first_bad,
            **changes,
        )
        self._listeners.notify(self.status)

    def _refresh_unless_fitting(self) -> None:
        if not self.is_fitting:
            latest = self.run.latest
            self.observe(dict(latest.scalars) if latest else {})

    def _wake(self) -> None:
        if not self.is_fitting:
            self._worker.wake()

    def _has_work(self) -> bool:
        return self.has_commands and not self.is_fitting
