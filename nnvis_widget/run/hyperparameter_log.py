"""What steers a training, over the steps."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np


class HyperparameterLog:
    """The hyperparameters in force and every change of one; not thread-safe, its owner locks."""

    def __init__(self) -> None:
        self._values: dict[str, float] = {}
        self._changes: dict[str, list[tuple[int, float, float]]] = {}

    def differs(self, values: Mapping[str, float]) -> bool:
        """Whether a value is new or other than the one in force."""
        return any(not _is_same(self._values.get(name), value) for name, value in values.items())

    def note(self, step: int, values: Mapping[str, float]) -> None:
        """Note the values in force after a step; the first of a name is no change.

        Several changes at one step are one, from the first value to the last; none where it is back at the first.
        """
        for name, value in values.items():
            before = self._values.get(name)
            if _is_same(before, value):
                continue
            self._values[name] = value
            if before is None:
                continue
            changes = self._changes.setdefault(name, [])
            if changes and changes[-1][0] == step:
                before = changes.pop()[1]
            if not _is_same(before, value):
                changes.append((step, before, value))

    def changes(self) -> dict[str, np.ndarray]:
        """By name, float64 `(n, 3)`: the step after which it changed, the value before and the value since."""
        return {name: np.array(rows, np.float64) for name, rows in self._changes.items() if rows}


def _is_same(one: float | None, other: float) -> bool:
    return one is not None and (one == other or (one != one and other != other))
