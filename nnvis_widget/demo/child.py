"""A server started by us: it is waited for, its words are read, and it alone is ended."""

from __future__ import annotations

import os
import queue
import subprocess
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager

from nnvis_widget.errors import NnvisError

GRACE_S = 10.0
POLL_S = 0.1
KEPT_LINES = 30


class Child:
    """A running server process and the lines it has printed (stdout and stderr, the last 30 kept)."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process
        self._lines: queue.SimpleQueue[str] = queue.SimpleQueue()
        self._last: list[str] = []
        threading.Thread(target=self._read, name="nnvis-demo-output", daemon=True).start()

    def wait_for(self, is_ready: Callable[[list[str]], bool], timeout_s: float) -> bool:
        """Ask `is_ready` about the new lines until it says yes (True) or the time is over (False).

        Raises:
            NnvisError: If the server ends before that; the message carries its last lines.
        """
        deadline = time.monotonic() + timeout_s
        while not is_ready(self._new_lines()):
            if self._process.poll() is not None:
                raise ended(self._process.returncode, self.last_lines)
            if time.monotonic() > deadline:
                return False
            time.sleep(POLL_S)
        return True

    def wait(self) -> int:
        """Block until the server ends by itself and return its exit code."""
        return self._process.wait()

    @property
    def last_lines(self) -> str:
        """The last lines that the server printed."""
        self._new_lines()
        return "\n".join(self._last)

    def _new_lines(self) -> list[str]:
        lines = []
        while not self._lines.empty():
            lines.append(self._lines.get())
        self._last = (self._last + lines)[-KEPT_LINES:]
        return lines

    def _read(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            self._lines.put(line.rstrip("\n"))


def ended(code: int, last_lines: str) -> NnvisError:
    """The error for a server that ended by itself."""
    return NnvisError(f"The server ended by itself (code {code}). Its last lines:\n{last_lines}")


@contextmanager
def serving(command: Sequence[str], env: Mapping[str, str] = {}) -> Iterator[Child]:
    """Start a server out of reach of the terminal's Ctrl-C; end it, and only it, when the block ends."""
    process = subprocess.Popen(
        list(command),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
        errors="replace",
        env={**os.environ, **env},
        start_new_session=True,
    )
    try:
        yield Child(process)
    finally:
        if process.poll() is None:
            process.terminate()
        try:
            process.wait(GRACE_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
