from __future__ import annotations

import numpy as np
import pytest

from nnvis_widget.core.anatomy import GATES, Role, kernel_axes
from nnvis_widget.reduce.activation_sheet import activation_sheet
from nnvis_widget.reduce.colour_scale import ColourScale
from nnvis_widget.reduce.kernel_sheet import Sheet, bundle_sheet, kernel_sheet

KERNELS = [
    ((6, 4), "dense", "kernel"),
    ((1, 1), "dense", "kernel"),
    ((50, 16), "embedding", "embeddings"),
    ((3, 3, 2, 8), "conv", "kernel"),
    ((3, 3, 8, 1), "conv", "depthwise_kernel"),
    ((2, 3, 3, 1, 4), "conv", "kernel"),
    ((5, 3, 7), "conv", "kernel"),
    ((10, 32), "recurrent", "kernel"),
    ((10, 24), "recurrent", "recurrent_kernel"),
    ((16, 4, 8), "attention", "query/kernel"),
    ((4, 8, 16), "attention", "attention_output/kernel"),
    ((5, 4), "opaque", "kernel"),
]


def gates_of(shape: tuple[int, ...]) -> tuple[str, ...]:
    """Of the LSTM and the GRU with 8 units above; all others have no such axis."""
    return GATES.get(shape[1] // 8, ())


def numbers(*shape: int) -> np.ndarray:
    return np.random.default_rng(7).normal(size=shape)


def read_back(sheet: Sheet, shape: tuple[int, ...]) -> np.ndarray:
    """The tensor, put together again from what the cells say of themselves."""
    tensor = np.full(shape, np.nan)
    for row in range(sheet.shape[0]):
        for column in range(sheet.shape[1]):
            found = sheet.find(row, column)
            if found is not None and not found[0].is_bias:
                tile, y, x = found
                tensor[tile.locate(int(tile.rows[y]), int(tile.columns[x]))] = tile.values[y, x]
    return tensor


@pytest.mark.parametrize(("shape", "role", "name"), KERNELS)
def test_every_weight_has_its_cell_and_the_cell_says_which(shape: tuple[int, ...], role: Role, name: str) -> None:
    kernel = numbers(*shape)
    sheet = kernel_sheet(kernel, None, kernel_axes(role, name, len(shape)), gates_of(shape))
    np.testing.assert_array_equal(read_back(sheet, shape), kernel)
    assert sheet.reduction == ""


@pytest.mark.parametrize(("shape", "role", "name"), KERNELS)
def test_what_is_drawn_is_what_is_found_under_the_pointer(shape: tuple[int, ...], role: Role, name: str) -> None:
    axes = kernel_axes(role, name, len(shape))
    sheet = kernel_sheet(numbers(*shape), numbers(shape[-1]), axes, gates_of(shape))
    values, is_there = sheet.cells()
    for row in range(sheet.shape[0]):
        for column in range(sheet.shape[1]):
            found = sheet.find(row, column)
            assert (found is not None) == is_there[row, column]
            if found is not None:
                assert values[row, column] == found[0].values[found[1], found[2]]


def test_a_large_kernel_becomes_the_means_of_blocks_and_says_so() -> None:
    kernel = numbers(784, 64)
    sheet = kernel_sheet(kernel, None, limit=(98, 64))
    (tile,) = sheet.tiles
    assert tile.values.shape == (98, 64)
    for row in (0, 50, 97):
        block = kernel[tile.rows[row] : tile.rows[row + 1]]
        np.testing.assert_allclose(tile.values[row], block.mean(axis=0))
    assert sheet.reduction == "means of up to 8 × 1 weights"


def test_a_window_shows_the_exact_cells_and_their_bias() -> None:
    kernel, bias = numbers(784, 64), numbers(64)
    sheet = kernel_sheet(kernel, bias, rows=(100, 110), columns=(20, 28))
    first, under = sheet.tiles
    np.testing.assert_array_equal(first.values, kernel[100:110, 20:28])
    np.testing.assert_array_equal(under.values, bias[None, 20:28])
    assert (first.locate(0, 0), under.locate(0, 3)) == ((100, 20), (23,))
    assert sheet.row_ticks[0][1] == "100"
    assert sheet.reduction == ""


def test_filters_of_many_channels_are_their_means_over_the_inputs() -> None:
    kernel = numbers(3, 3, 32, 64)
    sheet = kernel_sheet(kernel)
    np.testing.assert_allclose(sheet.tiles[10].values, kernel[:, :, :, 10].mean(axis=2))
    assert "means over 32 input channels" in sheet.reduction


def test_filters_beyond_the_most_that_are_drawn_are_counted() -> None:
    assert "the first 256 of 300 filters" in kernel_sheet(numbers(3, 2, 300)).reduction


def test_gates_have_their_names_in_keras_order() -> None:
    kernel = numbers(4, 20)
    sheet = kernel_sheet(kernel, None, ("in", "gate"), GATES[4])
    assert [name for _, name in sheet.column_ticks] == ["input", "forget", "cell", "output"]
    np.testing.assert_array_equal(sheet.tiles[1].values, kernel[:, 5:10])


def test_sums_of_bundles_become_means() -> None:
    kernel = numbers(10, 6)
    rows, columns = np.array([0, 4, 8, 10]), np.array([0, 3, 6])
    sums = np.add.reduceat(np.add.reduceat(kernel, rows[:-1], 0), columns[:-1], 1)
    sheet = bundle_sheet(sums, rows, columns)
    np.testing.assert_allclose(sheet.tiles[0].values[2, 1], kernel[8:10, 3:6].mean())


@pytest.mark.parametrize("shape", [(1,), (10,), (64,), (100,), (7, 5), (6, 6, 8), (6, 6, 1), (2, 3, 3, 4)])
def test_every_activation_has_its_cell(shape: tuple[int, ...]) -> None:
    values = numbers(*shape)
    squeezed = shape[:2] if len(shape) == 3 and shape[2] == 1 else shape
    sheet = activation_sheet(values.reshape(-1), shape)
    if len(shape) == 4:
        # depth and height are one axis
        assert sheet.cells()[1].sum() == values.size
        return
    np.testing.assert_array_equal(read_back(sheet, squeezed), values.reshape(squeezed))


def test_a_scale_grows_at_once_and_shrinks_slowly() -> None:
    scale = ColourScale()
    wide = np.linspace(-1, 1, 1001)
    assert scale.update(wide) == pytest.approx(np.percentile(np.abs(wide), 98))
    assert scale.is_clipped
    before = scale.limit
    assert scale.update(3 * wide) == pytest.approx(3 * before)
    shrunk = [scale.update(wide) for _ in range(200)]
    assert shrunk[0] > 2.5 * before
    assert shrunk[-1] == pytest.approx(before, rel=0.01)


def test_a_locked_scale_stays_and_what_is_not_finite_counts_for_nothing() -> None:
    scale = ColourScale()
    scale.update(np.array([np.nan, np.inf, 2.0]))
    assert scale.limit == 2.0
    assert scale.update(np.array([8.0]), is_locked=True) == 2.0
    assert scale.is_clipped
    assert ColourScale().update(np.zeros(3)) == 1.0
