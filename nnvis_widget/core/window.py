"""Which places of what goes into a layer each place of its output is made of."""

from __future__ import annotations

from dataclasses import dataclass

Pair = tuple[int, int]


@dataclass(frozen=True)
class Window:
    """The window that a layer moves over a picture; rows first.

    Attributes:
        size: How many rows and columns it reads.
        step: By how many it moves from one output to the next.
        before: How far it begins before the first row and column, in the padding.
        spread: From one row that it reads to the next.
    """

    size: Pair = (1, 1)
    step: Pair = (1, 1)
    before: Pair = (0, 0)
    spread: Pair = (1, 1)

    def places(self, place: Pair, axis: int) -> range:
        """The rows (`axis` 0) or columns (1) that are read for an output; some may lie in the padding."""
        start = place[axis] * self.step[axis] - self.before[axis]
        return range(start, start + self.size[axis] * self.spread[axis], self.spread[axis])
