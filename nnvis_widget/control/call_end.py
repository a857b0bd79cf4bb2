"""Noticing that a call has ended, also by an error of which nobody tells."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from threading import RLock
from types import FrameType

from nnvis_widget.control.worker import Worker

PAUSE_S = 0.5


class CallEnd:
    """Calls `act`, within a second, when the innermost call of a name on this thread's stack has ended.

    Args:
        name: Of the function.
        act: Called on a thread of its own, unless `forget` was called before; must not raise.
    """

    def __init__(self, name: str, act: Callable[[], None]) -> None:
        self._act = act
        self._lock = RLock()
        self._frame = _frame_of(name)
        self._worker = Worker("nnvis-call-end", self._work, lambda: self._frame is not None)
        if self._frame is not None:
            self._worker.wake()

    def forget(self) -> None:
        """It does not matter any more; where `act` runs, it is over when this returns."""
        with self._lock:
            self._frame = None

    def _work(self) -> None:
        self._worker.is_exiting.wait(PAUSE_S)
        with self._lock:
            if self._frame is None or self._worker.is_exiting.is_set():
                return
            try:
                self._frame.clear()  # of a call that goes on nothing is cleared
            except RuntimeError:
                return
            self._frame = None
            self._act()


def _frame_of(name: str) -> FrameType | None:
    frame = inspect.currentframe()
    while frame is not None and frame.f_code.co_name != name:
        frame = frame.f_back
    return frame
