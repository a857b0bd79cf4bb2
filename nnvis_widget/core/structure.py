"""The whole structure of a network, and what of it is drawn."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Literal

from nnvis_widget.core.face import Face
from nnvis_widget.core.graph import Layer, Link, NetworkGraph
from nnvis_widget.core.limits import MAP_LIMIT
from nnvis_widget.core.structure_json import structure_json

GroupKind = Literal["model", "layer", "wrapper", "stage", "repeat"]

ANY = -1
"""Of a link: whichever of several inputs or outputs."""


@dataclass(frozen=True)
class Group:
    """What holds other layers: a nested model, a layer made of layers, a stage.

    Attributes:
        card: It as one layer, drawn while it is closed; with all parameters of what it holds.
        kind: `model` and `layer` hold layers of their own; a `wrapper` is a layer of Keras around another; a `stage`
            has layers of one name before their numbers; a `repeat` is three or more of the same structure in a row.
        members: Ids of the layers and groups in it, in their order.
        links: Between members. One that comes from the group itself is what comes into it: its `output` says which of
            the group's inputs. One that leads to the group itself is what it puts out.
        parent: The id of the group around it, `None` where that is the network.
        note: What is not known of its inside; `None` where all is.
    """

    card: Layer
    kind: GroupKind
    members: tuple[str, ...] = ()
    links: tuple[Link, ...] = ()
    parent: str | None = None
    note: str | None = None

    @property
    def id(self) -> str:
        """That of its card."""
        return self.card.id

    @property
    def name(self) -> str:
        """That of its card."""
        return self.card.name

    @property
    def path(self) -> str:
        """That of its card."""
        return self.card.path


@dataclass(frozen=True)
class NetworkStructure:
    """Every layer of a network at every depth, what holds it, and the links at each level.

    Attributes:
        name: The model's name.
        layers: Those that hold no others, level by level, in the model's own order.
        groups: What holds layers.
        members: Ids of the layers and groups that lie in no group.
        links: Between these.
        inputs: Ids of those where data comes in.
        outputs: Ids of those whose output the model returns.
        parameter_count: Every variable once, however often its layer is used: Keras' `count_params()`.
        trainable_count: The part of `parameter_count` that training changes.
        is_built: Whether the model has its variables yet.
        note: What of it is not known, and why; `None` where all is.
    """

    name: str
    layers: tuple[Layer, ...]
    groups: tuple[Group, ...]
    members: tuple[str, ...]
    links: tuple[Link, ...]
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    parameter_count: int
    trainable_count: int
    is_built: bool = True
    note: str | None = None

    def layer(self, layer_id: str) -> Layer:
        """The layer with this id, or the card of the group; `KeyError` where there is none."""
        return self._cards[layer_id]

    def group(self, group_id: str) -> Group:
        """The group with this id; `KeyError` where there is none."""
        return self._groups[group_id]

    def has(self, layer_id: str) -> bool:
        """Whether there is a layer or group with this id."""
        return layer_id in self._cards

    def is_group(self, layer_id: str) -> bool:
        """Whether this is the id of a group."""
        return layer_id in self._groups

    def layer_count(self, layer_id: str) -> int:
        """How many layers are within a group, at every depth; 1 of a layer."""
        group = self._groups.get(layer_id)
        return 1 if group is None else sum(map(self.layer_count, group.members))

    @property
    def cards(self) -> tuple[Layer, ...]:
        """Every layer, and every group as one."""
        return *self.layers, *(group.card for group in self.groups)

    @property
    def held(self) -> tuple[Group, ...]:
        """The groups that are layers or models themselves."""
        return tuple(group for group in self.groups if group.kind not in ("stage", "repeat"))

    def at(self, path: str) -> Layer:
        """The layer, or the card of the group, at a path; `KeyError` where there is none."""
        return self._by_path[path]

    def parent_of(self, layer_id: str) -> str | None:
        """The id of the group that a layer or group lies in, `None` where that is the network."""
        return self._parents.get(layer_id)

    def folded(self, opened: Collection[str] = ()) -> NetworkGraph:
        """What is drawn: each closed group as one layer, of an opened one what it holds.

        Cost: what is open.

        Args:
            opened: Paths of opened groups. One within a closed group stays unseen; one that is no more is left out.
        """
        return _Fold(self, frozenset(opened)).graph()

    def with_opaque(self, ids: Collection[str], note: str) -> NetworkStructure:
        """The structure with some layers as opaque, for a reason."""
        if not ids:
            return self
        layers = (replace(one, role="opaque", note=note) if one.id in ids else one for one in self.layers)
        return replace(self, layers=tuple(layers))

    def with_faces(self, faces: Mapping[str, Face]) -> NetworkStructure:
        """The structure with some layers and groups drawn as somebody has told, by their ids."""
        if not faces:
            return self

        def drawn(card: Layer) -> Layer:
            return card.with_face(faces[card.id]) if card.id in faces else card

        groups = (replace(group, card=drawn(group.card)) for group in self.groups)
        return replace(self, layers=tuple(map(drawn, self.layers)), groups=tuple(groups))

    def to_json(self) -> dict[str, Any]:
        """Plain lists, dicts, strings and integers, under 250 bytes a layer; see `structure_json`."""
        return structure_json(self)

    @cached_property
    def whole(self) -> NetworkGraph:
        """Every layer, with all groups opened."""
        return self.folded([group.path for group in self.groups])

    # Made when first asked for; they are no fields, so equality and JSON know nothing of them.
    @cached_property
    def _groups(self) -> Mapping[str, Group]:
        return {group.id: group for group in self.groups}

    @cached_property
    def _output_count(self) -> int:
        outputs = [layer.element_count for layer in (*self.layers, *(group.card for group in self.held))]
        return sum(count for count in outputs if count <= MAP_LIMIT)

    @cached_property
    def _cards(self) -> Mapping[str, Layer]:
        return {layer.id: layer for layer in self.cards}

    @cached_property
    def _by_path(self) -> Mapping[str, Layer]:
        return {layer.path: layer for layer in self._cards.values()}

    @cached_property
    def _parents(self) -> Mapping[str, str]:
        return {member: group.id for group in self.groups for member in group.members}


def structure_of(graph: NetworkGraph) -> NetworkStructure:
    """A structure whose layers hold no others."""
    return NetworkStructure(
        name=graph.name,
        layers=graph.layers,
        groups=(),
        members=tuple(layer.id for layer in graph.layers),
        links=graph.links,
        inputs=graph.inputs,
        outputs=graph.outputs,
        parameter_count=graph.parameter_count,
        trainable_count=graph.trainable_count,
        is_built=graph.is_built,
        note=graph.note,
    )


class _Fold:
    """One look at a structure with some groups opened."""

    def __init__(self, structure: NetworkStructure, opened: frozenset[str]) -> None:
        self._structure = structure
        self._opened = opened
        self._levels: dict[str | None, tuple[Link, ...]] = {}
        self._places: dict[str, str] = {}
        self._known: dict[tuple[object, ...], tuple[tuple[str, int, int], ...]] = {}

    def graph(self) -> NetworkGraph:
        structure = self._structure
        shown = list(self._expand(None, structure.members, structure.links))
        links: dict[tuple[str, str], Link] = {}
        for level, those in self._levels.items():
            for link in those:
                target = self._place(link.target)
                if link.target != level and target not in self._levels:
                    for source, use, output in self._origins(level, link, None):
                        if source != target or link.source == link.target:
                            new = Link(source, target, use, link.target_use, output, link.input)
                            links.setdefault((source, target), new)
        places = {layer.id: place for place, layer in enumerate(shown)}
        return NetworkGraph(
            name=structure.name,
            layers=tuple(shown),
            links=tuple(sorted(links.values(), key=lambda link: places[link.target])),
            inputs=tuple(dict.fromkeys(one for given in structure.inputs for one in self._entries(given))),
            outputs=tuple(dict.fromkeys(one for given in structure.outputs for one in self._exits(given))),
            parameter_count=structure.parameter_count,
            trainable_count=structure.trainable_count,
            is_built=structure.is_built,
            note=structure.note,
            output_count=structure._output_count,
        )

    def _expand(self, level: str | None, members: Iterable[str], links: tuple[Link, ...]) -> Iterator[Layer]:
        self._levels[level] = links
        for member in members:
            card = self._structure.layer(member)
            group = self._structure._groups.get(member)
            if group is not None and group.path in self._opened:
                yield from self._expand(member, group.members, group.links)
            else:
                yield card

    def _place(self, layer_id: str) -> str:
        """Where something is drawn: itself, or the outermost closed group around it."""
        if layer_id not in self._places:
            parent = self._structure.parent_of(layer_id)
            place = layer_id if parent is None else self._place(parent)
            self._places[layer_id] = layer_id if place in self._levels else place
        return self._places[layer_id]

    def _origins(self, level: str | None, link: Link, use: int | None) -> tuple[tuple[str, int, int], ...]:
        """Where what flows along a link comes from, as drawn: layers, which of their calls, which output of it.

        Args:
            level: The group whose link it is.
            link: The link.
            use: Which call of that group is meant; `None` for all.
        """
        key = (level, link.source, link.source_use, link.output, use)
        if key not in self._known:
            self._known[key] = ()  # what leads back to itself comes from nowhere else
            self._known[key] = tuple(dict.fromkeys(self._found(level, link, use)))
        return self._known[key]

    def _found(self, level: str | None, link: Link, use: int | None) -> Iterator[tuple[str, int, int]]:
        if link.source == level:
            around = self._structure.parent_of(link.source)
            for outer in self._levels[around]:
                is_it = outer.target == level and _fit(outer.input, link.output)
                if is_it and use in (None, outer.target_use):
                    yield from self._origins(around, outer, None)
        elif link.source in self._levels:
            for inner in self._levels[link.source]:
                if inner.target == link.source and _fit(inner.input, link.output):
                    yield from self._origins(link.source, inner, link.source_use)
        else:
            yield self._place(link.source), link.source_use, link.output

    def _entries(self, given: str) -> Iterator[str]:
        if given not in self._levels:
            yield self._place(given)
            return
        for inner in self._levels[given]:
            if inner.source == given != inner.target:
                yield from self._entries(self._place(inner.target))

    def _exits(self, given: str) -> Iterator[str]:
        if given not in self._levels:
            yield self._place(given)
            return
        for inner in self._levels[given]:
            if inner.target == given:
                yield from (source for source, _, _ in self._origins(given, inner, None))


def _fit(one: int, other: int) -> bool:
    return one == other or ANY in (one, other)
