"""How far a training was at each of its steps, in epochs. Its twin is js/src/core/clock.ts."""

from __future__ import annotations

from dataclasses import dataclass
from math import floor

import numpy as np

from nnvis_widget.core.number_text import format_count, format_epoch
from nnvis_widget.core.words.say import say

NEARLY = 0.999


@dataclass(frozen=True)
class Clock:
    """The one clock of a page: the epoch as a number, which says "3.5" in the middle of the fourth.

    Attributes:
        rows: float64 `(k, 3)`, at least one where epochs are counted at all: a step, the epoch there, and how many
            steps an epoch has from there on; NaN where nobody knows yet. The last row begins within the running epoch.
    """

    rows: np.ndarray

    @property
    def is_known(self) -> bool:
        """Whether the running epoch is measured in epochs; else everything is counted in steps."""
        return len(self.rows) > 0 and bool(self.rows[-1, 2] > 0)

    def epoch_at(self, step: float) -> float | None:
        """Epochs done at a step; `None` where that is not known. An epoch that has not ended is never whole."""
        if not self.is_known:
            return None
        index = max(0, int(np.searchsorted(self.rows[:, 0], step, "right")) - 1)
        begun, epoch, steps = map(float, self.rows[index])
        if not steps > 0:
            return None
        at = epoch + (step - begun) / steps
        return min(at, floor(epoch) + NEARLY) if index == len(self.rows) - 1 else at

    def step_at(self, epoch: float) -> float:
        """The first step at which so many epochs were done; of a clock that `is_known`."""
        begun, epochs, steps = self.rows.T
        index = max(0, int(np.searchsorted(epochs, epoch, "right")) - 1)
        return float(begun[index] + max(0.0, epoch - epochs[index]) * steps[index])

    def text(self, step: float) -> str:
        """`epoch 618.4`, or `step 1,234` where epochs are not known."""
        epoch = self.epoch_at(step)
        if epoch is None:
            return say("step", step=format_count(step))
        return say("epoch", epoch=format_epoch(epoch))

    def text_with_step(self, step: float) -> str:
        """`epoch 618.4 (step 3,092)`"""
        epoch = self.epoch_at(step)
        if epoch is None:
            return self.text(step)
        return say("epochAndStep", epoch=format_epoch(epoch), step=format_count(step))


STEPS = Clock(np.zeros((0, 3)))
"""Of a training without epochs."""
