"""How often something may happen, with some of it saved up."""

from __future__ import annotations


class TokenBucket:
    """A right to act that fills up again: `per_s` times a second in the long run, `most` times at once.

    Times are passed in, in seconds of any clock.

    Args:
        per_s: Acts a second.
        most: Acts that can be saved up; it begins full.
    """

    def __init__(self, per_s: float, most: float) -> None:
        self._per_s = per_s
        self._most = most
        self._left = most
        self._filled_s = float("-inf")

    def take(self, now_s: float) -> bool:
        """Whether one more may happen now; then it counts as done."""
        self._left = min(self._most, self._left + max(0.0, now_s - self._filled_s) * self._per_s)
        self._filled_s = now_s
        if self._left < 1:
            return False
        self._left -= 1
        return True
