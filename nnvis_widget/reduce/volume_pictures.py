"""What a layer puts out in slices, or keeps in maps over time, as pictures slice by slice."""

from __future__ import annotations

from math import isqrt
from typing import NamedTuple

import numpy as np

from nnvis_widget.core.limits import MOST_MAPS
from nnvis_widget.reduce.map_pictures import strongest_maps
from nnvis_widget.reduce.tiles import block_means

MOST_SLICES, MOST_SIDE = 64, 64
MOST_NUMBERS = 60_000


class Volume(NamedTuple):
    """Pictures of some maps, slice by slice.

    Attributes:
        pictures: float32 `(maps, slices, rows, columns)`.
        maps: Which of the maps these are, in order.
    """

    pictures: np.ndarray
    maps: np.ndarray


def volume_pictures(values: np.ndarray) -> Volume:
    """At most sixteen maps, else twelve of the largest mean size, and 60,000 numbers, if need be means over blocks.

    Args:
        values: `(slices, rows, columns, maps)`, real.
    """
    slices, rows, columns, count = values.shape
    sizes = np.nan_to_num(np.abs(values), nan=np.inf).mean(axis=(0, 1, 2), dtype=np.float64)
    maps = np.arange(count) if count <= MOST_MAPS else strongest_maps(sizes)
    drawn = min(slices, MOST_SLICES)
    side = max(1, min(MOST_SIDE, isqrt(MOST_NUMBERS // (len(maps) * drawn))))
    pictures = np.empty((len(maps), drawn, min(rows, side), min(columns, side)), np.float32)
    for place, number in enumerate(maps):
        within = np.stack([block_means(one, side, side) for one in values[..., number]])
        flat = block_means(within.reshape(slices, -1), drawn, within[0].size)
        pictures[place] = flat.reshape(drawn, *within.shape[1:])
    return Volume(pictures, maps.astype(np.int32))
