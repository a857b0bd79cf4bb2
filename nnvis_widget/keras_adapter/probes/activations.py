"""Outputs and pre-activations of the layers for chosen samples."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import count
from math import prod
from typing import Any

import keras
import numpy as np

from nnvis_widget.core.graph import Layer, NetworkGraph
from nnvis_widget.keras_adapter.read.roles import role_of

UNIT_LIMIT = 4_096
MAP_LIMIT = 65_536

Outputs = dict[tuple[str, str], np.ndarray]


class ActivationProbe:
    """Runs a model forward once and keeps what its layers put out.

    Only layers whose output for one sample has at most `most` elements are kept: more than 4,096 cannot be drawn as
    units. The forward pass is in inference mode and touches no random state, so the training is not changed by it.

    Args:
        graph: The graph of the model.
        operations: The Keras layers by id.
        model: The model itself.
        least: Layers with fewer elements are left out too.
        most: See above.
    """

    def __init__(
        self,
        graph: NetworkGraph,
        operations: Mapping[str, Any],
        model: Any,
        least: int = 0,
        most: int = UNIT_LIMIT,
    ) -> None:
        self._model = model
        self._input_ids = graph.inputs
        self._layers = {
            layer.id: operations[layer.id]
            for layer in graph.layers
            if layer.id not in graph.inputs and least <= element_count(layer) <= most
        }
        self._forward = self._build()
        self._batch_size = fixed_batch_size(model)

    @property
    def layers(self) -> tuple[str, ...]:
        """Ids of the layers that are measured, without the inputs."""
        return tuple(self._layers)

    def measure(self, inputs: Sequence[np.ndarray]) -> Outputs:
        """Outputs for a batch.

        Args:
            inputs: One array per model input, samples first.

        Returns:
            `("activation" | "z", layer id)` → float32 `(samples, elements)`; the inputs are their own activation.
            `z` only where it differs from the activation.
        """
        batch = [np.asarray(array, np.float32) if array.dtype.kind == "f" else array for array in inputs]
        measured: Outputs = {
            ("activation", layer): _rows(array) for layer, array in zip(self._input_ids, batch, strict=False)
        }
        for key, value in self._outputs(batch).items():
            quantity, layer = key.split(" ")
            measured[quantity, layer] = value
        return measured

    def _outputs(self, batch: Sequence[np.ndarray]) -> dict[str, np.ndarray]:
        return {key: _rows(value) for key, value in in_batches(self._forward, batch, self._batch_size).items()}

    def _build(self) -> Callable[[Sequence[np.ndarray]], dict[str, Any]]:
        if isinstance(self._model, keras.Sequential):
            return self._build_chain()
        outputs: dict[str, Any] = {}
        dense: dict[str, Any] = {}
        for layer_id, operation in self._layers.items():
            tensors = symbolic(operation)
            if tensors is None:
                continue
            outputs[f"activation {layer_id}"] = tensors[1]
            if has_pre_activation(operation):
                outputs[f"input {layer_id}"] = tensors[0]
                dense[layer_id] = operation
        outputs = connected(self._model, outputs)
        if not outputs:
            return self._build_whole()
        function = keras.Function(self._model.inputs, outputs, name="nnvis_activations")

        def forward(inputs: Sequence[Any]) -> dict[str, Any]:
            measured: dict[str, Any] = function(list(inputs))
            for layer_id, layer in dense.items():
                source = measured.pop(f"input {layer_id}", None)
                if source is not None:
                    measured[f"z {layer_id}"] = _pre_activation(layer, source)
            return measured

        return compiled(forward)

    def _build_chain(self) -> Callable[[Sequence[np.ndarray]], dict[str, Any]]:
        # A Sequential that was built by a call keeps that call's batch size in its symbolic tensors.
        layers = list(self._model.layers)
        ids = {id(layer): layer_id for layer_id, layer in self._layers.items()}

        def forward(inputs: Sequence[Any]) -> dict[str, Any]:
            measured: dict[str, Any] = {}
            values = inputs[0]
            for layer in layers:
                source, values = values, layer(values, training=False)
                layer_id = ids.get(id(layer))
                if layer_id is None:
                    continue
                measured[f"activation {layer_id}"] = values
                if has_pre_activation(layer):
                    measured[f"z {layer_id}"] = _pre_activation(layer, source)
            return measured

        return compiled(forward)

    def _build_whole(self) -> Callable[[Sequence[np.ndarray]], dict[str, Any]]:
        outputs = list(self._layers)[-1:]

        def forward(inputs: Sequence[Any]) -> dict[str, Any]:
            result = keras.tree.flatten(self._model(inputs[0] if len(inputs) == 1 else list(inputs), training=False))
            return {f"activation {layer}": value for layer, value in zip(outputs, result, strict=False)}

        return compiled(forward)


def fixed_batch_size(model: Any) -> int | None:
    """The number of samples a model insists on (`keras.Input(batch_shape=…)`); `None` if any will do."""
    if isinstance(model, keras.Sequential):
        return None
    try:
        inputs = model.inputs
    except (AttributeError, ValueError):
        return None
    return next((tensor.shape[0] for tensor in inputs or () if tensor.shape[0]), None)


def in_batches(
    forward: Callable[[Sequence[Any]], dict[str, Any]], inputs: Sequence[np.ndarray], size: int | None
) -> dict[str, np.ndarray]:
    """The outputs of a forward pass on the host, in parts of `size` samples where the model insists on it."""
    count = len(inputs[0])
    size = size or count
    parts = [
        {
            key: np.asarray(keras.ops.convert_to_numpy(value))
            for key, value in forward([_filled(array[start : start + size], size) for array in inputs]).items()
        }
        for start in range(0, count, size)
    ]
    return {key: np.concatenate([part[key] for part in parts])[:count] for key in parts[0]}


def element_count(layer: Layer) -> int:
    """Elements of a layer's output for one sample; 0 where it is unknown."""
    return prod(size or 0 for size in layer.output_shape[0][1:]) if layer.output_shape else 0


