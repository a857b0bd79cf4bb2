"""A server started by us: it is waited for, its words are read, and it alone is ended."""

from __future__ import annotations

import subprocess
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from nnvis_widget.errors import NnvisError

GRACE_S = 10.0
POLL_S = 0.1
KEPT_LINES = 30


class Child:
    """A running server process and the lines it has printed (stdout and stderr, the last 30 kept)."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process
        self._lines: deque[str] = deque(maxlen=1000)
        self._last: list[str] = []
        self._reader = threading.Thread(target=self._read, name="nnvis-demo-output", daemon=True)
        self._reader.start()

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

    def close(self) -> None:
        """Let the reader finish what an ended server has left."""
        self._reader.join(timeout=1)

    @property
    def last_lines(self) -> str:
        """The last lines that the server printed; all that were still in the pipe if it has ended."""
        if self._process.poll() is not None:
            self.close()
        self._new_lines()
        return "\n".join(self._last)

    def _new_lines(self) -> list[str]:
        lines = []
        while self._lines:
            lines.append(self._lines.popleft())
        self._last = (self._last + lines)[-KEPT_LINES:]
        return lines

    def _read(self) -> None:
        assert self._process.stdout is not None
        with self._process.stdout as lines:
            for line in lines:
                self._lines.append(line.rstrip("\n"))


def ended(code: int, last_lines: str) -> NnvisError:
    """The error for a server that ended by itself."""
    return NnvisError(f"The server ended by itself (code {code}). Its last lines:\n{last_lines}")


@contextmanager
def serving(command: Sequence[str]) -> Iterator[Child]:
    """Start a server out of reach of the terminal's Ctrl-C; end it, and only it, when the block ends."""
    process = subprocess.Popen(
        list(command),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
        errors="replace",
        start_new_session=True,
    )
    child = Child(process)
    try:
        yield child
    finally:
        if process.poll() is None:
            process.terminate()
        try:
            process.wait(GRACE_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        child.close()
