"""When a frame may be sent: credits, a rate, and a heartbeat."""

from __future__ import annotations

MAX_IN_FLIGHT = 2
HEARTBEAT_S = 1.0
DEFAULT_RATE_HZ = 10.0
BYTES_PER_S = 500_000
BURST_S = 0.1
LEAST_PAUSE_S = 1 / 30


class Flow:
    """Keeps one view's stream within what the browser draws, its rate and 500 kB/s.

    Nothing between kernel and browser gives back-pressure, so the browser says what it has drawn: at most two frames
    are on their way. What a person waits for, and a browser that has come, need not wait for the rate; whatever a page
    asks, it gets at most 30 frames and 500 kB a second, of which a tenth of a second may be saved up. Times are passed
    in, in seconds of any clock.

    Args:
        rate_hz: Frames per second at most, 1 to 14.
    """

    def __init__(self, rate_hz: float = DEFAULT_RATE_HZ) -> None:
        self.rate_hz = rate_hz
        self.seq = 0
        self._drawn = 0
        self._next_s = float("-inf")
        self._least_s = float("-inf")
        self._paid_s = float("-inf")
        self._heartbeat_s = float("-inf")
        self._is_visible = True

    def hello(self) -> None:
        """A browser is there and has nothing on its way."""
        self._drawn = self.seq
        self._is_visible = True
        self._next_s = float("-inf")

    def drawn(self, seq: int) -> None:
        """The browser has drawn this frame; numbers never sent are left out."""
        if self._drawn < seq <= self.seq:
            self._drawn = seq

    def hurry(self) -> None:
        """The next frame need not wait for the rate: a person waits for it."""
        self._next_s = float("-inf")

    def set_visible(self, is_visible: bool) -> None:
        """Nothing is sent to a view that nobody sees."""
        self._is_visible = is_visible

    @property
    def has_credit(self) -> bool:
        """Whether the browser is ready for another frame."""
        return self._is_visible and self.seq - self._drawn < MAX_IN_FLIGHT

    def wait_s(self, now_s: float) -> float:
        """Seconds until rate and budget allow the next frame; 0 for now."""
        return max(0.0, max(self._next_s, self._least_s, self._paid_s) - now_s)

    def sent(self, now_s: float, byte_count: int) -> int:
        """Note a frame; returns its sequence number."""
        self.seq += 1
        cost_s = byte_count / BYTES_PER_S
        self._next_s = now_s + max(1.0 / self.rate_hz, cost_s)
        self._least_s = now_s + LEAST_PAUSE_S
        self._paid_s = max(self._paid_s, now_s - BURST_S) + cost_s
        self._heartbeat_s = now_s + HEARTBEAT_S
        return self.seq

    def heartbeat_wait_s(self, now_s: float) -> float:
        """Seconds until a sign of life is due; 0 for now."""
        return max(0.0, self._heartbeat_s - now_s)

    def is_heartbeat_due(self, now_s: float) -> bool:
        """Whether a sign of life is due; answers yes once a second."""
        if now_s < self._heartbeat_s:
            return False
        self._heartbeat_s = now_s + HEARTBEAT_S
        return True
