"""The rows of a table that point the way that one of them does."""

from __future__ import annotations

import numpy as np


def nearest_rows(table: np.ndarray, row: int, count: int) -> tuple[np.ndarray, np.ndarray]:
    """The rows with the largest cosine to one row, the largest first; exact, among all.

    Args:
        table: `(rows, width)`, real.
        row: Which one; itself is not among them.
        count: How many, at most.

    Returns:
        Their numbers, int32, and cosines, float32. A row of zeros points nowhere, and one with a number that is none
        has no cosine: they are left out, and near to such a row is none. Cost: two passes over the table.
    """
    with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
        # not @: the threads of numpy's BLAS spin on after it
        along = np.einsum("rw,w->r", table, table[row])
        cosines = along / np.sqrt(np.einsum("rw,rw->r", table, table) * float(table[row] @ table[row]))
    cosines = np.where(np.isfinite(cosines), np.clip(cosines, -1, 1), -np.inf)
    cosines[row] = -np.inf
    count = min(count, len(cosines))
    best = np.argpartition(-cosines, count - 1)[:count] if count else np.zeros(0, np.int64)
    best = best[np.lexsort((best, -cosines[best]))]
    best = best[np.isfinite(cosines[best])]
    return best.astype(np.int32), cosines[best].astype(np.float32)
