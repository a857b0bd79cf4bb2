from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import Thread


class Proxy:
    """A line to a port of this machine that can be cut: what is open ends, and nothing new is answered."""

    def __init__(self, target: int) -> None:
        self._target = target
        self._is_cut = False
        self._open: set[socket.socket] = set()
        self._server = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._server.getsockname()[1]
        Thread(target=self._accept, name="proxy", daemon=True).start()

    def cut(self) -> None:
        self._is_cut = True
        for end in list(self._open):
            _close(end)

    def mend(self) -> None:
        self._is_cut = False

    def close(self) -> None:
        self.cut()
        _close(self._server)

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                page, _ = self._server.accept()
                if self._is_cut:
                    _close(page)
                    continue
                server = socket.create_connection(("127.0.0.1", self._target))
                self._open |= {page, server}
                for source, sink in ((page, server), (server, page)):
                    Thread(target=self._pass_on, args=(source, sink), name="proxy", daemon=True).start()

    def _pass_on(self, source: socket.socket, sink: socket.socket) -> None:
        with suppress(OSError):
            while data := source.recv(65_536):
                sink.sendall(data)
        for end in (source, sink):
            self._open.discard(end)
            _close(end)


def _close(end: socket.socket) -> None:
    with suppress(OSError):
        end.shutdown(socket.SHUT_RDWR)
    end.close()


@contextmanager
def proxy_to(port: int) -> Iterator[Proxy]:
    proxy = Proxy(port)
    try:
        yield proxy
    finally:
        proxy.close()
