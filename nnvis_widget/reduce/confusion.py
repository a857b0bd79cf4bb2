"""Which classes are taken for which."""

from __future__ import annotations

from dataclasses import dataclass
from math import prod

import numpy as np

from nnvis_widget.core.task import Task
from nnvis_widget.reduce.tiles import block_boundaries

NO_CLASS = -1
"""In place of a class: the output was not finite, or the target is none of the classes."""


@dataclass(frozen=True)
class Confusion:
    """Predictions counted by their true class.

    Attributes:
        counts: int64 `(classes, classes)`: row = true class, column = predicted class.
        totals: int64 `(classes,)`: samples of each true class, those without a prediction too.
        unpredicted: Samples of these without a prediction.
        unknown: Samples whose target is none of the classes; they are counted nowhere else.
    """

    counts: np.ndarray
    totals: np.ndarray
    unpredicted: int
    unknown: int

    @property
    def right(self) -> int:
        """Samples whose predicted class is the true one."""
        return int(np.trace(self.counts))

    @property
    def total(self) -> int:
        """Samples with a true class."""
        return int(self.totals.sum())

    @property
    def accuracies(self) -> np.ndarray:
        """float64 `(classes,)`: the share of each true class that is predicted; NaN for a class without samples."""
        with np.errstate(invalid="ignore"):
            return np.asarray(np.diagonal(self.counts) / self.totals)

    @property
    def accuracy(self) -> float:
        """The share of all; NaN without samples."""
        return self.right / self.total if self.total else float("nan")

    @property
    def worst(self) -> np.ndarray:
        """The classes that have samples, the least accurate first."""
        order = np.argsort(self.accuracies, kind="stable")
        return np.asarray(order[: np.count_nonzero(self.totals)])

    @property
    def most_confused(self) -> tuple[int, int] | None:
        """The true and the predicted class of the largest count off the diagonal; `None` where all are 0."""
        off = self.counts - np.diag(np.diagonal(self.counts))
        true, predicted = np.unravel_index(int(off.argmax()), off.shape)
        return (int(true), int(predicted)) if off.any() else None

    def blocks(self, most: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """The counts in at most so many blocks of classes a side.

        Returns:
            Summed counts `(b, b)`, summed totals `(b,)`, and where each block begins and the end, `(b + 1,)`.
        """
        edges = block_boundaries(len(self.totals), most)
        starts = edges[:-1]
        counts = np.add.reduceat(np.add.reduceat(self.counts, starts, axis=0), starts, axis=1)
        return counts, np.add.reduceat(self.totals, starts), edges


def confuse(true: np.ndarray, predicted: np.ndarray, classes: int) -> Confusion:
    """Count predictions.

    Args:
        true: `(n,)` class indices; others than 0 to `classes` - 1 are unknown.
        predicted: `(n,)` class indices, -1 for no prediction.
        classes: How many there are.
    """
    true, predicted = true.astype(np.int64), predicted.astype(np.int64)
    is_known = (true >= 0) & (true < classes)
    is_said = is_known & (predicted >= 0) & (predicted < classes)
    pairs = np.bincount(true[is_said] * classes + predicted[is_said], minlength=classes**2)
    totals = np.bincount(true[is_known], minlength=classes)
    unpredicted = int(is_known.sum() - is_said.sum())
    return Confusion(pairs.reshape(classes, classes), totals, unpredicted, int((~is_known).sum()))


def true_classes(targets: np.ndarray, units: int, task: Task) -> np.ndarray | None:
    """The class of every sample.

    Args:
        targets: `(n,)` or `(n, 1)`: class indices, or what the task says for no and yes; or `(n, units)`, each row with
            one value above all others, which are equal.
        units: Units of the output; one stands for two classes.
        task: What the outputs mean.

    Returns:
        int64 `(n,)`, -1 for what is none of the classes; `None` where the targets are no classes: another
        shape, fractions, or shares of several classes.
    """
    targets = np.asarray(targets)
    if targets.dtype.kind not in "fiub":
        return None
    if units > 1 and targets.ndim == 2 and targets.shape[1] == units:
        marked = marked_classes(targets)
        return marked if (marked != NO_CLASS).all() else None
    if targets.size != len(targets):
        return None
    numbers = targets.reshape(-1).astype(np.float64)
    if units == 1:
        return yes_or_no(numbers, task)
    if (numbers != np.round(numbers))[np.isfinite(numbers)].any():
        return None
    return np.where((numbers >= 0) & (numbers < units), numbers, NO_CLASS).astype(np.int64)


def classes_by_place(
    outputs: np.ndarray, target: np.ndarray | None, task: Task
) -> tuple[np.ndarray, np.ndarray | None] | None:
    """The class that is put out at each place of a sample, and the true one; `None` where outputs do not fit the task.

    Args:
        outputs: Flat: of each place a number for each class.
        target: Flat: a number of a class for each place, or as `outputs`; `None` where it is not known.
        task: What the outputs mean.

    Returns:
        int64 `(places,)`, -1 for none; of the true ones `None` where no place has one.
    """
    places = prod(task.shape)
    if not task.shape or outputs.size % places:
        return None
    classes = outputs.size // places
    guesses = predicted_classes(outputs.reshape(places, classes), task)
    if target is None or target.size % places:
        return guesses, None
    rows = target.reshape(places, -1)
    true = marked_classes(rows) if rows.shape[1] == classes > 1 else None
    if rows.shape[1] == 1:
        true = true_classes(rows, classes, task)
    return guesses, None if true is None or not (true != NO_CLASS).any() else true


def yes_or_no(targets: np.ndarray, task: Task) -> np.ndarray:
    """What targets of one of two classes, or of labels, say: int64 of the same shape, 1 yes, 0 no, -1 neither."""
    is_yes, is_no = np.isclose(targets, task.yes, atol=1e-6), np.isclose(targets, task.no, atol=1e-6)
    return np.where(is_yes, 1, np.where(is_no, 0, NO_CLASS)).astype(np.int64)


def marked_classes(rows: np.ndarray) -> np.ndarray:
    """Where each row has one value above all others, and those are equal: one-hot, smoothed or of -1 and 1.

    Args:
        rows: `(n, classes)`.

    Returns:
        int64 `(n,)`, -1 for a row that is not so.
    """
    top = rows.argmax(axis=1)
    others = np.where(np.arange(rows.shape[1]) == top[:, None], np.nan, rows.astype(np.float64))
    with np.errstate(invalid="ignore"):
        low, high = np.fmin.reduce(others, axis=1), np.fmax.reduce(others, axis=1)
        is_one = np.isfinite(rows).all(axis=1) & (high - low < 1e-6) & (rows.max(axis=1) - high > 1e-3)
    return np.where(is_one, top, NO_CLASS).astype(np.int64)


def predicted_classes(outputs: np.ndarray, task: Task) -> np.ndarray:
    """The class that each output says: the largest, or of a single one whether it is above the boundary.

    Args:
        outputs: `(n, units)`.
        task: Where a single unit has its boundary.

    Returns:
        int64 `(n,)`, -1 where an output is not finite.
    """
    if outputs.shape[1] == 1:
        said = (outputs[:, 0] > task.boundary).astype(np.int64)
    else:
        said = np.nan_to_num(outputs, nan=-np.inf).argmax(axis=1).astype(np.int64)
    return np.where(np.isfinite(outputs).all(axis=1), said, NO_CLASS)
