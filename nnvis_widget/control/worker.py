"""A thread that exists only while there is work."""

from __future__ import annotations

import atexit
import logging
import sys
from collections.abc import Callable
from threading import Event, Lock, Thread, current_thread

EXIT_GRACE_S = 5.0

log = logging.getLogger("nnvis_widget")


class Worker:
    """Runs `work` on a thread of its own for as long as `has_work` says so, then lets the thread end.

    Nothing is left behind by an object that is idle, so a notebook cell may be run again without end.

    Args:
        name: The thread's name.
        work: Does a piece of work; must not raise.
        has_work: Asked before each piece, under the lock that `wake` takes: no wake is lost, and a wake that comes when
            the thread before has already done all brings no work.
    """

    def __init__(self, name: str, work: Callable[[], None], has_work: Callable[[], bool]) -> None:
        self._name = name
        self._work = work
        self._has_work = has_work
        self._lock = Lock()
        self._thread: Thread | None = None
        self.is_exiting = Event()

    def wake(self) -> None:
        """See to it that the thread runs. Any thread may call this."""
        with self._lock:
            # A thread started while the interpreter ends never begins, and start() would wait for it without end.
            if self._thread is None and not self.is_exiting.is_set() and not sys.is_finalizing():
                self._thread = Thread(target=self._run, name=self._name, daemon=True)
                atexit.register(self._finish)
                self._thread.start()

    @property
    def is_current(self) -> bool:
        """Whether the caller is on this worker's thread."""
        return current_thread() is self._thread

    def join(self, timeout_s: float | None = None) -> bool:
        """Wait until the thread has ended; `False` if it has not by then."""
        thread = self._thread
        if thread is not None:
            thread.join(timeout_s)
        return thread is None or not thread.is_alive()

    def _run(self) -> None:
        log.debug("thread %s begins", self._name)
        try:
            while self._goes_on():
                self._work()
        except BaseException:
            # told by threading.excepthook; the next wake starts afresh
            with self._lock:
                self._end()
            raise

    def _goes_on(self) -> bool:
        with self._lock:
            goes_on = not self.is_exiting.is_set() and self._has_work()
            if not goes_on:
                self._end()
            return goes_on

    def _end(self) -> None:
        self._thread = None
        atexit.unregister(self._finish)
        log.debug("thread %s ends", self._name)

    def _finish(self) -> None:
        # A daemon thread inside TensorFlow's C++ aborts the process if the interpreter ends under it.
        self.is_exiting.set()
        thread = self._thread
        if thread is not None and thread.ident is not None:  # one that is just being started will find nothing to do
            thread.join(EXIT_GRACE_S)
