import numpy as np

from nnvis_widget.run.retention import thin


def drop(steps, budget):
    return thin(np.array(steps), np.ones(len(steps), np.int64), budget).tolist()


def test_nothing_is_dropped_within_the_budget():
    assert drop([1, 2, 3], 3) == []


def test_the_snapshot_goes_whose_removal_leaves_the_smallest_gap():
    assert drop([0, 10, 20, 21, 30, 40], 5) == [3]


def test_the_earlier_of_equals_goes():
    assert drop([0, 1, 2, 3, 4], 4) == [1]


def test_a_dropped_neighbour_widens_the_gap_for_the_next_choice():
    assert drop(range(9), 5) == [1, 3, 5, 7]


def test_the_first_and_the_last_stay_over_the_budget():
    assert drop([0, 5, 9], 0) == [1]
    assert drop([0, 9], 0) == []


def test_large_snapshots_make_room_for_more_than_one():
    assert thin(np.arange(5), np.array([1, 1, 10, 1, 1]), 13).tolist() == [1]
    assert thin(np.arange(5), np.array([1, 1, 10, 1, 1]), 5).tolist() == [1, 2, 3]


def test_what_is_pinned_stays_even_over_the_budget():
    pinned = np.array([False, True, False, True, False])
    assert thin(np.arange(5), np.ones(5, np.int64), 4, pinned).tolist() == [2]
    assert thin(np.arange(5), np.ones(5, np.int64), 0, pinned).tolist() == [2]
