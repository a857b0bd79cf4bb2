"""A tensor in a few numbers and a histogram."""

from __future__ import annotations

from dataclasses import dataclass
from math import nan

import numpy as np

from nnvis_widget.errors import EmptyTensorError


@dataclass(frozen=True)
class TensorSummary:
    """What is known of a tensor without its elements.

    Attributes:
        count: All elements.
        zero_count: Elements equal to zero.
        nan_count: Elements that are NaN.
        infinite_count: Elements that are an infinity of either sign.
        mean: Of the finite elements; like the next three NaN where there is none.
        deviation: Standard deviation of the finite elements (dividing by their number).
        minimum: Smallest finite element.
        maximum: Largest finite element.
        histogram: int64 `(bins,)`, finite elements in each bin; they sum to `finite_count`.
        edges: float64 `(bins + 1,)`, from `minimum` to `maximum`.
    """

    count: int
    zero_count: int
    nan_count: int
    infinite_count: int
    mean: float
    deviation: float
    minimum: float
    maximum: float
    histogram: np.ndarray
    edges: np.ndarray

    @property
    def finite_count(self) -> int:
        """Elements that are neither NaN nor infinite."""
        return self.count - self.nan_count - self.infinite_count


def summarize(values: np.ndarray, bins: int = 32) -> TensorSummary:
    """Describe a tensor by exact moments and a histogram.

    Args:
        values: Any shape, any real dtype, bool too. NaN and infinities are counted, then left out of the moments.
        bins: Equal histogram bins between the finite minimum and maximum, each without its upper edge but for the last.
            Where all finite elements are equal the bins span 0.5 to either side (half the value where that is more);
            where none is finite, the edges are 0 to 1 and the bins empty.

    Returns:
        Moments in float64 over every element, none estimated; float64 elements beyond 1e154 may overflow them to
        infinity. Cost: some float64 copies of the tensor.

    Raises:
        EmptyTensorError: If `values` has no element.
        ValueError: If `bins` is below 1.
    """
    values = np.asarray(values)
    if values.size == 0:
        raise EmptyTensorError(f"Expected a tensor with at least one element, got shape {values.shape}.")
    if bins < 1:
        raise ValueError(f"Expected at least one histogram bin, got bins={bins}.")
    numbers = values.astype(np.float64).ravel()
    is_finite = np.isfinite(numbers)
    finite = numbers if is_finite.all() else numbers[is_finite]
    nan_count = int(np.isnan(numbers).sum())
    mean = deviation = low = high = nan
    if finite.size:
        low, high = float(finite.min()), float(finite.max())
        with np.errstate(over="ignore", invalid="ignore"):
            mean, deviation = float(finite.mean()), float(finite.std())
    histogram, edges = _histogram(finite, bins)
    return TensorSummary(
        count=numbers.size,
        zero_count=numbers.size - int(np.count_nonzero(numbers)),
        nan_count=nan_count,
        infinite_count=numbers.size - finite.size - nan_count,
        mean=mean,
        deviation=deviation,
        minimum=low,
        maximum=high,
        histogram=histogram,
        edges=edges,
    )


def _histogram(finite: np.ndarray, bins: int) -> tuple[np.ndarray, np.ndarray]:
    # numpy's own refuses ranges too narrow for its bins or wider than the largest float64
    ramp = np.arange(bins + 1) / bins
    if not finite.size:
        return np.zeros(bins, np.int64), ramp
    low, high = float(finite.min()), float(finite.max())
    if low / 2 == high / 2:
        margin = max(0.5, abs(low) / 2)
        largest = float(np.finfo(np.float64).max)
        low, high = max(low - margin, -largest), min(high + margin, largest)
    share = (finite / 2 - low / 2) / (high / 2 - low / 2)
    index = np.minimum((share * bins).astype(np.int64), bins - 1)
    return np.bincount(index, minlength=bins), low * (1 - ramp) + high * ramp
