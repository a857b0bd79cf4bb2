"""Which snapshots to give up when a run outgrows its bytes."""

from __future__ import annotations

import numpy as np


def thin(steps: np.ndarray, sizes: np.ndarray, budget: int, pinned: np.ndarray | None = None) -> np.ndarray:
    """Choose the snapshots to drop so that the rest fits the budget and stays evenly spread.

    Again and again the interior snapshot goes whose removal leaves the smallest gap (`next step - previous step`; the
    earlier of equals). The first and the last always stay, even where the two alone exceed the budget. The smallest
    such gap is at most the mean of all, so with equal sizes no gap that thinning makes exceeds twice the even spacing
    `(last - first) / (kept - 1)`, however often a growing run is thinned.

    Args:
        steps: `(n,)` integers, strictly increasing.
        sizes: `(n,)` bytes of each snapshot.
        budget: Bytes that may stay.
        pinned: `(n,)` booleans: these stay too, even where that exceeds the budget; the even spread is then that of
            the others. `None` for none.

    Returns:
        Indices to drop, increasing; empty where everything fits. Cost: O(n) per dropped snapshot, in numpy
        (n = 10**5: some 0.1 ms).
    """
    count = len(steps)
    excess = int(sizes.sum()) - budget
    if excess <= 0 or count <= 2:
        return np.empty(0, np.int64)
    never = np.iinfo(np.int64).max
    gaps = np.full(count, never, np.int64)
    gaps[1:-1] = steps[2:] - steps[:-2]
    stays = np.zeros(count, bool) if pinned is None else pinned.copy()
    stays[[0, -1]] = True
    gaps[stays] = never
    most = count - int(stays.sum())
    before = np.arange(-1, count - 1)
    after = np.arange(1, count + 1)
    dropped: list[int] = []
    while excess > 0 and len(dropped) < most:
        index = int(gaps.argmin())
        dropped.append(index)
        excess -= int(sizes[index])
        left, right = before[index], after[index]
        after[left], before[right] = right, left
        gaps[index] = never
        if not stays[left]:
            gaps[left] = steps[right] - steps[before[left]]
        if not stays[right]:
            gaps[right] = steps[after[right]] - steps[left]
    return np.sort(np.array(dropped, np.int64))
