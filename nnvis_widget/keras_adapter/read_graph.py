"""Reading the structure of a Keras model."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import keras

from nnvis_widget.core.graph import Layer, Link, NetworkGraph, Parameter, Shape
from nnvis_widget.errors import ModelError
from nnvis_widget.keras_adapter.parameter_names import named_variables

NOT_BUILT = "not built yet"
NO_INNER_VIEW = "no inner view"


def read_graph(model: Any) -> NetworkGraph:
    """Describe a model's layers, links and parameters as plain data.

    Sequential and Functional models are read layer by layer: several inputs and outputs, merges, shared layers and
    operations of `keras.ops` included. A nested model and a subclassed model are one layer each. No weight is read.

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
    ids = {key: f"L{index}" for index, (key, _, _) in enumerate(nodes)}
    links = dict.fromkeys(
        Link(ids[source], ids[key]) for key, _, sources in nodes for source in sources if source in ids
    )
    variables = _unique(model.weights) if model.built else []
    trainable = {id(variable) for variable in model.trainable_variables} if model.built else set()
    return NetworkGraph(
        name=model.name,
        layers=tuple(_describe(ids[key], operation) for key, operation, _ in nodes),
        links=tuple(links),
        inputs=tuple(ids[key] for key in inputs if key in ids),
        outputs=tuple(ids[key] for key in outputs if key in ids),
        parameter_count=sum(_size(variable) for variable in variables),
        trainable_count=sum(_size(variable) for variable in variables if id(variable) in trainable),
        is_built=bool(model.built),
    )


Node = tuple[str, Any, tuple[str, ...]]


class InputCard:
    """Stands for the input of a model that holds no InputLayer of its own."""

    def __init__(self, name: str, shape: Shape) -> None:
        self.name = name
        self.output_shape = shape


def operations_by_id(model: Any) -> dict[str, Any]:
    """The layer or operation behind each id of `read_graph(model)`; input cards of Sequential models are left out."""
    return {f"L{index}": operation for index, (_, operation, _) in enumerate(_read_nodes(model)[0])}


def _read_nodes(model: Any) -> tuple[list[Node], list[str], list[str]]:
    if isinstance(model, keras.Sequential):
        return _sequential_nodes(model)
    if hasattr(model, "operations") and getattr(model, "inputs", None):
        return _functional_nodes(model)
    return _single_card(model)


def _sequential_nodes(model: Any) -> tuple[list[Node], list[str], list[str]]:
    nodes: list[Node] = []
    if model.built and model.layers:
        shape = _plain_shape(model.inputs[0].shape) if _has_inputs(model) else ()
        nodes.append(("<input>", InputCard("input", shape), ()))
    for index, layer in enumerate(model.layers):
        previous = (nodes[-1][0],) if nodes else ()
        nodes.append((f"{index}:{layer.name}", layer, previous))
    keys = [key for key, _, _ in nodes]
    return nodes, keys[:1], keys[-1:]


def _has_inputs(model: Any) -> bool:
    try:
        return bool(model.inputs)
    except (AttributeError, ValueError):
        return False


def _functional_nodes(model: Any) -> tuple[list[Node], list[str], list[str]]:
    sources = _sources_by_config(model) or _sources_by_tensor(model)
    nodes = [(operation.name, operation, sources.get(operation.name, ())) for operation in model.operations]
    nodes.sort(key=lambda node: not _is_input(node[1]))
    producers = _producers(model)
    inputs = [producers[id(tensor)] for tensor in _leaves(model.inputs) if id(tensor) in producers]
    outputs = [producers[id(tensor)] for tensor in _leaves(model.outputs) if id(tensor) in producers]
    if not outputs:
        fed = {source for _, _, incoming in nodes for source in incoming}
        outputs = [key for key, _, _ in nodes if key not in fed]
    return nodes, inputs, list(dict.fromkeys(outputs))


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
        tensors = [] if _is_input(operation) else _leaves(operation.input)
        sources[operation.name] = tuple(
            dict.fromkeys(producers[id(tensor)] for tensor in tensors if id(tensor) in producers)
        )
    return sources


def _producers(model: Any) -> dict[int, str]:
    return {id(tensor): operation.name for operation in model.operations for tensor in _leaves(operation.output)}


def _single_card(model: Any) -> tuple[list[Node], list[str], list[str]]:
    return [("<input>", InputCard("input", ()), ()), ("<model>", model, ("<input>",))], ["<input>"], ["<model>"]


def _leaves(structure: Any) -> list[Any]:
    return list(keras.tree.flatten(structure))


def _is_input(operation: Any) -> bool:
    return isinstance(operation, keras.layers.InputLayer | InputCard)


def _describe(layer_id: str, operation: Any) -> Layer:
    if isinstance(operation, InputCard):
        given: tuple[Shape, ...] = (operation.output_shape,) if operation.output_shape else ()
        return Layer(layer_id, operation.name, "InputLayer", given, units=_last_axis(given))
    shapes = _output_shapes(operation)
    is_layer = isinstance(operation, keras.layers.Layer)
    is_built = not is_layer or operation.built
    note = None if is_built else NOT_BUILT
    if isinstance(operation, keras.Model):
        note = NO_INNER_VIEW if is_built else NOT_BUILT
    return Layer(
        id=layer_id,
        name=operation.name,
        type=type(operation).__name__,
        output_shape=shapes,
        parameters=tuple(_parameters(operation)) if is_layer and is_built else (),
        activation=_activation_name(operation),
        units=_last_axis(shapes),
        note=note,
    )


def _parameters(layer: Any) -> Iterator[Parameter]:
    trainable = {id(variable) for variable in layer.trainable_variables}
    for name, variable in named_variables(layer).items():
        shape = tuple(int(size) for size in variable.shape)
        yield Parameter(name, shape, str(variable.dtype), id(variable) in trainable)


def _activation_name(operation: Any) -> str | None:
    activation = getattr(operation, "activation", None)
    if activation is None:
        return None
    name = getattr(activation, "__name__", None) or getattr(activation, "name", None)
    return str(name or type(activation).__name__)


def _output_shapes(operation: Any) -> tuple[Shape, ...]:
    try:
        return tuple(_plain_shape(tensor.shape) for tensor in _leaves(operation.output))
    except (AttributeError, ValueError):
        return ()


def _plain_shape(shape: Iterable[Any]) -> Shape:
    sizes = [None if size is None else int(size) for size in shape]
    return (None, *sizes[1:]) if sizes else ()


def _last_axis(shapes: tuple[Shape, ...]) -> int | None:
    return shapes[0][-1] if len(shapes) == 1 and len(shapes[0]) > 1 else None


def _unique(variables: Iterable[Any]) -> list[Any]:
    return list({id(variable): variable for variable in variables}.values())


def _size(variable: Any) -> int:
    count = 1
    for size in variable.shape:
        count *= int(size)
    return count
