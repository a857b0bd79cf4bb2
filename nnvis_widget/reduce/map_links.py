"""Many links between two maps, or from a map to a unit, become one number."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np


def among_all(blocks: np.ndarray, count: int) -> np.ndarray:
    """The kernels of a convolution in groups, as if each reached over all maps: with 0 where there is no link.

    Args:
        blocks: `(links, sources of a group, targets)`, real; the targets of a group lie side by side, as its sources.
        count: Of all sources, a multiple of those of a group.

    Returns:
        `(links, count, targets)`.
    """
    links, inputs, targets = blocks.shape
    if inputs == count:
        return blocks
    groups = count // inputs
    whole = np.zeros((links, groups, inputs, groups, targets // groups), blocks.dtype)
    each = np.arange(groups)
    whole[:, each, :, each] = np.moveaxis(blocks.reshape(links, inputs, groups, -1), 2, 0)
    return whole.reshape(links, count, targets)


def grouped_norms(blocks: np.ndarray, sources: np.ndarray, targets: np.ndarray | None) -> np.ndarray:
    """The Euclidean norm of what belongs to each pair.

    Args:
        blocks: `(links, sources, targets)`, real.
        sources: Which sources have a row of their own; where that are not all, the last row is the root of the mean
            square of the others: as strong as they are each.
        targets: Likewise for the columns; `None` for all.

    Returns:
        float32 `(rows, columns)`.
    """
    with np.errstate(over="ignore", invalid="ignore"):
        squares = np.square(blocks, dtype=np.float64).sum(axis=0)
        rows = _with_rest(squares, sources, np.mean)
        norms: np.ndarray = np.sqrt(rows if targets is None else _with_rest(rows.T, targets, np.mean).T)
    return norms.astype(np.float32)


def grouped_sums(products: np.ndarray, sources: np.ndarray) -> np.ndarray:
    """The sum of what belongs to each pair.

    Args:
        products: `(links, sources, targets)`, real.
        sources: Which sources have a row of their own; where that are not all, the others together have the last.

    Returns:
        float32 `(rows, targets)`.
    """
    with np.errstate(over="ignore", invalid="ignore"):
        return _with_rest(products.sum(axis=0, dtype=np.float64), sources, np.sum).astype(np.float32)


def _with_rest(sums: np.ndarray, own: np.ndarray, together: Callable[..., np.ndarray]) -> np.ndarray:
    if len(own) == len(sums):
        return sums
    others = together(np.delete(sums, own, axis=0), axis=0)
    return np.concatenate([sums[own], others[None]])
