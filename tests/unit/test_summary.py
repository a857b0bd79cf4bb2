import ml_dtypes
import numpy as np
import pytest

from nnvis_widget.errors import EmptyTensorError
from nnvis_widget.reduce.summary import summarize


def test_moments_and_histogram_are_numpys():
    values = np.random.default_rng(0).normal(size=(30, 40)).astype(np.float32)
    summary = summarize(values, bins=20)
    exact = values.astype(np.float64)
    assert summary.mean == pytest.approx(exact.mean(), rel=1e-12)
    assert summary.deviation == pytest.approx(exact.std(), rel=1e-12)
    assert (summary.minimum, summary.maximum) == (exact.min(), exact.max())
    counts, edges = np.histogram(exact, 20)
    np.testing.assert_array_equal(summary.histogram, counts)
    np.testing.assert_allclose(summary.edges, edges, rtol=1e-12, atol=1e-12)


def test_float32_numbers_far_from_zero_keep_their_deviation():
    values = np.float32(1e6) + np.array([-1, 1] * 5000, np.float32)
    assert summarize(values).deviation == pytest.approx(1.0, rel=1e-12)


def test_what_is_not_finite_is_counted_and_left_out():
    summary = summarize(np.array([0.0, -0.0, np.nan, np.inf, -np.inf, 3.0]))
    assert (summary.count, summary.zero_count, summary.nan_count, summary.infinite_count) == (6, 2, 1, 2)
    assert summary.finite_count == 3 == summary.histogram.sum()
    assert (summary.mean, summary.minimum, summary.maximum) == (1, 0, 3)


def test_nothing_finite_gives_nan_moments_and_empty_bins():
    summary = summarize(np.array([np.nan, np.inf]))
    assert np.isnan([summary.mean, summary.deviation, summary.minimum, summary.maximum]).all()
    assert summary.histogram.sum() == 0
    assert np.isfinite(summary.edges).all()


def test_a_constant_tensor_has_bins_of_a_width():
    summary = summarize(np.zeros(10), bins=4)
    assert summary.histogram.tolist() == [0, 0, 10, 0]
    assert summary.edges.tolist() == [-0.5, -0.25, 0, 0.25, 0.5]


def test_neighbouring_floats_are_binned():
    summary = summarize(np.array([1.0, np.nextafter(1.0, 2.0)]), bins=32)
    assert summary.histogram[[0, -1]].tolist() == [1, 1]


def test_the_smallest_float64_range_is_one_bin():
    assert summarize(np.array([0.0, 5e-324])).histogram.max() == 2


def test_the_widest_float64_range_is_binned():
    summary = summarize(np.array([-1.7e308, 0, 1.7e308]), bins=3)
    assert summary.histogram.tolist() == [1, 1, 1]


@pytest.mark.parametrize("dtype", [np.float16, ml_dtypes.bfloat16, np.int8, np.uint64])
def test_other_dtypes_are_described_in_float64(dtype):
    summary = summarize(np.array([100] * 1000 + [0], dtype))
    assert summary.mean == pytest.approx(100_000 / 1001)
    assert (summary.zero_count, summary.minimum, summary.maximum) == (1, 0, 100)


def test_truth_values_are_zeros_and_ones():
    summary = summarize(np.array([True, False, True, True]), bins=2)
    assert (summary.mean, summary.zero_count, summary.histogram.tolist()) == (0.75, 1, [1, 3])


def test_a_tensor_without_elements_is_refused():
    with pytest.raises(EmptyTensorError, match=r"shape \(0, 3\)"):
        summarize(np.empty((0, 3)))


def test_no_bins_are_refused():
    with pytest.raises(ValueError, match="bins=0"):
        summarize(np.ones(3), bins=0)
