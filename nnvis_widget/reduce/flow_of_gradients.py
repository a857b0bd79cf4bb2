"""How strongly a layer is pushed, and how far it moves."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np


def joint_norm(tensors: Sequence[np.ndarray]) -> float:
    """The Euclidean norm of all elements together, in float64: the square root of the sum of their squares."""
    return float(np.sqrt(sum(float(np.square(tensor, dtype=np.float64).sum()) for tensor in tensors)))


def update_ratio(before: Sequence[np.ndarray], after: Sequence[np.ndarray], steps: int) -> float:
    """How far weights moved in a step, relative to their size: |after − before| / steps / |before|.

    Args:
        before: The weights of a layer.
        after: The same, some steps later.
        steps: How many; over more than one it is the mean displacement, which is shorter than the path.

    Returns:
        NaN where all weights were zero or no step was taken.
    """
    size = joint_norm(before)
    if not size or steps < 1:
        return float("nan")
    moved = joint_norm([b.astype(np.float64) - a for a, b in zip(before, after, strict=True)])
    return moved / steps / size
