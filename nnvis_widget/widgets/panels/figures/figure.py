"""A bqplot figure as all panels have it."""

from __future__ import annotations

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
