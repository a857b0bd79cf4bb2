"""A kernel of any rank, laid out on a flat sheet of cells."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np

from nnvis_widget.core.anatomy import Axis
from nnvis_widget.core.words.say import say
from nnvis_widget.reduce.axis_ticks import index_ticks
from nnvis_widget.reduce.tiles import block_boundaries, block_means

MOST_ROWS, MOST_COLUMNS = 128, 256
MOST_PAIRS = 256
BIAS_SHARE = 0.05

Index = tuple[int, ...]
Locate = Callable[[int, int], Index]
Ticks = tuple[tuple[float, str], ...]


@dataclass(frozen=True)
class Tile:
    """One matrix on the sheet, its cells means of blocks where it is larger than its place.

    Attributes:
        values: float64 `(r, c)`.
        rows: int64 `(r + 1,)`: where each row of cells begins in the matrix, and the end; columns alike.
        columns: int64 `(c + 1,)`.
        top: First row of the sheet; left alike.
        left: First column of the sheet.
        locate: The tensor's index of a row and column of the matrix.
        stretch: How many rows and columns of the sheet a cell takes.
        is_bias: Whether it is of the bias, not the kernel.
    """

    values: np.ndarray
    rows: np.ndarray
    columns: np.ndarray
    top: int
    left: int
    locate: Locate
    stretch: tuple[int, int] = (1, 1)
    is_bias: bool = False

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns it takes on the sheet."""
        return self.values.shape[0] * self.stretch[0], self.values.shape[1] * self.stretch[1]


@dataclass(frozen=True)
class Sheet:
    """Tiles beside and below one another.

    Attributes:
        tiles: None overlaps another.
        shape: Rows and columns of cells.
        row_ticks: Where (in rows from the top) to write what; column ticks alike.
        column_ticks: From the left.
        reduction: What was reduced, in words; empty where every cell is one number.
    """

    tiles: tuple[Tile, ...]
    shape: tuple[int, int]
    row_ticks: Ticks = ()
    column_ticks: Ticks = ()
    reduction: str = ""

    def cells(self) -> tuple[np.ndarray, np.ndarray]:
        """float64 values of the shape of the sheet, and bool: where there is a tile."""
        values, is_there = np.zeros(self.shape), np.zeros(self.shape, bool)
        for tile in self.tiles:
            place = slice(tile.top, tile.top + tile.shape[0]), slice(tile.left, tile.left + tile.shape[1])
            values[place] = np.repeat(np.repeat(tile.values, tile.stretch[0], 0), tile.stretch[1], 1)
            is_there[place] = True
        return values, is_there

    def find(self, row: int, column: int) -> tuple[Tile, int, int] | None:
        """The tile at a cell of the sheet, and the row and column within its values."""
        for tile in self.tiles:
            y, x = row - tile.top, column - tile.left
            if 0 <= y < tile.shape[0] and 0 <= x < tile.shape[1]:
                return tile, y // tile.stretch[0], x // tile.stretch[1]
        return None


@dataclass(frozen=True)
class _Part:
    matrix: np.ndarray
    locate: Locate


@dataclass(frozen=True)
class _Grid:
    """Parts in rows; all of a row are equally high, all of a column equally wide."""

    parts: list[list[_Part]]
    row_names: Sequence[str] = ()
    column_names: Sequence[str] = ()
    reduction: str = ""
    bias_by_column: bool = field(default=False)


