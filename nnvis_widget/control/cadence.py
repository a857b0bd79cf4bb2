"""How often watching may happen."""

from __future__ import annotations


class Cadence:
    """Decides when the next measurement is due, so that watching keeps within its share of the time.

    From one measurement to the next it takes the larger of `1 / rate_hz` and `cost / share`. The cost is the smaller
    of the last two, and of the first nothing, so that one that had to compile, or was disturbed, does not keep the
    picture still for long. Times are passed in, in seconds of any clock.

    Args:
        rate_hz: Measurements per second at most.
        share: The part of the time that measuring may take, between 0 and 1.
    """

    def __init__(self, rate_hz: float = 10.0, share: float = 0.1) -> None:
        self.rate_hz = rate_hz
        self.share = share
        self._last_cost_s = 0.0
        self._next_s = float("-inf")

    def is_due(self, now_s: float) -> bool:
        """Whether a measurement may happen now."""
        return now_s >= self._next_s

    def wait_s(self, now_s: float) -> float:
        """How many seconds until one may happen; 0 if it may now."""
        return max(0.0, self._next_s - now_s)

    def done(self, now_s: float, cost_s: float) -> None:
        """Note a measurement that began at `now_s` and took `cost_s`."""
        self._next_s = now_s + max(1.0 / self.rate_hz, min(cost_s, self._last_cost_s) / self.share)
        self._last_cost_s = cost_s
