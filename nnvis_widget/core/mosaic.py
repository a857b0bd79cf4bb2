"""Slices of pictures side by side as one picture."""

from __future__ import annotations

from dataclasses import dataclass
from math import log

import numpy as np


@dataclass(frozen=True)
class Mosaic:
    """How the slices of each map are laid out: row by row, in as near a square as their number allows.

    Attributes:
        slices: How many there are.
        rows: Of each slice.
        columns: Of each slice.
        maps: How many maps there are.
        is_first: Whether the axis that counts maps comes before that of the slices.
    """

    slices: int
    rows: int
    columns: int
    maps: int
    is_first: bool = False

    @property
    def across(self) -> int:
        """How many slices stand side by side: of all that leave no gap those whose picture is nearest to a square."""
        ways = [count for count in range(1, self.slices + 1) if self.slices % count == 0]
        return min(ways, key=lambda one: (abs(log(self.slices // one * self.rows / (one * self.columns))), -one))

    @property
    def down(self) -> int:
        """How many rows of slices there are."""
        return self.slices // self.across

    @property
    def shape(self) -> tuple[int, int, int]:
        """Rows, columns and number of the pictures."""
        return self.down * self.rows, self.across * self.columns, self.maps

    def lay_out(self, values: np.ndarray) -> np.ndarray:
        """Numbers in the order in which a layer puts them out, as `(rows, columns, maps)`.

        Raises:
            ValueError: If they are not as many.
        """
        space = (self.down, self.across, self.rows, self.columns)
        if self.is_first:
            volume = np.moveaxis(values.reshape(self.maps, *space), 0, -1)
        else:
            volume = values.reshape(*space, self.maps)
        return volume.swapaxes(1, 2).reshape(self.shape)

    def place(self, row: int, column: int) -> tuple[int, int, int]:
        """Slice, row and column of a place in the picture."""
        down, across = row // self.rows, column // self.columns
        return down * self.across + across, row % self.rows, column % self.columns
