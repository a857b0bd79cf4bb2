"""The kernel's side of widgets in this process: what Jupyter does between a view and its page, by a socket a view."""

from __future__ import annotations

import asyncio
import json
from base64 import b64decode, b64encode
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Thread
from typing import Any

from comm.base_comm import BaseComm
from tornado.httpserver import HTTPServer
from tornado.netutil import bind_sockets
from tornado.web import Application
from tornado.websocket import WebSocketHandler


class KernelStandIn:
    """Hears pages on a thread of its own, as JupyterLab's subshell does, and tells them what the widgets send."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self.port = 0
        self._loop = loop
        self._comms: dict[str, BaseComm] = {}
        self._pages: defaultdict[str, set[WebSocketHandler]] = defaultdict(set)

    def create_comm(self, **options: Any) -> BaseComm:
        """Takes the place of `comm.create_comm`."""
        opened = _Comm(self, **options)
        self._comms[opened.comm_id] = opened
        return opened

    def url(self, comm_id: str) -> str:
        return f"ws://127.0.0.1:{self.port}/{comm_id}"

    def tell(self, comm_id: str, data: Any, buffers: Any) -> None:
        texts = [b64encode(bytes(buffer)).decode() for buffer in buffers or ()]
        message = json.dumps({"data": data, "buffers": texts})
        self._loop.call_soon_threadsafe(self._write, comm_id, message)

    def hear(self, comm_id: str, message: str) -> None:
        heard = json.loads(message)
        buffers = [memoryview(b64decode(text)) for text in heard["buffers"]]
        self._comms[comm_id].handle_msg({"content": {"data": heard["data"]}, "buffers": buffers})

    def join(self, comm_id: str, page: WebSocketHandler) -> None:
        self._pages[comm_id].add(page)

    def leave(self, comm_id: str, page: WebSocketHandler) -> None:
        self._pages[comm_id].discard(page)

    def _write(self, comm_id: str, message: str) -> None:
        for page in self._pages[comm_id]:
            page.write_message(message)


class _Comm(BaseComm):
    def __init__(self, kernel: KernelStandIn, **options: Any) -> None:
        self._kernel = kernel
        super().__init__(**options)

    def publish_msg(self, msg_type: str, data: Any = None, metadata: Any = None, buffers: Any = None, **_: Any) -> None:
        if msg_type == "comm_msg":
            self._kernel.tell(self.comm_id, data, buffers)


class _Page(WebSocketHandler):
    def initialize(self, kernel: KernelStandIn) -> None:
        self._kernel = kernel

    def check_origin(self, origin: str) -> bool:
        return True

    def open(self, comm_id: str) -> None:
        self._comm_id = comm_id
        self._kernel.join(comm_id, self)

    def on_message(self, message: str | bytes) -> None:
        self._kernel.hear(self._comm_id, str(message))

    def on_close(self) -> None:
        self._kernel.leave(self._comm_id, self)


@contextmanager
def kernel_stand_in() -> Iterator[KernelStandIn]:
    loop = asyncio.new_event_loop()
    kernel = KernelStandIn(loop)
    is_listening = Event()

    async def listen() -> HTTPServer:
        server = HTTPServer(Application([(r"/(\w+)", _Page, {"kernel": kernel})]))
        sockets = bind_sockets(0, "127.0.0.1")
        kernel.port = sockets[0].getsockname()[1]
        server.add_sockets(sockets)
        is_listening.set()
        return server

    def run() -> None:
        asyncio.set_event_loop(loop)
        server = loop.run_until_complete(listen())
        loop.run_forever()
        server.stop()
        loop.run_until_complete(server.close_all_connections())
        loop.close()

    thread = Thread(target=run, name="kernel-stand-in", daemon=True)
    thread.start()
    is_listening.wait()
    try:
        yield kernel
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
