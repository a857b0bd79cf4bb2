"""Whether dense layers put out what is said of them: activation(x · kernel + bias)."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import keras
import numpy as np

from nnvis_widget.core.words.kept_text import english_text
from nnvis_widget.keras_adapter.forward import Forward
from nnvis_widget.keras_adapter.outputs import Outputs
from nnvis_widget.keras_adapter.taps import Tap
from nnvis_widget.keras_adapter.to_numpy import to_numpy
from nnvis_widget.reduce.kernel_groups import RAW_LIMIT

SAMPLES = 4
OTHERWISE = english_text("noteOtherwise")

# The relative rounding of one product; GPUs take float32 as TF32.
_EPSILON = {"float64": 2.3e-16, "float32": 1.2e-7, "bfloat16": 7.9e-3, "float16": 9.8e-4}
_ON_GPU = 9.8e-4
_OF_ACTIVATIONS = 1e-5


def computing_otherwise(forward: Forward) -> frozenset[str]:
    """Ids of the dense layers, at every depth, whose output on four samples is another than their rule gives.

    What `call` a layer's class has does not tell it all: a call may be patched, a kernel quantised, or have a low-rank
    part beside it. "Another" is beyond float error: four times the rounding of a product in the layer's own precision,
    as the terms of a sum add it up. Numbers that are not finite say nothing. Cost: one forward pass,
    compiled once for this and the first look where a small model has own code.
    """
    layers = {layer.id: layer for layer in (*forward.graph.layers, *forward.whole_graph.layers)}
    dense = [layer.id for layer in layers.values() if layer.role == "dense" and layer.parameters]
    others = {layer for layer in dense if not _holds_its_kernel(forward.operations[layer])}
    asked = [layer for layer in dense if layer not in others]
    rows = range(min(SAMPLES, forward.scenery.sample_count))
    if asked and rows:
        taps = [Tap(quantity, layer) for layer in asked for quantity in ("input", "activation")]
        with suppress(Exception):  # a model that raises for a sample is told of where it is measured
            outputs = forward.run_with_units(taps, forward.scenery.batch(rows))
            others |= {layer for layer in asked if outputs is not None and not _agrees(forward, layer, outputs)}
    return frozenset(others)


def _holds_its_kernel(operation: Any) -> bool:
    """Whether the kernel that it multiplies with is a variable: with a low-rank part beside one it is not."""
    return any(variable is operation.kernel for variable in operation.weights)


def _agrees(forward: Forward, layer: str, outputs: Outputs) -> bool:
    given, put_out = Tap("input", layer), Tap("activation", layer)
    if given not in outputs or put_out not in outputs:
        return True
    operation = forward.operations[layer]
    kernel, bias = operation.kernel, getattr(operation, "bias", None)
    source = np.asarray(outputs.value(given), np.float32)
    z = keras.ops.matmul(source, keras.ops.cast(kernel, "float32"))
    if bias is not None:
        z = keras.ops.add(z, keras.ops.cast(bias, "float32"))
    activation = getattr(operation, "activation", None)
    expected = np.asarray(to_numpy(z if activation is None else activation(z)), np.float64)
    found = np.asarray(outputs.value(put_out), np.float64)
    if found.shape != expected.shape:
        return False
    rounding = rounding_of(str(operation.compute_dtype))
    limit = 4 * rounding * (_spread(source, kernel) + 1) + (0 if rounding > _OF_ACTIVATIONS else _OF_ACTIVATIONS)
    is_told = np.isfinite(found) & np.isfinite(expected) & np.isfinite(limit)
    return bool((np.abs(found - expected) <= limit * (1 + np.abs(expected)))[is_told].all())


def _spread(source: np.ndarray, kernel: Any) -> np.ndarray:
    """√Σ (x w)² of each unit, to which rounding adds up; of a large kernel no less than that."""
    squares = np.square(source)
    if int(np.prod(kernel.shape)) > RAW_LIMIT:
        low, high = (float(to_numpy(find(kernel))) for find in (keras.ops.min, keras.ops.max))
        largest: np.ndarray = np.sqrt(squares.sum(axis=-1, keepdims=True)) * max(abs(low), abs(high))
        return largest
    squared = keras.ops.matmul(squares, keras.ops.square(keras.ops.cast(kernel, "float32")))
    return np.sqrt(np.asarray(to_numpy(squared), np.float64))


def rounding_of(dtype: str) -> float:
    """The relative rounding of one product in a precision, where it is computed here."""
    own = _EPSILON.get(dtype, _EPSILON["float32"])
    with suppress(Exception):
        return max(own, _ON_GPU) if keras.distribution.list_devices("gpu") else own
    return own
