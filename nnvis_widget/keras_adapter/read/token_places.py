"""Which tokens the places of attention are."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from nnvis_widget.core.anatomy import Role
from nnvis_widget.core.graph import Layer, NetworkGraph
from nnvis_widget.core.structure import NetworkStructure

KEEPS_PLACES: frozenset[Role] = frozenset(("embedding", "norm", "elementwise", "merge", "dense", "attention"))
"""Place i of what these put out is of place i of what came in."""


def with_token_places(structure: NetworkStructure) -> NetworkStructure:
    """The structure, of whose attention layers is known which inputs of tokens their places are."""
    attending = [card.id for card in structure.cards if card.attention is not None]
    if not attending or not any(card.tells_tokens for card in structure.cards):
        return structure
    graph = structure.folded([group.path for group in structure.groups if group.card.attention is None])
    looks = {one: _looks(structure, graph, one) for one in attending}
    told = {one: _told(graph, structure.layer(one), looks) for one in attending}
    return replace(
        structure,
        layers=tuple(told.get(layer.id, layer) for layer in structure.layers),
        groups=tuple(replace(group, card=told.get(group.id, group.card)) for group in structure.groups),
    )


Looks = dict[str, tuple[tuple[str, ...], tuple[str, ...]]]
"""By attention layer the layers whose places look, and those whose places are looked at."""


def _looks(structure: NetworkStructure, graph: NetworkGraph, layer: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The layers that queries and keys come from; nothing where that is not known.

    Keras tells the tensors of a call in the order of their places, but where they have names in that of the names: key,
    query, value. So of three the two of one source are keys and values.
    """
    parent = structure.parent_of(layer)
    links = structure.links if parent is None else structure.group(parent).links
    given = sorted((one for one in links if one.target == layer and one.target_use == 0), key=lambda one: one.input)
    origins = [(one.source, one.source_use, one.output) for one in given if not _is_mask(structure, one.source)]
    sources = [one for one in graph.sources_of(layer) if graph.layer(one).dtype != "bool"]
    if len(set(origins)) == 1:
        return tuple(sources), tuple(sources)
    if len(set(origins)) != 2 or len(origins) > 3 or len(sources) != 2:
        return (), ()
    is_query_second = len(origins) == 3 and origins[0] == origins[2]
    return ((sources[1],), (sources[0],)) if is_query_second else ((sources[0],), (sources[1],))


def _is_mask(structure: NetworkStructure, source: str) -> bool:
    return structure.has(source) and structure.layer(source).dtype == "bool"


def _told(graph: NetworkGraph, layer: Layer, looks: Looks) -> Layer:
    assert layer.attention is not None
    queries, keys = looks[layer.id]
    attention = replace(
        layer.attention,
        query_input=_tokens_before(graph, queries, layer.attention.queries, looks),
        key_input=_tokens_before(graph, keys, layer.attention.keys, looks),
    )
    return replace(layer, attention=attention)


def _tokens_before(graph: NetworkGraph, starts: Iterable[str], count: int, looks: Looks) -> str | None:
    """The one source of tokens whose places are those that some layers put out."""
    inputs: set[str] = set()
    waiting, seen = list(starts), set()
    while waiting:
        one = waiting.pop()
        if one in seen:
            continue
        seen.add(one)
        layer = graph.layer(one)
        if layer.role == "input" or layer.tells_tokens:
            if not layer.tells_tokens or layer.units != count:
                return None
            inputs.add(one)
        elif _keeps_places(layer, count):
            waiting += looks[one][0] if one in looks else graph.sources_of(one)
        else:
            return None
    return inputs.pop() if len(inputs) == 1 else None


def _keeps_places(layer: Layer, count: int) -> bool:
    _, places, *more = layer.output_shape[0] if layer.output_shape else (None, None)
    is_mask = layer.role == "opaque" and not layer.parameter_count and not more
    return places == count and (layer.role in KEEPS_PLACES or is_mask)
