"""The layers of a Sequential model."""

from __future__ import annotations

from typing import Any

from nnvis_widget.keras_adapter.read.nodes import InputCard, Node, Nodes, plain_shape


def sequential_nodes(model: Any) -> Nodes:
    """Its layers in a row, behind a card for the input."""
    nodes: list[Node] = []
    if model.built and model.layers:
        shape = plain_shape(model.inputs[0].shape) if _has_inputs(model) else ()
        nodes.append(Node("<input>", InputCard("input", shape)))
    for index, layer in enumerate(model.layers):
        previous = (nodes[-1].key,) if nodes else ()
        nodes.append(Node(f"{index}:{layer.name}", layer, previous))
    keys = [node.key for node in nodes]
    return Nodes(nodes, keys[:1], keys[-1:])


def _has_inputs(model: Any) -> bool:
    try:
        return bool(model.inputs)
    except (AttributeError, ValueError):
        return False
