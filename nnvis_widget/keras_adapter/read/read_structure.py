"""A model at every depth as plain data, and the layers of Keras behind it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

import keras

from nnvis_widget.core.graph import Layer, Shape
from nnvis_widget.core.structure import ANY, GroupKind, NetworkStructure
from nnvis_widget.errors import ModelError
from nnvis_widget.keras_adapter.read.assemble import Assembler
from nnvis_widget.keras_adapter.read.functional import functional_level
from nnvis_widget.keras_adapter.read.layers import read_layer, read_own_weights
from nnvis_widget.keras_adapter.read.nodes import InputCard, Level, Trace, Wire, is_told
from nnvis_widget.keras_adapter.read.parts import (
    OwnWeights,
    own_weights,
    parts_of,
    traced_level,
    untraced_level,
    wrapped_level,
    wrapped_puts,
)
from nnvis_widget.keras_adapter.read.registry import load_packages
from nnvis_widget.keras_adapter.read.sequential import sequential_level
from nnvis_widget.keras_adapter.read.token_places import with_token_places
from nnvis_widget.keras_adapter.read.tokens import with_tokens


class Reading(NamedTuple):
    """A structure, and the layer, operation or input card behind each id of it."""

    structure: NetworkStructure
    operations: Mapping[str, Any]


def read_structure(model: Any, trace: Trace | None = None) -> Reading:
    """Read a model: every layer at every depth, with the links at each level as far as they are known without a call.

    Args:
        model: Any Keras model.
        trace: What a call of it has shown of layers and models that are functions of their own.

    Raises:
        ModelError: If it is none.
    """
    check_model(model)
    load_packages()
    return _Reader(model, trace or Trace({}, {})).read()


def is_model(value: Any) -> bool:
    """Whether it is a Keras model."""
    return isinstance(value, keras.Model)


def check_model(model: Any) -> None:
    """Refuse what is no model.

    Raises:
        ModelError: If it is none.
    """
    if not is_model(model):
        raise ModelError(
            f"Expected a Keras model, got {type(model).__module__}.{type(model).__name__}. "
            "Pass a keras.Sequential, a functional keras.Model or a subclass of it."
        )


class _Reader(Assembler):
    def __init__(self, model: Any, trace: Trace) -> None:
        super().__init__()
        self._model = model
        self._trace = trace
        self._puts = dict(trace.puts)

    def read(self) -> Reading:
        assembled = self.assemble(_root_level(self._model, self._trace.given))
        model = self._model
        variables = _unique(model.weights) if model.built else []
        trainable = {id(variable) for variable in model.trainable_variables} if model.built else set()
        structure = assembled.structure(
            model.name,
            count=sum(_size(variable) for variable in variables),
            trainable=sum(_size(variable) for variable in variables if id(variable) in trainable),
            is_built=bool(model.built),
            note=self._trace.note,
        )
        return Reading(with_token_places(with_tokens(structure)), assembled.operations)

    def type_of(self, operation: Any) -> str:
        return type(operation).__name__

    def card(self, layer_id: str, operation: Any, path: str, level: Level) -> Layer:
        if isinstance(operation, OwnWeights):
            return read_own_weights(layer_id, operation, path)
        return read_layer(layer_id, operation, path, level.uses.get(id(operation), 1), self._puts)

    def inside(self, operation: Any) -> Level | None:
        parts = parts_of(operation)
        if not parts:
            return None
        level = _told(operation) or wrapped_level(operation, parts)
        self._puts |= wrapped_puts(operation)
        if level is None:
            traced = self._trace.levels.get(id(operation))
            level = traced_level(parts, traced) if traced is not None else untraced_level(parts)
        own = own_weights(operation, parts)
        return level if own is None else level.with_member(own)

    def kind(self, operation: Any) -> GroupKind:
        if isinstance(operation, keras.Model):
            return "model"
        return "wrapper" if isinstance(operation, keras.layers.Wrapper | keras.layers.Bidirectional) else "layer"


def _root_level(model: Any, given: Shape) -> Level:
    """The inside of a model; of one that is a function of its own, it as a card behind a card for its input."""
    told = _told(model, is_root=True)
    if told is not None:
        return told
    card = InputCard("input", given)
    return Level([card, model], [Wire(None, card), Wire(card, model, input=ANY), Wire(model, None)], {})


def _told(model: Any, is_root: bool = False) -> Level | None:
    """The level in a model that is told by how it was made; `None` where it is a function of its own."""
    if not is_told(model):
        return None
    is_sequential = isinstance(model, keras.Sequential)
    return sequential_level(model, has_card=is_root) if is_sequential else functional_level(model)


def _unique(variables: Iterable[Any]) -> list[Any]:
    return list({id(variable): variable for variable in variables}.values())


def _size(variable: Any) -> int:
    count = 1
    for size in variable.shape:
        count *= int(size)
    return count
