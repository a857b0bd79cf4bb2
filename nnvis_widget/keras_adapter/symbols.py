"""The symbolic tensors of a model and of its layers."""

from __future__ import annotations

from typing import Any

import keras

from nnvis_widget.keras_adapter.samples import input_tensors


def fixed_batch_size(model: Any) -> int | None:
    """The number of samples a model insists on (`keras.Input(batch_shape=…)`); `None` if any will do."""
    if isinstance(model, keras.Sequential) and not any(getattr(layer, "stateful", False) for layer in model.layers):
        return None  # one that was built by a call keeps that call's number
    return next((tensor.shape[0] for tensor in input_tensors(model) if tensor.shape[0]), None)


def first_output(model: Any) -> Any:
    """The first of what a model puts out, as a symbol; `None` where it has no such thing."""
    try:
        return model.outputs[0]
    except (AttributeError, IndexError, TypeError, ValueError):
        return None


def symbolic(operation: Any) -> tuple[Any, Any] | None:
    """What goes into a layer and what comes out of it, as symbols; `None` for one without a single call."""
    try:
        return operation.input, operation.output
    except (AttributeError, ValueError):
        return None


def connected(model: Any, outputs: dict[str, Any]) -> dict[str, Any]:
    """Those outputs that can be computed from the model's inputs: a shared layer's first call may lie elsewhere."""
    inputs = input_tensors(model)
    outputs = {name: tensor for name, tensor in outputs.items() if tensor is not None}
    if not inputs or not outputs or _is_connected(inputs, outputs):
        return outputs if inputs else {}
    return {name: tensor for name, tensor in outputs.items() if _is_connected(inputs, tensor)}


def _is_connected(inputs: Any, outputs: Any) -> bool:
    try:
        keras.Function(inputs, outputs, name="nnvis_check")
    except ValueError:
        return False
    return True
