"""Signed numbers as a picture with zero in the middle of its colours."""

from __future__ import annotations

import numpy as np

from nnvis_widget.reduce.quantize import Quantized, quantize
from nnvis_widget.reduce.tiles import block_means

MOST = 64


def signed_picture(values: np.ndarray) -> Quantized:
    """A matrix of at most 64 × 64, of more the means over blocks.

    Args:
        values: `(rows, columns)`, float.

    Returns:
        Codes from as far below 0 as above, as far as the largest number that is drawn; 0 of NaN.
    """
    means = block_means(values, MOST, MOST)
    most = float(np.abs(means[np.isfinite(means)]).max(initial=0)) or 1.0
    return quantize(means, -most, most)
