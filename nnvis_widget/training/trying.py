"""Trials beside a training: one at a time, on a thread of its own, while the training rests."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from threading import Event
from time import perf_counter
from typing import Any

from nnvis_widget.control.worker import Worker
from nnvis_widget.core.argument import Whole, refusal, shown
from nnvis_widget.core.command import CancelTrial, Command, TryChange
from nnvis_widget.core.finding import Finding
from nnvis_widget.core.trial import MOST_STEPS, Trial
from nnvis_widget.errors import CommandError
from nnvis_widget.training.trial import SideTrial

TELL_S = 0.25
STEPS = Whole(1, MOST_STEPS)


class Trying:
    """What is tried, on the training thread; any thread may read `shown` and `is_open`.

    Args:
        name: Of the thread.
        make: Makes a trial, for a command.
        rest: Stops a training that runs between two steps; whether one ran.
        go_on: Lets it train on.
        tell: Announces how the trial stands.
        wake: Sees to it that `hear` is called on the training thread.

    Attributes:
        handlers: What obeys its commands.
    """

    def __init__(
        self,
        name: str,
        make: Callable[[TryChange], SideTrial],
        rest: Callable[[], bool],
        go_on: Callable[[], None],
        tell: Callable[[], None],
        wake: Callable[[], None],
    ) -> None:
        self._make, self._rest, self._go_on, self._tell, self._wake = make, rest, go_on, tell, wake
        self._trial: SideTrial | None = None
        self._goes_on = False
        self._is_left = Event()
        self._command: TryChange | None = None
        self._told_s = 0.0
        self._is_heard = self._is_over = True
        self._worker = Worker(name, self._work, self._has_work)
        self.handlers: Mapping[type[Command], Callable[[Any], None]] = {
            TryChange: self._begin,
            CancelTrial: lambda _: self.leave(),
        }

    @property
    def shown(self) -> Trial | None:
        """The trial that is under way, or the last one; `None` where there was none since the last new beginning."""
        trial = self._trial
        return None if trial is None else trial.shown

    def of(self, command: TryChange) -> SideTrial | None:
        """The trial that a command has begun; `None` where another one has taken its place, or none was begun."""
        return self._trial if self._command is command else None

    @property
    def is_open(self) -> bool:
        """Whether a trial is under way."""
        return not self._is_over

    @property
    def has_news(self) -> bool:
        """Whether `hear` has something to say."""
        return not self._is_heard

    def check(self, command: TryChange, is_built: bool) -> None:
        """See that a trial can be asked for.

        Raises:
            CommandError: If it cannot.
        """
        if not STEPS.accepts(command.steps):
            raise CommandError(refusal("try_change", "steps", STEPS, command.steps))
        if not isinstance(command.finding, Finding):
            raise CommandError(f"Expected a finding, one of trainer.findings, got {shown(command.finding)}.")
        if not is_built:
            raise CommandError("Expected a built model, got one that its first batch builds. Take a step first.")

    def hear(self) -> None:
        """Announce how the trial stands; where it is over, the training goes on that it has stopped."""
        if self._is_heard:
            return
        self._is_heard = True
        trial = self._trial
        if trial is None or trial.result is None:
            self._tell()
            return
        self._worker.join()
        goes_on, self._goes_on = self._goes_on, False
        try:
            if goes_on:
                self._go_on()
        finally:  # not before: who waits for the trial finds the training running again
            self._is_over = True
        if not goes_on:
            self._tell()

    def stay(self) -> None:
        """Somebody wants the training to rest: it does not go on by itself."""
        self._goes_on = False

    def leave(self) -> None:
        """Cancel what is under way, and wait until its thread has put everything back; what is over stays shown."""
        if self._trial is not None and self._trial.result is None:
            self._is_left.set()
            self._worker.join()
            self.hear()

    def forget(self) -> None:
        """For a new beginning."""
        self.stay()
        self.leave()
        self._trial = None

    def _begin(self, command: TryChange) -> None:
        goes_on = self._goes_on
        self.stay()
        self.leave()
        self._goes_on = self._rest() or goes_on
        self._is_left.clear()
        self._trial, self._command = self._make(command), command
        self._is_over = False
        self._tell()
        self._worker.wake()

    def _has_work(self) -> bool:
        return self._trial is not None and self._trial.result is None

    def _work(self) -> None:
        trial = self._trial
        if trial is None:
            return
        if self._is_left.is_set():
            trial.cancel()
        else:
            trial.advance()
        now_s = perf_counter()
        if trial.result is not None or now_s >= self._told_s + TELL_S:
            self._told_s, self._is_heard = now_s, False
            self._wake()
