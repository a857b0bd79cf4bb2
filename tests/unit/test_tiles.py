import numpy as np
import pytest

from nnvis_widget.errors import EmptyTensorError
from nnvis_widget.reduce.tiles import block_boundaries, block_extremes, block_means


def test_sizes_that_do_not_divide_are_cut_where_the_docstring_says():
    assert block_boundaries(10, 4).tolist() == [0, 2, 5, 7, 10]


def test_a_mean_is_numpys_mean_of_its_block():
    matrix = np.random.default_rng(0).normal(size=(10, 7)).astype(np.float32)
    means = block_means(matrix, 4, 3)
    assert means.shape == (4, 3)
    assert means.dtype == np.float64
    assert means[1, 2] == pytest.approx(matrix[2:5, 4:7].mean(dtype=np.float64), rel=1e-12)


def test_means_of_large_float32_numbers_keep_their_small_differences():
    matrix = np.full((1000, 1000), 16_777_217 - 1, np.float32)
    assert block_means(matrix, 1, 1)[0, 0] == 16_777_216


def test_a_matrix_smaller_than_the_request_stays_as_it_is():
    matrix = np.arange(6.0).reshape(2, 3)
    np.testing.assert_array_equal(block_means(matrix, 100, 100), matrix)
    for extreme in block_extremes(matrix, 100, 100):
        np.testing.assert_array_equal(extreme, matrix)


def test_extremes_keep_the_one_large_value_that_a_mean_hides():
    matrix = np.zeros((64, 64), np.float32)
    matrix[17, 42] = -9
    low, high = block_extremes(matrix, 4, 4)
    assert low.min() == -9
    assert low[1, 2] == -9
    assert high.max() == 0


def test_nan_shows_in_a_mean_and_is_left_out_of_extremes():
    matrix = np.array([[np.nan, 1.0], [2.0, 3.0], [np.nan, np.nan]])
    low, high = block_extremes(matrix, 3, 1)
    np.testing.assert_array_equal(low, [[1], [2], [np.nan]])
    np.testing.assert_array_equal(high, [[1], [3], [np.nan]])
    np.testing.assert_array_equal(block_means(matrix, 3, 1), [[np.nan], [2.5], [np.nan]])


@pytest.mark.parametrize("dtype", [np.float16, np.int8, np.uint8, bool])
def test_other_dtypes_are_averaged_without_overflow(dtype):
    matrix = np.ones((300, 300), dtype) * np.array(1, dtype)
    assert block_means(matrix, 2, 2).tolist() == [[1, 1], [1, 1]]


@pytest.mark.parametrize("reduction", [block_means, block_extremes])
def test_a_wrong_request_is_refused(reduction):
    with pytest.raises(ValueError, match=r"shape \(3,\)"):
        reduction(np.zeros(3), 1, 1)
    with pytest.raises(ValueError, match="rows=0"):
        reduction(np.zeros((3, 3)), 0, 1)
    with pytest.raises(EmptyTensorError):
        reduction(np.zeros((0, 3)), 1, 1)
