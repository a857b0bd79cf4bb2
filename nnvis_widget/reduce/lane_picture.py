"""The vectors of the places of a sequence as a picture."""

from __future__ import annotations

import numpy as np

from nnvis_widget.reduce.quantize import Quantized, quantize
from nnvis_widget.reduce.tiles import block_means

MOST_COLUMNS = 64


def lane_picture(vectors: np.ndarray) -> Quantized:
    """A row for each vector, a column for each of its numbers, of more than 64 the means over blocks.

    Args:
        vectors: `(places, size)`, float.

    Returns:
        Codes from as far below 0 as above, as far as the largest number that is drawn; 0 of NaN.
    """
    means = block_means(vectors, len(vectors), MOST_COLUMNS)
    most = float(np.abs(means[np.isfinite(means)]).max(initial=0)) or 1.0
    return quantize(means, -most, most)
