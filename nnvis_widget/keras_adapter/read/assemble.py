"""What lies at each level, put together as plain data."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import replace
from itertools import count
from typing import Any, NamedTuple

from nnvis_widget.core.graph import FUNCTION, Channels, Layer, Link
from nnvis_widget.core.paths import parts_of_paths
from nnvis_widget.core.structure import Group, GroupKind, NetworkStructure
from nnvis_widget.keras_adapter.read.joints import Joint
from nnvis_widget.keras_adapter.read.nodes import Level
from nnvis_widget.keras_adapter.read.orders import with_neighbours


class Assembled(NamedTuple):
    """As in `NetworkStructure`, and what is behind each id."""

    layers: tuple[Layer, ...]
    groups: tuple[Group, ...]
    members: tuple[str, ...]
    links: tuple[Link, ...]
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    operations: Mapping[str, Any]

    def structure(self, name: str, count: int, trainable: int, is_built: bool, note: str | None) -> NetworkStructure:
        """As one, with what is true of the whole."""
        return NetworkStructure(
            name,
            self.layers,
            self.groups,
            self.members,
            self.links,
            self.inputs,
            self.outputs,
            count,
            trainable,
            is_built,
            note,
        )


class Assembler(ABC):
    """Goes through a network level by level, whatever it is read from; one is for one reading.

    Ids count level by level: those of the first are the same whatever lies within it.
    """

    def __init__(self) -> None:
        self._ids: dict[int, str] = {}
        self._numbers, self._joints = count(), count()
        self._operations: dict[str, Any] = {}
        self._layers: list[Layer] = []
        self._groups: list[Group] = []

    @abstractmethod
    def type_of(self, operation: Any) -> str:
        """The name of its class."""

    @abstractmethod
    def card(self, layer_id: str, operation: Any, path: str, level: Level) -> Layer:
        """It as a layer."""

    @abstractmethod
    def inside(self, operation: Any) -> Level | None:
        """The level in it; `None` where it holds no layers."""

    @abstractmethod
    def kind(self, operation: Any) -> GroupKind:
        """What kind of group it is, where it holds layers."""

    def assemble(self, root: Level) -> Assembled:
        """Everything from the outermost level on."""
        waiting = self._take(None, "", root)
        members, links = tuple(self._ids.values()), self._links(None, root)
        for group, level in waiting:  # grows while it is gone through
            waiting += self._take(group, f"{group.path}/", level)
        cards = (*self._layers, *(group.card for group in self._groups))
        within = [link for group in self._groups for link in group.links]
        exits = [link for group in self._groups for link in group.links if link.target == group.id]
        orders = with_neighbours(cards, (*links, *within), exits)
        return Assembled(
            layers=tuple(_ordered(layer, orders[layer.id]) for layer in self._layers),
            groups=tuple(replace(group, card=_ordered(group.card, orders[group.id])) for group in self._groups),
            members=members,
            links=links,
            inputs=tuple(dict.fromkeys(self._ids[id(one.target)] for one in root.wires if one.source is None)),
            outputs=tuple(dict.fromkeys(self._ids[id(one.source)] for one in root.wires if one.target is None)),
            operations=self._operations,
        )

    def _take(self, group: Group | None, path: str, level: Level) -> list[tuple[Group, Level]]:
        new = [operation for operation in level.members if id(operation) not in self._ids]
        named = [(str(operation.name), self.type_of(operation)) for operation in new]
        within: list[tuple[Group, Level]] = []
        for operation, part in zip(new, parts_of_paths(named), strict=True):
            layer_id = self._ids[id(operation)] = self._new_id(operation)
            self._operations[layer_id] = operation
            card = self.card(layer_id, operation, path + part, level)
            inside = self.inside(operation)
            if inside is None:
                self._layers.append(card)
            else:
                parent = group.id if group is not None else None
                within.append((Group(card, self.kind(operation), parent=parent), inside))
        if group is not None:
            shown = sorted(new, key=lambda operation: level.order.get(id(operation), len(level.order)))
            members = tuple(self._ids[id(operation)] for operation in shown)
            links = self._links(group, level)
            self._groups.append(replace(group, members=members, links=links, note=level.note))
        return within

    def _new_id(self, operation: Any) -> str:
        is_joint = isinstance(operation, Joint)
        return f"{FUNCTION}{next(self._joints)}" if is_joint else f"L{next(self._numbers)}"

    def _links(self, group: Group | None, level: Level) -> tuple[Link, ...]:
        border = group.id if group is not None else None
        links = []
        for wire in level.wires:
            source = border if wire.source is None else self._ids[id(wire.source)]
            target = border if wire.target is None else self._ids[id(wire.target)]
            if source is not None and target is not None:
                links.append(Link(source, target, *wire[2:]))
        return tuple(links)


def _ordered(card: Layer, channels: Channels) -> Layer:
    """A layer whose maps are counted by this axis; they are its units."""
    if channels != "first" or len(card.output_shape[0]) < 3:
        return replace(card, channels=channels) if channels != card.channels else card
    return replace(card, channels=channels, units=card.output_shape[0][1])
