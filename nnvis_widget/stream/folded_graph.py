"""A network as a page gets it: as far as it is open, and the list of all there is."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from typing import Any

from nnvis_widget.core.graph import Layer, Link, NetworkGraph
from nnvis_widget.core.openings import closed_group, in_sight
from nnvis_widget.core.structure import Group, NetworkStructure

MOST_PLACES = 3_000
"""So many layers are listed; together they take less than 200 kB."""


def folded_graph(structure: NetworkStructure, graph: NetworkGraph, opened: Collection[str]) -> dict[str, Any]:
    """The graph that is drawn, with what its closed groups are and what is in the opened ones.

    Args:
        structure: The whole network.
        graph: It, folded.
        opened: Paths of the opened groups.
    """
    plain = graph.to_json()
    for row in plain["layers"]:
        group = closed_group(structure, row["id"])
        if group is not None:
            row["parameters"] = []  # told of what is in it
            row["group"] = _group(structure, group)
    groups = list(in_sight(structure, opened))
    plain["opened"] = [
        {
            **_group(structure, group),
            "id": group.id,
            "name": group.name,
            "type": group.card.type,
            "parent": group.parent,
            "output_shape": [list(shape) for shape in group.card.output_shape],
            "parameter_count": group.card.parameter_count,
            "members": list(group.members),
            "links": _pairs(group.links),
        }
        for group in groups
    ]
    plain["layer_count"] = len(structure.layers)
    plain["level"] = {"members": list(structure.members), "links": _pairs(structure.links)}
    return plain


def index_of(structure: NetworkStructure) -> dict[str, Any] | None:
    """Every layer with its class, the group it lies in and its number of parameters; `None` where there is no group.

    Groups come with the group around them, what is told twice as its place in a table.
    """
    if not structure.groups:
        return None
    places = {group.id: place for place, group in enumerate(structure.groups)}
    types: dict[str, int] = {}

    def row(layer: Layer) -> list[Any]:
        parent = structure.parent_of(layer.id)
        kind = types.setdefault(layer.type, len(types))
        return [layer.id, layer.path, kind, -1 if parent is None else places[parent], layer.parameter_count]

    order = list(_in_order(structure))
    layers = [row(layer) for layer in order[:MOST_PLACES]]
    groups = [[*row(group.card)[:4], group.kind] for group in structure.groups]
    return {"layers": layers, "groups": groups, "types": list(types), "count": len(order)}


def _in_order(structure: NetworkStructure) -> Iterator[Layer]:
    """The layers from the input to the output, those of a group together."""

    def within(members: Iterable[str]) -> Iterator[Layer]:
        for member in members:
            if structure.is_group(member):
                yield from within(structure.group(member).members)
            else:
                yield structure.layer(member)

    return within(structure.members)


def _group(structure: NetworkStructure, group: Group) -> dict[str, Any]:
    return {
        "path": group.path,
        "kind": group.kind,
        "uses": group.card.uses,
        "member_count": len(group.members),
        "layer_count": structure.layer_count(group.id),
        "inside": group.note,
    }


def _pairs(links: Iterable[Link]) -> list[list[str]]:
    return [list(pair) for pair in dict.fromkeys((link.source, link.target) for link in links)]
