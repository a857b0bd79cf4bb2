"""The step-through of a training: the next step is gone through, shown, and then taken or left."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, get_args

from nnvis_widget.core.command import CancelSteps, Command, OpenSteps, ShowPhase, TakeStep
from nnvis_widget.core.steps import PHASES, Phase, Steps
from nnvis_widget.errors import CommandError, NnvisError
from nnvis_widget.keras_adapter.one_batch.step_pass import StepPass
from nnvis_widget.keras_adapter.train_loop import TrainLoop

MOVED = (
    "The step-through was left: weights, optimiser or random states were changed from elsewhere since it was gone "
    "through, and stay so. Open it again."
)


class Stepping:
    """What is open, on the training thread; any thread may read `opened`, `phase` and `refused`.

    Args:
        loop: Whose next step it is.
        pause: Stops a training that runs.
        take: Takes one step by `take_singly`; with how to undo it should it fail.
        tell: Announces what is shown.

    Attributes:
        handlers: What obeys its commands.
        opened: What was gone through; `None` while nothing is open.
        phase: Which phase is shown.
        refused: The last command that somebody waited for and that was refused, and why.
    """

    def __init__(
        self,
        loop: TrainLoop,
        pause: Callable[[], object],
        take: Callable[[Callable[[], None]], None],
        tell: Callable[[], None],
    ) -> None:
        self._loop = loop
        self._pause = pause
        self._take = take
        self._tell = tell
        self._number = 0
        self.opened: StepPass | None = None
        self.phase: Phase = PHASES[0]
        self.refused: tuple[Command, NnvisError] | None = None
        self.handlers: Mapping[type[Command], Callable[[Any], None]] = {
            OpenSteps: lambda command: self._hear_refusal(command, lambda: self._open(command.sample)),
            ShowPhase: lambda command: self._show(command.phase),
            TakeStep: lambda command: self._hear_refusal(command, self._take_opened),
            CancelSteps: lambda _: self.leave(),
        }

    @property
    def shown(self) -> Steps | None:
        """Where one stands; `None` while nothing is open."""
        opened = self.opened
        return None if opened is None else Steps(self.phase, opened.sample, opened.is_taken, self._number)

    def leave(self) -> None:
        """What was gone through is given up, taken or not; nothing happens where nothing is open."""
        if self.opened is not None:
            self.opened = None
            self._tell()

    def renew(self) -> None:
        """Go through it again: what it was gone through with has changed. What was taken stays as it is."""
        if self.opened is None or self.opened.is_taken:
            return
        sample, self.opened = self.opened.sample, None
        self._go_through(sample, is_sample_bound=False)
        self._tell()

    def leave_if_moved(self) -> bool:
        """Leave what is no longer the next step, as somebody has changed the model; whether that was so."""
        if self.opened is None or self.opened.is_taken or not self.opened.has_moved():
            return False
        self.leave()
        return True

    def take_singly(self) -> Any:
        """The logs of the step that was gone through, which is now taken."""
        logs = self._loop.advance(1, singly=True)
        if self.opened is not None:
            self.opened.take()
            self.phase = PHASES[-1]
        return logs

    def _open(self, sample: int) -> None:
        """Go through the next batch; of one that is open only the sample changes."""
        self._pause()
        if self.opened is not None and not self.opened.is_taken and not self.leave_if_moved():
            self.opened.look_at(sample)
            self._number += 1
        else:
            self._go_through(sample)
            self.phase = PHASES[0]
        self._tell()

    def _show(self, phase: str) -> None:
        if self.opened is not None:
            self.phase = next(one for one in get_args(Phase) if one == phase)
            self._tell()

    def _take_opened(self) -> None:
        if self.leave_if_moved():
            raise CommandError(MOVED)
        opened = self.opened
        if opened is None or opened.is_taken:
            raise CommandError("Expected a step-through that is open and not taken yet. Open one first.")
        bring_back = self._loop.keep_singly()

        def undo() -> None:
            self.opened = None
            opened.restore()
            bring_back()

        self._take(undo)

    def _hear_refusal(self, command: Any, act: Callable[[], None]) -> None:
        """Do it; who waits for the command hears why it was refused, else everybody does."""
        try:
            act()
        except NnvisError as error:
            if not command.is_awaited:
                raise CommandError(str(error)) from error
            self.refused = (command, error)

    def _go_through(self, sample: int, is_sample_bound: bool = True) -> None:
        batch = self._loop.peek()
        opened = StepPass(self._loop.model, (batch.x, batch.y, batch.sample_weight), batch.indices)
        opened.look_at(sample if is_sample_bound else min(sample, len(opened.batch.rows) - 1))
        opened.may_differ = self._loop.may_move_before_step
        opened.moment = (self._loop.moment, self._loop.feed.steps_per_epoch)
        self.opened = opened
        self._number += 1
