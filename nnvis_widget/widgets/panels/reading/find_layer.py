"""A layer by the name that a person gave."""

from __future__ import annotations

from difflib import get_close_matches

from nnvis_widget.core.graph import Layer, NetworkGraph
from nnvis_widget.errors import ModelError

MOST_NAMES = 8


def find_layer(graph: NetworkGraph, name: str) -> Layer:
    """The layer with a name or an id.

    Raises:
        ModelError: If there is none; the message has the nearest names first.
    """
    by_name = {layer.id: layer for layer in graph.layers} | {layer.name: layer for layer in reversed(graph.layers)}
    if name in by_name:
        return by_name[name]
    names = [layer.name for layer in graph.layers]
    near = get_close_matches(str(name), names, n=3, cutoff=0.4)
    if near:
        raise ModelError(f"Expected the name of a layer, got {name!r}. The nearest: {', '.join(map(repr, near))}.")
    more = f" and {len(names) - MOST_NAMES} more" if len(names) > MOST_NAMES else ""
    known = ", ".join(map(repr, names[:MOST_NAMES])) or "none, the model is not built"
    raise ModelError(f"Expected the name of a layer, got {name!r}. The layers are: {known}{more}.")
