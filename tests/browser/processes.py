from __future__ import annotations

import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import psutil

from ..limits import PATIENCE_S


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def wait_until(is_true: Callable[[], bool], what: str, timeout_s: float = PATIENCE_S, poll_s: float = 0.05) -> None:
    """Poll for a state outside the browser; inside it, Playwright's own waiting does this."""
    deadline = time.monotonic() + timeout_s
    while not is_true():
        if time.monotonic() > deadline:
            raise TimeoutError(f"{what} did not happen within {timeout_s:.0f} s")
        time.sleep(poll_s)


@contextmanager
def running(
    command: Sequence[str], log: Path, env: Mapping[str, str], cwd: Path | None = None
) -> Iterator[subprocess.Popen[bytes]]:
    """Run a server in its own process group; end it and whatever it started when the block ends."""
    with log.open("wb") as sink:
        process = subprocess.Popen(
            list(command),
            stdin=subprocess.DEVNULL,
            stdout=sink,
            stderr=subprocess.STDOUT,
            env=dict(env),
            cwd=cwd,
            start_new_session=True,
        )
    try:
        yield process
    finally:
        end(process)


def end(process: subprocess.Popen[bytes], grace_s: float = 10.0) -> None:
    """End a process started by `running`, then the descendants it had (kernels are in sessions of their own)."""
    try:
        descendants = psutil.Process(process.pid).children(recursive=True)
    except psutil.NoSuchProcess:
        descendants = []
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGTERM)
        try:
            process.wait(grace_s)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
    _, left = psutil.wait_procs(descendants, timeout=3)
    for orphan in left:
        orphan.kill()


def wait_until_serving(process: subprocess.Popen[bytes], log: Path, answers: Callable[[], bool], what: str) -> None:
    """Wait for a server's first answer; when its process ends instead, raise with its log."""

    def is_over() -> bool:
        return process.poll() is not None or answers()

    try:
        wait_until(is_over, f"{what}: first answer")
    except TimeoutError as error:
        raise TimeoutError(f"{error}\n{tail(log)}") from None
    if process.poll() is not None:
        raise RuntimeError(f"{what} ended with {process.returncode} before it answered:\n{tail(log)}")


def tail(log: Path, characters: int = 4000) -> str:
    return log.read_text(errors="replace")[-characters:]
