"""How much time may be spent beside something else."""

from __future__ import annotations


class Allowance:
    """A share of the time that passes, and some seconds saved up for the beginning.

    Times are passed in, in seconds of any clock.

    Args:
        share: The part of the time that may be spent.
        saved_s: How much can be saved up; it begins full.
    """

    def __init__(self, share: float, saved_s: float) -> None:
        self._share = share
        self._saved_s = saved_s
        self._left_s = saved_s
        self._owed_s = 0.0
        self._filled_s: float | None = None

    def is_there(self, now_s: float) -> bool:
        """Whether anything is left to spend."""
        earned_s = 0.0 if self._filled_s is None else self._share * max(0.0, now_s - self._filled_s)
        paid_s = min(self._owed_s, earned_s / 2)
        self._owed_s -= paid_s
        self._left_s = min(self._saved_s, self._left_s + earned_s - paid_s)
        self._filled_s = now_s
        return self._left_s > 0

    def pause(self) -> None:
        """Until it is asked again nothing is saved up: what is to be paid for stands still."""
        self._filled_s = None

    def spend(self, cost_s: float) -> None:
        """Note what was spent; what is beyond the allowance has to be waited for."""
        self._left_s -= cost_s

    def owe(self, cost_s: float) -> None:
        """Note what had to be spent once, whatever was left: half of what is earned pays it back."""
        self._owed_s += cost_s
