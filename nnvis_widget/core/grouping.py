"""Groups of layers that lie side by side: by the beginnings of their names, then by what is alike in a row."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import count

from nnvis_widget.core.graph import Layer, Link, Parameter
from nnvis_widget.core.narrow_places import parts_between
from nnvis_widget.core.paths import is_of_keras
from nnvis_widget.core.structure import Group, GroupKind, NetworkStructure

FEW = 16
"""A level of so many members is shown as it is: as many columns have their place side by side."""
TO = " … "
LEAST = 3
"""So many make a group."""
BOUNDARY = re.compile(r"(?<=[^_])(?=_)|(?<=\d)(?=[a-zA-Z])(?<!conv\d)(?<!pool\d)(?<!pooling\d)")
"""Where the beginning of a name may end: before a line, and behind a number, but not in conv2d."""


def grouped(structure: NetworkStructure) -> NetworkStructure:
    """The structure with stages, and with repeats of what is alike; layers, their ids and paths stay as they are.

    A `stage` has the layers whose names begin alike, up to a number: `conv4_block3_1_conv` is in `conv4_block3`, that
    in `conv4`. A `repeat` has three or more neighbours of the same structure, one behind the other, each with weights
    of its own. Where that is not enough, a stage is what lies between places that one or two tensors lead through. None
    is made where the rest would flow out of it and back into it. Only what has more than sixteen members is grouped,
    and inputs stay outside.
    """
    return _Grouping(structure).result()


@dataclass
class _Level:
    """What lies side by side, while groups are made of it."""

    border: str | None
    members: list[str]
    links: list[Link]


class _Grouping:
    def __init__(self, structure: NetworkStructure) -> None:
        self._structure = structure
        self._cards: dict[str, Layer] = {one.id: one for one in structure.layers}
        self._cards |= {group.id: group.card for group in structure.groups}
        self._groups: dict[str, Group] = {group.id: group for group in structure.groups}
        self._paths = {card.path for card in self._cards.values()}
        self._numbers = count()
        self._signatures: dict[str, object] = {}
        self._made: set[str | None] = set()

    def result(self) -> NetworkStructure:
        structure = self._structure
        for group in structure.groups:
            inner = _Level(group.id, list(group.members), list(group.links))
            self._group(inner)
            self._groups[group.id] = replace(
                self._groups[group.id], members=tuple(inner.members), links=tuple(inner.links)
            )
        root = _Level(None, list(structure.members), list(structure.links))
        self._group(root)
        return replace(
            structure, groups=tuple(self._groups.values()), members=tuple(root.members), links=tuple(root.links)
        )

    def _group(self, level: _Level) -> None:
        if len(level.members) > FEW:
            self._stages(level, "")
        if len(level.members) > FEW:
            self._repeats(level)
        if len(level.members) > FEW:
            self._narrow(level)

    def _stages(self, level: _Level, beginning: str) -> None:
        found: dict[str, list[str]] = {}
        for member in level.members:
            start = _beginning(self._cards[member], beginning)
            if start is not None and self._cards[member].role != "input":
                found.setdefault(start, []).append(member)
        for start, those in found.items():
            if LEAST <= len(those) < len(level.members) and _is_convex(level, set(those)):
                inner = self._enclose(level, those, start, "stage")
                if len(those) > FEW:
                    self._stages(inner, start)
                self._repeats(inner)
                self._keep(inner)
            elif len(those) == len(level.members):
                self._stages(level, start)

    def _narrow(self, level: _Level) -> None:
        """Parts between places where one tensor, or else two, lead on: if that makes half as many of them."""
        free = [one for one in level.members if self._cards[one].role != "input"]
        for width in (1, 2):
            parts = [part for part in parts_between(free, level.links, level.border, width) if len(part) >= LEAST]
            if parts and len(free) - sum(len(part) - 1 for part in parts) <= len(free) / 2 and len(parts) > 1:
                for part in parts:
                    if _is_convex(level, set(part)):
                        self._keep(self._enclose(level, part, self._span(part), "stage"))
                self._repeats(level)
                return

    def _repeats(self, level: _Level) -> None:
        links = {(link.source, link.target) for link in level.links}
        run: list[str] = []
        runs = [run]
        for member in level.members:
            goes_on = run and (run[-1], member) in links and self._signature(member) == self._signature(run[-1])
            if not goes_on:
                run = []
                runs.append(run)
            run.append(member)
        for alike in runs:
            is_all = len(alike) == len(level.members) and level.border in self._made
            is_worth_it = len(alike) >= LEAST and not is_all and self._cards[alike[0]].role != "input"
            if is_worth_it and _is_convex(level, set(alike)):
                self._keep(self._enclose(level, alike, self._span(alike), "repeat"))

    def _signature(self, member: str) -> object:
        """The same for what is of the same structure."""
        if member not in self._signatures:
            card, group = self._cards[member], self._groups.get(member)
            shapes = tuple((one.shape, one.dtype) for one in card.parameters)
            inner: object = ()
            if group is not None:
                places = {one: place for place, one in enumerate((group.id, *group.members))}
                inner = (
                    tuple(map(self._signature, group.members)),
                    tuple(
                        (places.get(one.source), places.get(one.target), one.output, one.input) for one in group.links
                    ),
                )
            self._signatures[member] = (
                card.type,
                card.role,
                card.activation,
                card.output_shape,
                card.uses,
                shapes,
                inner,
            )
        return self._signatures[member]

    def _enclose(self, level: _Level, those: Sequence[str], name: str, kind: GroupKind) -> _Level:
        """Put some members of a level into a group in their place."""
        group_id = f"S{next(self._numbers)}"
        within = set(those)
        inside: list[Link] = []
        outside: list[Link] = []
        entries: dict[tuple[str, int, int], int] = {}
        exits: dict[tuple[str, int, int], int] = {}
        for link in level.links:
            comes, goes = link.source not in within, link.target not in within
            if comes == goes:
                (outside if comes else inside).append(link)
            elif comes:
                key = (link.source, link.source_use, link.output)
                if key not in entries:
                    outside.append(replace(link, target=group_id, target_use=0, input=len(entries)))
                place = entries.setdefault(key, len(entries))
                inside.append(replace(link, source=group_id, source_use=0, output=place))
            else:
                key = (link.source, link.source_use, link.output)
                if key not in exits:
                    inside.append(replace(link, target=group_id, target_use=0, input=len(exits)))
                place = exits.setdefault(key, len(exits))
                outside.append(replace(link, source=group_id, source_use=0, output=place))
        self._made.add(group_id)
        first = min(level.members.index(one) for one in those)
        level.members[first] = group_id
        level.members[:] = [one for one in level.members if one not in within]
        level.links[:] = outside
        self._cards[group_id] = self._card(group_id, those, name, kind, exits)
        self._groups[group_id] = Group(self._cards[group_id], kind, parent=level.border)
        for member in those:
            if member in self._groups:
                self._groups[member] = replace(self._groups[member], parent=group_id)
        return _Level(group_id, list(those), inside)

    def _keep(self, level: _Level) -> None:
        assert level.border is not None
        group = self._groups[level.border]
        if group.kind == "stage" and len(set(map(self._signature, level.members))) == 1:
            card = replace(group.card, type="Repeat", note=_alike(level.members))
            group = replace(group, kind="repeat", card=card)
            self._cards[card.id] = card
        self._groups[level.border] = replace(group, members=tuple(level.members), links=tuple(level.links))

    def _card(
        self, group_id: str, those: Sequence[str], name: str, kind: GroupKind, exits: Iterable[tuple[str, int, int]]
    ) -> Layer:
        around = self._cards[those[0]].path.rpartition("/")[0]
        path = free = f"{around}/{name}" if around else name
        number = 1
        while free in self._paths:
            free, number = f"{path}[{number}]", number + 1
        self._paths.add(free)
        parameters = tuple(
            Parameter(f"{self._part(one)}/{each.name}", each.shape, each.dtype, each.is_trainable)
            for one in those
            for each in self._cards[one].parameters
        )
        ends = {source for source, _, _ in exits}
        last = self._cards[ends.pop()] if len(ends) == 1 else None
        note = _alike(those) if kind == "repeat" else f"{self._size(those):,} layers"
        return Layer(
            id=group_id,
            name=name,
            type=kind.capitalize(),
            output_shape=last.output_shape if last is not None else (),
            parameters=parameters,
            units=last.units if last is not None else None,
            note=note,
            role="group",
            path=free,
            dtype=last.dtype if last is not None else "",
        )

    def _span(self, those: Sequence[str]) -> str:
        """From the first to the last of them."""
        return f"{self._part(those[0]).partition(TO)[0]}{TO}{self._part(those[-1]).rpartition(TO)[2]}"

    def _part(self, one: str) -> str:
        """The last part of a path."""
        return self._cards[one].path.rpartition("/")[2]

    def _size(self, those: Iterable[str]) -> int:
        """How many layers they are, at every depth."""
        return sum(self._size(self._groups[one].members) if one in self._groups else 1 for one in those)


def _alike(those: Sequence[str]) -> str:
    return f"{len(those)} alike"


def _beginning(card: Layer, after: str) -> str | None:
    """The next longer beginning of a layer's name that others may share; `None` where it has none of a person's."""
    if is_of_keras(card.name, card.type) or not card.name.startswith(after):
        return None
    ends = [each.start() for each in BOUNDARY.finditer(card.name)] + [len(card.name)]
    return next((card.name[:end] for end in ends if end > len(after)), None)


def _is_convex(level: _Level, within: set[str]) -> bool:
    """Whether nothing flows out of some members and, through others, back into them."""
    targets: dict[str, list[str]] = {}
    for link in level.links:
        if level.border not in (link.source, link.target):
            targets.setdefault(link.source, []).append(link.target)
    waiting = [target for one in within for target in targets.get(one, ()) if target not in within]
    reached = set(waiting)
    while waiting:
        for target in targets.get(waiting.pop(), ()):
            if target in within:
                return False
            if target not in reached:
                reached.add(target)
                waiting.append(target)
    return True
