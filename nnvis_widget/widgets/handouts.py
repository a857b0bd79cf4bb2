"""What a view hands out to a program, its words, its picture, the line that makes it: never older than the model."""

from __future__ import annotations

import os
from typing import Literal

from nnvis_widget.stream.description import describe
from nnvis_widget.stream.frame import decode_frame
from nnvis_widget.stream.what_if_message import what_if_lines
from nnvis_widget.widgets.as_python import as_python
from nnvis_widget.widgets.saving import PictureDesk, SavedPicture
from nnvis_widget.widgets.what_if_shown import WhatIfShown


class Handouts(WhatIfShown):
    """The part of a `NetworkView` that answers a program."""

    _is_linked: bool
    _pictures: PictureDesk

    def _snapshot_frame(self, is_plain: bool = False) -> bytes | None:
        """What of it a page is sent; `is_plain`: of the model itself, whatever is tried on it."""
        raise NotImplementedError

    def look(self) -> None:
        """Measure what is shown anew, whatever changed in the model.

        A model at rest is looked after by itself: weights, layers, what is trainable and how it is compiled show within
        a second on a page. This is for the rest, such as an attribute that a layer computes with. It returns once it
        is measured; while steps are taken, the next one sees to it.
        """
        if self.source is not None:
            self.source.look()

    def describe(self) -> str:
        """What the picture shows, in words: the text of the page's "Describe", as a screen reader gets it."""
        self._keep_up()
        self._show_structure()
        data = self._snapshot_frame()
        frame = None if data is None else decode_frame(data)
        structure = self.source.structure if self.source else None
        told = describe(self._fold, frame, self.edges, self.detail, structure, self.opened)
        answer = self._supposing.answer if self._supposing is not None else None
        names = self.source.scenery.token_names if self.source else {}
        lines = () if answer is None or structure is None else what_if_lines(structure, answer, names)
        return "\n".join([told, *lines])

    def to_python(self, source: str | None = None) -> str:
        """The line that brings this view back, to be copied: where it looks, what it shows, its bookmarks.

        Args:
            source: How the line is to name what the view is made from; `None` for `trainer` or `model`.

        Raises:
            ModelError: If `source` is no expression.
        """
        return as_python(self, source, self._is_linked)

    def save_png(
        self, path: str | os.PathLike[str], theme: Literal["light", "dark"] | None = None, scale: float = 2
    ) -> SavedPicture:
        """Save the picture with its name, state, step, legends and what is not drawn, as a PNG.

        The page draws it, also while the view is out of sight; the training goes on. The frame is that of this moment,
        whatever the page shows. The file is written whole or not at all, by a thread of its own.

        Args:
            path: Where to; must end with `.png`. A file that is there is replaced.
            theme: `light`, `dark`, or `None` for that of the page.
            scale: Pixels per px, 0.5 to 4; 2 is for print.

        Returns:
            A handle: look at its `done` in the next cell, or `wait()` where the kernel reads messages while a cell runs
            (JupyterLab does; Voilà, and a kernel without subshells, only between cells).

        Raises:
            PictureError: If no page has shown the view, the folder is missing, or an argument is out of range.

        Example:
            >>> picture = view.save_png("network.png", theme="dark")
        """
        self._keep_up()
        return self._pictures.ask(path, "png", theme, scale)

    def save_svg(self, path: str | os.PathLike[str], theme: Literal["light", "dark"] | None = None) -> SavedPicture:
        """As `save_png`, but an SVG: lines as paths, text as text, tiles and images as PNG inside the file."""
        self._keep_up()
        return self._pictures.ask(path, "svg", theme)

    def _keep_up(self) -> None:
        """What is handed out is never older than the model."""
        if self.source is not None:
            self.source.keep_up()
