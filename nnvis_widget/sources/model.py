"""A model at rest, or under somebody else's `fit`."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any

from nnvis_widget.control.cadence import Cadence
from nnvis_widget.control.source_core import SourceCore
from nnvis_widget.control.worker import Worker
from nnvis_widget.core.command import Capability, Command, Look, SetHyperparameter, SetThreshold, Stop, Suppose
from nnvis_widget.core.graph import NetworkGraph
from nnvis_widget.core.scenery import Scenery
from nnvis_widget.core.snapshot import Moment
from nnvis_widget.core.status import State, Status
from nnvis_widget.core.structure import NetworkStructure
from nnvis_widget.errors import CommandError
from nnvis_widget.keras_adapter.observer import Observer
from nnvis_widget.keras_adapter.read_data import read_scenery
from nnvis_widget.keras_adapter.steering import RATES, check_rate, follows_schedule, optimizer_name, rates_of, set_rate
from nnvis_widget.keras_adapter.what_if.supposing import Supposing
from nnvis_widget.run.gaze import Gaze
from nnvis_widget.run.run import Run
from nnvis_widget.sources.rehearsal import Rehearsal
from nnvis_widget.sources.thresholds import Thresholds

WATCH_RATE_HZ = 10.0
WATCH_SHARE = 0.025


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
        self.data = data
        self.run = Run(byte_budget=byte_budget)
        self.gaze = Gaze()
        self.observer = Observer(model, read_scenery(model, data), self.run, Cadence(WATCH_RATE_HZ, WATCH_SHARE))
        self.supposing.sample = lambda: self.gaze.sample
        self.is_stop_wanted = False
        self._is_scheduled = follows_schedule(model)
        self._rehearsal = Rehearsal(self.observer, lambda: self.status, self.gaze, lambda: self.tell(self.status.state))
        self._core = SourceCore(
            capabilities={"looks", "steers", "blocks", "supposes", "judges"},
            refusal="Expected a command that a plain fit can obey, got {command}. "
            "Train with nv.Trainer to pause, step and reset.",
            watches=self.observer.watches,
            handlers={
                SetHyperparameter: self._set_hyperparameter,
                Stop: lambda _: self._stop(),
                Suppose: self.observer.supposing.obey,
                SetThreshold: self._set_threshold,
                **self._rehearsal.handlers,
            },
            check=self._check,
            look=self._look_at_rest,
            wake=self._wake,
            renew=self.observer.read_anew,
            is_stale=self.observer.is_stale,
        )
        self._worker = Worker(f"nnvis-model-{model.name}", self._core.obey_at_rest, self._has_work)
        self.tell("idle")
        self.observe({})

    @property
    def graph(self) -> NetworkGraph:
        """The model's structure."""
        return self.observer.graph

    @property
    def structure(self) -> NetworkStructure:
        """The model at every depth."""
        return self.observer.structure

    @property
    def scenery(self) -> Scenery:
        """The samples that it is looked at with, and what its outputs mean."""
        return self.observer.scenery

    @property
    def status(self) -> Status:
        """Where a `fit` stands, if there is one."""
        return self._core.status

    @property
    def capabilities(self) -> Collection[Capability]:
        """What it can do: a `fit` can be steered while it keeps the kernel busy; what is shown can be chosen."""
        return self._core.capabilities

    @property
    def supposing(self) -> Supposing:
        """What is tried on the model without touching it."""
        return self.observer.supposing

    @property
    def steps(self) -> Rehearsal | None:
        """The batch that is gone through, as a step of a `fit` would; `None` while none is."""
        return None if self._rehearsal.shown is None else self._rehearsal

    @property
    def is_fitting(self) -> bool:
        """Whether a `fit` runs."""
        return self._core.is_training

    def subscribe(self, listener: Callable[[Status], object]) -> Callable[[], None]:
        """Hear of every change of state; the result, called, ends that."""
        return self._core.subscribe(listener)

    def post(self, command: Command) -> None:
        """Put a command on the queue. Any thread may call this.

        Raises:
            CommandError: If it asks for a value out of range, or for something only a `Trainer` can do.
        """
        self._core.post(command)

    def look(self) -> None:
        """Look at the model anew; at rest it returns once that is done, else the next step sees to it."""
        self._core.post(Look(is_anew=True))
        self._core.obey_at_rest()

    def keep_up(self) -> None:
        """Look again if at rest something was asked for, or the model has changed; returns once that is done."""
        if self._core.is_behind():
            self._core.post(Look())
            self._core.obey_at_rest()

    @property
    def thresholds(self) -> Thresholds:
        """What its doctor holds numbers against, by name; during a `fit` a new one counts from the next step on."""

        def settle(command: SetThreshold) -> None:
            self._core.post(command)
            self._core.obey_at_rest()

        return Thresholds(self.observer.checkup, settle)

    @property
    def has_commands(self) -> bool:
        """Whether `obey` has something to do."""
        return len(self._core.queue) > 0

    def obey(self) -> None:
        """Carry out the commands that wait; on the training thread during a `fit`."""
        self._core.obey()

    def hyperparameters(self) -> dict[str, float]:
        """The values in force. During a `fit` only the thread that trains may ask."""
        return rates_of(self.model)

    def note_hyperparameters(self, step: int) -> None:
        """Record where a value changed."""
        self.observer.note_hyperparameters(step, self.hyperparameters())

    def observe(self, scalars: dict[str, float]) -> None:
        """Measure what is watched now."""
        self.observer.observe(self.status.moment, scalars, self.hyperparameters(), is_at_rest=not self.is_fitting)
        status = self.status
        problem = self.observer.problem or self.observer.still(status.problem)
        told = (status.generation, status.first_bad, status.findings)
        if (told, status.problem) != (self.observer.told, problem):
            self.tell(self.status.state)

    def tell(self, state: State, moment: Moment | None = None, **changes: Any) -> None:
        """Change the status and announce it."""
        problem = self.observer.problem or self.observer.still(self.status.problem)
        if state == "running" and not self.is_fitting:
            self._is_scheduled = follows_schedule(self.model)
            problem = self.observer.problem
        steps = self._rehearsal.shown
        self._core.capabilities = self._core.capabilities - {"steps"} | ({"steps"} if steps is not None else set())
        self._core.tell(
            state,
            steps=steps,
            moment=moment or self.status.moment,
            optimizer=optimizer_name(self.model),
            generation=self.observer.generation,
            first_bad=self.observer.first_bad,
            findings=self.observer.checkup.findings,
            **{"problem": problem} | changes,
        )

    def _check(self, command: Command) -> None:
        if not isinstance(command, SetHyperparameter):
            return
        if command.name not in RATES:
            raise CommandError(
                f"Expected {' or '.join(RATES)}, got {command.name!r}; fit has fixed it. Use nv.Trainer."
            )
        is_scheduled = self._core.at_rest(lambda: follows_schedule(self.model), lambda: self._is_scheduled)
        check_rate(self.model, command.name, command.value, is_scheduled)

    def _set_hyperparameter(self, command: SetHyperparameter) -> None:
        set_rate(self.model, command.name, command.value)
        self.observer.checkup.rate_changed()
        self.note_hyperparameters(self.status.moment.step)
        self.observer.watches.is_asked = True

    def _set_threshold(self, command: SetThreshold) -> None:
        self.observer.checkup.set_threshold(command.name, command.value, self.observer.first_bad)
        self.tell(self.status.state)

    def _stop(self) -> None:
        self.is_stop_wanted = self.is_fitting

    def _look_at_rest(self) -> None:
        latest = self.run.latest
        self.observe(dict(latest.scalars) if latest else {})

    def _wake(self) -> None:
        if not self.is_fitting:
            self._worker.wake()

    def _has_work(self) -> bool:
        return self.has_commands and not self.is_fitting
