"""The plane that most of what tells points apart lies in."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class PrincipalPlane:
    """Points on their first two principal axes.

    Attributes:
        points: float64 `(points, 2)`, around their mean.
        axes: float64 `(2, width)`, each of length 1; zeros where the points lie on a line or in one place.
        shares: How much of the variance each axis has, 0 to 1.
    """

    points: np.ndarray
    axes: np.ndarray
    shares: tuple[float, float]


def principal_plane(rows: np.ndarray, before: PrincipalPlane | None = None) -> PrincipalPlane | None:
    """By the singular value decomposition of the points around their mean (Pearson 1901, Hotelling 1933).

    Args:
        rows: `(points, width)`, real.
        before: Of the same points a moment ago: an axis points the way it did then, for its sign means nothing.

    Returns:
        `None` where a number is none, or there are fewer than two points.
    """
    rows = np.asarray(rows, np.float64)
    if len(rows) < 2 or not np.isfinite(rows).all():
        return None
    centred = rows - rows.mean(axis=0)
    _, sizes, found = np.linalg.svd(centred, full_matrices=False)
    axes, squares = np.zeros((2, rows.shape[1])), np.zeros(2)
    for place in range(min(2, len(sizes))):
        if sizes[place] > 1e-9 * max(1.0, sizes[0]):
            axes[place], squares[place] = found[place], sizes[place] ** 2
    for place, axis in enumerate(axes):
        if before is not None and before.axes.shape == axes.shape:
            sign = float(axis @ before.axes[place])
        else:
            sign = float(axis[np.argmax(np.abs(axis))])
        axes[place] = -axis if sign < 0 else axis
    total = float((sizes**2).sum()) or 1.0
    return PrincipalPlane(centred @ axes.T, axes, (float(squares[0] / total), float(squares[1] / total)))
