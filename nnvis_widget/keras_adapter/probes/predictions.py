"""What a classifier says of many samples."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import keras
import numpy as np

from nnvis_widget.core.graph import NetworkGraph
from nnvis_widget.core.scenery import Scenery
from nnvis_widget.core.snapshot import TensorKey
from nnvis_widget.keras_adapter.probes.activations import compiled, element_count, fixed_batch_size, in_batches
from nnvis_widget.reduce.confusion import predicted_classes, true_classes

MOST_SAMPLES = 2_048
LEAST_SAMPLES = 64
MOST_PRODUCTS = 10**9
BATCH = 512


class PredictionProbe:
    """Runs a model forward, in inference mode, over the validation samples, or over its samples where there are none.

    At most 2,048, and fewer (64 at least) where they would take more than 10**9 products of a weight and an input, some
    30 ms to 100 ms: the first ones. They go through in parts of 512, so that large pictures need little memory.

    Args:
        graph: The graph of a model with one output, `(samples, units)`.
        model: The model itself.
        scenery: Its samples, with targets that are classes; others give no prediction.
    """

    def __init__(self, graph: NetworkGraph, model: Any, scenery: Scenery) -> None:
        self._key, inputs, targets = _samples(graph, scenery)
        count = min(MOST_SAMPLES, max(LEAST_SAMPLES, MOST_PRODUCTS // max(1, _products(graph))))
        self._inputs = [_ready(array[:count]) for array in inputs]
        self._targets = None if targets is None else np.asarray(targets[:count])
        self._threshold = 0.0 if getattr(getattr(model, "loss", None), "from_logits", False) else 0.5
        self._batch_size = fixed_batch_size(model) or BATCH
        self._forward = _forward(model)

    def measure(self) -> dict[TensorKey, np.ndarray]:
        """`predictions`: int16 `(2, samples)`, the true and the predicted class, -1 for none; empty without classes."""
        if self._targets is None:
            return {}
        outputs = in_batches(self._forward, self._inputs, self._batch_size)["outputs"]
        true = true_classes(self._targets, outputs.shape[1]) if outputs.ndim == 2 else None
        if true is None:
            self._targets = None
            return {}
        return {self._key: np.stack([true, predicted_classes(outputs, self._threshold)]).astype(np.int16)}


def _samples(graph: NetworkGraph, scenery: Scenery) -> tuple[TensorKey, Sequence[np.ndarray], np.ndarray | None]:
    output = graph.outputs[0]
    if scenery.validation_inputs and scenery.validation_targets is not None:
        return TensorKey("predictions", output, "validation"), scenery.validation_inputs, scenery.validation_targets
    return TensorKey("predictions", output, "sample"), scenery.inputs, scenery.targets if scenery.inputs else None


def _products(graph: NetworkGraph) -> int:
    """About how many products of a weight and an input one sample takes: each kernel once for each of its places."""
    return sum(
        parameter.count * max(1, element_count(layer) // max(1, layer.units or 1))
        for layer in graph.layers
        for parameter in layer.parameters
        if len(parameter.shape) >= 2 and layer.role != "embedding"
    )


def _ready(array: np.ndarray) -> np.ndarray:
    return np.asarray(array, np.float32) if array.dtype.kind == "f" else np.asarray(array)


def _forward(model: Any) -> Callable[[Sequence[np.ndarray]], dict[str, Any]]:
    if isinstance(model, keras.Sequential) or not getattr(model, "inputs", None):

        def forward(inputs: Sequence[Any]) -> dict[str, Any]:
            return {"outputs": model(inputs[0] if len(inputs) == 1 else list(inputs), training=False)}

        return compiled(forward)
    function = keras.Function(model.inputs, {"outputs": model.outputs[0]}, name="nnvis_predictions")
    return compiled(lambda inputs: function(list(inputs)))
