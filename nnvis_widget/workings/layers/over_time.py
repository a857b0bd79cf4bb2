"""What a recurrent layer keeps at each step, and how far its gates are open, from what its cell has told."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from nnvis_widget.workings.layers.cells import STEPS, Cell

STATES: Mapping[str, tuple[str, ...]] = {"SimpleRNN": ("h",), "LSTM": ("h", "c"), "GRU": ("h",)}
"""What a layer keeps from step to step, by its class."""


class OverTime(NamedTuple):
    """A row for each step, in the order in which they are read.

    Attributes:
        series: The states of `STATES`, and the gates by the names of `core.anatomy.GATES`, each `(steps, units)`. A
            masked step has the states of the step before, and no gates: they are NaN.
        is_read: `(steps,)`, whether a step was not masked.
    """

    series: Mapping[str, np.ndarray]
    is_read: np.ndarray


def over_time(told: np.ndarray, kind: str, units: int, cell: Cell | None, close: float) -> OverTime | None:
    """Take apart what a cell has told of one sample.

    Args:
        told: `(steps, inputs + states + states + 1)`: what came in, the states before the step, those after it, and
            what turns at each step that is read.
        kind: The class of the layer in `keras.layers`.
        units: How many numbers a state has.
        cell: Its weights; `None` where no formula is written for it.
        close: Gates are told where the states that they lead to are those of the cell, but for so much of 1 and of
            themselves.

    Returns:
        `None` where nothing is known: of a layer of another kind, and where a number is not finite.
    """
    names = STATES.get(kind, ())
    given = told.shape[1] - 1 - 2 * len(names) * units
    if not names or given < 0 or not len(told) or not np.isfinite(told).all():
        return None
    is_read = np.diff(told[:, -1], prepend=0) != 0
    before, after = np.split(told[:, given:-1].reshape(len(told), 2, len(names), units), 2, axis=1)
    before, after = before[:, 0], after[:, 0].copy()
    first = int(np.argmax(is_read)) if is_read.any() else 0
    after[:first] = before[first]
    series = {name: after[:, place] for place, name in enumerate(names)}
    return OverTime({**series, **_gates(told[:, :given], before, after, is_read, kind, cell, close)}, is_read)


def _gates(
    given: np.ndarray,
    before: np.ndarray,
    after: np.ndarray,
    is_read: np.ndarray,
    kind: str,
    cell: Cell | None,
    close: float,
) -> dict[str, np.ndarray]:
    if cell is None or not is_read.any():
        return {}
    states = before[is_read].astype(np.float64)
    stepped = STEPS[kind](cell, given[is_read].astype(np.float64), (states[:, 0], states[:, -1]))
    for place, made in enumerate(stepped.after[: after.shape[1]]):
        if not np.allclose(made, after[is_read, place], rtol=close, atol=close):
            return {}
    gates = {name: np.full(after.shape[::2], np.nan, np.float32) for name in stepped.gates}
    for name, opened in stepped.gates.items():
        gates[name][is_read] = opened
    return gates
