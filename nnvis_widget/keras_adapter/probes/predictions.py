"""What a classifier says of many samples."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from nnvis_widget.core.graph import NetworkGraph
from nnvis_widget.core.scenery import Scenery
from nnvis_widget.core.snapshot import TensorKey
from nnvis_widget.core.want import Want, Wants
from nnvis_widget.keras_adapter.forward import Forward
from nnvis_widget.keras_adapter.probes.probe import Tensors
from nnvis_widget.keras_adapter.taps import OUTPUT
from nnvis_widget.reduce.confusion import predicted_classes, true_classes

MOST_SAMPLES = 2_048
LEAST_SAMPLES = 64
MOST_PRODUCTS = 10**9
BATCH = 512


class PredictionProbe:
    """`predictions`: runs a model forward over the validation samples, or over its samples where there are none.

    At most 2,048, and fewer (64 at least) where they would take more than 10**9 products of a weight and an input, some
    30 ms to 100 ms: the first ones. They go through in parts of 512, so that large pictures need little memory. Models
    of one output, `(samples, units)`, that tells classes apart, with targets that are classes; others give none.
    """

    name = "predictions"

    def __init__(self) -> None:
        self._has_none = False

    def answers(self, want: Want) -> bool:
        """`predictions`."""
        return want.quantity == "predictions"

    def measure(self, wants: Wants, forward: Forward) -> Tensors:
        """`predictions`: int16 `(2, samples)`, the true and the predicted class, -1 for none; empty without classes."""
        key, inputs, targets = _samples(forward.graph, forward.scenery)
        if targets is None or self._has_none or not forward.scenery.task.has_classes:
            return {}
        most = min(MOST_SAMPLES, max(LEAST_SAMPLES, MOST_PRODUCTS // max(1, products(forward.graph))))
        passed = forward.run([OUTPUT], [array[:most] for array in inputs], BATCH)
        outputs = np.zeros(0) if passed is None or OUTPUT not in passed else passed.value(OUTPUT)
        task = forward.scenery.task
        true = true_classes(np.asarray(targets[:most]), outputs.shape[1], task) if outputs.ndim == 2 else None
        if true is None:
            self._has_none = True
            return {}
        return {key: np.stack([true, predicted_classes(outputs, task)]).astype(np.int16)}


def _samples(graph: NetworkGraph, scenery: Scenery) -> tuple[TensorKey, Sequence[np.ndarray], np.ndarray | None]:
    output = graph.outputs[0]
    if scenery.validation_inputs and scenery.validation_targets is not None:
        return TensorKey("predictions", output, "validation"), scenery.validation_inputs, scenery.validation_targets
    return TensorKey("predictions", output, "sample"), scenery.inputs, scenery.targets if scenery.inputs else None


def products(graph: NetworkGraph) -> int:
    """About how many products of a weight and an input one sample takes: each kernel once for each of its places."""
    return sum(
        parameter.count * max(1, layer.element_count // max(1, layer.units or 1))
        for layer in graph.layers
        for parameter in layer.parameters
        if len(parameter.shape) >= 2 and layer.role != "embedding"
    )
