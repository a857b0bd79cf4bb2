"""The layers of a functional model."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from nnvis_widget.keras_adapter.read.nodes import Node, Nodes, is_input, leaves


def functional_nodes(model: Any) -> Nodes:
    """Its layers and operations, inputs first."""
    sources = _sources_by_config(model) or _sources_by_tensor(model)
    nodes = [Node(operation.name, operation, sources.get(operation.name, ())) for operation in model.operations]
    nodes.sort(key=lambda node: not is_input(node.operation))
    producers = _producers(model)
    inputs = [producers[id(tensor)] for tensor in leaves(model.inputs) if id(tensor) in producers]
    outputs = [producers[id(tensor)] for tensor in leaves(model.outputs) if id(tensor) in producers]
    if not outputs:
        fed = {source for node in nodes for source in node.sources}
        outputs = [node.key for node in nodes if node.key not in fed]
    return Nodes(nodes, inputs, list(dict.fromkeys(outputs)))


def _sources_by_config(model: Any) -> dict[str, tuple[str, ...]]:
    # Keras tells every call of a shared layer only in the config; a custom layer without get_config has none.
    try:
        config = model.get_config()
        return {entry["name"]: tuple(dict.fromkeys(_histories(entry["inbound_nodes"]))) for entry in config["layers"]}
    except Exception:
        return {}


def _histories(value: object) -> Iterator[str]:
    if isinstance(value, dict):
        if value.get("class_name") == "__keras_tensor__":
            yield value["config"]["keras_history"][0]
        else:
            for inner in value.values():
                yield from _histories(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from _histories(inner)


def _sources_by_tensor(model: Any) -> dict[str, tuple[str, ...]]:
    producers = _producers(model)
    sources: dict[str, tuple[str, ...]] = {}
    for operation in model.operations:
        tensors = [] if is_input(operation) else leaves(operation.input)
        sources[operation.name] = tuple(
            dict.fromkeys(producers[id(tensor)] for tensor in tensors if id(tensor) in producers)
        )
    return sources


def _producers(model: Any) -> dict[int, str]:
    return {id(tensor): operation.name for operation in model.operations for tensor in leaves(operation.output)}
