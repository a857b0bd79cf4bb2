"""What a layer is, and what follows from that.

The role of a layer is set once, where a model is read (`keras_adapter/read/roles.py`), and travels in the graph.
Whoever needs to know something about a layer asks its role, never its class or its name. The twin of the table is
js/src/core/anatomy.ts; both are read against tests/contract/anatomy.json.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, get_args

Role = Literal[
    "input",
    "dense",
    "conv",
    "depthwise",
    "transposed",
    "recurrent",
    "attention",
    "norm",
    "embedding",
    "pool",
    "elementwise",
    "merge",
    "reshape",
    "group",
    "opaque",
]
ROLES: tuple[Role, ...] = get_args(Role)

Axis = Literal["space", "in", "out", "gate", "head"]


@dataclass(frozen=True)
class Anatomy:
    """What is true of every layer of a role.

    Attributes:
        passes_units: Whether unit i of its flattened output is unit i of its flattened input, whatever became of its
            value: the links out of that unit are those of the unit before.
        has_maps: Whether the last axis of its output counts maps where there are axes of space before it.
        kernel: What the axes of its kernel are; `space` stands for any number of them, `gate` for the units of every
            gate side by side.
    """

    passes_units: bool = False
    has_maps: bool = False
    kernel: tuple[Axis, ...] = ()


ANATOMY: Mapping[Role, Anatomy] = {
    "input": Anatomy(),
    "dense": Anatomy(kernel=("in", "out")),
    "conv": Anatomy(has_maps=True, kernel=("space", "in", "out")),
    "depthwise": Anatomy(has_maps=True),
    "transposed": Anatomy(has_maps=True),
    "recurrent": Anatomy(kernel=("in", "gate")),
    "attention": Anatomy(kernel=("in", "head", "out")),
    "norm": Anatomy(passes_units=True),
    "embedding": Anatomy(kernel=("in", "out")),
    "pool": Anatomy(has_maps=True),
    "elementwise": Anatomy(passes_units=True),
    "merge": Anatomy(),
    "reshape": Anatomy(passes_units=True),
    "group": Anatomy(),
    "opaque": Anatomy(),
}

KERNELS = ("kernel", "recurrent_kernel", "embeddings")
"""The parameters whose axes are those of the table; the two kernels of a separable convolution have others."""

GATES: Mapping[int, tuple[str, ...]] = {3: ("update", "reset", "new"), 4: ("input", "forget", "cell", "output")}
"""The gates of a recurrent layer in the order of its kernels, by how many it has: GRU, LSTM."""

SERIES = ("h", "c", *GATES[4], *GATES[3])
"""What a recurrent layer has at each step: its states, and how far its gates are open."""
LETTING_THROUGH = ("input", "forget", "output", "update", "reset")
"""Of these the gates that let through; `cell` and `new` are what would come in."""

NEVER_NEGATIVE = frozenset({"relu", "relu6", "sigmoid", "hard_sigmoid", "softmax", "softplus", "exponential"})
"""Activations whose range begins at zero."""


def kernel_axes(role: Role, name: str, rank: int) -> tuple[Axis, ...]:
    """What the axes of a parameter are; empty where that is not known.

    Args:
        role: Of its layer.
        name: The parameter's name within the layer: the projection behind attention has the heads first.
        rank: How many axes it has.
    """
    axes: tuple[Axis, ...] = ANATOMY[role].kernel
    if not axes or name.rpartition("/")[2] not in KERNELS:
        return ()
    if role == "attention" and "output" in name:
        axes = ("head", "in", "out")
    if axes[0] == "space":
        axes = (*(axes[:1] * (rank - len(axes) + 1)), *axes[1:])
    return axes if len(axes) == rank else ()
