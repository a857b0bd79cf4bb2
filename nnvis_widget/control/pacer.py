"""Holding a training to its pace."""

from __future__ import annotations

from math import floor

TICK_S = 0.05
MOST_BEHIND_S = 0.5
ROUNDING = 1e-6


class Pacer:
    """Says how much a training may do now, so that it goes at so much a second.

    The pace is kept from its beginning on, not from step to step, so no error adds up; what a training is behind by
    more than half a second is let go, so no rush follows a pause of the machine. A high rate is let through in
    portions, about every 50 ms. Times are passed in, in seconds of any clock; what is counted it need not know.
    """

    def __init__(self) -> None:
        self._rate_hz = 0.0
        self._start_s = 0.0
        self._first = 0

    def forget(self) -> None:
        """Begin anew at the next question."""
        self._rate_hz = 0.0

    def allowed(self, rate_hz: float, done: int, now_s: float) -> tuple[int, float]:
        """How many more may be done now, and if none, how many seconds to wait; a new rate begins here.

        Args:
            rate_hz: How many a second.
            done: How many were done.
            now_s: The time.
        """
        if rate_hz != self._rate_hz or done < self._first:
            self._rate_hz, self._start_s, self._first = rate_hz, now_s, done
        done -= self._first
        self._start_s = max(self._start_s, now_s - MOST_BEHIND_S - done / rate_hz)
        portion = max(1, round(rate_hz * TICK_S))
        due = floor((now_s - self._start_s) * rate_hz + ROUNDING) + 1 - done
        if due >= portion:
            return due, 0.0
        return 0, self._start_s + (done + portion - 1) / rate_hz - now_s
