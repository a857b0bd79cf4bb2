"""Many links between two maps, or from a map to a unit, become one number."""

from __future__ import annotations

import numpy as np

NOT_JOINED = -1.0
"""Instead of a norm, where no link joins a pair."""


def pair_norms(squares: np.ndarray, count: int, sources: np.ndarray, targets: np.ndarray) -> np.ndarray:
    """The Euclidean norm of what belongs to each pair.

    Args:
        squares: float64 `(sources of a group, targets)`: the sum of squares of each pair's links; the targets of a
            group lie side by side, as its sources. Where there are no groups those are all sources.
        count: Of all sources, a multiple of those of a group.
        sources: Which sources have a row of their own; where that are not all, the last row is the root of the mean
            square of the others that are joined: as strong as they are each.
        targets: Likewise for the columns.

    Returns:
        float32 `(rows, columns)`; −1 where no link joins a pair.
    """
    inputs, outputs = squares.shape
    group = np.arange(outputs) * (count // inputs) // outputs
    row = _places(count, sources)[group * inputs + np.arange(inputs)[:, None]]
    column = _places(outputs, targets)
    shape = (len(sources) + (len(sources) < count), len(targets) + (len(targets) < outputs))
    pair = (row * shape[1] + column).ravel()
    with np.errstate(over="ignore", invalid="ignore"):
        sums = np.bincount(pair, squares.ravel(), shape[0] * shape[1])
        joined = np.bincount(pair, minlength=len(sums))
        norms: np.ndarray = np.where(joined > 0, np.sqrt(sums / np.maximum(joined, 1)), NOT_JOINED)
    return np.asarray(norms.reshape(shape), np.float32)


def pair_sums(products: np.ndarray, sources: np.ndarray) -> np.ndarray:
    """The sum of what belongs to each pair.

    Args:
        products: `(links, sources, targets)`, real.
        sources: Which sources have a row of their own; where that are not all, the others together have the last.

    Returns:
        float32 `(rows, targets)`.
    """
    with np.errstate(over="ignore", invalid="ignore"):
        sums = products.sum(axis=0, dtype=np.float64)
        if len(sources) < len(sums):
            sums = np.concatenate([sums[sources], np.delete(sums, sources, axis=0).sum(axis=0)[None]])
        return np.asarray(sums, np.float32)


def _places(count: int, own: np.ndarray) -> np.ndarray:
    """The row of each; those without one of their own share the one behind."""
    places = np.full(count, len(own))
    places[own] = np.arange(len(own))
    return places
