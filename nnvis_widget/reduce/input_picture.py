"""A large input picture at the size it is drawn."""

from __future__ import annotations

from math import isqrt

import numpy as np

from nnvis_widget.reduce.quantize import Quantized, quantize
from nnvis_widget.reduce.tiles import block_means

MOST_BYTES = 80_000
CHANNELS = (1, 3, 4)


def picture_shape(sizes: tuple[int | None, ...]) -> tuple[int, int, int] | None:
    """Rows, columns and channels of an input that is a picture, channels last; `None` where it is none."""
    rows, columns, channels = (*sizes, 1)[:3] if len(sizes) in (2, 3) else (None, None, None)
    if rows is None or columns is None or channels not in CHANNELS or min(rows, columns) < 2:
        return None
    return rows, columns, channels


def input_picture(values: np.ndarray) -> Quantized:
    """Means over blocks of pixels, so that it takes at most 80,000 bytes.

    Args:
        values: `(rows, columns, channels)`, real.

    Returns:
        Codes `(rows, columns, channels)` of fewer rows and columns in their proportion, on the finite range of the
        picture; 0 is NaN.
    """
    rows, columns, channels = values.shape
    most = isqrt(MOST_BYTES * rows // (columns * channels))
    height = max(1, min(rows, most))
    width = max(1, min(columns, height * columns // rows))
    finite = values[np.isfinite(values)]
    low, high = (float(finite.min()), float(finite.max())) if finite.size else (0.0, 0.0)
    return quantize(_means(values, height, width), low, high)


def smaller_picture(values: np.ndarray, most_rows: int, most_columns: int) -> np.ndarray:
    """Means over blocks of pixels, in the proportion of the picture; itself where it is as small.

    Args:
        values: `(rows, columns, channels)`, real.
        most_rows: How many rows there may be.
        most_columns: How many columns.

    Returns:
        `(rows, columns, channels)`, NaN where one of a block is not finite.
    """
    rows, columns, _ = values.shape
    share = min(1.0, most_rows / rows, most_columns / columns)
    return _means(values, max(1, int(rows * share)), max(1, int(columns * share)))


def _means(values: np.ndarray, height: int, width: int) -> np.ndarray:
    channels = range(values.shape[2])
    means = np.stack([block_means(values[:, :, channel], height, width) for channel in channels], axis=-1)
    return np.where(np.isfinite(means), means, np.nan)
