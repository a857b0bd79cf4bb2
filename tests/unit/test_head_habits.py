"""How a head looks on the whole."""

import numpy as np
import pytest

from nnvis_widget.reduce.head_habits import habits_of


def test_habits_are_means_over_the_places_that_look():
    scores = np.array([[1, 0, 0], [0.75, 0.25, 0], [0.5, 0.25, 0.25]])
    habits = habits_of(scores, is_self=True)
    assert habits is not None
    assert habits.on_itself == pytest.approx((1 + 0.25 + 0.25) / 3)
    assert habits.one_back == pytest.approx((0.75 + 0.25) / 2)
    assert habits.on_first == pytest.approx((1 + 0.75 + 0.5) / 3)
    assert habits.entropy == pytest.approx((0 + 0.811278 + 1.5) / 3)


def test_of_two_sequences_nothing_is_said_of_the_place_itself_and_of_unknown_scores_nothing():
    assert set(habits_of(np.full((3, 3), 1 / 3), is_self=False).named()) == {"entropy", "on_first"}
    assert habits_of(np.array([[0.5, np.nan]]), is_self=False) is None
    assert habits_of(np.ones((1, 1)), is_self=True).one_back is None
