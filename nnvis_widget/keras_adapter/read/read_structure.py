"""A model at every depth as plain data, and the layers of Keras behind it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from itertools import count
from typing import Any, NamedTuple

import keras

from nnvis_widget.core.graph import Layer, Link
from nnvis_widget.core.paths import parts_of_paths
from nnvis_widget.core.structure import ANY, Group, GroupKind, NetworkStructure
from nnvis_widget.errors import ModelError
from nnvis_widget.keras_adapter.read.functional import functional_level
from nnvis_widget.keras_adapter.read.joints import Joint
from nnvis_widget.keras_adapter.read.layers import read_layer, read_own_weights
from nnvis_widget.keras_adapter.read.nodes import InputCard, Level, Trace, Wire, is_told
from nnvis_widget.keras_adapter.read.parts import (
    OwnWeights,
    own_weights,
    parts_of,
    traced_level,
    untraced_level,
    wrapped_level,
)
from nnvis_widget.keras_adapter.read.sequential import sequential_level


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
    return _Reader(model, trace or Trace({}, {})).read()


def check_model(model: Any) -> None:
    """Refuse what is no model.

    Raises:
        ModelError: If it is none.
    """
    if not isinstance(model, keras.Model):
        raise ModelError(
            f"Expected a Keras model, got {type(model).__module__}.{type(model).__name__}. "
            "Pass a keras.Sequential, a functional keras.Model or a subclass of it."
        )


class _Reader:
    """One reading. Ids count level by level: those of the first are the same whatever lies within it."""

    def __init__(self, model: Any, trace: Trace) -> None:
        self._model = model
        self._trace = trace
        self._ids: dict[int, str] = {}
        self._numbers, self._joints = count(), count()
        self._operations: dict[str, Any] = {}
        self._layers: list[Layer] = []
        self._groups: list[Group] = []

    def read(self) -> Reading:
        root = _root_level(self._model)
        waiting = self._read_level(None, "", root)
        members, links = tuple(self._ids.values()), self._links(None, root)
        for group, level in waiting:  # grows while it is gone through
            waiting += self._read_level(group, f"{group.path}/", level)
        wires = [wire for wire in root.wires if wire.source is None or wire.target is None]
        model = self._model
        variables = _unique(model.weights) if model.built else []
        trainable = {id(variable) for variable in model.trainable_variables} if model.built else set()
        structure = NetworkStructure(
            name=model.name,
            layers=tuple(self._layers),
            groups=tuple(self._groups),
            members=members,
            links=links,
            inputs=tuple(dict.fromkeys(self._ids[id(wire.target)] for wire in wires if wire.source is None)),
            outputs=tuple(dict.fromkeys(self._ids[id(wire.source)] for wire in wires if wire.target is None)),
            parameter_count=sum(_size(variable) for variable in variables),
            trainable_count=sum(_size(variable) for variable in variables if id(variable) in trainable),
            is_built=bool(model.built),
            note=self._trace.note,
        )
        return Reading(structure, self._operations)

    def _read_level(self, group: Group | None, path: str, level: Level) -> list[tuple[Group, Level]]:
        new = [operation for operation in level.members if id(operation) not in self._ids]
        named = [(str(operation.name), type(operation).__name__) for operation in new]
        within: list[tuple[Group, Level]] = []
        for operation, part in zip(new, parts_of_paths(named), strict=True):
            layer_id = self._ids[id(operation)] = self._new_id(operation)
            self._operations[layer_id] = operation
            card = self._card(layer_id, operation, path + part, level)
            inside = self._inside(operation)
            if inside is None:
                self._layers.append(card)
            else:
                within.append((Group(card, _kind(operation), parent=group.id if group is not None else None), inside))
        if group is not None:
            shown = sorted(new, key=lambda operation: level.order.get(id(operation), len(level.order)))
            members = tuple(self._ids[id(operation)] for operation in shown)
            links = self._links(group, level)
            self._groups.append(replace(group, members=members, links=links, note=level.note))
        return within

    def _card(self, layer_id: str, operation: Any, path: str, level: Level) -> Layer:
        if isinstance(operation, OwnWeights):
            return read_own_weights(layer_id, operation, path)
        uses, put = level.uses.get(id(operation), 1), self._trace.puts.get(id(operation))
        return read_layer(layer_id, operation, path, uses, put)

    def _new_id(self, operation: Any) -> str:
        """What a trace alone knows of has letters of its own: without it the others have the same."""
        is_joint = isinstance(operation, Joint)
        return f"J{next(self._joints)}" if is_joint else f"L{next(self._numbers)}"

    def _inside(self, operation: Any) -> Level | None:
        """The level in a layer or model; `None` where it holds no layers."""
        parts = parts_of(operation)
        if not parts:
            return None
        level = _told(operation) or wrapped_level(operation, parts)
        if level is None:
            traced = self._trace.levels.get(id(operation))
            level = traced_level(parts, traced) if traced is not None else untraced_level(parts)
        own = own_weights(operation, parts)
        return level if own is None else level.with_member(own)

    def _links(self, group: Group | None, level: Level) -> tuple[Link, ...]:
        border = group.id if group is not None else None
        links = []
        for wire in level.wires:
            source = border if wire.source is None else self._ids[id(wire.source)]
            target = border if wire.target is None else self._ids[id(wire.target)]
            if source is not None and target is not None:
                links.append(Link(source, target, *wire[2:]))
        return tuple(links)


def _root_level(model: Any) -> Level:
    """The inside of a model; of one that is a function of its own, it as a card behind a card for its input."""
    told = _told(model, is_root=True)
    if told is not None:
        return told
    card = InputCard("input", ())
    return Level([card, model], [Wire(None, card), Wire(card, model, input=ANY), Wire(model, None)], {})


def _told(model: Any, is_root: bool = False) -> Level | None:
    """The level in a model that is told by how it was made; `None` where it is a function of its own."""
    if not is_told(model):
        return None
    is_sequential = isinstance(model, keras.Sequential)
    return sequential_level(model, has_card=is_root) if is_sequential else functional_level(model)


def _kind(operation: Any) -> GroupKind:
    if isinstance(operation, keras.Model):
        return "model"
    return "wrapper" if isinstance(operation, keras.layers.Wrapper | keras.layers.Bidirectional) else "layer"


def _unique(variables: Iterable[Any]) -> list[Any]:
    return list({id(variable): variable for variable in variables}.values())


def _size(variable: Any) -> int:
    count = 1
    for size in variable.shape:
        count *= int(size)
    return count
