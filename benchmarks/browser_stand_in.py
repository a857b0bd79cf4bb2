from __future__ import annotations

from queue import SimpleQueue
from threading import Thread
from time import monotonic, sleep
from typing import Any

DRAWING_S = 0.04


class BrowserStandIn:
    """Takes a view's messages as a page would: each frame is drawn 40 ms later and acknowledged.

    It sits where the comm would be, so that everything before the socket is measured.
    """

    def __init__(self, view: Any) -> None:
        self.view = view
        self.frames: list[tuple[float, int]] = []
        self.messages: list[tuple[float, int]] = []
        self.latest = b""
        self._undrawn: SimpleQueue[tuple[float, int]] = SimpleQueue()
        view.send = self._take
        Thread(target=self._draw, daemon=True).start()
        self.request("hello", {})

    def _take(self, content: dict[str, Any], buffers: list[bytes] | None = None) -> None:
        size = sum(len(buffer) for buffer in buffers or [])
        self.messages.append((monotonic(), size))
        if content["kind"] == "frame":
            self.frames.append((monotonic(), size))
            self.latest = bytes((buffers or [b""])[0])
            self._undrawn.put((monotonic() + DRAWING_S, content["seq"]))

    def _draw(self) -> None:
        while True:
            at_s, seq = self._undrawn.get()
            sleep(max(0.0, at_s - monotonic()))
            self.request("drawn", {"seq": seq})

    def request(self, op: str, args: dict[str, Any]) -> None:
        """Ask as the page does."""
        self._say(method="custom", content={"v": 1, "id": 1, "op": op, "args": args})

    def choose(self, **traits: Any) -> None:
        """Write traits as the page does."""
        self._say(method="update", state=traits, buffer_paths=[])

    def _say(self, **data: Any) -> None:
        self.view.comm.handle_msg({"content": {"data": data}, "buffers": []})

    def tell_layers(self, layers: list[str]) -> None:
        """Say which layers are on the screen."""
        self.request("watch", {"layers": layers})

    def busiest_second(self) -> tuple[int, int]:
        """Most frames, and most bytes, within any second; heartbeats and answers carry no bytes and are not counted."""
        sent = [(at_s, size) for at_s, size in self.messages if size]
        windows = [[size for at_s, size in sent if start_s <= at_s < start_s + 1.0] for start_s, _ in sent]
        return max(map(len, windows), default=0), max(map(sum, windows), default=0)

    def rate_hz(self) -> float:
        """Frames per second, by the median of the gaps between them."""
        if len(self.frames) < 2:
            return 0.0
        gaps = sorted(later - earlier for (earlier, _), (later, _) in zip(self.frames, self.frames[1:], strict=False))
        return 1.0 / gaps[len(gaps) // 2]
