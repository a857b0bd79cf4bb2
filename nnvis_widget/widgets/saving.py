"""Pictures of a view in files: asked of the page, checked, and written by a thread of their own."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from itertools import count
from pathlib import Path
from threading import Event, Lock
from typing import Any
from uuid import uuid4

from nnvis_widget.control.worker import Worker
from nnvis_widget.core.number_text import safe_text
from nnvis_widget.errors import CommandError, PictureError, PictureTimeoutError
from nnvis_widget.stream.protocol import export_message

MAX_BYTES = 20_000_000
MAX_OPEN = 32
MIN_SCALE, MAX_SCALE = 0.5, 4.0
PNG_SIGNATURE, PNG_END = b"\x89PNG\r\n\x1a\n", b"IEND\xaeB`\x82"

Send = Callable[[dict[str, Any], list[bytes]], None]


class SavedPicture:
    """A picture on its way into a file.

    The page draws it, so where a kernel does one thing at a time the file appears only after the cell has ended: look
    at `done` in the next cell. JupyterLab with a kernel that has subshells lets `wait()` return within the same cell.

    Attributes:
        path: Where the file will be, absolute.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._ended = Event()
        self._error: Exception | None = None

    def __repr__(self) -> str:
        how = "done" if self.done else f"failed: {self._error}" if self._ended.is_set() else "on its way"
        return f"<SavedPicture {str(self.path)!r}, {how}>"

    @property
    def done(self) -> bool:
        """Whether the file is there."""
        return self._ended.is_set() and self._error is None

    @property
    def error(self) -> Exception | None:
        """Why there will be no file, or `None`."""
        return self._error

    def wait(self, timeout: float = 30.0) -> Path:
        """Wait until the file is there and return its path.

        Args:
            timeout: Seconds to wait at most.

        Raises:
            PictureTimeoutError: If the page has not answered by then; it may still.
            PictureError: If the page refused, or the file could not be written.
        """
        if not self._ended.wait(timeout):
            raise PictureTimeoutError(
                f"Expected {self.path.name} from the page within {timeout:g} s, got no answer. A kernel without "
                "subshells reads the answer only after the cell has ended: look at .done in the next cell. A panel "
                "is saved while it is on the screen: scroll to it. If no page shows it, show it; the picture follows."
            )
        if self._error is not None:
            raise self._error
        return self.path

    def _end(self, error: Exception | None = None) -> None:
        self._error = error
        self._ended.set()


