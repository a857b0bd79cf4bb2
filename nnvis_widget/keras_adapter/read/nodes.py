"""What lies in a model or a layer, and what feeds what there, however it was made."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import pairwise
from typing import Any, NamedTuple

import keras

from nnvis_widget.core.graph import Shape


class Wire(NamedTuple):
    """A tensor that flows between two members of a level.

    Attributes:
        source: A member, or `None` where it comes into the level.
        target: A member, or `None` where it leaves the level.
        source_use: Which call of the source put it out.
        target_use: Which call of the target takes it.
        output: Which of the source's outputs it is; of what comes in, which of the inputs.
        input: Which of the target's inputs it is; of what leaves, which of the outputs.
    """

    source: Any
    target: Any
    source_use: int = 0
    target_use: int = 0
    output: int = 0
    input: int = 0


class Level(NamedTuple):
    """The inside of a model or a layer.

    Attributes:
        members: Layers, operations of `keras.ops` and input cards, each once.
        wires: In the order of their targets.
        uses: By the `id` of a member how often it is called, where that is another number than one.
        note: What of it is not known; `None` where all is.
        order: By the `id` of a member its place among those that are shown; empty for that among the members.
    """

    members: list[Any]
    wires: list[Wire]
    uses: dict[int, int | None]
    note: str | None = None
    order: Mapping[int, int] = {}

    def with_member(self, member: Any) -> Level:
        """The level with another one, which nothing is known to flow into."""
        return Level([*self.members, member], self.wires, self.uses, self.note, self.order)


class Put(NamedTuple):
    """What a layer was seen to put out: a shape each, the batch as `None`, and the element type of the first."""

    shapes: tuple[Shape, ...]
    dtype: str


class InputCard:
    """Stands for the input of a model that holds no InputLayer of its own."""

    def __init__(self, name: str, shape: Shape = (), dtype: str = "") -> None:
        self.name = name
        self.output_shape = shape
        self.dtype = dtype


class Trace(NamedTuple):
    """What one call of a model has shown.

    Attributes:
        levels: By the `id` of a layer or model that is a function of its own, what its call went through.
        puts: By the `id` of a layer what it put out.
        note: Why that is not all; `None` where it is.
        given: The shape of the one array that it was called with, the batch as `None`; empty where there were several.
    """

    levels: Mapping[int, Level]
    puts: Mapping[int, Put]
    note: str | None = None
    given: Shape = ()


def is_input(operation: Any) -> bool:
    """Whether data comes in here."""
    return isinstance(operation, keras.layers.InputLayer | InputCard)


def has_own_call(layer: Any) -> bool:
    """Whether a person's class says what a layer or model computes: what it holds does not tell it then."""
    return str(type(layer).call.__module__).partition(".")[0] != "keras"


def is_function(model: Any) -> bool:
    """Whether it can be called: a model of one's own may be none, whose step calls the layers that it holds."""
    return type(model).call is not keras.Model.call


def is_told(model: Any) -> bool:
    """Whether what a model computes is told by how it was made: a Sequential or functional one of Keras' own call."""
    if not isinstance(model, keras.Model) or has_own_call(model):
        return False
    return isinstance(model, keras.Sequential) or bool(hasattr(model, "operations") and getattr(model, "inputs", None))


def leaves(structure: Any) -> list[Any]:
    """The tensors of a tensor, a list or a dict."""
    if isinstance(structure, keras.KerasTensor):
        return [structure]
    return list(keras.tree.flatten(structure))


def plain_shape(shape: Iterable[Any]) -> Shape:
    """A shape with the batch as `None`."""
    sizes = [None if size is None else int(size) for size in shape]
    return (None, *sizes[1:]) if sizes else ()


def chain(members: list[Any], slot: int = 0) -> list[Wire]:
    """The wires of members in a row; `slot` is which input and output they join."""
    ends = [None, *members, None]
    calls: dict[int, int] = {}
    wires = []
    for source, target in pairwise(ends):
        use = calls.get(id(source), 1) - 1 if source is not None else 0
        place = calls.get(id(target), 0) if target is not None else 0
        if target is not None:
            calls[id(target)] = place + 1
        wires.append(Wire(source, target, use, place, slot, slot))
    return wires
