import numpy as np
import pytest

from nnvis_widget.reduce.curves import curve_extremes


def test_a_short_curve_is_kept_point_by_point():
    rows = curve_extremes(np.array([1, 5, 9]), np.array([0.5, np.nan, 0.25]))
    np.testing.assert_array_equal(rows, np.array([[1, *[0.5] * 3], [5, *[np.nan] * 3], [9, *[0.25] * 3]], np.float32))
    assert rows.dtype == np.float32


def test_an_empty_curve_has_no_rows():
    assert curve_extremes(np.empty(0, np.int64), np.empty(0)).shape == (0, 4)


def test_a_single_spike_among_a_million_steps_survives():
    values = np.zeros(10**6)
    values[654_321], values[123_456] = 9.0, -7.0
    rows = curve_extremes(np.arange(10**6), values)
    assert len(rows) <= 400
    assert (rows[:, 2].max(), rows[:, 1].min()) == (9, -7)
    spike = rows[rows[:, 2] == 9]
    assert abs(spike[0, 0] - 654_321) <= 10**6 / 199


def test_the_first_and_the_last_value_have_their_own_row():
    values = np.random.default_rng(0).normal(size=5000)
    rows = curve_extremes(np.arange(10, 5010), values, 50)
    assert rows[0].tolist() == [10, *[np.float32(values[0])] * 3]
    assert rows[-1].tolist() == [5009, *[np.float32(values[-1])] * 3]


def test_nan_is_left_out_and_a_bucket_of_nan_is_nan():
    values = np.ones(1002)
    values[1:513] = np.nan
    values[600] = np.nan
    rows = curve_extremes(np.arange(1002), values, 6)
    assert np.isnan(rows[1:3, 1:]).all()
    assert not np.isnan(rows[3:]).any()


def test_a_bucket_has_the_mean_of_what_is_finite_in_it():
    values = np.random.default_rng(0).normal(size=1026)
    values[[5, 7, 900]] = np.inf, np.nan, -np.inf
    rows = curve_extremes(np.arange(1026), values, 10)
    inner = np.where(np.isfinite(values), values, np.nan)[1:-1].reshape(8, 128)
    np.testing.assert_allclose(rows[1:-1, 3], np.nanmean(inner, axis=1), rtol=1e-5)
    assert np.isnan(curve_extremes(np.arange(9), np.full(9, np.inf), 5)[:, 3]).all()


def test_full_buckets_stay_in_place_as_a_curve_grows():
    values = np.random.default_rng(0).normal(size=4000)
    before = curve_extremes(np.arange(3500), values[:3500], 100)
    after = curve_extremes(np.arange(4000), values, 100)
    np.testing.assert_array_equal(before[:-2], after[: len(before) - 2])


def test_wrong_arguments_are_refused():
    with pytest.raises(ValueError, match="points=2"):
        curve_extremes(np.arange(3), np.arange(3.0), 2)
    with pytest.raises(ValueError, match="3 steps and 2 values"):
        curve_extremes(np.arange(3), np.arange(2.0))
