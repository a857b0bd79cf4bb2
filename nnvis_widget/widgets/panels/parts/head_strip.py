"""The heads of an attention layer side by side, to choose one."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from nnvis_widget.core.attention import Attention
from nnvis_widget.reduce.map_pictures import map_sizes, strongest_maps
from nnvis_widget.reduce.tiles import block_boundaries
from nnvis_widget.widgets.panels.figures.heat_map import HeatMap
from nnvis_widget.widgets.weakly import weakly

STRIP_PX, WIDTH_PX = 96, 72
MOST_SHOWN, MOST_SIDE = 16, 32


class HeadStrip:
    """A small picture of each head; of more than sixteen of the twelve sharpest.

    Args:
        on_choice: Called with the head whose picture was clicked.

    Attributes:
        shown: The heads, in their order.
    """

    def __init__(self, on_choice: Callable[[int], None]) -> None:
        self.shown: tuple[int, ...] = ()
        self._width = 1
        self._on_choice = on_choice
        self._map = HeatMap(STRIP_PX, lambda r, c: None, weakly(self._choose))
        self.figure = self._map.figure

    def show(self, scores: np.ndarray, attention: Attention, chosen: int, limit: float) -> None:
        """Draw heads.

        Args:
            scores: `(rows, columns, heads)`, as `attention.pictures`.
            attention: What is known of them.
            chosen: The head with a ring; it is among them in any case.
            limit: The score of the full colour.
        """
        heads = np.arange(attention.heads)
        if attention.heads > MOST_SHOWN:
            heads = strongest_maps(map_sizes(np.square(scores)), chosen)
        self.shown = tuple(heads.tolist())
        pictures = [_largest(scores[:, :, head]) for head in self.shown]
        rows, columns = pictures[0].shape
        self._width = columns + 1
        cells = np.concatenate([np.pad(one, ((0, 0), (0, 1))) for one in pictures], axis=1)[:, :-1]
        is_there = np.broadcast_to(np.arange(cells.shape[1]) % self._width != columns, cells.shape)
        left = self.shown.index(chosen) * self._width
        names = tuple((place * self._width + columns / 2, str(head)) for place, head in enumerate(self.shown))
        ring = (0, left, rows, left + columns)
        self._map.show(cells, is_there, limit, "magnitude", (), names, ring, None)
        self.figure.layout.max_width = f"{len(self.shown) * WIDTH_PX + 24}px"

    def clear(self) -> None:
        """Draw none."""
        self.shown = ()
        self._map.show(np.zeros((2, 2)), np.zeros((2, 2), bool), 1.0, "magnitude", write=None)

    def _choose(self, _: int, column: int) -> None:
        if column // self._width < len(self.shown):
            self._on_choice(self.shown[column // self._width])


def _largest(head: np.ndarray) -> np.ndarray:
    """Of blocks, where there are more squares than pixels; one that is not known stays so."""
    rows, columns = (block_boundaries(size, MOST_SIDE)[:-1] for size in head.shape)
    return np.asarray(np.maximum.reduceat(np.maximum.reduceat(head, rows, axis=0), columns, axis=1))
