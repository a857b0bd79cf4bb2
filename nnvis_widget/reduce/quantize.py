"""Numbers to bytes and back, for pictures."""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite

import numpy as np

LEVELS = 254


@dataclass(frozen=True)
class Quantized:
    """Numbers as bytes.

    Attributes:
        codes: uint8, the shape of the values: 0 is NaN, 1 to 255 lie evenly from `low` to `high`.
        low: The value of code 1.
        high: The value of code 255.
    """

    codes: np.ndarray
    low: float
    high: float


def quantize(values: np.ndarray, low: float | None = None, high: float | None = None) -> Quantized:
    """Give every number the nearest of 255 levels.

    Args:
        values: Any shape, any real dtype.
        low: The lowest level; the finite minimum by default (0 where nothing is finite). Values below clip to it.
        high: The highest level; the finite maximum by default. Values above clip to it.

    Returns:
        Codes and range; a value within the range is at most `(high - low) / 254 / 2` from its level. NaN becomes
        code 0, an infinity the end on its side, every element of a constant array code 1.
        Cost: a few float64 copies of the values.

    Raises:
        ValueError: If the range is not finite or `low` exceeds `high`.
    """
    numbers = np.asarray(values).astype(np.float64)
    if low is None or high is None:
        finite = numbers[np.isfinite(numbers)]
        if finite.size == 0:
            finite = np.zeros(1)
        if low is None:
            low = finite.min(initial=np.inf if high is None else high)
        if high is None:
            high = finite.max(initial=low)
    low, high = float(low), float(high)
    if not (isfinite(low) and isfinite(high) and low <= high):
        raise ValueError(f"Expected finite low <= high, got low={low}, high={high}. Pass the range to show.")
    missing = np.isnan(numbers)
    # halved, so that a range wider than the largest float64 does not overflow
    half = high / 2 - low / 2
    share = (np.clip(numbers, low, high) / 2 - low / 2) / half if half > 0 else (numbers > low).astype(np.float64)
    share[missing] = 0
    codes = (np.rint(share * LEVELS) + 1).astype(np.uint8)
    codes[missing] = 0
    return Quantized(codes, low, high)


def dequantize(quantized: Quantized) -> np.ndarray:
    """The float32 values the codes stand for; code 0 gives NaN, codes 1 and 255 exactly `low` and `high`."""
    share = (quantized.codes.astype(np.float64) - 1) / LEVELS
    values = quantized.low * (1 - share) + quantized.high * share
    return np.where(quantized.codes == 0, np.nan, values).astype(np.float32)
