"""A network as a page gets it: as far as it is open, and the list of all there is."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from typing import Any

from nnvis_widget.core.graph import Layer, Link, NetworkGraph
from nnvis_widget.core.listing import MOST_LISTED, layers_in_order
from nnvis_widget.core.openings import closed_group, in_sight
from nnvis_widget.core.structure import Group, NetworkStructure
from nnvis_widget.core.words.kept_text import anew

UNREAD = ("path", "dtype", "uses")
OWN = ("id", "name")
"""What no layer has in common with another."""


def folded_graph(structure: NetworkStructure, graph: NetworkGraph, opened: Collection[str]) -> dict[str, Any]:
    """The graph that is drawn, with what its closed groups are and what is in the opened ones.

    Args:
        structure: The whole network.
        graph: It, folded.
        opened: Paths of the opened groups.
    """
    plain = graph.to_json()
    for told in (plain, *plain["layers"]):
        told["note"] = _said(told["note"])
    if structure.groups:  # there may be a thousand layers
        makes: dict[str, int] = {}
        rows = [(row, closed_group(structure, row["id"])) for row in plain["layers"]]
        plain["layers"] = [
            _short(row, group, makes) | ({} if group is None else {"group": _group(structure, group)})
            for row, group in rows
        ]
        plain["makes"] = [json.loads(make) for make in makes]
        plain["links"] = _pairs(graph.links)
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

    order = layers_in_order(structure)
    layers = [row(layer) for layer in order[:MOST_LISTED]]
    groups = [[*row(group.card)[:4], group.kind] for group in structure.groups]
    return {"layers": layers, "groups": groups, "types": list(types), "count": len(order)}


def _short(row: dict[str, Any], group: Group | None, makes: dict[str, int]) -> dict[str, Any]:
    """A layer without what a page does not read, and what it has in common with others as its place in a table.

    There a parameter is a list, and nothing stands of which there is none. Those of a group are told of what is in it.
    """
    own = row.pop("parameters") if group is None else []
    parameters = [[one["name"], list(one["shape"]), one["dtype"], one["is_trainable"]] for one in own]
    make = {
        name: value
        for name, value in row.items()
        if name not in (*OWN, *UNREAD, "parameters") and value not in ((), [], None)
    }
    make |= {"parameters": parameters} if parameters else {}
    return {name: row[name] for name in OWN} | {"make": makes.setdefault(json.dumps(make), len(makes))}


def _group(structure: NetworkStructure, group: Group) -> dict[str, Any]:
    return {
        "path": group.path,
        "kind": group.kind,
        "uses": group.card.uses,
        "member_count": len(group.members),
        "layer_count": structure.layer_count(group.id),
        "inside": _said(group.note),
    }


def _said(note: str | None) -> str | None:
    return None if note is None else anew(note)


def _pairs(links: Iterable[Link]) -> list[list[str]]:
    return [list(pair) for pair in dict.fromkeys((link.source, link.target) for link in links)]
