"""What was seen in a training, look by look, and what stood after each."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field

from nnvis_widget.core.look import Look
from nnvis_widget.diagnosis.persistence import Key, Standing

MOST_LOOKS, FEWEST_LOOKS = 2_000, 16
LOOK_BYTES, KERNEL_BYTES, LAYER_BYTES, STANDING_BYTES = 600, 400, 250, 500
"""What they take in memory, about: objects of Python with their numbers."""


@dataclass(frozen=True)
class Stood:
    """What stands, by rule and place, and why some rules have nothing to say."""

    standing: Mapping[Key, Standing]
    not_checked: Mapping[str, str]


@dataclass(eq=False)
class History:
    """Looks in the order of their steps, each with what stood after it. One thread writes, any reads.

    Attributes:
        looks: All that are kept.
        stood: One for each.
        turns: What somebody did after how many looks: `rate` for another rate or batch size, `end` for an end.
        byte_count: What it takes in memory, about.
    """

    looks: list[Look] = field(default_factory=list)
    stood: list[Stood] = field(default_factory=list)
    turns: list[tuple[int, str]] = field(default_factory=list)
    byte_count: int = 0

    def append(self, look: Look, stood: Stood) -> None:
        """Keep what stood after a look that is in `looks` by now."""
        self.stood.append(stood)
        self.byte_count += _bytes_of(look) + STANDING_BYTES * len(stood.standing)

    def index(self, step: int) -> int:
        """Which look was the last one at a step; -1 where there was none yet."""
        return bisect_right(self.looks, step, 0, len(self.stood), key=lambda look: look.step) - 1

    def is_full(self, byte_budget: float) -> bool:
        """Whether there is no room for another look."""
        count = len(self.looks)
        return count >= MOST_LOOKS or (count >= FEWEST_LOOKS and self.byte_count > byte_budget)

    def thinned(self) -> History:
        """Without every second one of the older half."""
        half = len(self.looks) // 4 * 2
        looks, stood = ([*some[:half:2], *some[half:]] for some in (self.looks, self.stood))
        turns = [(place_after(place, half), kind) for place, kind in self.turns]
        size = sum(_bytes_of(look) + STANDING_BYTES * len(one.standing) for look, one in zip(looks, stood, strict=True))
        return History(looks, stood, turns, size)


def place_after(place: int, half: int) -> int:
    """Which place a look has when every second one before `half` is gone."""
    return place - min(place, half) // 2


def _bytes_of(look: Look) -> int:
    return LOOK_BYTES + KERNEL_BYTES * len(look.kernels) + LAYER_BYTES * len(look.layers)
