"""Keeps the kernels of a Jupyter server reading, in spite of a fault of ipykernel."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Thread

from jupyter_client import BlockingKernelClient

PAUSE_S = 5.0


@contextmanager
def kept_awake(state: Path) -> Iterator[None]:
    """Wake all kernels of the server whose files are under `state`, every few seconds."""
    ended = Event()

    def run() -> None:
        while not ended.wait(PAUSE_S):
            wake_kernels(state)

    thread = Thread(target=run, name="waker", daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()


def wake_kernels(state: Path) -> None:
    """Make every kernel look at its shell socket again, by connecting to it once.

    ipykernel 7.0 to 7.3 can leave a request unread when it comes while a reply is sent, until the next connection
    (ipython/ipykernel#1554); 7.4, which mends that, misroutes comm messages.
    """
    for connection in state.rglob("kernel-*.json"):
        client = BlockingKernelClient()
        try:
            client.load_connection_file(str(connection))
        except (OSError, ValueError):
            continue  # it has ended, or is still being started
        shell = client.connect_shell()
        shell.linger = 5_000
        # A message that has no reply: a reply to a peer that has gone is how the fault begins.
        client.session.send(shell, "comm_close", {"comm_id": "none", "data": {}})
        shell.close()
