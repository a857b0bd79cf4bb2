"""A matrix with more cells than pixels becomes one with as many.

Both reductions cut R rows into r = min(rows, R) blocks; block i covers the rows from `i * R // r` up to, not including,
`(i + 1) * R // r`, columns alike. Every cell is in exactly one block, and block heights differ by at most one row.
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from nnvis_widget.errors import EmptyTensorError


def block_boundaries(size: int, blocks: int) -> np.ndarray:
    """Where `min(blocks, size)` nearly equal blocks of `size` cells begin, and the end: int64, one more than blocks."""
    count = min(blocks, size)
    return np.arange(count + 1, dtype=np.int64) * size // count


def block_means(matrix: np.ndarray, rows: int, columns: int) -> np.ndarray:
    """Reduce a matrix to the exact means of its blocks.

    Args:
        matrix: `(R, C)`, real.
        rows: Most rows of the result.
        columns: Most columns of the result.

    Returns:
        float64 `(min(rows, R), min(columns, C))`; a block with a NaN gives NaN. Cost: one pass over the matrix, without
        a copy of it.

    Raises:
        EmptyTensorError: If the matrix has no cell.
        ValueError: If it has not two axes, or fewer than one row or column is asked for.
    """
    row_edges, column_edges = _edges(matrix, rows, columns)
    strips = np.empty((len(row_edges) - 1, matrix.shape[1]))
    with np.errstate(over="ignore", invalid="ignore"):
        for index, (start, end) in enumerate(pairwise(row_edges)):
            matrix[start:end].sum(axis=0, dtype=np.float64, out=strips[index])
        sums = np.add.reduceat(strips, column_edges[:-1], axis=1)
        means: np.ndarray = sums / np.outer(np.diff(row_edges), np.diff(column_edges))
    return means


def block_extremes(matrix: np.ndarray, rows: int, columns: int) -> tuple[np.ndarray, np.ndarray]:
    """Reduce a matrix to the lowest and the highest value of each block.

    Args:
        matrix: `(R, C)`, real.
        rows: Most rows of the result.
        columns: Most columns of the result.

    Returns:
        `(low, high)`, each `(min(rows, R), min(columns, C))` in the matrix's own dtype; NaN is left out, a block of
        nothing but NaN gives NaN. Cost: two passes over the matrix, without a copy of it.

    Raises:
        EmptyTensorError: If the matrix has no cell.
        ValueError: If it has not two axes, or fewer than one row or column is asked for.
    """
    row_edges, column_edges = _edges(matrix, rows, columns)
    low = np.empty((len(row_edges) - 1, matrix.shape[1]), matrix.dtype)
    high = np.empty_like(low)
    for index, (start, end) in enumerate(pairwise(row_edges)):
        np.fmin.reduce(matrix[start:end], axis=0, out=low[index])
        np.fmax.reduce(matrix[start:end], axis=0, out=high[index])
    starts = column_edges[:-1]
    return np.fmin.reduceat(low, starts, axis=1), np.fmax.reduceat(high, starts, axis=1)


def _edges(matrix: np.ndarray, rows: int, columns: int) -> tuple[np.ndarray, np.ndarray]:
    if matrix.ndim != 2 or rows < 1 or columns < 1:
        raise ValueError(
            f"Expected a matrix and at least one row and column, got shape {matrix.shape}, rows={rows}, "
            f"columns={columns}."
        )
    if matrix.size == 0:
        raise EmptyTensorError(f"Expected a matrix with at least one cell, got shape {matrix.shape}.")
    return block_boundaries(matrix.shape[0], rows), block_boundaries(matrix.shape[1], columns)
