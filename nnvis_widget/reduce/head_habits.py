"""How a head of attention looks on the whole."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class HeadHabits:
    """Means over the places that look; `None` where queries and keys are not the same places.

    Attributes:
        entropy: Bits; evenly over n places it would be log₂ n.
        on_itself: The score of the place itself.
        one_back: Of the place before, for all but the first.
        on_first: Of the first place.
    """

    entropy: float
    on_itself: float | None
    one_back: float | None
    on_first: float

    def named(self) -> dict[str, float]:
        """Those that are known, by name."""
        return {name: value for name, value in vars(self).items() if value is not None}


def habits_of(scores: np.ndarray, is_self: bool) -> HeadHabits | None:
    """Of one head.

    Args:
        scores: `(queries, keys)`: a row for each place that looks, which adds up to 1.
        is_self: Whether it looks at the sequence that it looks from.

    Returns:
        `None` where a score is not known.
    """
    scores = np.asarray(scores, np.float64)
    if not scores.size or not np.isfinite(scores).all():
        return None
    bits = -scores * np.log2(np.where(scores > 0, scores, 1))
    back = np.diagonal(scores, -1)
    return HeadHabits(
        float(bits.sum(1).mean()),
        float(np.diagonal(scores).mean()) if is_self else None,
        float(back.mean()) if is_self and back.size else None,
        float(scores[:, 0].mean()),
    )
