"""What a recurrent layer keeps over the steps, as pictures and as a few numbers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from nnvis_widget.core.anatomy import LETTING_THROUGH
from nnvis_widget.reduce.quantize import quantize
from nnvis_widget.reduce.tiles import block_means

MOST_UNITS, MOST_STEPS = 64, 128
CLOSED, OPEN = 0.1, 0.9
"""A gate is closed below and open above (Karpathy, Johnson, Li 2015, arXiv:1506.02078)."""


class StatePicture(NamedTuple):
    """A series as bytes.

    Attributes:
        codes: uint8 `(drawn units, drawn steps)`: 0 is what is not known, 1 to 255 lie evenly from `low` to `high`.
        low: Of the series' own range: 0 to 1 of a share, else as far below 0 as above.
        high: Its other end.
    """

    codes: np.ndarray
    low: float
    high: float


def means_of_read(values: np.ndarray, is_read: np.ndarray) -> np.ndarray:
    """A row for each unit, a column for each step, of more than 64 or 128 the means over blocks.

    Args:
        values: `(steps, units)`.
        is_read: `(steps,)`: of the others nothing is shown.

    Returns:
        float64 `(units, steps)`; NaN where no step is read, or a number of one is not finite.
    """
    counted = np.broadcast_to(is_read, values.T.shape).astype(np.float64)
    sums, shares = (block_means(one, MOST_UNITS, MOST_STEPS) for one in (np.where(is_read, values.T, 0), counted))
    with np.errstate(invalid="ignore"):
        means: np.ndarray = sums / shares
    return np.where(np.isfinite(means), means, np.nan)


def series_range(values: np.ndarray, name: str) -> tuple[float, float]:
    """What the colours of a series reach over: 0 to 1 of a gate as a sigmoid makes it, else as far below 0 as above."""
    finite = values[np.isfinite(values)]
    most = float(np.abs(finite).max(initial=0)) or 1.0
    return (0.0, 1.0) if is_share(name, finite) else (-most, most)


def state_picture(values: np.ndarray, is_read: np.ndarray, name: str) -> StatePicture:
    """A row for each unit, a column for each step, as `means_of_read`.

    Args:
        values: `(steps, units)`.
        is_read: `(steps,)`.
        name: `h`, `c`, or a gate.
    """
    low, high = series_range(values[is_read], name)
    return StatePicture(quantize(means_of_read(values, is_read), low, high).codes, low, high)


def gate_shares(series: Mapping[str, np.ndarray]) -> np.ndarray:
    """How far gates are open, over all units and all steps that are read.

    Args:
        series: `(steps, units)`, by name.

    Returns:
        float32 `(series, 3)`: the mean, the share below 0.1 and the share above 0.9; NaN of what is no share of 0 to 1.
    """
    shares = np.full((len(series), 3), np.nan, np.float32)
    for place, (name, values) in enumerate(series.items()):
        finite = values[np.isfinite(values)]
        if is_share(name, finite):
            shares[place] = finite.mean(dtype=np.float64), np.mean(finite < CLOSED), np.mean(finite > OPEN)
    return shares


def is_share(name: str, finite: np.ndarray) -> bool:
    """Whether it is a gate between nothing and all, as a sigmoid makes them."""
    return name in LETTING_THROUGH and finite.size > 0 and bool(finite.min() >= 0 and finite.max() <= 1)
