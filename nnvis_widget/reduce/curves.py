"""A curve with more points than pixels becomes one with as many, its peaks intact."""

from __future__ import annotations

import numpy as np


def curve_extremes(steps: np.ndarray, values: np.ndarray, points: int = 400) -> np.ndarray:
    """Reduce a curve to at most `points` rows that keep every extreme.

    The first and the last value have a row of their own. The values between fall into buckets of one size, a power of
    two, counted from the start: as a curve grows, a full bucket keeps its row until the size doubles, so a drawn line
    does not tremble.

    Args:
        steps: `(n,)` in order.
        values: `(n,)`; NaN allowed.
        points: Most rows, at least 3.

    Returns:
        float32 `(m, 3)`, m <= points: a step of the bucket (its middle one), the lowest and the highest value in it,
        both exact; NaN is left out, a bucket of nothing but NaN gives NaN. float32 holds steps up to 2**24 exactly.
        Cost: two passes over the values, about 1 ms for 10**6.

    Raises:
        ValueError: If `points` is below 3 or the two lengths differ.
    """
    if points < 3:
        raise ValueError(f"Expected room for 3 points or more, got points={points}. Ask for more points.")
    count = len(steps)
    if len(values) != count:
        raise ValueError(f"Expected one value per step, got {count} steps and {len(values)} values.")
    if count <= points:
        return np.column_stack([steps, values, values]).astype(np.float32).reshape(count, 3)
    size = 1
    while -(-(count - 2) // size) > points - 2:
        size *= 2
    starts = np.arange(0, count - 2, size)
    ends = np.minimum(starts + size, count - 2)
    inner = values[1:-1]
    rows = np.empty((len(starts) + 2, 3), np.float32)
    rows[0] = steps[0], values[0], values[0]
    rows[1:-1, 0] = steps[1:-1][(starts + ends - 1) // 2]
    rows[1:-1, 1] = np.fmin.reduceat(inner, starts)
    rows[1:-1, 2] = np.fmax.reduceat(inner, starts)
    rows[-1] = steps[-1], values[-1], values[-1]
    return rows
