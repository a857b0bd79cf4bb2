"""Which sample is looked at: its index, and the first ones as pictures to click."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import ipywidgets
import numpy as np

from nnvis_widget.core.drawings import is_drawn
from nnvis_widget.core.scenery import Scenery
from nnvis_widget.core.words.say import say
from nnvis_widget.reduce.kernel_sheet import kernel_sheet
from nnvis_widget.widgets.panels.figures.heat_map import HeatMap
from nnvis_widget.widgets.weakly import weakly

MOST_THUMBS = 24
THUMBS_PX = 76


class SampleChoice:
    """A field for the index, and thumbnails where samples are pictures of one channel.

    Args:
        scenery: At least two samples.
        index: Of the sample that is looked at first.
        on_choice: Called with the index that a person chose.
    """

    def __init__(self, scenery: Scenery, index: int, on_choice: Callable[[int], None]) -> None:
        self._on_choice, self._count = on_choice, scenery.sample_count
        self._is_setting = False
        self.index = ipywidgets.BoundedIntText(
            value=index % self._count,
            min=0,
            max=self._count - 1,
            layout={"width": "160px", "height": "28px"},
            style={"description_width": "auto"},
        )
        self.index.observe(self._on_index, "value")
        self.thumbs = self._make_thumbs(scenery)

    @property
    def widgets(self) -> list[Any]:
        """To be put one below the other."""
        return [self.index, *([self.thumbs.figure] if self.thumbs else [])]

    def show(self, index: int) -> None:
        """Show which sample is looked at; a drawing is none of those to choose from."""
        is_own = is_drawn(index)
        self._is_setting = True
        self.index.description = say("backTo" if is_own else "sampleChoice")
        if not is_own:
            self.index.value = index
        self._is_setting = False
        if self.thumbs is not None:
            cells, there, limit, names = self._thumb_state
            left = index * self._thumb_width
            ring = (0, left, cells.shape[0], left + self._thumb_width - 1) if left < cells.shape[1] else None
            self.thumbs.show(cells, there, limit, "pixel", (), names, ring, None)

    def _make_thumbs(self, scenery: Scenery) -> HeatMap | None:
        if scenery.inputs[0].dtype.kind not in "fiub":
            return None
        pictures = np.asarray(scenery.inputs[0][:MOST_THUMBS], np.float64)
        if scenery.image_shape is not None and pictures.ndim == 2:
            pictures = pictures.reshape(-1, *scenery.image_shape)
        if pictures.ndim == 4 and pictures.shape[3] == 1:
            pictures = pictures[..., 0]
        if pictures.ndim != 3 or max(pictures.shape[1:]) > 64:
            return None
        sheets = [kernel_sheet(picture) for picture in pictures]
        width = sheets[0].shape[1] + 1
        cells = np.concatenate([np.pad(sheet.cells()[0], ((0, 0), (0, 1))) for sheet in sheets], axis=1)[:, :-1]
        is_there = np.arange(cells.shape[1]) % width != width - 1
        thumbs = HeatMap(THUMBS_PX, lambda r, c: None, weakly(self._pick))
        names = tuple((index * width + (width - 1) / 2, str(index)) for index in range(len(sheets)))
        limit = float(np.nanmax(np.abs(cells))) or 1.0
        there = np.broadcast_to(is_there, cells.shape)
        thumbs.show(cells, there, limit, "pixel", (), names, None, None)
        thumbs.figure.layout.max_width = f"{len(sheets) * 56}px"
        self._thumb_width = width
        self._thumb_state = (cells, there, limit, names)
        return thumbs

    def _on_index(self, change: Any) -> None:
        if not self._is_setting:
            self._choose(int(change["new"]))

    def _pick(self, _: int, column: int) -> None:
        self._choose(column // self._thumb_width)

    def _choose(self, index: int) -> None:
        if 0 <= index < self._count:
            self._on_choice(index)
