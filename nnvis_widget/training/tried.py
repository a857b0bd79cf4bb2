"""Trying what a finding advises, beside the training."""

from __future__ import annotations

from abc import ABC, abstractmethod
from threading import Condition

from nnvis_widget.control.worker import Worker
from nnvis_widget.core.command import CancelTrial, Command, TryChange
from nnvis_widget.core.finding import Finding
from nnvis_widget.core.trial import MOST_STEPS, TrialResult
from nnvis_widget.errors import TrainerStateError
from nnvis_widget.training.engine import Engine

POLL_S = 0.1


class Tried(ABC):
    """The part of a `Trainer` that tries changes."""

    _engine: Engine
    _worker: Worker
    _changed: Condition

    @abstractmethod
    def post(self, command: Command) -> None:
        """Put a command on the queue."""

    @abstractmethod
    def _settle(self, command: Command, at_rest_for: str | None = None) -> None:
        """Post a command and wait until it is obeyed."""

    def try_change(self, finding: Finding, steps: int = MOST_STEPS) -> TrialResult:
        """Try what a finding advises: two clones train side by side, one as it is and one changed.

        A training that runs is paused meanwhile and goes on afterwards; weights, slots, metrics, random states and the
        place in the data are those of before, bit for bit. Both clones begin with the weights of now, or with those of
        the beginning where the fault is in data or start, or nothing was learnt yet; they take the same rows in the
        same order. It ends after `steps`, or after 20 s. An interrupt cancels it. No code of a finding is carried out:
        what is tried is one of a list of changes.

        Args:
            finding: One of `trainer.findings`; its first advice that can be tried is tried.
            steps: 1 to 300.

        Returns:
            Both curves, which of them is lower, and how to keep the change; or why nothing was tried, as of a model
            that cannot be cloned.

        Raises:
            CommandError: If the model is not built yet, or there are fewer or more steps.
            TrainerStateError: If it is called on the training's own thread, or the trial could not begin.

        Example:
            >>> for finding in trainer.findings.faults:
            ...     print(trainer.try_change(finding).describe())
        """
        if self._worker.is_current:
            raise TrainerStateError("Expected try_change() outside of the training's own thread, such as a callback's.")
        command = TryChange(finding, steps)
        self._settle(command)
        trial = self._engine.trying.of(command)
        if trial is None:
            raise TrainerStateError("The trial could not begin, or another one has taken its place. Try it again.")
        try:
            with self._changed:
                while trial.result is None or (self._engine.trying.of(command) and self._engine.trying.is_open):
                    self._changed.wait(POLL_S)
        except KeyboardInterrupt:
            self.post(CancelTrial())
            raise
        return trial.result
