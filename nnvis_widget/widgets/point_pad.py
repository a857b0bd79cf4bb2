"""Points of two classes, drawn by hand."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import traitlets

from nnvis_widget.core.dataset import Dataset
from nnvis_widget.core.words.say import english, say
from nnvis_widget.errors import DataError
from nnvis_widget.training.data.plane import split_points
from nnvis_widget.widgets.pad import Pad

MOST_POINTS = 10_000
EXTENT = 3.0
PARTS = 3
LEAST = 2
"""Points of each class that a network is trained with at least, so that both parts hold both classes."""


class PointPad(Pad):
    """A plane to draw points of two classes on: a click is one point, a drag scatters them; erase, clear, undo.

    The table below it does by keyboard what the pointer does.

    Args:
        points: `(n, 2)` to begin with; at most 10,000, from -3 to 3.
        classes: `(n,)`, 0 or 1.

    Attributes:
        drawing: The points as bytes; observe it to hear of a stroke.

    Raises:
        DataError: If these are no such points.

    Example:
        >>> pad = nv.PointPad([(-1, 0), (-2, 1), (1, 0), (2, 1)], [0, 0, 1, 1])
        >>> trainer = nv.Trainer(model, pad.dataset())
    """

    extent = traitlets.Float(EXTENT, read_only=True).tag(sync=True)

    def __init__(self, points: Any = (), classes: Any = (), **traits: Any) -> None:
        super().__init__(pad="points", drawing=_packed(points, classes), **traits)

    def __repr__(self) -> str:
        return f"<PointPad, {len(self.points):,} points>"

    @property
    def points(self) -> np.ndarray:
        """`(n, 2)` float32: x₁ and x₂ of what is drawn, in the order it was drawn in."""
        return _rows(self.drawing)[:, :2].copy()

    @property
    def classes(self) -> np.ndarray:
        """`(n,)` int64, 0 or 1."""
        return _rows(self.drawing)[:, 2].astype(np.int64)

    def draw(self, points: Any, classes: Any) -> None:
        """Put these points in the place of those that are there.

        Args:
            points: `(n, 2)`; at most 10,000, from -3 to 3.
            classes: `(n,)`, 0 or 1.

        Raises:
            DataError: If these are no such points.
        """
        self._show(_packed(points, classes))

    def dataset(self, validation_fraction: float = 0.25, seed: int = 0) -> Dataset:
        """What is drawn, as data to train on; later strokes do not change it.

        Args:
            validation_fraction: Share of every class set aside, between 0 and 1.
            seed: Which points these are.

        Raises:
            DataError: If there are fewer than two points of a class.
        """
        rows = _rows(self.drawing)
        lacking = _lacking(rows, english)
        if lacking is not None:
            raise DataError(f"Expected {LEAST} points of each class or more, got {lacking}. Draw some first.")
        classes, rng = rows[:, 2].astype(np.int64), np.random.default_rng(seed)
        return split_points("drawn", rows[:, :2].copy(), classes, validation_fraction, rng)

    @property
    def lacking(self) -> str | None:
        """Why it cannot be trained on yet, such as `no points`; `None` where it can."""
        return _lacking(_rows(self.drawing))

    def _is_drawing(self, data: bytes) -> bool:
        return len(data) % (4 * PARTS) == 0 and len(data) <= 4 * PARTS * MOST_POINTS and _is_sound(_rows(data))


def _rows(data: bytes) -> np.ndarray:
    return np.frombuffer(data, "<f4").reshape(-1, PARTS)


def _lacking(rows: np.ndarray, say: Callable[..., str] = say) -> str | None:
    counts = np.bincount(rows[:, 2].astype(np.int64), minlength=2)
    if not counts.sum():
        return say("noPoints")
    return None if min(counts) >= LEAST else say("pointsOfEach", zeros=f"{counts[0]:,}", ones=f"{counts[1]:,}")


def _is_sound(rows: np.ndarray) -> bool:
    is_inside = np.isfinite(rows).all() and (np.abs(rows[:, :2]) <= EXTENT).all()
    return bool(is_inside and np.isin(rows[:, 2], (0, 1)).all())


def _packed(points: Any, classes: Any) -> bytes:
    try:
        rows = np.column_stack(
            [np.asarray(points, "<f4").reshape(-1, 2), np.asarray(classes, "<f4").reshape(-1)]
        ).astype("<f4")
    except (TypeError, ValueError):
        rows = None
    if rows is None or len(rows) > MOST_POINTS or not _is_sound(rows):
        raise DataError(
            f"Expected at most {MOST_POINTS:,} points (n, 2) from -{EXTENT:g} to {EXTENT:g} with a class each, 0 or 1, "
            f"got points of shape {np.shape(points)} and classes of shape {np.shape(classes)}. "
            "Scale the points, number the classes."
        )
    return rows.tobytes()
