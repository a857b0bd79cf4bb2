from __future__ import annotations

import numpy as np
import pytest
from sklearn.metrics import confusion_matrix

from nnvis_widget.core.task import Task
from nnvis_widget.reduce.confusion import confuse, predicted_classes, true_classes

RNG = np.random.default_rng(0)


def test_the_counts_are_those_of_scikit_learn() -> None:
    true, predicted = RNG.integers(0, 7, 500), RNG.integers(0, 7, 500)
    found = confuse(true, predicted, 7)
    expected = confusion_matrix(true, predicted, labels=range(7))
    np.testing.assert_array_equal(found.counts, expected)
    np.testing.assert_allclose(found.accuracies, expected.diagonal() / expected.sum(axis=1))
    assert found.accuracy == pytest.approx((true == predicted).mean())
    assert list(found.worst) == sorted(range(7), key=lambda c: found.accuracies[c])
    off = expected - np.diag(expected.diagonal())
    assert found.most_confused is not None
    assert off[found.most_confused] == off.max()


def test_samples_without_a_prediction_are_wrong_and_those_without_a_class_count_nowhere() -> None:
    found = confuse(np.array([0, 0, 1, 1, -1, 5]), np.array([0, -1, -1, 1, 0, 1]), 3)
    assert found.counts.tolist() == [[1, 0, 0], [0, 1, 0], [0, 0, 0]]
    assert (found.totals.tolist(), found.unpredicted, found.unknown) == ([2, 2, 0], 2, 2)
    assert found.accuracies[:2].tolist() == [0.5, 0.5]
    assert np.isnan(found.accuracies[2])
    assert (found.accuracy, found.most_confused, found.worst.tolist()) == (0.5, None, [0, 1])


def test_blocks_hold_every_sample() -> None:
    true, predicted = RNG.integers(0, 30, 999), RNG.integers(0, 30, 999)
    found = confuse(true, predicted, 30)
    counts, totals, edges = found.blocks(8)
    assert (counts.sum(), totals.sum(), len(totals)) == (999, 999, 8)
    r, c = 2, 5
    rows = (true >= edges[r]) & (true < edges[r + 1])
    assert counts[r, c] == (rows & (predicted >= edges[c]) & (predicted < edges[c + 1])).sum()
    assert totals[r] == rows.sum()


@pytest.mark.parametrize(
    ("targets", "units", "expected"),
    [
        (np.array([2, 0, 1]), 3, [2, 0, 1]),
        (np.array([[2.0], [0.0]]), 3, [2, 0]),
        (np.eye(3)[[1, 2]], 3, [1, 2]),
        (np.array([0.0, 1.0, np.nan]), 1, [0, 1, -1]),
        (np.array([True, False]), 1, [1, 0]),
        (np.array([0, 3, -2, 10**9]), 3, [0, -1, -1, -1]),
        (np.array([0.5, 1.0]), 1, [-1, 1]),
        (np.array([0.5, 1.0]), 3, None),
        (np.array([[1, 1, 0]]), 3, None),
        (np.array([[0.05, 0.9, 0.05], [0.9, 0.05, 0.05]]), 3, [1, 0]),
        (np.array([[0.1, 0.3, 0.6]]), 3, None),
        (np.ones((2, 4)), 3, None),
        (np.array(["a", "b"]), 2, None),
    ],
)
def test_the_classes_of_targets(targets: np.ndarray, units: int, expected: list[int] | None) -> None:
    found = true_classes(targets, units, Task())
    assert (found if found is None else found.tolist()) == expected


def test_an_output_that_is_not_finite_says_no_class() -> None:
    outputs = np.array([[0.2, 0.8], [np.nan, 1.0], [np.inf, 0.0], [0.6, 0.4]])
    assert predicted_classes(outputs, Task()).tolist() == [1, -1, -1, 0]
    assert predicted_classes(np.array([[0.51], [0.5], [np.nan]]), Task()).tolist() == [1, 0, -1]
    assert predicted_classes(np.array([[0.4], [-0.1]]), Task(boundary=0.0)).tolist() == [1, 0]


def test_a_target_says_yes_and_no_as_the_task_has_it() -> None:
    signs, smoothed = Task("one_of_two", no=-1), Task("one_of_two", no=0.05, yes=0.95)
    assert true_classes(np.array([-1, 1, 0]), 1, signs).tolist() == [0, 1, -1]
    assert true_classes(np.float32([[0.05], [0.95], [1]]), 1, smoothed).tolist() == [0, 1, -1]
