"""One step of the cell of a recurrent layer, for all units at once, in numpy."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from nnvis_widget.core.anatomy import GATES
from nnvis_widget.workings.activations import ELEMENTWISE
from nnvis_widget.workings.value import Value

State = tuple[np.ndarray, np.ndarray]
"""h and c of all units; a layer without cells has a c that nobody asks for."""


@dataclass(frozen=True)
class Cell:
    """The weights of a recurrent layer, and its activations.

    Attributes:
        kernel: `(inputs, gates × units)`.
        recurrent: `(units, gates × units)`.
        bias: `(gates × units,)`; of a GRU with `reset_after` a second row for the recurrent side.
        gate: The activation of the gates.
        new: The activation of what is new.
        resets_after: Whether the reset gate of a GRU acts on what the state brings, and not on the state.
    """

    kernel: np.ndarray
    recurrent: np.ndarray
    bias: np.ndarray
    gate: str
    new: str
    resets_after: bool

    @property
    def units(self) -> int:
        """How many there are."""
        return len(self.recurrent)

    def column(self, gate: int, unit: int) -> int:
        """Where a gate's numbers of a unit stand in the kernels."""
        return gate * self.units + unit


@dataclass(frozen=True)
class Stepped:
    """What a step has made, of each unit.

    Attributes:
        after: h and c.
        gates: How far each gate is open, and what is new, by the names of `core.anatomy.GATES`.
    """

    after: State
    gates: Mapping[str, np.ndarray] = field(default_factory=dict)


Step = Callable[[Cell, np.ndarray, State], Stepped]
"""Inputs and states may be of many steps at once, each with those before it: units last."""


def cell_of(kind: str, weights: Mapping[str, np.ndarray], config: Mapping[str, Any]) -> Cell | None:
    """The cell of a layer of a kind in `STEPS`.

    Args:
        kind: Its class in `keras.layers`.
        weights: Its own, by name.
        config: What it was made with.

    Returns:
        In float64; `None` where its kernels are not plain variables, or an activation is not written out.
    """
    own = {name: np.asarray(value, np.float64) for name, value in weights.items()}
    kernel, recurrent = own.get("kernel"), own.get("recurrent_kernel")
    names = [str(config.get(name)) for name in ("recurrent_activation", "activation")]
    if kind == "SimpleRNN":
        names[0] = "linear"
    if kernel is None or recurrent is None or any(name not in ELEMENTWISE for name in names):
        return None
    resets_after = kind == "GRU" and bool(config.get("reset_after", True))
    bias = own.get("bias")
    if bias is None:
        bias = np.zeros((2, recurrent.shape[1]) if resets_after else recurrent.shape[1])
    return Cell(kernel, recurrent, bias, names[0], names[1], resets_after)


def numbers(name: str, z: np.ndarray) -> np.ndarray:
    """What an activation makes of each number."""
    return np.asarray(ELEMENTWISE[name](Value(z, "z", "z"), {})[0].number)


def _simple(cell: Cell, x: np.ndarray, state: State) -> Stepped:
    return Stepped((numbers(cell.new, x @ cell.kernel + state[0] @ cell.recurrent + cell.bias), state[1]))


def _lstm(cell: Cell, x: np.ndarray, state: State) -> Stepped:
    i, f, g, o = np.split(x @ cell.kernel + state[0] @ cell.recurrent + cell.bias, 4, axis=-1)
    gates = [numbers(cell.gate, i), numbers(cell.gate, f), numbers(cell.new, g), numbers(cell.gate, o)]
    kept = gates[1] * state[1] + gates[0] * gates[2]
    return Stepped((gates[3] * numbers(cell.new, kept), kept), dict(zip(GATES[4], gates, strict=True)))


def _gru(cell: Cell, x: np.ndarray, state: State) -> Stepped:
    h, inner = state[0], np.split(cell.recurrent, 3, axis=1)
    of_input, of_state = cell.bias if cell.resets_after else (cell.bias, np.zeros_like(cell.bias))
    z, r, n = np.split(x @ cell.kernel + of_input, 3, axis=-1)
    own = np.split(of_state, 3)
    update = numbers(cell.gate, z + h @ inner[0] + own[0])
    reset = numbers(cell.gate, r + h @ inner[1] + own[1])
    back = reset * (h @ inner[2] + own[2]) if cell.resets_after else (reset * h) @ inner[2]
    new = numbers(cell.new, n + back)
    return Stepped((update * h + (1 - update) * new, state[1]), dict(zip(GATES[3], (update, reset, new), strict=True)))


STEPS: Mapping[str, Step] = {"SimpleRNN": _simple, "LSTM": _lstm, "GRU": _gru}
"""By the layer's class."""
