"""One metric over the steps it was recorded at, growing."""

from __future__ import annotations

import numpy as np

from nnvis_widget.core.pages import empty

GROWTH = 1.25


class ScalarSeries:
    """Steps and values in arrays that grow by a quarter when full; not thread-safe, its owner locks.

    What `view` gave stays as it was: growing writes behind the views or into new arrays, never into them.
    """

    def __init__(self) -> None:
        self._steps = np.empty(64, np.int64)
        self._values = np.empty(64, np.float64)
        self._count = 0

    @property
    def byte_count(self) -> int:
        """Bytes held for steps and values, the reserve for more included."""
        return self._steps.nbytes + self._values.nbytes

    @property
    def last_step(self) -> int | None:
        """The newest recorded step."""
        return int(self._steps[self._count - 1]) if self._count else None

    def extend(self, steps: np.ndarray, values: np.ndarray) -> None:
        """Append `(k,)` steps and `(k,)` values; O(k) on average."""
        end = self._count + len(steps)
        if end > len(self._steps):
            capacity = max(end, int(GROWTH * len(self._steps)))
            self._steps = self._grown(self._steps, capacity)
            self._values = self._grown(self._values, capacity)
        self._steps[self._count : end] = steps
        self._values[self._count : end] = values
        self._count = end

    def _grown(self, array: np.ndarray, capacity: int) -> np.ndarray:
        grown = empty(capacity, array.dtype)
        grown[: self._count] = array[: self._count]
        return grown

    def view(self) -> tuple[np.ndarray, np.ndarray]:
        """Read-only `(steps, values)` of what is recorded so far, without a copy."""
        steps, values = self._steps[: self._count], self._values[: self._count]
        steps.flags.writeable = values.flags.writeable = False
        return steps, values
