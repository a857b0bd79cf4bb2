"""Kernels that have TensorFlow and the package from the first moment: each is forked from a process that imported them.

An import takes seven seconds of a core, and to take an interpreter with TensorFlow apart takes more than one: a kernel
ends without. Between two forks nothing is shared: no operation has run before, no socket is open, and each kernel gets
the folder, the environment and the arguments that its server gave.

Run as `kernel_forge.py ADDRESS` it is the forge; as `kernel_forge.py ADDRESS -f FILE` it is what a server starts and
stops in a kernel's place.
"""

from __future__ import annotations

import atexit
import gc
import json
import os
import signal
import socket
import sys
from importlib import import_module
from threading import Thread

STREAMS = (0, 1, 2)


def serve(address: str) -> None:
    """Import what takes long, then fork a kernel for each connection."""
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(address)
    listener.listen()
    atexit.register(_end_at_once)  # the first to be registered is the last to be called
    _import_all()
    gc.freeze()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for a kernel but the other end of its connection
    while True:
        server, _ = listener.accept()
        if os.fork() == 0:
            listener.close()
            _become_a_kernel(server)
            return
        server.close()


def ask(address: str, arguments: list[str]) -> None:
    """Stand for a kernel: pass on the signals that it gets, and end with it."""
    with socket.socket(socket.AF_UNIX) as forge:
        forge.connect(address)
        socket.send_fds(forge, [b"."], STREAMS)
        birth = {"cwd": os.getcwd(), "environment": dict(os.environ), "arguments": arguments}
        forge.sendall(json.dumps(birth).encode() + b"\n")
        kernel = int(forge.recv(32))
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda number, _: os.kill(kernel, number))
        forge.recv(1)


def _import_all() -> None:
    del sys.path[0]  # the folder of this file
    import ipykernel.kernelapp  # noqa: F401

    import nnvis_widget as nv

    # Before TensorFlow is loaded, as in the notebooks of ours: the package keeps it quiet.
    for library in ("keras", "tensorflow"):
        import_module(library)
    for name in nv.__all__:
        getattr(nv, name)


def _become_a_kernel(server: socket.socket) -> None:
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    os.setsid()
    _, streams, _, _ = socket.recv_fds(server, 1, len(STREAMS))
    for stream, number in zip(streams, STREAMS, strict=True):
        os.dup2(stream, number)
        os.close(stream)
    birth = json.loads(server.makefile().readline())
    os.chdir(birth["cwd"])
    os.environ.clear()
    os.environ.update(birth["environment"])
    sys.argv[1:] = [
        *birth["arguments"],
        "--IPKernelApp.parent_handle=1",  # watched already, by `_end_with`
        "--IPKernelApp.extra_extensions=ipywidgets",  # which was imported where no kernel was yet
    ]
    server.sendall(str(os.getpid()).encode())
    Thread(target=_end_with, args=(server,), daemon=True).start()
    from ipykernel.kernelapp import launch_new_instance

    launch_new_instance()


def _end_at_once() -> None:
    sys.stdout.flush()
    sys.stderr.flush()
    signal.raise_signal(signal.SIGKILL)


def _end_with(server: socket.socket) -> None:
    """A server ends a kernel that does not end by itself by killing what stands for it."""
    server.recv(1)
    os.killpg(0, signal.SIGKILL)


if __name__ == "__main__":
    address, *arguments = sys.argv[1:]
    if arguments:
        ask(address, arguments)
    else:
        serve(address)
