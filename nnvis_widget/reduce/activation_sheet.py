"""What a layer puts out for one sample, laid out on a flat sheet of cells."""

from __future__ import annotations

from math import ceil, prod, sqrt

import numpy as np

from nnvis_widget.reduce.kernel_sheet import Locate, Sheet, Tile, kernel_sheet

STRIP = 16


def activation_sheet(values: np.ndarray, shape: tuple[int, ...]) -> Sheet:
    """Lay an output out.

    Args:
        values: `(n,)`, real.
        shape: Of the output for one sample, of n elements: units make rows of equal length, a sequence is a matrix
            with time downwards, feature maps are a tile for each channel.

    Returns:
        A sheet whose tiles locate a cell in an array of the given shape.

    Raises:
        ValueError: If the shape has another number of elements.
    """
    if prod(shape) != values.size:
        raise ValueError(f"Expected {values.size} elements, got the shape {shape}. Pass the shape of these values.")
    if len(shape) <= 1:
        return _units(values.reshape(-1))
    array = values.reshape(shape)
    if len(shape) == 2 and shape[0] == 1:
        return _units(array[0])
    if len(shape) == 3 and shape[2] == 1:
        array = array[:, :, 0]
    return kernel_sheet(array if array.ndim <= 3 else array.reshape(-1, *shape[-2:]), means_key="blockMeansOfValues")


def _units(values: np.ndarray) -> Sheet:
    count = len(values)
    width = count if count <= STRIP else ceil(sqrt(4 * count))
    tiles, ticks = [], []
    for top, start in enumerate(range(0, count, width)):
        row = values[start : start + width].astype(np.float64).reshape(1, -1)
        edges = np.arange(2), np.arange(row.shape[1] + 1)
        tiles.append(Tile(row, *edges, top, 0, _counted(start)))
        ticks.append((top + 0.5, str(start)))
    if count <= STRIP:
        names = [(index + 0.5, str(index)) for index in range(count)]
        return Sheet(tuple(tiles), (1, width), (), tuple(names))
    pace = ceil(len(ticks) / 6)
    return Sheet(tuple(tiles), (len(tiles), width), tuple(ticks[::pace]))


def _counted(first: int) -> Locate:
    return lambda r, c: (first + c,)