class PictureDesk:
    """The pictures that were asked of the page of one view, or of one panel.

    Args:
        send: Puts a message and its buffers on the wire; any thread may call it.
        encode: The frame to be drawn, or `None` where there is none.
        what: What is shown, in messages.
    """

    def __init__(self, send: Send, encode: Callable[[], bytes | None], what: str = "view") -> None:
        #: Whether it was put on a page, as far as is known here.
        self.is_shown = False
        self._what = what
        self._send = send
        self._encode = encode
        self._ids = count(1)
        self._lock = Lock()
        self._open: dict[int, tuple[SavedPicture, Mapping[str, Any], list[bytes]]] = {}
        self._arrived: deque[tuple[SavedPicture, bytes]] = deque()
        self._worker = Worker("nnvis-saver", self._write_next, lambda: bool(self._arrived))

    def ask(
        self, path: str | os.PathLike[str], picture_format: str, theme: str | None, scale: float = 2
    ) -> SavedPicture:
        """Ask the page for a picture; see `NetworkView.save_png`."""
        target = _checked(path, picture_format)
        if theme not in (None, "light", "dark"):
            raise PictureError(f"Expected the theme 'light', 'dark' or None for the page's, got theme={theme!r}.")
        if isinstance(scale, bool) or not isinstance(scale, int | float) or not MIN_SCALE <= scale <= MAX_SCALE:
            raise PictureError(f"Expected a scale from {MIN_SCALE:g} to {MAX_SCALE:g} pixels per px, got {scale=}.")
        if not self.is_shown:
            raise PictureError(
                f"Expected a page that shows the {self._what}, found none. Show the {self._what} first: write its name "
                "on the last line of a cell and run it; then save the picture."
            )
        picture, order = SavedPicture(target), next(self._ids)
        frame = self._encode()
        message = export_message(order, picture_format, theme, float(scale))
        buffers = [] if frame is None else [frame]
        with self._lock:
            while len(self._open) >= MAX_OPEN:
                oldest, _, _ = self._open.pop(next(iter(self._open)))
                oldest._end(PictureError(f"{oldest.path.name} was given up: {MAX_OPEN} newer ones were asked for."))
            self._open[order] = (picture, message, buffers)
        self._send(dict(message), buffers)
        return picture

    def page_came(self) -> None:
        """A page shows it (again): what is still open is asked of it."""
        self.is_shown = True
        with self._lock:
            waiting = list(self._open.values())
        for _, message, buffers in waiting:
            self._send(dict(message), buffers)

    def take(self, order: int, buffers: Sequence[Any]) -> None:
        """Check what the page sent and put it in line to be written.

        Raises:
            CommandError: If nobody asked for it, or it is no such picture.
        """
        with self._lock:
            picture, message, _ = self._open.get(order) or _nobody_asked(order)
        if len(buffers) != 1:
            raise CommandError(f"Expected one buffer with a picture, got {len(buffers)}.")
        size = memoryview(buffers[0]).nbytes
        if size > MAX_BYTES:
            raise CommandError(f"Expected a picture of at most {MAX_BYTES:,} bytes, got {size:,}.")
        data = bytes(buffers[0])
        if not _is_picture(data, message["format"]):
            raise CommandError(f"Expected a whole {message['format'].upper()}, got other bytes.")
        with self._lock:
            if self._open.pop(order, None) is None:
                _nobody_asked(order)
        self._arrived.append((picture, data))
        self._worker.wake()

    def refuse(self, order: int, reason: str) -> None:
        """The page could not make the picture.

        Raises:
            CommandError: If nobody asked for it.
        """
        with self._lock:
            picture, _, _ = self._open.pop(order, None) or _nobody_asked(order)
        picture._end(PictureError(f"The page could not make {picture.path.name}: {safe_text(reason)}"))

    def close(self) -> None:
        """Give up what is still open."""
        self.is_shown = False
        with self._lock:
            waiting, self._open = list(self._open.values()), {}
        for picture, _, _ in waiting:
            picture._end(PictureError(f"The {self._what} was closed before the page had sent {picture.path.name}."))

    def _write_next(self) -> None:
        picture, data = self._arrived.popleft()
        try:
            _write(picture.path, data)
        except OSError as error:
            picture._end(PictureError(f"{picture.path} could not be written: {error.strerror or error}."))
        else:
            picture._end()


def _checked(path: str | os.PathLike[str], picture_format: str) -> Path:
    target = Path(path).expanduser().absolute()
    if target.suffix.lower() != f".{picture_format}":
        raise PictureError(f"Expected a path that ends with .{picture_format}, got {str(path)!r}.")
    if not target.parent.is_dir():
        raise PictureError(f"Expected an existing folder for {target.name}, found no {target.parent}. Make it first.")
    if target.is_dir():
        raise PictureError(f"Expected the path of a file, got the folder {target}.")
    return target


def _is_picture(data: bytes, picture_format: str) -> bool:
    if picture_format == "png":
        return data.startswith(PNG_SIGNATURE) and data.endswith(PNG_END)
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return text.startswith("<svg ") and text.rstrip().endswith("</svg>") and "\0" not in text


def _write(path: Path, data: bytes) -> None:
    """All or nothing: a reader never sees half a file."""
    part = path.with_name(f".{uuid4().hex}.part")
    try:
        part.write_bytes(data)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def _nobody_asked(order: int) -> Any:
    raise CommandError(f"Expected the number of a picture that is still waited for, got {order}.")
