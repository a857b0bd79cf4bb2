import numpy as np
import pytest

from nnvis_widget.reduce.quantize import Quantized, dequantize, quantize


def test_the_range_is_laid_on_the_codes_1_to_255():
    quantized = quantize(np.array([[-1.0, 0.0], [1.0, np.nan]], np.float32))
    assert quantized.codes.tolist() == [[1, 128], [255, 0]]
    assert quantized.codes.dtype == np.uint8
    assert (quantized.low, quantized.high) == (-1, 1)


def test_infinities_and_values_beyond_the_range_clip():
    quantized = quantize(np.array([-np.inf, -5.0, 0.0, 5.0, np.inf]), low=-1, high=1)
    assert quantized.codes.tolist() == [1, 1, 128, 255, 255]


def test_the_default_range_is_finite():
    quantized = quantize(np.array([-np.inf, 2.0, 4.0, np.nan]))
    assert (quantized.low, quantized.high) == (2, 4)


def test_one_given_end_holds_and_the_other_follows_the_values():
    assert quantize(np.array([2.0, 3.0]), low=0.0).high == 3
    assert quantize(np.array([2.0, 3.0]), low=5.0).high == 5
    assert quantize(np.array([2.0, 3.0]), high=1.0).low == 1
    assert quantize(np.array([np.nan]), low=7.0).high == 7


def test_a_constant_array_comes_back():
    quantized = quantize(np.full((2, 2), 0.3, np.float32))
    assert (quantized.codes == 1).all()
    np.testing.assert_array_equal(dequantize(quantized), np.full((2, 2), 0.3, np.float32))


def test_nothing_finite_and_nothing_at_all_have_a_range_too():
    quantized = quantize(np.array([np.nan, np.inf, -np.inf]))
    assert quantized.codes.tolist() == [0, 255, 1]
    assert (quantized.low, quantized.high) == (0, 0)
    assert quantize(np.empty((0, 4))).codes.shape == (0, 4)


def test_a_range_wider_than_the_largest_number_is_laid_out_too():
    assert quantize(np.array([-1.7e308, 0.0, 1.7e308])).codes.tolist() == [1, 128, 255]


def test_code_0_comes_back_as_nan_and_the_ends_exactly():
    values = dequantize(Quantized(np.array([0, 1, 255], np.uint8), -3.0, 7.0))
    np.testing.assert_array_equal(values, np.array([np.nan, -3, 7], np.float32))
    assert values.dtype == np.float32


@pytest.mark.parametrize(("low", "high"), [(1.0, 0.0), (np.nan, 1.0), (0.0, np.inf)])
def test_a_range_that_is_none_is_refused(low, high):
    with pytest.raises(ValueError, match="finite low <= high"):
        quantize(np.ones(2), low, high)
