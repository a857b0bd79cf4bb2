"""Cells of numbers as a picture: bqplot's Image mark, which redraws any number of cells in one go."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import bqplot
import ipywidgets
import numpy as np

from nnvis_widget.core.number_text import format_signed
from nnvis_widget.core.png import encode_png
from nnvis_widget.core.ramps import RampName, Theme, is_light, ramp, ramp_index
from nnvis_widget.core.tokens import TOKENS
from nnvis_widget.reduce.kernel_sheet import Ticks
from nnvis_widget.widgets.ownership import own
from nnvis_widget.widgets.panels.figures.figure import make_figure
from nnvis_widget.widgets.panels.figures.plot import set_points, set_ticks
from nnvis_widget.widgets.panels.figures.style import color, text_on
from nnvis_widget.widgets.panels.figures.text_width import width_px

MOST_NUMBERS = 12 * 14
MOST_GRID_CELLS = 1_024
MOST_CELL_PX = 72
THEMES: tuple[Theme, Theme] = ("light", "dark")
NONE = np.zeros(0)

Cell = tuple[int, int]


class HeatMap:
    """One picture of cells, for both themes at once: the style sheet shows the one that fits the page.

    Args:
        height_px: Of the figure.
        on_cell: Called with the row and column of a cell that the pointer came to; at most 1,024 cells answer to that,
            more answer to a click.
        on_pick: Called with the row and column of a cell that was clicked.
        has_diagonal: Whether a thin line is drawn around the cells of the diagonal.
    """

    def __init__(
        self,
        height_px: int,
        on_cell: Callable[[int, int], None],
        on_pick: Callable[[int, int], None] | None = None,
        has_diagonal: bool = False,
    ) -> None:
        self._height_px = height_px
        self._x = bqplot.LinearScale(min=0.0, max=1.0, allow_padding=False)
        self._y = bqplot.LinearScale(min=0.0, max=1.0, reverse=True, allow_padding=False)
        self._shape: tuple[int, int] | None = None
        self._on_cell, self._on_pick = on_cell, on_pick
        xy = {"x": self._x, "y": self._y}
        # A change of an image's bytes is not heard by the mark (bqplot 0.13.1), a change of the image is.
        self._pictures = {theme: [ipywidgets.Image(format="png") for _ in range(2)] for theme in THEMES}
        self._images = {
            theme: bqplot.Image(image=self._pictures[theme][0], scales=xy, pixelated=theme == "light")
            for theme in THEMES
        }
        for theme, image in self._images.items():
            image.on_element_click(self._on_image_click)
            image.spares = self._pictures[theme]  # to be closed with it
        self._grid: Any = None
        self._numbers = bqplot.Label(
            x=NONE, y=NONE, text=[], scales=xy, default_size=12, font_weight="normal", align="middle", colors=["black"]
        )
        self._ring = bqplot.Lines(
            x=[0.0], y=[0.0], scales=xy, colors=[color("ink")], stroke_width=2.5, apply_clip=False
        )
        # under the ring, over the cells
        self._outlines = [self._ring]
        if has_diagonal:
            stroke = {"colors": [color("ink-2")], "stroke_width": 1.0, "apply_clip": False}
            self._outlines.insert(0, bqplot.Lines(x=[0.0], y=[0.0], scales=xy, **stroke))
        axis = {"grid_lines": "none", "tick_style": {"font-size": "12px"}}
        self._columns = bqplot.Axis(scale=self._x, side="top", **axis)
        self._rows = bqplot.Axis(scale=self._y, side="left", **axis)
        self.figure = make_figure(
            [*self._images.values(), self._numbers, *self._outlines],
            [self._columns, self._rows],
            height_px,
            {"top": 22, "bottom": 4, "left": 30, "right": 8},
        )
        self.figure.add_class("nnvis-cells")

    def show(
        self,
        values: np.ndarray,
        is_there: np.ndarray,
        limit: float,
        ramp_name: RampName = "value",
        row_ticks: Ticks = (),
        column_ticks: Ticks = (),
        ring: tuple[int, int, int, int] | None = None,
        write: Callable[[float], str] | None = format_signed,
        written: np.ndarray | None = None,
    ) -> None:
        """Show other numbers.

        Args:
            values: `(rows, columns)`; what is not finite gets the colour of an error.
            is_there: bool of the same shape; other cells are left empty.
            limit: The value of the full colour.
            ramp_name: `value` and `gradient` for signed numbers, `magnitude` for those from 0.
            row_ticks: What to write at which row; column ticks alike.
            column_ticks: At which column.
            ring: First row and column and the ends of cells to put a ring around.
            write: How a number is written into its cell where there are few; `None` for not at all.
            written: The numbers to write there in place of the values.
        """
        self._fit(values.shape, row_ticks, column_ticks)
        shares = np.where(np.isfinite(values), values, 0) / (limit or 1.0)
        shares = shares if ramp_name in ("magnitude", "pixel") else 0.5 + 0.5 * shares
        index = ramp_index(shares)
        for theme in THEMES:
            self._paint(theme, ramp(ramp_name, theme)[index], np.isfinite(values), is_there)
        self._write(values if written is None else written, is_there, index, ramp_name, write)
        with self._ring.hold_sync():
            top, left, bottom, right = ring or (0, 0, 0, 0)
            self._ring.x = np.array([left, right, right, left, left], float)
            self._ring.y = np.array([top, top, bottom, bottom, top], float)

    def _fit(self, shape: tuple[int, int], row_ticks: Ticks, column_ticks: Ticks) -> None:
        set_ticks(self._rows, [tick for tick in row_ticks if tick[1]])
        set_ticks(self._columns, [tick for tick in column_ticks if tick[1]])
        widest = max((width_px(name) for _, name in row_ticks), default=0)
        margin = {"top": 22, "bottom": 4, "left": 12 + round(widest), "right": 8}
        if margin != self.figure.fig_margin:
            self.figure.fig_margin = margin
        if shape == self._shape:
            return
        self._shape = shape
        rows, columns = shape
        self._x.max, self._y.max = float(columns), float(rows)
        self.figure.layout.max_width = f"{max(280, MOST_CELL_PX * columns)}px"
        for image in self._images.values():
            with image.hold_sync():
                image.x, image.y = [0.0, float(columns)], [float(rows), 0.0]
        # a matrix of one row or column is squeezed by bqplot's traits
        grid = self._make_grid() if min(shape) > 1 and rows * columns <= MOST_GRID_CELLS else None
        old, self._grid = self._grid, grid
        self.figure.marks = [*self._images.values(), self._numbers, *([grid] if grid else []), *self._outlines]
        if len(self._outlines) > 1:
            set_points(self._outlines[0], *_around_diagonal(min(shape)))
        if old is not None:
            old.scales["color"].close()
            old.close()

    def _make_grid(self) -> Any:
        """Cells that hear the pointer, drawn once: only what lies under them changes."""
        rows, columns = self._shape or (1, 1)
        is_roomy = self._height_px / rows > 6 and columns <= 64
        grid = bqplot.GridHeatMap(
            color=np.zeros((rows, columns)),
            row=np.arange(rows + 1, dtype=float),
            column=np.arange(columns + 1, dtype=float),
            scales={
                "row": self._y,
                "column": self._x,
                "color": bqplot.ColorScale(colors=["transparent", "transparent"], min=0.0, max=1.0),
            },
            stroke=color("surface") if is_roomy else "transparent",
            null_color="transparent",
            interactions={},
        )
        own(grid)
        grid.interactions = {"hover": "tooltip"}
        grid.on_hover(lambda _, content: self._tell(self._on_cell, content.get("point")))
        grid.on_element_click(lambda _, content: self._tell(self._on_pick, content.get("data")))
        return grid

    def _tell(self, listener: Callable[[int, int], None] | None, cell: Any) -> None:
        """The page is not trusted: what it says of a cell is checked."""
        rows, columns = self._shape or (0, 0)
        if listener is None or not isinstance(cell, dict):
            return
        row, column = cell.get("rowNum"), cell.get("columnNum")
        if isinstance(row, int) and isinstance(column, int) and 0 <= row < rows and 0 <= column < columns:
            listener(row, column)

    def _on_image_click(self, _: Any, content: Any) -> None:
        data = content.get("data") if isinstance(content, dict) else None
        place = [data.get(name) for name in ("click_y", "click_x")] if isinstance(data, dict) else []
        known = [int(n) for n in place if isinstance(n, int | float) and abs(n) < 1e9]
        if len(known) == 2:
            cell = {"rowNum": known[0], "columnNum": known[1]}
            self._tell(self._on_cell, cell)
            self._tell(self._on_pick, cell)

    def _paint(self, theme: Theme, colors: np.ndarray, is_finite: np.ndarray, is_there: np.ndarray) -> None:
        pixels = np.empty((*is_there.shape, 4), np.uint8)
        pixels[..., :3] = colors
        pixels[~is_finite, :3] = list(bytes.fromhex(TOKENS[theme]["err"][1:]))
        pixels[..., 3] = np.where(is_there, 255, 0)
        image, (front, back) = self._images[theme], self._pictures[theme]
        data = encode_png(pixels)
        if front.value != data:
            back.value = data
            image.image = back
            self._pictures[theme].reverse()

    def _write(
        self,
        values: np.ndarray,
        is_there: np.ndarray,
        index: np.ndarray,
        ramp_name: RampName,
        write: Callable[[float], str] | None,
    ) -> None:
        places = np.argwhere(is_there)
        if write is None or values.size > MOST_NUMBERS or values.shape[1] > 12 or values.shape[0] > 14:
            places = places[:0]
        if not len(places) and not len(self._numbers.text):
            return
        dark = {theme: is_light(ramp(ramp_name, theme)) for theme in THEMES}
        with self._numbers.hold_sync():
            self._numbers.x = places[:, 1] + 0.5
            self._numbers.y = places[:, 0] + 0.5
            self._numbers.text = [write(float(values[r, c])) for r, c in places] if write else []
            self._numbers.colors = [
                text_on(False, True)
                if not np.isfinite(values[r, c])
                else text_on(bool(dark["light"][index[r, c]]), bool(dark["dark"][index[r, c]]))
                for r, c in places
            ] or ["black"]


def _around_diagonal(count: int) -> tuple[np.ndarray, np.ndarray]:
    """The corners of a line around so many cells on the diagonal: down its upper stairs, up its lower ones."""
    stairs = np.repeat(np.arange(count + 1.0), 2)
    low, high = stairs[:-1], stairs[1:]
    return np.concatenate([high, low[::-1]]), np.concatenate([low, high[::-1]])
