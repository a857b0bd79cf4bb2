"""The one thread that talks to one view."""

from __future__ import annotations

import logging
import warnings
from collections.abc import Callable
from threading import Condition
from time import monotonic
from typing import Any

from nnvis_widget.control.worker import Worker
from nnvis_widget.stream.flow import Flow
from nnvis_widget.stream.protocol import frame_message, heartbeat_message

LINGER_S = 1.5

log = logging.getLogger("nnvis_widget")

Send = Callable[[dict[str, Any], list[bytes]], None]


class Sender:
    """Sends the newest frame when the flow allows it; a newer one replaces one that waits.

    Its thread lives while there is something to send and a little longer than the next heartbeat.

    Args:
        name: Of the thread.
        encode: Makes the frame to show now, or `None`; called on the sender's thread.
        send: Puts a message and its buffers on the wire; any thread may call it.
        heartbeat: State and step for a sign of life.
        rate_hz: Frames per second at most.
        is_blind: Whether credit cannot arrive now because a cell keeps the kernel busy; then a frame is sent at the
            rhythm of the heartbeat, so that a plain `fit` is seen even where the kernel has no subshells.
    """

    def __init__(
        self,
        name: str,
        encode: Callable[[], bytes | None],
        send: Send,
        heartbeat: Callable[[], tuple[str, int]],
        rate_hz: float,
        is_blind: Callable[[], bool] = lambda: False,
    ) -> None:
        self.sent_bytes = 0
        self._encode = encode
        self._send = send
        self._heartbeat = heartbeat
        self._is_blind = is_blind
        self._flow = Flow(rate_hz)
        self._changed = Condition()
        self._is_waiting = False
        self._is_closed = False
        self._has_failed = False
        self._last_wake_s = monotonic()
        self._worker = Worker(name, self._work, self._has_work)

    @property
    def sent_frames(self) -> int:
        """How many frames were sent."""
        return self._flow.seq

    @property
    def has_credit(self) -> bool:
        """Whether the browser is ready for another frame."""
        return self._flow.has_credit

    def set_rate(self, rate_hz: float) -> None:
        """Frames per second at most, from the next frame on."""
        self._flow.rate_hz = rate_hz

    def hurry(self) -> None:
        """There is something new that a person waits for, such as a pause: the rate does not hold it back."""
        self._note(self._flow.hurry, is_waiting=True)

    def wake(self) -> None:
        """There is something new to show. Any thread may call this."""
        self._note(lambda: setattr(self, "_is_waiting", True))

    def hello(self) -> None:
        """A browser has come (again): the next frame goes out at once."""
        self._note(self._flow.hello, is_waiting=True)

    def drawn(self, seq: int) -> None:
        """A frame was drawn."""
        self._note(lambda: self._flow.drawn(seq))

    def set_visible(self, is_visible: bool) -> None:
        """The view came on the screen or left it."""
        self._note(lambda: self._flow.set_visible(is_visible))

    def close(self) -> None:
        """Send nothing more; the thread ends."""
        self._note(lambda: setattr(self, "_is_closed", True))

    def _note(self, change: Callable[[], object], is_waiting: bool = False) -> None:
        with self._changed:
            change()
            self._is_waiting = self._is_waiting or is_waiting
            self._last_wake_s = monotonic()
            self._changed.notify()
            is_closed = self._is_closed
        if not is_closed:
            self._worker.wake()

    def _has_work(self) -> bool:
        return not self._is_closed and monotonic() < self._last_wake_s + LINGER_S

    def _work(self) -> None:
        with self._changed:
            now_s = monotonic()
            may_send = self._is_waiting and not self._is_closed and self._flow.has_credit
            pause_s = self._flow.wait_s(now_s) if may_send else LINGER_S
            if self._is_waiting and not may_send:
                pause_s = self._flow.heartbeat_wait_s(now_s)
            is_beat = self._is_waiting and not may_send and not self._is_closed and self._flow.is_heartbeat_due(now_s)
            if not is_beat and (not may_send or pause_s > 0) and not self._is_closed:
                self._changed.wait(pause_s)
                return
            if self._is_closed:
                return
            self._is_waiting = self._is_waiting and is_beat
        try:
            if may_send or self._is_blind():
                self._send_frame()
            else:
                self._send(heartbeat_message(self._flow.seq, *self._heartbeat()), [])
        except Exception as error:
            self._tell(error)

    def _tell(self, error: Exception) -> None:
        log.info("sending failed", exc_info=error)
        if self._has_failed or self._is_closed:
            return
        self._has_failed = True
        warnings.warn(
            f"nnvis_widget could not send a frame because of {type(error).__name__}: {error} It tries again with the "
            "next one; the training goes on.",
            RuntimeWarning,
            stacklevel=2,
        )

    def _send_frame(self) -> None:
        data = self._encode()
        if data is None:
            return
        with self._changed:
            seq = self._flow.sent(monotonic(), len(data))
        self.sent_bytes += len(data)
        self._send(frame_message(seq), [data])
        log.debug("frame %d: %d bytes", seq, len(data))
