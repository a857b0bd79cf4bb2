"""Does each slice stand where its place says?"""

from __future__ import annotations

import numpy as np
import pytest

from nnvis_widget.core.graph import Layer
from nnvis_widget.core.mosaic import Mosaic


@pytest.mark.parametrize("is_first", [False, True])
@pytest.mark.parametrize("sizes", [(6, 4, 4), (7, 3, 5), (1, 8, 8), (16, 2, 3), (5, 12, 2)])
def test_every_number_stands_once_at_the_place_of_its_slice(sizes: tuple[int, int, int], is_first: bool) -> None:
    volume = np.arange(np.prod(sizes) * 3).reshape(*sizes, 3)
    mosaic = Mosaic(*sizes, 3, is_first)
    given = np.moveaxis(volume, -1, 0) if is_first else volume
    picture = mosaic.lay_out(given.reshape(-1))
    assert picture.shape == mosaic.shape
    assert mosaic.down * mosaic.across == sizes[0]
    for row in range(picture.shape[0]):
        for column in range(picture.shape[1]):
            np.testing.assert_array_equal(picture[row, column], volume[mosaic.place(row, column)])


@pytest.mark.parametrize(("sizes", "across"), [((6, 12, 12), 2), ((16, 8, 8), 4), ((4, 2, 8), 1), ((4, 8, 2), 4)])
def test_slices_are_laid_out_as_near_a_square_as_leaves_no_gap(sizes: tuple[int, int, int], across: int) -> None:
    assert Mosaic(*sizes, 1).across == across


def test_a_layer_whose_order_of_axes_is_not_known_has_no_picture_of_slices() -> None:
    def layer(shape: tuple[int | None, ...], channels: str) -> Layer:
        return Layer("L0", "one", "Conv3D", (shape,), role="conv", channels=channels)  # type: ignore[arg-type]

    assert layer((None, 4, 6, 5, 2), "last").map_shape == (12, 10, 2)
    assert layer((None, 2, 4, 6, 5), "first").map_shape == (12, 10, 2)
    assert layer((None, 4, 6, 5, 2), "").map_shape is None
    assert layer((None, None, 6, 5, 2), "last").map_shape is None
