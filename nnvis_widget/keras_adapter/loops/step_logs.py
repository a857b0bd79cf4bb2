"""What Keras reports of each step."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np


@dataclass(frozen=True)
class StepLogs:
    """Metrics of consecutive steps.

    Attributes:
        names: n metric names.
        values: `(k, n)` float64, one row per step.
    """

    names: tuple[str, ...]
    values: np.ndarray

    def __len__(self) -> int:
        return len(self.values)

    @property
    def last(self) -> dict[str, float]:
        """The metrics of the last step."""
        return dict(zip(self.names, self.values[-1].tolist(), strict=True)) if len(self) else {}


def flatten_logs(logs: Mapping[str, Any]) -> dict[str, Any]:
    """One level of names, as Keras' History has them; nested dicts are merged."""
    flat: dict[str, Any] = {}
    for name, value in logs.items():
        flat |= flatten_logs(value) if isinstance(value, Mapping) else {name: value}
    return flat


def one_step(logs: Mapping[str, Any]) -> StepLogs:
    """The logs of a single step; what is no number is left out."""
    numbers = {name: float(value) for name, value in flatten_logs(logs).items() if _is_number(value)}
    return StepLogs(tuple(numbers), np.array([list(numbers.values())], np.float64).reshape(1, len(numbers)))


def _is_number(value: Any) -> bool:
    try:
        float(value)
    except (TypeError, ValueError):
        return False
    return True
