"""What a person draws on with the pointer."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from threading import RLock
from typing import Any

import traitlets

from nnvis_widget.widgets.cells import ShownInCell, note
from nnvis_widget.widgets.front_end import built
from nnvis_widget.widgets.gate import admit_drawing, admit_language
from nnvis_widget.widgets.ownership import close_parts, own
from nnvis_widget.widgets.page_widget import PageWidget
from nnvis_widget.widgets.spoken import Spoken

MAX_BYTES = 1_000_000


class Pad(ShownInCell, Spoken, PageWidget):
    """A canvas on the page. The page sends whole drawings, as messages; one that is none is dropped.

    Attributes:
        pad: Which one the page is to make.
        drawing: As it is now, in bytes.
        author: The page that has drawn it; empty for Python.
    """

    _esm = traitlets.Unicode(built("pads.js")).tag(sync=True)
    _css = traitlets.Unicode(built("widget.css") + built("pads.css")).tag(sync=True)

    pad = traitlets.Unicode().tag(sync=True)
    drawing = traitlets.Bytes().tag(sync=True)
    author = traitlets.Unicode().tag(sync=True)

    _is_closed = True

    def __init__(self, **traits: Any) -> None:
        self._taking = RLock()
        super().__init__(**traits)
        self._made = own(self, but=traits.get("layout"))
        self._follow_language()
        self.on_msg(self._take)
        self._is_closed = False
        note(self)

    def close(self) -> None:
        """Take the pad off the page."""
        if self._is_closed:
            return
        self._is_closed = True
        close_parts(self, self._made)
        super().close()

    def speak(self) -> None:
        """Have the page speak the language that is chosen; `nv.set_language` calls it."""
        self._take_language()

    @abstractmethod
    def _is_drawing(self, data: bytes) -> bool:
        """Whether bytes of a page are a drawing on this pad."""

    def _hear(self, content: object) -> None:
        """What a page says of this kind of pad beside drawings."""

    def _show(self, data: bytes, author: str = "") -> None:
        with self._taking, self.hold_sync():
            self.author, self.drawing = author, data

    def _take(self, _: Any, content: object, buffers: Sequence[Any]) -> None:
        language = admit_language(content)
        if language is not None:
            self._meet_page(language)
        self._hear(content)
        author = admit_drawing(content)
        if author is None or len(buffers) != 1 or memoryview(buffers[0]).nbytes > MAX_BYTES:
            return
        data = bytes(buffers[0])
        if self._is_drawing(data):
            self._show(data, author)
