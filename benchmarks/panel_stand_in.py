from __future__ import annotations

from queue import SimpleQueue
from threading import Thread
from time import monotonic, sleep
from typing import Any

DRAWING_S = 0.1


class PanelStandIn:
    """Answers a panel's drawings as a page would that needs 100 ms for each, which is what bqplot takes.

    It sits behind the panel's link, so that everything before the socket is measured.
    """

    def __init__(self, panel: Any) -> None:
        self.panel = panel
        self.drawings = 0
        self.largest_backlog = 0
        self._unpainted: SimpleQueue[tuple[float, int]] = SimpleQueue()
        panel._link.observe(lambda change: self._take(change["new"]), "sent")
        Thread(target=self._paint, daemon=True).start()
        self._take(panel._link.sent)

    def _take(self, sent: int) -> None:
        self.drawings += 1
        self.largest_backlog = max(self.largest_backlog, sent - self.panel._link.taken)
        self._unpainted.put((monotonic() + DRAWING_S, sent))

    def _paint(self) -> None:
        while True:
            at_s, sent = self._unpainted.get()
            sleep(max(0.0, at_s - monotonic()))
            self.panel._link._handle_custom_msg({"kind": "taken", "page": "stand-in", "taken": sent}, [])
