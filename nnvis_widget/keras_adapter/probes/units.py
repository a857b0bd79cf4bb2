"""What single units take in over a batch."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import keras
import numpy as np

from nnvis_widget.core.graph import NetworkGraph
from nnvis_widget.keras_adapter.probes.activations import (
    UNIT_LIMIT,
    ActivationProbe,
    compiled,
    connected,
    element_count,
    fixed_batch_size,
    has_pre_activation,
    in_batches,
    symbolic,
)

Forward = Callable[[Sequence[Any]], dict[str, Any]]


class UnitProbe:
    """Runs a model forward as far as a layer, and computes one unit of it.

    Of a dense layer only that unit's links are multiplied: with 4,096 x 4,096 of them a forward pass of 256 samples
    costs as much as several steps of a training, one column nothing.

    Args:
        graph: The graph of the model.
        operations: The Keras layers by id.
        model: The model itself.
        activations: The probe of the same model, for layers that only a run of the whole model reaches.
    """

    def __init__(
        self, graph: NetworkGraph, operations: Mapping[str, Any], model: Any, activations: ActivationProbe
    ) -> None:
        self._model = model
        self._activations = activations
        self._input_ids = graph.inputs
        self._operations = {
            layer.id: operations[layer.id]
            for layer in graph.layers
            if layer.id not in graph.inputs and element_count(layer) <= UNIT_LIMIT
        }
        self._forwards: dict[str, Forward | None] = {}
        self._batch_size = fixed_batch_size(model)

    def measure(self, inputs: Sequence[np.ndarray], layer_id: str, unit: int) -> np.ndarray | None:
        """z of a unit, or its activation where the layer has no other; inputs are their own.

        Args:
            inputs: One array per model input, samples first.
            layer_id: The unit's layer.
            unit: Its index in the layer's flattened output.

        Returns:
            float32 `(samples,)`; `None` where there is no such unit, or its layer cannot be measured. Cost: a forward
            pass through the layers before it.
        """
        batch = [np.asarray(array, np.float32) if array.dtype.kind == "f" else array for array in inputs]
        if layer_id in self._input_ids:
            return _column(batch[self._input_ids.index(layer_id)], unit)
        operation = self._operations.get(layer_id)
        if operation is None:
            return None
        if layer_id not in self._forwards:
            self._forwards[layer_id] = self._build(operation)
        forward = self._forwards[layer_id]
        if forward is None:
            whole = self._activations.measure(inputs).get(("activation", layer_id))
            return None if whole is None else _column(whole, unit)
        values = in_batches(forward, batch, self._batch_size)["values"]
        return _pre_activation(operation, values, unit) if has_pre_activation(operation) else _column(values, unit)

    def _build(self, operation: Any) -> Forward | None:
        if isinstance(self._model, keras.Sequential):
            return _build_chain(list(self._model.layers), operation)
        tensors = symbolic(operation)
        if tensors is None:
            return None
        wanted = connected(self._model, {"values": tensors[0 if has_pre_activation(operation) else 1]})
        if not wanted:
            return None
        function = keras.Function(self._model.inputs, wanted, name="nnvis_unit")
        return compiled(lambda inputs: function(list(inputs)))


def _build_chain(layers: list[Any], operation: Any) -> Forward | None:
    place = next((place for place, layer in enumerate(layers) if layer is operation), None)
    if place is None:
        return None
    before = layers[:place] if has_pre_activation(operation) else layers[: place + 1]

    def forward(inputs: Sequence[Any]) -> dict[str, Any]:
        values = inputs[0]
        for layer in before:
            values = layer(values, training=False)
        return {"values": values}

    return compiled(forward) if before else forward


def _pre_activation(layer: Any, source: np.ndarray, unit: int) -> np.ndarray | None:
    """z = x W + b of one unit; of a layer over sequences at one of their places."""
    rows = np.asarray(source, np.float32).reshape(len(source), -1, source.shape[-1])
    place, column = divmod(unit, int(layer.kernel.shape[1]))
    if place >= rows.shape[1]:
        return None
    kernel = np.asarray(keras.ops.convert_to_numpy(layer.kernel[:, column]), np.float32)
    own = getattr(layer, "bias", None)
    bias = 0 if own is None else np.float32(keras.ops.convert_to_numpy(own[column]))
    with np.errstate(over="ignore", invalid="ignore"):
        # not @: the threads of numpy's BLAS spin on after it, which made the next step of a training 35 ms longer
        return np.asarray(np.einsum("sk,k->s", rows[:, place], kernel) + bias, np.float32)


def _column(values: np.ndarray, unit: int) -> np.ndarray | None:
    rows = values.reshape(len(values), -1)
    return np.array(rows[:, unit], np.float32) if unit < rows.shape[1] else None
