"""Where the epochs of a training began and ended, and what was measured of each."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from nnvis_widget.core.clock import Clock
from nnvis_widget.run.scalar_series import ScalarSeries

UNKNOWN = float("nan")
SAME = 1e-6
SPAN = 10
"""Over how many epochs a change is told: over one it is noise."""


class EpochValue(NamedTuple):
    """A metric of one epoch.

    Attributes:
        epoch: Which one: how many were done when it had ended.
        value: As Keras reports it of the whole epoch.
        before: The same of the epoch ten before; NaN where there is none.
    """

    epoch: int
    value: float
    before: float


class EpochLog:
    """Epochs as they begin and end; not thread-safe, its owner locks.

    As many rows as an epoch's number of steps has changed, plus one for the running epoch.
    """

    def __init__(self) -> None:
        self._clock: Clock | None = None
        self._ended: list[list[float]] = []
        self._running: list[float] | None = None
        self._ends = ScalarSeries()
        self._values: dict[str, ScalarSeries] = {}

    @property
    def byte_count(self) -> int:
        """Bytes held, the reserve for more included."""
        ends = 0 if self._ends.last_step is None else self._ends.byte_count
        return ends + sum(series.byte_count for series in self._values.values())

    @property
    def clock(self) -> Clock:
        """The clock of now, which never changes."""
        if self._clock is None:
            rows = [*self._ended, *([] if self._running is None else [self._running])]
            self._clock = Clock(np.array(rows, np.float64).reshape(-1, 3))
        return self._clock

    def begin(self, step: int, epoch: float, steps: float | None) -> None:
        """An epoch begins after a step, or from here on has another number of steps; `None` where it is not known."""
        self._clock = None
        known = UNKNOWN if steps is None else float(steps)
        if self._running is not None:
            if self._running[0] < step:
                self._end_row(self._running)
            elif steps is None:
                known = self._running[2]
        self._running = [float(step), float(epoch), known]

    def end(self, step: int, epoch: int, values: Mapping[str, float], steps: float | None) -> None:
        """So many epochs have ended, the last one after this step; the next one is expected to have `steps` steps.

        Where that is not known it is taken to be as long as the one that ended.
        """
        self._clock = None
        running = self._running
        length = UNKNOWN
        if running is not None and step > running[0] and epoch > running[1]:
            length = (step - running[0]) / (epoch - running[1])
            self._end_row([running[0], running[1], length])
        self._running = [float(step), float(epoch), length if steps is None else float(steps)]
        at = np.array([step])
        self._ends.extend(at, np.array([float(epoch)]))
        for name, value in values.items():
            self._values.setdefault(name, ScalarSeries()).extend(at, np.array([value]))

    def _end_row(self, row: list[float]) -> None:
        last = self._ended[-1] if self._ended else None
        if last is not None and last[2] > 0 and abs(last[2] - row[2]) < SAME:
            goes_on = last[1] + (row[0] - last[0]) / last[2]
            if abs(goes_on - row[1]) < SAME:
                return
        self._ended.append(row)

    def values_at(self, step: int) -> dict[str, EpochValue]:
        """By metric, of the last epoch that had ended at a step and has the metric; empty before the first."""
        ends, epochs = self._ends.view()
        found: dict[str, EpochValue] = {}
        for name, series in self._values.items():
            steps, values = series.view()
            index = int(np.searchsorted(steps, step, "right")) - 1
            if index < 0:
                continue
            place = int(np.searchsorted(ends, steps[index], "right")) - 1
            epoch = int(epochs[place])
            # an epoch that was broken off has no end, so that ten ends before is ten epochs before, or further back
            earlier = place - SPAN
            before = UNKNOWN
            if earlier >= 0 and epochs[earlier] == epoch - SPAN:
                at = int(np.searchsorted(steps, ends[earlier]))
                before = float(values[at]) if steps[at] == ends[earlier] else UNKNOWN
            found[name] = EpochValue(epoch, float(values[index]), before)
        return found

    def curves(self) -> dict[str, tuple[np.ndarray, np.ndarray]]:
        """By metric, the epochs that have it and its values."""
        ends, epochs = self._ends.view()
        found = {}
        for name, series in self._values.items():
            steps, values = series.view()
            found[name] = (epochs[np.searchsorted(ends, steps, "right") - 1], values.copy())
        return found
