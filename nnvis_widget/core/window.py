"""Which places of what goes into a layer each place of its output is made of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

Pair = tuple[int, int]


@dataclass(frozen=True)
class Window:
    """The window that a layer moves over a picture; rows first.

    Attributes:
        size: How many rows and columns it reads.
        step: By how many it moves from one output to the next.
        before: How far it begins before the first row and column, in the padding.
        spread: From one row that it reads to the next.
        is_transposed: It is moved over the output instead: each place that goes in is spread over what it covers there.
    """

    size: Pair = (1, 1)
    step: Pair = (1, 1)
    before: Pair = (0, 0)
    spread: Pair = (1, 1)
    is_transposed: bool = False

    def reads(self, place: Pair, axis: int) -> tuple[Pair, ...]:
        """The rows (`axis` 0) or columns (1) that an output is made of, in order, each with its own of the kernel.

        Some may lie in the padding.
        """
        step, before, spread = self.step[axis], self.before[axis], self.spread[axis]
        taps = range(self.size[axis])
        if not self.is_transposed:
            return tuple((place[axis] * step - before + tap * spread, tap) for tap in taps)
        reached = (place[axis] + before - tap * spread for tap in taps)
        return tuple((start // step, tap) for start, tap in zip(reached, taps, strict=True) if start % step == 0)[::-1]

    def to_json(self) -> dict[str, Any]:
        """Its attributes; `is_transposed` where it is."""
        written = dict(vars(self))
        return written if self.is_transposed else {name: written[name] for name in written if name != "is_transposed"}
