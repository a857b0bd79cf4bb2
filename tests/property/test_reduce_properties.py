from itertools import pairwise

import numpy as np
from hypothesis import example, given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from nnvis_widget.reduce.bundles import group_inputs, signed_bundles
from nnvis_widget.reduce.curves import curve_extremes
from nnvis_widget.reduce.quantize import dequantize, quantize
from nnvis_widget.reduce.summary import summarize
from nnvis_widget.reduce.tiles import block_boundaries, block_extremes, block_means
from nnvis_widget.reduce.top_links import top_links

MODEST = st.floats(-1e6, 1e6, width=32)
ANY_32 = st.floats(width=32)
MATRIX_SHAPES = array_shapes(min_dims=2, max_dims=2, max_side=20)
REQUEST = st.integers(1, 25)


def blocks_of(matrix, rows, columns):
    row_edges = block_boundaries(matrix.shape[0], rows)
    column_edges = block_boundaries(matrix.shape[1], columns)
    return [[matrix[a:b, c:d] for c, d in pairwise(column_edges)] for a, b in pairwise(row_edges)]


@given(size=st.integers(1, 5000), blocks=st.integers(1, 6000))
def test_blocks_cover_everything_once_and_nearly_equally(size, blocks):
    edges = block_boundaries(size, blocks)
    assert len(edges) - 1 == min(size, blocks)
    assert (edges[0], edges[-1]) == (0, size)
    heights = np.diff(edges)
    assert heights.min() >= 1
    assert heights.max() - heights.min() <= 1


@given(matrix=arrays(np.float32, MATRIX_SHAPES, elements=MODEST), rows=REQUEST, columns=REQUEST)
def test_block_means_are_the_means_of_the_blocks(matrix, rows, columns):
    expected = [[block.mean(dtype=np.float64) for block in row] for row in blocks_of(matrix, rows, columns)]
    np.testing.assert_allclose(block_means(matrix, rows, columns), expected, rtol=1e-12, atol=1e-8)


@given(matrix=arrays(np.float32, MATRIX_SHAPES, elements=ANY_32), rows=REQUEST, columns=REQUEST)
def test_block_extremes_are_exact(matrix, rows, columns):
    low, high = block_extremes(matrix, rows, columns)
    blocks = blocks_of(matrix, rows, columns)
    np.testing.assert_array_equal(low, [[np.fmin.reduce(block, axis=None) for block in row] for row in blocks])
    np.testing.assert_array_equal(high, [[np.fmax.reduce(block, axis=None) for block in row] for row in blocks])
    assert low.dtype == matrix.dtype


@given(
    input_count=st.integers(1, 5000),
    units=st.integers(1, 5000),
    limit=st.integers(1, 4096),
    image_shape=st.none() | st.tuples(st.integers(1, 70), st.integers(1, 70)),
    fits=st.booleans(),
)
def test_groups_cover_the_inputs_within_the_limit(input_count, units, limit, image_shape, fits):
    if image_shape and fits:
        input_count = image_shape[0] * image_shape[1]
    groups = group_inputs(input_count, image_shape, units=units, limit=limit)
    sizes = np.diff(groups.boundaries)
    assert len(sizes) == groups.count >= 1
    assert groups.count * units <= limit or groups.count == 1
    assert (groups.boundaries[0], groups.boundaries[-1]) == (0, input_count)
    assert (sizes[:-1] == groups.size).all()
    assert 1 <= sizes[-1] <= groups.size
    if groups.kind == "image_row":
        assert (groups.count, groups.size) == image_shape


@given(kernel=arrays(np.float32, MATRIX_SHAPES, elements=st.integers(-(2**20), 2**20).map(np.float32)), limit=REQUEST)
def test_bundles_are_exactly_the_sums_of_their_links(kernel, limit):
    groups = group_inputs(len(kernel), units=kernel.shape[1], limit=limit)
    expected = [kernel[a:b].astype(np.float64).sum(axis=0) for a, b in pairwise(groups.boundaries)]
    np.testing.assert_array_equal(signed_bundles(kernel, groups), np.array(expected).astype(np.float32))


