"""Bringing widgets up to date, off the training thread and not too often."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from threading import Event

from nnvis_widget.control.worker import Worker


class Refresher:
    """Calls `refresh` after a wake, on a thread of its own, at most every `pause_s` seconds; the last wake counts.

    Args:
        name: Of the thread.
        refresh: Sets traits; an error in it is reported once and ends the refreshing.
        pause_s: Seconds between two calls at least.
    """

    def __init__(self, name: str, refresh: Callable[[], None], pause_s: float = 0.2) -> None:
        self._refresh = refresh
        self._pause_s = pause_s
        self._is_stale = False
        self._closed = Event()
        self._worker = Worker(name, self._work, lambda: self._is_stale and not self._closed.is_set())

    def wake(self) -> None:
        """There is something new. Any thread may call this."""
        self._is_stale = True
        if not self._closed.is_set():
            self._worker.wake()

    def close(self) -> None:
        """Refresh nothing more."""
        self._closed.set()
        self._refresh = lambda: None  # it holds what was refreshed, which would be freed only by a collection

    def _work(self) -> None:
        self._is_stale = False
        try:
            self._refresh()
        except Exception as error:
            self.close()
            warnings.warn(f"nnvis_widget stopped refreshing its controls: {error!r}", RuntimeWarning, stacklevel=2)
        self._closed.wait(self._pause_s)