def compiled(function: Callable[[Sequence[Any]], Any]) -> Callable[[Sequence[Any]], Any]:
    """The function as a TensorFlow graph where TensorFlow is the backend (0.5 ms instead of 5), else as it is.

    The first call is not compiled: a model that is only looked at appears without the wait for tracing (0.3 s).
    """
    if keras.config.backend() != "tensorflow":
        return function
    import tensorflow as tf

    graph_function = tf.function(tf.autograph.experimental.do_not_convert(function), reduce_retracing=True)
    calls = count()

    def call(inputs: Sequence[Any]) -> Any:
        tensors = [tf.convert_to_tensor(array) for array in inputs]
        return function(tensors) if next(calls) == 0 else graph_function(tensors)

    return call


def symbolic(operation: Any) -> tuple[Any, Any] | None:
    """What goes into a layer and what comes out of it, as symbols; `None` for one without a single call."""
    try:
        return operation.input, operation.output
    except (AttributeError, ValueError):
        return None


def connected(model: Any, outputs: dict[str, Any]) -> dict[str, Any]:
    """Those outputs that can be computed from the model's inputs: a shared layer's first call may lie elsewhere."""
    try:
        inputs = model.inputs
    except (AttributeError, ValueError):
        return {}
    if not inputs:
        return {}
    try:
        keras.Function(inputs, outputs, name="nnvis_check")
    except ValueError:
        return {key: tensor for key, tensor in outputs.items() if _is_connected(inputs, tensor)}
    return outputs


def _is_connected(inputs: Any, tensor: Any) -> bool:
    try:
        keras.Function(inputs, tensor, name="nnvis_check")
    except ValueError:
        return False
    return True


def _pre_activation(layer: Any, source: Any) -> Any:
    """z = x W + b."""
    z = keras.ops.matmul(source, layer.kernel)
    bias = getattr(layer, "bias", None)
    return z if bias is None else keras.ops.add(z, bias)


def has_pre_activation(layer: Any) -> bool:
    """Whether a layer has z = x W + b, and puts out something else."""
    if role_of(layer) != "dense":
        return False
    activation = getattr(layer, "activation", None)
    return activation is not None and activation is not keras.activations.linear


def _filled(rows: np.ndarray, size: int) -> np.ndarray:
    """The rows, the last one repeated until there are `size`."""
    return rows if len(rows) == size else np.concatenate([rows, np.repeat(rows[-1:], size - len(rows), axis=0)])


def _rows(array: np.ndarray) -> np.ndarray:
    return np.array(array.reshape(len(array), -1), dtype=np.float32)