@given(
    kernel=arrays(np.float32, MATRIX_SHAPES, elements=st.sampled_from([-2, -1, 0, 1, 2, np.inf, np.nan]) | ANY_32),
    k=st.integers(0, 500),
)
def test_top_links_are_those_of_a_full_sort(kernel, k):
    links = top_links(kernel, k)
    flat = kernel.ravel().tolist()
    order = sorted((i for i, w in enumerate(flat) if w == w), key=lambda i: (-abs(flat[i]), i))[:k]
    assert (links.inputs * kernel.shape[1] + links.units).tolist() == order
    np.testing.assert_array_equal(links.values, kernel.ravel()[order])
    assert links.nan_count == np.isnan(kernel).sum()


@given(values=arrays(np.float64, array_shapes(max_dims=3), elements=st.floats()), bins=st.integers(1, 64))
@example(values=np.array([-1.7e308]), bins=3)
def test_summaries_account_for_every_element(values, bins):
    summary = summarize(values, bins)
    finite = values[np.isfinite(values)]
    assert summary.count == values.size
    assert summary.nan_count == np.isnan(values).sum()
    assert summary.infinite_count == np.isinf(values).sum()
    assert summary.zero_count == (values == 0).sum()
    assert summary.histogram.sum() == finite.size == summary.finite_count
    assert summary.histogram.shape == (bins,)
    assert summary.edges.shape == (bins + 1,)
    assert np.isfinite(summary.edges).all()
    if finite.size:
        assert (summary.minimum, summary.maximum) == (finite.min(), finite.max())


@given(values=arrays(np.float32, array_shapes(max_dims=3), elements=MODEST))
def test_moments_are_those_of_float64(values):
    summary = summarize(values)
    exact = values.astype(np.float64)
    np.testing.assert_allclose(summary.mean, exact.mean(), rtol=1e-12, atol=1e-9)
    np.testing.assert_allclose(summary.deviation, exact.std(), rtol=1e-12, atol=1e-9)


@given(values=arrays(np.float32, array_shapes(max_dims=3, min_side=0), elements=ANY_32))
def test_a_value_is_at_most_half_a_level_from_its_code(values):
    quantized = quantize(values)
    assert ((quantized.codes == 0) == np.isnan(values)).all()
    finite = np.isfinite(values)
    level = (quantized.high - quantized.low) / 254
    exact = quantized.low + (quantized.codes.astype(np.float64) - 1) * level
    error = np.abs(exact - values.astype(np.float64, copy=True), where=finite, out=np.zeros(values.shape))
    reach = max(abs(quantized.low), abs(quantized.high))
    assert (error <= level / 2 + 1e-12 * reach).all()
    np.testing.assert_allclose(dequantize(quantized)[finite], exact[finite], rtol=1e-6, atol=1e-6 * reach)


@given(
    values=arrays(np.float64, st.integers(0, 3000), elements=st.floats(allow_infinity=False, width=32)),
    points=st.integers(3, 60),
)
def test_curves_keep_the_extremes_the_ends_and_the_order(values, points):
    steps = np.arange(len(values)) * 3 + 1
    rows = curve_extremes(steps, values, points)
    assert len(rows) <= points
    assert (np.diff(rows[:, 0]) > 0).all()
    if len(values):
        np.testing.assert_array_equal(np.fmin.reduce(rows[:, 1]), np.fmin.reduce(values).astype(np.float32))
        np.testing.assert_array_equal(np.fmax.reduce(rows[:, 2]), np.fmax.reduce(values).astype(np.float32))
        np.testing.assert_array_equal(rows[0, 1:], np.float32([values[0]] * 3))
        np.testing.assert_array_equal(rows[-1, 1:], np.float32([values[-1]] * 3))
        assert (rows[0, 0], rows[-1, 0]) == (steps[0], steps[-1])
