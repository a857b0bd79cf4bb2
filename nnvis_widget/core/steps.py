"""The step-through of one training step: its phases, and where one stands in it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

Phase = Literal["init", "forward", "loss", "backward", "update"]

PHASES: tuple[Phase, ...] = get_args(Phase)


@dataclass(frozen=True)
class Steps:
    """A step-through that is open.

    Attributes:
        phase: Which phase is shown.
        sample: The place in the batch of the sample that is shown.
        is_taken: Whether the step was taken.
        number: Another one for each batch that is gone through.
    """

    phase: Phase
    sample: int
    is_taken: bool
    number: int
