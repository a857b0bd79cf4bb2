"""Which places of one sequence look at which of another, and in how many ways."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil

from nnvis_widget.core.limits import MAP_LIMIT

LANES = ("query", "key", "value")
"""The vectors of the places that look, of those that are looked at, and what is found there."""

SIDES = (64, 48, 32, 24, 16, 12, 8, 4)
"""A picture of a head has at most so many rows and columns; fewer where there are many heads."""


@dataclass(frozen=True)
class Attention:
    """What is known of the scores of an attention layer.

    Attributes:
        queries: Places that look.
        keys: Places that are looked at.
        heads: Ways of looking, each with a score for every pair of places.
        query_input: The id of the input of tokens whose places are those that look; `None` where there is none, or
            something on the way may have moved them.
        key_input: Of those that are looked at.
    """

    queries: int
    keys: int
    heads: int
    query_input: str | None = None
    key_input: str | None = None

    @property
    def block(self) -> tuple[int, int]:
        """How many queries and keys one square of a picture stands for; its colour is that of the largest score."""
        side = next((side for side in SIDES if side * side * self.heads <= MAP_LIMIT), SIDES[-1])
        return ceil(self.queries / side), ceil(self.keys / side)

    @property
    def is_whole(self) -> bool:
        """Whether every place has a square of its own."""
        return self.block == (1, 1)

    @property
    def is_self(self) -> bool:
        """Whether it may look at the sequence that it looks from, place by place."""
        return self.queries == self.keys

    @property
    def pictures(self) -> tuple[int, int, int]:
        """Rows, columns and number of the pictures, one for each head."""
        rows, columns = self.block
        return ceil(self.queries / rows), ceil(self.keys / columns), self.heads
