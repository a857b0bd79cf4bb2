import ml_dtypes
import numpy as np
import pytest

from nnvis_widget.reduce.bundles import group_inputs, signed_bundles
from nnvis_widget.reduce.top_links import top_links


def test_a_784_input_picture_is_grouped_by_its_28_rows():
    groups = group_inputs(784, (28, 28), units=64)
    assert (groups.kind, groups.size, groups.count) == ("image_row", 28, 28)
    assert groups.boundaries[:3] == (0, 28, 56)
    assert groups.boundaries[-1] == 784


def test_rows_that_do_not_fit_the_limit_become_blocks_of_whole_rows():
    groups = group_inputs(784, (28, 28), units=128)
    assert (groups.kind, groups.size, groups.count) == ("block", 56, 14)


def test_a_picture_of_another_size_is_left_aside():
    groups = group_inputs(100, (28, 28), units=512)
    assert (groups.kind, groups.size, groups.boundaries) == ("block", 25, (0, 25, 50, 75, 100))


def test_only_the_last_block_is_shorter():
    assert group_inputs(10, limit=4).boundaries == (0, 3, 6, 9, 10)


def test_there_is_one_group_even_over_the_limit():
    groups = group_inputs(4096, units=4096)
    assert (groups.count, groups.size) == (1, 4096)


def test_groups_of_nothing_are_refused():
    with pytest.raises(ValueError, match="input_count=0"):
        group_inputs(0)


def test_a_bundle_is_the_signed_sum_of_its_links():
    kernel = np.random.default_rng(1).normal(size=(784, 64)).astype(np.float32)
    groups = group_inputs(784, (28, 28), units=64)
    bundles = signed_bundles(kernel, groups)
    assert bundles.shape == (28, 64)
    assert bundles.dtype == np.float32
    for group in range(28):
        expected = kernel[28 * group : 28 * (group + 1)].sum(axis=0, dtype=np.float64)
        np.testing.assert_allclose(bundles[group], expected, rtol=1e-6, atol=1e-12)


def test_a_sum_that_float32_would_lose_is_kept():
    kernel = np.array([[2.0**24], [1.0], [-(2.0**24)]], np.float32)
    assert signed_bundles(kernel, group_inputs(3, limit=1)).item() == 1


def test_a_nan_link_shows_in_its_bundle_only():
    kernel = np.ones((4, 2), np.float32)
    kernel[0, 1] = np.nan
    np.testing.assert_array_equal(signed_bundles(kernel, group_inputs(4, limit=2)), [[2, np.nan], [2, 2]])


def test_bfloat16_kernels_are_summed():
    kernel = np.full((1000, 2), 1.0, ml_dtypes.bfloat16)
    assert signed_bundles(kernel, group_inputs(1000, limit=1)).tolist() == [[1000, 1000]]


def test_groups_of_another_kernel_are_refused():
    with pytest.raises(ValueError, match=r"\(10, units\).*\(9, 2\)"):
        signed_bundles(np.zeros((9, 2)), group_inputs(10))


def test_top_links_are_the_strongest_with_their_sign():
    kernel = np.array([[0.1, -5.0, 2.0], [3.0, 0.0, -0.2]], np.float32)
    links = top_links(kernel, 3)
    assert links.inputs.tolist() == [0, 1, 0]
    assert links.units.tolist() == [1, 0, 2]
    assert links.values.tolist() == [-5, 3, 2]


def test_equal_links_are_taken_by_their_index():
    links = top_links(np.array([[1.0, -1.0], [2.0, 1.0]], np.float32), 3)
    assert list(zip(links.inputs.tolist(), links.units.tolist(), strict=True)) == [(1, 0), (0, 0), (0, 1)]


def test_nan_is_counted_and_never_chosen_while_infinity_is():
    kernel = np.array([[np.nan, -np.inf], [0.0, np.nan]], np.float32)
    links = top_links(kernel, 4)
    assert links.nan_count == 2
    assert links.values.tolist() == [-np.inf, 0]


def test_choosing_leaves_the_kernel_as_it_was():
    kernel = np.array([[np.nan, -2.0]], np.float32)
    top_links(kernel, 1)
    np.testing.assert_array_equal(kernel, np.array([[np.nan, -2.0]], np.float32))


@pytest.mark.parametrize(("shape", "k"), [((3, 2), 0), ((0, 2), 5), ((2, 0), 5)])
def test_no_links_give_none(shape, k):
    assert top_links(np.ones(shape, np.float32), k).values.shape == (0,)


def test_a_negative_count_is_refused():
    with pytest.raises(ValueError, match="k=-1"):
        top_links(np.zeros((2, 2)), -1)


RNG = np.random.default_rng(8)


def test_units_are_summed_into_at_most_so_many_bins():
    kernel = RNG.normal(size=(300, 130)).astype(np.float32)
    bundles = signed_bundles(kernel, group_inputs(300, units=64, limit=64 * 64), bins=64)
    assert bundles.shape == (60, 64)
    cuts = [i * 130 // 64 for i in range(65)]
    for group, unit in ((0, 0), (17, 31), (59, 63)):
        part = kernel[5 * group : 5 * group + 5, cuts[unit] : cuts[unit + 1]].astype(np.float64)
        assert bundles[group, unit] == pytest.approx(part.sum(), abs=1e-6)
    np.testing.assert_allclose(bundles.astype(np.float64).sum(), kernel.astype(np.float64).sum(), atol=1e-4)


def test_factors_turn_weights_into_signals():
    kernel, inputs = RNG.normal(size=(20, 7)).astype(np.float32), RNG.normal(size=20).astype(np.float32)
    groups = group_inputs(20, limit=4, units=1)
    signals = kernel.astype(np.float64) * inputs[:, None]
    np.testing.assert_allclose(signed_bundles(kernel, groups, inputs), signals.reshape(4, 5, 7).sum(axis=1), rtol=1e-4)
    links = top_links(kernel, 9, inputs)
    order = np.argsort(-np.abs(signals).ravel())[:9]
    assert (links.inputs * 7 + links.units).tolist() == order.tolist()
    np.testing.assert_allclose(links.values, signals.ravel()[order], rtol=1e-6)


@pytest.mark.parametrize("is_rising", [True, False])
def test_the_strongest_of_many_blocks_are_those_of_a_full_sort(is_rising):
    kernel = RNG.normal(size=(900, 1000)).astype(np.float32)
    kernel = kernel.ravel()[np.argsort(np.abs(kernel).ravel())].reshape(kernel.shape)
    kernel = kernel if is_rising else np.ascontiguousarray(kernel[::-1, ::-1])
    links = top_links(kernel, 1000)
    order = np.argsort(-np.abs(kernel).ravel(), kind="stable")[:1000]
    np.testing.assert_array_equal(links.inputs * 1000 + links.units, order)
    np.testing.assert_array_equal(links.values, kernel.ravel()[order])


@pytest.mark.parametrize(
    "reduction", [lambda k, f: signed_bundles(k, group_inputs(4), f), lambda k, f: top_links(k, 2, f)]
)
def test_factors_of_another_kernel_are_refused(reduction):
    with pytest.raises(ValueError, match="Expected 4 factors"):
        reduction(np.ones((4, 2), np.float32), np.ones(3, np.float32))
