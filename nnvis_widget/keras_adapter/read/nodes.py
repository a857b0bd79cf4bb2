"""The layers of a model and what feeds each, however the model was made."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

import keras

from nnvis_widget.core.graph import Shape


class Node(NamedTuple):
    """A layer in its network.

    Attributes:
        key: Unique within the network.
        operation: The layer, the operation of `keras.ops`, or an `InputCard`.
        sources: Keys of what feeds it.
    """

    key: str
    operation: Any
    sources: tuple[str, ...] = ()


class Nodes(NamedTuple):
    """The layers of a model, and the keys of those where data comes in and goes out."""

    nodes: list[Node]
    inputs: list[str]
    outputs: list[str]


class InputCard:
    """Stands for the input of a model that holds no InputLayer of its own."""

    def __init__(self, name: str, shape: Shape) -> None:
        self.name = name
        self.output_shape = shape


def is_input(operation: Any) -> bool:
    """Whether data comes in here."""
    return isinstance(operation, keras.layers.InputLayer | InputCard)


def has_own_call(model: Any) -> bool:
    """Whether a person's class says what a model computes: its layers and their order alone do not tell it then."""
    return str(type(model).call.__module__).partition(".")[0] != "keras"


def leaves(structure: Any) -> list[Any]:
    """The tensors of a tensor, a list or a dict."""
    return list(keras.tree.flatten(structure))


def plain_shape(shape: Iterable[Any]) -> Shape:
    """A shape with the batch as `None`."""
    sizes = [None if size is None else int(size) for size in shape]
    return (None, *sizes[1:]) if sizes else ()
