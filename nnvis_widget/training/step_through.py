"""Stepping through one training step by hand: init, forward, loss, backward, update."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from types import TracebackType
from typing import Any

from nnvis_widget.control.worker import Worker
from nnvis_widget.core.argument import shown
from nnvis_widget.core.command import CancelSteps, Command, OpenSteps, ShowPhase, TakeStep
from nnvis_widget.core.graph import NetworkGraph
from nnvis_widget.core.plain_text import sentence
from nnvis_widget.core.steps import PHASES, Phase
from nnvis_widget.errors import CommandError, TrainerStateError
from nnvis_widget.keras_adapter.one_batch.step_page import told_to_page
from nnvis_widget.keras_adapter.one_batch.step_pass import StepPass
from nnvis_widget.training.engine import Engine
from nnvis_widget.workings.arithmetic import Arithmetic
from nnvis_widget.workings.card import Card

CARDS: dict[Phase, tuple[str, ...]] = {
    "init": (),
    "forward": ("forward",),
    "backward": ("backward", "gradient"),
    "update": (),
}


class Stepped(ABC):
    """The part of a `Trainer` whose next step can be gone through before it is taken."""

    _engine: Engine
    _worker: Worker

    @abstractmethod
    def _settle(self, command: Command, at_rest_for: str | None = None) -> None:
        """Post a command and wait until it is obeyed."""

    @property
    def steps(self) -> StepThrough | None:
        """The step-through that is open, by whomever it was opened; `None` where there is none."""
        opened = self._engine.stepping.opened
        return None if opened is None else StepThrough(self, opened)

    def step_through(self, sample: int = 0) -> StepThrough:
        """Go through the very next step of the training: batch, forward, loss, backward, update, with all numbers.

        A running training is paused first. Nothing moves until `take()`: weights, slots, metrics, random states and the
        place in the data are those of before, and are again after `cancel()`. Where one is open, it is that one, with
        another sample. Cost: about two steps that are not compiled, and two copies of weights and slots while it is
        open.

        Args:
            sample: Which sample of the batch is told of; its place in the batch, the first is 0.

        Raises:
            ModelError: If the model is not built yet or cannot be run so.
            DataError: If the stream is over, or the batch has no such sample.
            TrainerStateError: If it is called on the training's own thread, as from a callback.

        Example:
            >>> with trainer.step_through(sample=3) as steps:
            ...     print(steps.arithmetic("dense", unit=1).delta, steps.loss, steps.loss_after)
            ...     steps.take()
        """
        if self._worker.is_current:
            raise TrainerStateError(
                "Expected step_through() outside of the training's own thread, such as a callback's."
            )
        command = OpenSteps(sample, is_awaited=True)
        self._settle(command)
        self._raise_refusal(command)
        steps = self.steps
        if steps is None:
            raise TrainerStateError("The step-through was left before it could be used. Call step_through() again.")
        return steps

    def _raise_refusal(self, command: Command) -> None:
        refused = self._engine.stepping.refused
        if refused is not None and refused[0] is command:
            raise refused[1]


class StepThrough:
    """The next step of a training, gone through and not taken yet. Made by `trainer.step_through()`.

    As a context it is left at the end, taken or not. Whatever else is asked of the training leaves it too; a changed
    learning rate or batch size goes through it again.
    """

    phases: tuple[Phase, ...] = PHASES

    def __init__(self, trainer: Stepped, opened: StepPass) -> None:
        self._trainer = trainer
        self._pass = opened

    def __repr__(self) -> str:
        if not self.is_open:
            return "<StepThrough, left>"
        taken = ", taken" if self.is_taken else ""
        return f"<StepThrough of {len(self.batch)} samples: {self.phase}{taken}>"

    def __enter__(self) -> StepThrough:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.cancel()

    @property
    def is_open(self) -> bool:
        """Whether it can still be taken or shown."""
        return self._trainer._engine.stepping.opened is self._pass

    @property
    def phase(self) -> Phase:
        """Which phase a view shows: `init`, `forward`, `loss`, `backward` or `update`."""
        return self._trainer._engine.stepping.phase if self.is_open else PHASES[0]

    @property
    def is_taken(self) -> bool:
        """Whether the step was taken."""
        return self._pass.is_taken

    @property
    def sample(self) -> int:
        """The place in the batch of the sample that is told of."""
        return self._pass.sample

    @property
    def batch(self) -> tuple[int, ...]:
        """What its samples are called: their places in the data, or, of a stream, in the batch."""
        return self._pass.batch.rows

    @property
    def loss(self) -> float | None:
        """Of the batch, in training mode, penalties of weights included; `None` where none can be told."""
        return self._pass.loss

    @property
    def loss_after(self) -> float | None:
        """Of the same batch, with the same random numbers and the weights after the step."""
        return self._pass.loss_after

    @property
    def lacks_update(self) -> str | None:
        """Why no update is told; `None` where it is. The step can be taken even so."""
        return self._pass.lacks_update

    def arithmetic(
        self, layer: Any, unit: int = 0, position: Sequence[int] | int | None = None, use: int = 0
    ) -> Arithmetic:
        """All of the arithmetic of one unit in this step, as `nv.arithmetic` tells it.

        Args:
            layer: A layer's name, its path in nested models, or the layer itself.
            unit: Place along the last axis of what it puts out.
            position: Places along the axes before; `None` for the middle.
            use: Which call of a layer that the model calls more than once.

        Raises:
            ModelError: If there is no such layer, unit, position or use.
        """
        return self._pass.arithmetic(layer, unit, position, use)

    def cards(self, layer: Any, unit: int = 0, position: Sequence[int] | int | None = None) -> tuple[Card, ...]:
        """The cards of one unit in the phase that is shown; none in `init`.

        Raises:
            ModelError: As `arithmetic`.
        """
        told = self.arithmetic(layer, unit, position)
        if self.phase == "update":
            return tuple(told.update.cards.values()) if told.update is not None else ()
        if self.phase == "loss":
            return told.losses
        return tuple(told.cards[name] for name in CARDS[self.phase] if name in told.cards)

    def message(
        self, graph: NetworkGraph, chosen: tuple[str, int] | None, place: tuple[int, ...] | None
    ) -> dict[str, Any]:
        """What a page shows of it.

        Args:
            graph: The layers as a view has them folded.
            chosen: A layer's id and a unit of it.
            place: Where in a map; `None` for the middle.
        """
        shown = self._trainer._engine.stepping.shown
        return {} if shown is None else told_to_page(self._pass, shown, graph, chosen, place)

    def show(self, phase: str) -> None:
        """Show a phase, here and in every view.

        Raises:
            CommandError: If there is no such phase, or it was left.
        """
        if phase not in PHASES:
            raise CommandError(f"Expected one of {', '.join(PHASES)}, got phase={shown(phase)}.")
        self._expect_open()
        self._trainer._settle(ShowPhase(phase))

    def next(self) -> Phase:
        """Show the phase after this one; the last one stays."""
        return self._move(1)

    def back(self) -> Phase:
        """Show the phase before this one; the first one stays."""
        return self._move(-1)

    def take(self) -> None:
        """Take the step, as `train_on_batch` takes it: the training goes on from there.

        Raises:
            CommandError: If it was left or taken, or the model was changed from elsewhere since; that stays as it is.
            TrainerStateError: If the step failed; then everything is as it was before.
        """
        self._expect_open()
        command = TakeStep(is_awaited=True)
        self._trainer._settle(command)
        self._trainer._raise_refusal(command)
        error = self._trainer._engine.error
        if not self.is_taken and error is not None:
            raise TrainerStateError(
                f"The step was not taken, and all is as it was: {type(error).__name__}: {sentence(error)}"
            ) from error

    def cancel(self) -> None:
        """Leave it. What was not taken has changed nothing; nothing happens where it was left already."""
        if self.is_open:
            self._trainer._settle(CancelSteps())

    def _move(self, by: int) -> Phase:
        place = PHASES.index(self.phase) + by
        self.show(PHASES[min(max(place, 0), len(PHASES) - 1)])
        return self.phase

    def _expect_open(self) -> None:
        if not self.is_open:
            raise CommandError(
                "Expected a step-through that is open, got one that was left. Call step_through() again."
            )
