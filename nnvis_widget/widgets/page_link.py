"""What a panel knows of the pages that show it."""

from __future__ import annotations

from collections.abc import Callable
from threading import Lock
from typing import Any

import anywidget
import traitlets

from nnvis_widget.widgets.front_end import built
from nnvis_widget.widgets.gate import admit_sign

MOST_PAGES = 32


class PageLink(anywidget.AnyWidget):
    """One child of a panel: it numbers the drawings, and the pages that show the panel say which they have painted.

    A page speaks only while the panel is on its screen, and says when it no longer is. Of several pages the fastest
    answers for all. The page may write nothing: what it says comes as messages, and a malformed one is dropped.

    It also holds what a screen reader is told of the panel.

    Args:
        title: The panel's name for a screen reader.
        on_sign: Called after every sign of a page, on the thread that handles messages; must not wait.

    Attributes:
        sent: Number of the last drawing; raise it when all of the drawing has been sent.
        words: What the panel shows, in words.
        taken: Number of the last drawing that a page has painted, 0 for none.
        newcomers: How many pages have shown the panel for the first time.
    """

    _esm = traitlets.Unicode(built("panel.js")).tag(sync=True)

    title = traitlets.Unicode().tag(sync=True)
    words = traitlets.Unicode().tag(sync=True)
    sent = traitlets.Int(0).tag(sync=True)

    def __init__(self, title: str, on_sign: Callable[[], None]) -> None:
        self._pages: dict[str, None] = {}
        self._signs = Lock()
        self._on_sign = on_sign
        self._met: dict[str, None] = {}
        self.taken = self.newcomers = 0
        super().__init__(title=title)
        self.on_msg(lambda _, content, __: self._take(content))

    @property
    def is_seen(self) -> bool:
        """Whether the panel is on the screen of a page, as far as the pages have told."""
        return bool(self._pages)

    @property
    def is_ready(self) -> bool:
        """Whether a page waits for another drawing."""
        return self.is_seen and self.taken == self.sent

    def forget(self) -> None:
        """Take the pages for gone until one speaks again."""
        with self._signs:
            self._pages.clear()

    def set_state(self, sync_data: dict[str, Any]) -> None:
        """Called with what the browser wants to write: it may write nothing."""

    def _take(self, content: object) -> None:
        sign = admit_sign(content, self.sent)
        if sign is None:
            return
        page, taken = sign
        with self._signs:
            self._pages.pop(page, None)
            if taken and page not in self._met:
                self._met[page] = None
                self.newcomers += 1
            if taken:
                self._pages[page] = None
                self.taken = max(self.taken, taken)
            for pages in (self._pages, self._met):
                while len(pages) > MOST_PAGES:
                    del pages[next(iter(pages))]
        self._on_sign()
