"""A bqplot figure as all panels have it, and what it is made of."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import bqplot


def make_figure(marks: list[Any], axes: list[Any], height_px: int, margin: dict[str, int]) -> Any:
    """A bqplot figure as all panels have it: no title, no toolbar, no motion, as wide as its panel."""
    return bqplot.Figure(
        marks=marks,
        axes=axes,
        fig_margin=margin,
        display_toolbar=False,
        animation_duration=0,
        padding_y=0.0,
        min_aspect_ratio=0.01,
        max_aspect_ratio=100,
        layout={"height": f"{height_px}px", "width": "100%", "min_width": "0"},
    )


def parts_of(widgets: Iterable[Any]) -> Iterator[Any]:
    """The widgets and all that they are made of, parts before the whole."""
    for widget in widgets:
        yield from parts_of(getattr(widget, "children", ()))
        if isinstance(widget, bqplot.Figure):
            yield from parts_of((*widget.marks, *widget.axes, widget.scale_x, widget.scale_y))
            yield from parts_of([widget.interaction] if widget.interaction is not None else [])
        if isinstance(widget, bqplot.Mark):
            yield from parts_of(widget.scales.values())
        if isinstance(widget, bqplot.Image):
            yield from parts_of((widget.image, *getattr(widget, "spares", ())))
        yield widget
