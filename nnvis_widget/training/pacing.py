"""The pace in force, and how much of the training is due by it."""

from __future__ import annotations

from dataclasses import dataclass

from nnvis_widget.control.pacer import Pacer
from nnvis_widget.core.pace import AUTOMATIC, LESSON, Pace, read_pace
from nnvis_widget.keras_adapter.loops.feed import ArrayFeed
from nnvis_widget.keras_adapter.observer import Observer
from nnvis_widget.keras_adapter.train_loop import TrainLoop

MOST_STEPS = 1_000_000_000
MOST_LESSON_WEIGHTS = 2_000
MOST_LESSON_SAMPLES = 5_000


@dataclass(frozen=True)
class Due:
    """What may be done now: steps, or a picture, or nothing for some seconds."""

    steps: int = MOST_STEPS
    wait_s: float = 0.0
    is_picture: bool = False


class Pacing:
    """Which pace a training goes at. Used by the training thread; `hurry` by any.

    Of its own accord a small model on little data goes at `LESSON` once a page has shown it while it trains, and as
    fast as it can where nobody looks or a program waits for it.

    Args:
        loop: Takes the steps.
        observer: Takes the snapshots.

    Attributes:
        asked: The text of the pace that was asked for.
    """

    def __init__(self, loop: TrainLoop, observer: Observer) -> None:
        self.asked = AUTOMATIC
        self._loop = loop
        self._observer = observer
        self._pacer = Pacer()
        self._is_running = False
        self._is_shown = False
        self._is_hurried = False
        self._redrawn = 0

    def begin(self) -> None:
        """A training begins or goes on."""
        self._is_running, self._is_shown, self._is_hurried = True, False, False
        self._redrawn = self._loop.moment.epoch
        self._pacer.forget()

    def rest(self) -> None:
        """It rests."""
        self._is_running = False

    def hurry(self) -> None:
        """A program waits for the training that runs: it need not be slow for being looked at."""
        self._is_hurried = True

    @property
    def pace(self) -> Pace | None:
        """The pace in force, at rest that of a training begun on a page; `None` for as fast as it can."""
        if self.asked != AUTOMATIC:
            return read_pace(self.asked)
        is_looked_at = not self._is_running or (self._is_shown and not self._is_hurried)
        return LESSON if is_looked_at and self._is_small() else None

    @property
    def is_by_redraw(self) -> bool:
        """Whether the picture is drawn anew where the pace says so, not at its own cadence."""
        pace = self.pace
        return pace is not None and pace.per == "redraw" and self._observer.watches.is_followed

    def due(self, now_s: float) -> Due:
        """What may be done now."""
        self._is_shown = self._is_shown or self._observer.watches.is_seen
        pace, moment = self.pace, self._loop.moment
        if pace is None:
            return Due()
        if pace.unit == "step":
            return Due(*self._pacer.allowed(pace.amount, moment.step, now_s))
        if self.is_by_redraw:
            return self._due_by_redraw(pace, now_s)
        rate_hz = pace.amount * (self._observer.cadence.rate_hz if pace.per == "redraw" else 1.0)
        steps = self._loop.feed.steps_per_epoch
        if steps is not None:
            return Due(*self._pacer.allowed(rate_hz * steps, moment.step, now_s))
        if moment.batch:  # how long the epoch is, its end will tell
            return Due()
        epochs, wait_s = self._pacer.allowed(rate_hz, moment.epoch, now_s)
        return Due(MOST_STEPS * epochs, wait_s)

    def _due_by_redraw(self, pace: Pace, now_s: float) -> Due:
        moment = self._loop.moment
        if moment.batch or moment.epoch < self._redrawn + pace.amount:
            return Due()
        wait_s = self._observer.cadence.wait_s(now_s)
        if wait_s > 0:
            return Due(0, wait_s)
        self._redrawn = moment.epoch
        return Due(0, is_picture=True)

    def _is_small(self) -> bool:
        feed = self._loop.feed
        is_little = isinstance(feed, ArrayFeed) and feed.sample_count < MOST_LESSON_SAMPLES
        return is_little and self._observer.graph.parameter_count < MOST_LESSON_WEIGHTS
