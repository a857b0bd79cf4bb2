from __future__ import annotations

import statistics
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Result:
    """One measured number beside its limit; `limit` is `None` for a number that is only told."""

    name: str
    value: float
    unit: str
    limit: float | None = None
    note: str = ""

    @property
    def is_met(self) -> bool | None:
        return None if self.limit is None else self.value <= self.limit


def interleaved(runs: Mapping[str, Callable[[], float]], rounds: int) -> dict[str, list[float]]:
    """Take every measurement once per round, so that what else the machine does falls on all alike."""
    values: dict[str, list[float]] = {name: [] for name in runs}
    for _ in range(rounds):
        for name, run in runs.items():
            values[name].append(run())
    return values


def median_ratio(values: Sequence[float], base: Sequence[float]) -> float:
    """The median over rounds of value / base, paired by round."""
    return statistics.median(value / other for value, other in zip(values, base, strict=True))
