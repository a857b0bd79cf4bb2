"""What a panel knows of the pages that show it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from threading import Lock
from typing import Any

import traitlets

from nnvis_widget.core.words.language import LANGUAGE
from nnvis_widget.core.words.say import say
from nnvis_widget.errors import CommandError
from nnvis_widget.widgets.front_end import built
from nnvis_widget.widgets.gate import admit_file, admit_sign
from nnvis_widget.widgets.ownership import close_parts, own
from nnvis_widget.widgets.page_widget import PageWidget
from nnvis_widget.widgets.saving import PictureDesk
from nnvis_widget.widgets.weakly import weakly

MOST_PAGES = 32


class PageLink(PageWidget):
    """One child of a panel: it numbers the drawings, and the pages that show the panel say which they have painted.

    A page speaks when it has made a place for the panel, then only while it is on its screen, and says when it no
    longer is. Of several pages the fastest answers for all. The page may write nothing: what it says comes as messages,
    and a malformed one is dropped.

    It also holds what a screen reader is told of the panel.

    Args:
        title: The panel's name for a screen reader.
        on_sign: Called after every sign of a page, on the thread that handles messages; must not wait.

    Attributes:
        sent: Number of the last drawing; raise it when all of the drawing has been sent.
        words: What the panel shows, in words.
        lang: The language of both.
        numbered: What follows the title in the name of one of several pictures.
        unreached: Why its controls do nothing where there is no kernel.
        taken: Number of the last drawing that a page has painted, 0 for none.
        newcomers: How many pages have made a place for the panel.
        pictures: The files that the page was asked for.
    """

    _esm = traitlets.Unicode(built("panel.js")).tag(sync=True)

    title = traitlets.Unicode().tag(sync=True)
    words = traitlets.Unicode().tag(sync=True)
    lang = traitlets.Unicode().tag(sync=True)
    numbered = traitlets.Unicode().tag(sync=True)
    unreached = traitlets.Unicode().tag(sync=True)
    sent = traitlets.Int(0).tag(sync=True)

    def __init__(self, title: str, on_sign: Callable[[], None]) -> None:
        self._pages: dict[str, None] = {}
        self._signs = Lock()
        self._on_sign = on_sign
        self._met: dict[str, None] = {}
        self.taken = self.newcomers = 0
        self.pictures = PictureDesk(weakly(self._order), lambda: None, "panel")
        self.pictures.is_shown = True  # in a box, whose showing nobody hears of; orders wait for a page
        super().__init__(title=title)
        self.speak()
        LANGUAGE.follow(self)
        own(self)
        self.on_msg(self._take)

    @property
    def is_seen(self) -> bool:
        """Whether the panel is on the screen of a page, as far as the pages have told."""
        return bool(self._pages)

    @property
    def is_ready(self) -> bool:
        """Whether a page waits for another drawing."""
        return self.is_seen and self.taken == self.sent

    def speak(self) -> None:
        """Say in which language the panel speaks, for the voice of a screen reader."""
        self.lang, self.numbered = LANGUAGE.now, say("numberedPicture", number="{number}")
        self.unreached = say("unreached")

    def forget(self) -> None:
        """Take the pages for gone until one speaks again."""
        with self._signs:
            self._pages.clear()

    def close(self) -> None:
        """Take it off the page; pictures that are still awaited are given up."""
        self.pictures.close()
        self._on_sign = lambda: None  # it holds the panel
        close_parts(self)
        super().close()

    def _order(self, content: dict[str, Any], buffers: list[bytes]) -> None:
        self.send(content, buffers)

    def _take(self, _: Any, content: object, buffers: Sequence[Any]) -> None:
        if (sign := admit_sign(content, self.sent)) is not None:
            self._take_sign(*sign)
        elif (file := admit_file(content)) is not None:
            order, reason = file
            with suppress(CommandError):  # another page was faster, or nobody asked
                if reason is None:
                    self.pictures.take(order, buffers)
                else:
                    self.pictures.refuse(order, reason)

    def _take_sign(self, page: str, taken: int | None) -> None:
        with self._signs:
            is_new = taken != 0 and page not in self._met
            if is_new:
                self._met[page] = None
                self.newcomers += 1
            if taken is not None:
                self._pages.pop(page, None)
            if taken:
                self._pages[page] = None
                self.taken = max(self.taken, taken)
            for pages in (self._pages, self._met):
                while len(pages) > MOST_PAGES:
                    del pages[next(iter(pages))]
        if is_new:
            self.pictures.page_came()
        self._on_sign()