def kernel_sheet(
    kernel: np.ndarray,
    bias: np.ndarray | None = None,
    axes: Sequence[Axis] = (),
    gates: Sequence[str] = (),
    rows: tuple[int, int] | None = None,
    columns: tuple[int, int] | None = None,
    limit: tuple[int, int] = (MOST_ROWS, MOST_COLUMNS),
    means_key: str = "blockMeans",
) -> Sheet:
    """Lay a kernel out.

    Args:
        kernel: Any rank from 1, real. A matrix is one tile; convolutions are a tile for each pair of input and output
            channel (the mean over the inputs where there are more than 256 pairs); recurrent kernels one for each gate;
            projections of attention one for each head.
        bias: As many numbers as the last axis, or `None`: a row of its own below.
        axes: What the axes of the kernel are; empty where that is not known.
        gates: Names of the gates in its `gate` axis, as wide as one another.
        rows: Of a matrix, only these: first and end. Columns alike.
        columns: First and end.
        limit: Most rows and columns of cells; larger tiles become means of equal blocks.
        means_key: Says of such means what they are of.
    """
    grid = _split(kernel, axes, gates, rows, columns)
    high = max(1, (limit[0] + 1) // len(grid.parts) - 1)
    wide = max(1, (limit[1] + 1) // len(grid.parts[0]) - 1)
    tiles: list[Tile] = []
    top, row_ticks, column_ticks = 0, [], []
    is_reduced = False
    for number, row in enumerate(grid.parts):
        left = 0
        for place, part in enumerate(row):
            means = block_means(part.matrix, high, wide)
            edges = [block_boundaries(size, most) for size, most in zip(part.matrix.shape, (high, wide), strict=True)]
            tiles.append(Tile(means, edges[0], edges[1], top, left, part.locate))
            is_reduced = is_reduced or means.shape != part.matrix.shape
            if number == 0 and grid.column_names:
                column_ticks.append((left + means.shape[1] / 2, grid.column_names[place]))
            left += means.shape[1] + 1
        if grid.row_names:
            row_ticks.append((top + tiles[-1].shape[0] / 2, grid.row_names[number]))
        top += tiles[-1].shape[0] + 1
    height, width = top - 1, max(tile.left + tile.shape[1] for tile in tiles)
    if len(tiles) == 1:
        start_row, start_column = rows[0] if rows else 0, columns[0] if columns else 0
        row_ticks = index_ticks(tiles[0].rows, start_row)
        column_ticks = index_ticks(tiles[0].columns, start_column)
    if bias is not None:
        tiles += _bias_tiles(np.asarray(bias), grid, tiles, height, columns)
        if tiles[-1].is_bias:
            row_ticks.append((tiles[-1].top + tiles[-1].shape[0] / 2, say("biasRow")))
            height = tiles[-1].top + tiles[-1].shape[0]
    first = tiles[0]
    size = int(np.diff(first.rows).max()), int(np.diff(first.columns).max())
    said = say(means_key, rows=size[0], columns=size[1]) if is_reduced else ""
    reduction = say("semicolon").join(filter(None, [grid.reduction, said]))
    return Sheet(tuple(tiles), (height, width), tuple(row_ticks), tuple(column_ticks), reduction)


def _split(
    kernel: np.ndarray,
    axes: Sequence[Axis],
    gates: Sequence[str],
    rows: tuple[int, int] | None,
    columns: tuple[int, int] | None,
) -> _Grid:
    if "gate" in axes and gates and kernel.shape[1] % len(gates) == 0:
        return _split_gates(kernel, gates)
    if kernel.ndim <= 2:
        return _split_matrix(np.atleast_2d(kernel), kernel.ndim, rows, columns)
    if "head" in axes:
        return _split_heads(kernel, axes.index("head"))
    if kernel.ndim == 3:  # of one dimension: time below, input channels to the right
        parts = [_Part(kernel[:, :, o], _along(o)) for o in range(min(kernel.shape[2], MOST_PAIRS))]
        return _wrapped(parts, kernel.shape[2])
    flat = kernel.reshape(-1, *kernel.shape[-3:])  # depth and height in one

    def pair(i: int, o: int) -> Locate:
        return lambda r, c: (*(int(n) for n in np.unravel_index(r, kernel.shape[:-3])), c, i, o)

    inputs, outputs = flat.shape[2:]
    if inputs * outputs <= MOST_PAIRS and outputs <= 64:
        return _Grid(
            [[_Part(flat[:, :, i, o], pair(i, o)) for o in range(outputs)] for i in range(inputs)],
            [say("inChannel", index=i) for i in range(inputs)],
            _some([str(o) for o in range(outputs)]),
            bias_by_column=True,
        )
    means = flat.mean(axis=2, dtype=np.float64)
    parts = [_Part(means[:, :, o], pair(-1, o)) for o in range(min(outputs, MOST_PAIRS))]
    return _wrapped(parts, outputs, say("channelMeans", inputs=inputs) if inputs > 1 else "")


def _split_gates(kernel: np.ndarray, gates: Sequence[str]) -> _Grid:
    each = kernel.shape[1] // len(gates)
    parts = [_Part(kernel[:, g * each : (g + 1) * each], _shifted(0, g * each)) for g in range(len(gates))]
    return _Grid([parts], column_names=gates)


def _split_matrix(
    matrix: np.ndarray, rank: int, rows: tuple[int, int] | None, columns: tuple[int, int] | None
) -> _Grid:
    top, left = rows[0] if rows else 0, columns[0] if columns else 0
    part = matrix[slice(*rows) if rows else slice(None), slice(*columns) if columns else slice(None)]
    return _Grid([[_Part(part, _shifted(top, left) if rank == 2 else _counted(left))]])


def _split_heads(kernel: np.ndarray, axis: int) -> _Grid:
    heads = min(kernel.shape[axis], MOST_PAIRS)

    def locate(h: int) -> Locate:
        return (lambda r, c: (h, r, c)) if axis == 0 else (lambda r, c: (r, h, c))

    parts = [_Part(kernel.take(h, axis), locate(h)) for h in range(heads)]
    return _Grid([parts], column_names=_some([say("headName", index=h) for h in range(heads)]))


def _wrapped(parts: list[_Part], count: int, reduction: str = "") -> _Grid:
    """In rows of equal length, about twice as many columns as rows."""
    columns = max(1, min(len(parts), int(np.ceil(np.sqrt(2 * len(parts))))))
    rows = [parts[start : start + columns] for start in range(0, len(parts), columns)]
    names = [f"{start}" for start in range(0, len(parts), columns)]
    more = say("firstFilters", shown=len(parts), filters=count) if count > len(parts) else ""
    return _Grid(rows, names, reduction=say("semicolon").join(filter(None, [reduction, more])))


def _bias_tiles(
    bias: np.ndarray, grid: _Grid, tiles: list[Tile], height: int, columns: tuple[int, int] | None
) -> list[Tile]:
    """Of the columns that the kernel shows; none where the bias has another size."""
    flat, top, thick = bias.reshape(-1), height + 1, max(1, round(BIAS_SHARE * height))
    if grid.bias_by_column:
        above = [tile for tile in tiles if tile.top == 0]
        if len(flat) != len(above):
            return []
        return [
            Tile(
                np.array([[flat[o]]], np.float64),
                np.arange(2),
                np.arange(2),
                top,
                tile.left,
                _counted(o),
                (thick, tile.shape[1]),
                is_bias=True,
            )
            for o, tile in enumerate(above)
        ]
    if len(grid.parts) > 1:
        return []
    width = sum(part.matrix.shape[1] for part in grid.parts[0])
    part = flat[slice(*columns)] if columns and len(grid.parts[0]) == 1 else flat
    if len(part) != width:
        return []
    found, start, shift = [], 0, len(flat[: columns[0]]) if columns else 0
    for tile in tiles:
        size = int(tile.columns[-1])
        means = block_means(part[start : start + size].reshape(1, -1), 1, tile.values.shape[1])
        begin = start + shift
        found.append(
            Tile(
                means,
                np.arange(2),
                tile.columns,
                top,
                tile.left,
                _counted(begin),
                (thick, 1),
                is_bias=True,
            )
        )
        start += size
    return found


def _shifted(top: int, left: int) -> Locate:
    return lambda r, c: (top + r, left + c)


def _along(last: int) -> Locate:
    return lambda r, c: (r, c, last)


def _counted(first: int) -> Locate:
    """Of a tensor of one axis."""
    return lambda r, c: (first + c,)


def _some(names: Sequence[str]) -> Sequence[str]:
    """All names where there are few, else every so many, the others empty."""
    pace = -(-len(names) // 16)
    return [name if i % pace == 0 else "" for i, name in enumerate(names)]


def bundle_sheet(sums: np.ndarray, rows: np.ndarray, columns: np.ndarray) -> Sheet:
    """A kernel of which only signed sums of blocks are kept, as the means of these blocks.

    Args:
        sums: `(r, c)`.
        rows: `(r + 1,)`: where each row of blocks begins in the kernel, and the end; columns alike.
        columns: `(c + 1,)`.
    """
    heights, widths = np.diff(rows), np.diff(columns)
    means = sums.astype(np.float64) / np.outer(heights, widths)
    tile = Tile(means, rows, columns, 0, 0, _shifted(0, 0))
    reduction = say("blockMeans", rows=int(heights.max()), columns=int(widths.max()))
    ticks = tuple(index_ticks(rows, 0)), tuple(index_ticks(columns, 0))
    return Sheet((tile,), (means.shape[0], means.shape[1]), ticks[0], ticks[1], reduction)
