"""Feature maps become pictures of the size they are drawn at."""

from __future__ import annotations

from collections.abc import Iterable
from math import isqrt, prod

import numpy as np

from nnvis_widget.core.limits import STRONGEST_MAPS
from nnvis_widget.reduce.quantize import quantize
from nnvis_widget.reduce.tiles import block_means

PICTURE_BYTES = 120_000
"""All pictures of a frame take at most so much, if need be with fewer pixels."""
MOST_THUMBS, THUMB_BYTES = 256, 64_000
STAYING = 0.25
SIDES = (64, 48, 32, 24, 16, 12, 8)


def picture_side(shapes: Iterable[tuple[int, int, int]]) -> int:
    """How many rows and columns a picture may have so that those of all layers take at most 120,000 bytes.

    Args:
        shapes: Rows, columns and number of the maps that are drawn of each layer.
    """
    all_shapes = list(shapes)
    for side in SIDES:
        if sum(prod(drawn_size(rows, columns, side)) * count for rows, columns, count in all_shapes) <= PICTURE_BYTES:
            return side
    return SIDES[-1]


def drawn_size(rows: int, columns: int, side: int) -> tuple[int, int]:
    """How many rows and columns of a picture are drawn: at most so many, of one row four times as many."""
    return min(rows, side), min(columns, side if rows > 1 else 4 * side)


def map_pictures(output: np.ndarray, side: int) -> np.ndarray:
    """Each map as bytes on its own range.

    Args:
        output: `(rows, columns, maps)`, real.
        side: Most rows and columns of a picture, see `drawn_size`; of more the means over blocks are taken.

    Returns:
        uint8 `(maps, drawn rows, drawn columns)`: 0 is what is not finite, 1 to 255 lie evenly from the map's
        least to its greatest finite value, as `map_moments` gives them. Means over blocks lie within that range.
    """
    rows, columns, count = output.shape
    size = drawn_size(rows, columns, side)
    codes = np.empty((count, *size), np.uint8)
    for place in range(count):
        values = output[:, :, place]
        finite = values[np.isfinite(values)]
        low, high = (float(finite.min()), float(finite.max())) if finite.size else (0.0, 0.0)
        picture = values if (rows, columns) == size else block_means(values, *size)
        codes[place] = quantize(np.where(np.isfinite(picture), picture, np.nan), low, high).codes
    return codes


def map_thumbs(output: np.ndarray) -> np.ndarray:
    """The first 256 maps, as `map_pictures` gives them, of at most 64,000 bytes together and 32 rows and columns each.

    Args:
        output: `(rows, columns, maps)`, real.
    """
    count = min(MOST_THUMBS, output.shape[2])
    return map_pictures(output[:, :, :count], min(32, isqrt(THUMB_BYTES // count)))


def map_moments(output: np.ndarray) -> np.ndarray:
    """Least, greatest and mean of each map.

    Args:
        output: `(rows, columns, maps)`, real.

    Returns:
        float32 `(maps, 3)`: of the finite values; NaN where a map has none.
    """
    finite = np.where(np.isfinite(output), output, np.nan).astype(np.float64).reshape(-1, output.shape[2])
    counts = np.isfinite(finite).sum(axis=0)
    sums = np.nansum(finite, axis=0)
    means = np.divide(sums, counts, out=np.full(len(counts), np.nan), where=counts > 0)
    moments = [np.fmin.reduce(finite, axis=0), np.fmax.reduce(finite, axis=0), means]
    return np.stack(moments, axis=1).astype(np.float32)


def map_sizes(output: np.ndarray) -> np.ndarray:
    """The mean magnitude of each map; infinite where it is not a number.

    Args:
        output: `(rows, columns, maps)`, real.
    """
    return np.asarray(np.nan_to_num(np.abs(output), nan=np.inf).mean(axis=(0, 1), dtype=np.float64))


def strongest_maps(sizes: np.ndarray, chosen: int | None = None, before: np.ndarray | None = None) -> np.ndarray:
    """The twelve largest maps, in the layer's order.

    Args:
        sizes: Of every map, not negative.
        chosen: A map that is among them in any case.
        before: Those that were; another takes the place of one of them where it is larger by a quarter.
    """
    weighed = np.array(sizes, np.float64)
    if before is not None:
        weighed[before] *= 1 + STAYING
    if chosen is not None:
        weighed[chosen] = np.inf
    return np.sort(np.argsort(-weighed, kind="stable")[:STRONGEST_MAPS])
