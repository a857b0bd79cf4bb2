"""Reading the structure of a Keras model."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import keras

from nnvis_widget.core.graph import Link, NetworkGraph
from nnvis_widget.errors import ModelError
from nnvis_widget.keras_adapter.read.functional import functional_nodes
from nnvis_widget.keras_adapter.read.layers import read_layer
from nnvis_widget.keras_adapter.read.nodes import Nodes, has_own_call
from nnvis_widget.keras_adapter.read.sequential import sequential_nodes
from nnvis_widget.keras_adapter.read.subclassed import subclassed_nodes


def read_graph(model: Any) -> NetworkGraph:
    """Describe a model's layers, links and parameters as plain data.

    Sequential and Functional models are read layer by layer: several inputs and outputs, merges, shared layers and
    operations of `keras.ops` included. A nested model and a model with a `call` of its own are one layer each. No
    weight is read.

    Args:
        model: Any Keras model; one that is not built yet is described without shapes and parameters.

    Returns:
        The graph; `parameter_count` equals `model.count_params()`.

    Raises:
        ModelError: If `model` is no Keras model.

    Example:
        >>> graph = nv.read_graph(model)
        >>> [layer.name for layer in graph.layers]
        ['input', 'dense', 'dense_1']
    """
    if not isinstance(model, keras.Model):
        raise ModelError(
            f"Expected a Keras model, got {type(model).__module__}.{type(model).__name__}. "
            "Pass a keras.Sequential, a functional keras.Model or a subclass of it."
        )
    nodes, inputs, outputs = _read_nodes(model)
    ids = {node.key: f"L{index}" for index, node in enumerate(nodes)}
    links = dict.fromkeys(
        Link(ids[source], ids[node.key]) for node in nodes for source in node.sources if source in ids
    )
    variables = _unique(model.weights) if model.built else []
    trainable = {id(variable) for variable in model.trainable_variables} if model.built else set()
    return NetworkGraph(
        name=model.name,
        layers=tuple(read_layer(ids[node.key], node.operation) for node in nodes),
        links=tuple(links),
        inputs=tuple(ids[key] for key in inputs if key in ids),
        outputs=tuple(ids[key] for key in outputs if key in ids),
        parameter_count=sum(_size(variable) for variable in variables),
        trainable_count=sum(_size(variable) for variable in variables if id(variable) in trainable),
        is_built=bool(model.built),
    )


def operations_by_id(model: Any) -> dict[str, Any]:
    """The layer or operation behind each id of `read_graph(model)`; input cards of Sequential models are left out."""
    return {f"L{index}": node.operation for index, node in enumerate(_read_nodes(model).nodes)}


def _read_nodes(model: Any) -> Nodes:
    if has_own_call(model):
        return subclassed_nodes(model)
    if isinstance(model, keras.Sequential):
        return sequential_nodes(model)
    if hasattr(model, "operations") and getattr(model, "inputs", None):
        return functional_nodes(model)
    return subclassed_nodes(model)


def _unique(variables: Iterable[Any]) -> list[Any]:
    return list({id(variable): variable for variable in variables}.values())


def _size(variable: Any) -> int:
    count = 1
    for size in variable.shape:
        count *= int(size)
    return count
