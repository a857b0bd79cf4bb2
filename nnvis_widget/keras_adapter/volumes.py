"""What layers put out in slices of pictures, and what convolutional recurrent layers keep over time."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import keras

from nnvis_widget.core.graph import Layer
from nnvis_widget.keras_adapter.read.roles import keras_kind
from nnvis_widget.keras_adapter.seen_outputs import Seen
from nnvis_widget.keras_adapter.states import closeness

STATES = ("h", "c")
MOST_NUMBERS = 2_000_000
"""Of more nothing is measured: a copy of these takes 8 MB."""


def tells_maps(layer: Any) -> bool:
    """Whether it is a layer of Keras over pictures in time, in a plane, that begins anew with each batch."""
    is_kind = isinstance(layer, keras.layers.ConvLSTM1D | keras.layers.ConvLSTM2D) and keras_kind(layer) != ""
    return is_kind and not layer.stateful


def sliced(layers: Mapping[str, Layer], operations: Mapping[str, Any]) -> dict[str, bool]:
    """Which layers put out slices of pictures, by id, and whether the axis that counts maps comes first.

    What tells of no order has the last, where nothing in the model, and not Keras itself, has another.
    """
    orders = {getattr(one, "data_format", None) for one in operations.values()}
    is_usual = "channels_first" not in {*orders, keras.config.image_data_format()}
    found = {}
    for layer, one in layers.items():
        if len(one.output_shape) == 1 and len(one.output_shape[0]) == 5 and 0 < one.element_count <= MOST_NUMBERS:
            order = getattr(operations.get(layer), "data_format", None)
            if is_usual:
                found[layer] = False
            elif order is not None and keras_kind(operations[layer]).endswith(("3D", "3DTranspose")):
                found[layer] = order == "channels_first"
    return found


def maps_over_time(layer: Any, seen: Seen) -> Any:
    """What the cell of a convolutional recurrent layer keeps after each step, in the order in which it reads them.

    The cell is called once more at each step, with what the layer was called with.

    Args:
        layer: One that `tells_maps`.
        seen: Its call.

    Returns:
        `(samples, steps, 2, rows, columns, maps)`: h and c, of a layer over sequences one row; `None` where masks take
        part, and of more than two million numbers. NaN of a sample of which the layer has put out something else.
    """
    given, *others = seen.args
    begun = others.pop(0) if others else seen.named.get("initial_state")
    is_masked = any(one is not None for one in (seen.named.get("mask"), *seen.masks.values()))
    if others or is_masked or isinstance(given, list | tuple) or None in tuple(given.shape[1:]):
        return None
    cell, steps = layer.cell, given.shape[1]
    x = keras.ops.cast(given, layer.compute_dtype)
    first = list(begun) if begun is not None else cell.get_initial_state(keras.ops.shape(x)[0])
    if steps * sum(_count(one) for one in first) > MOST_NUMBERS:
        return None
    x = keras.ops.moveaxis(x, 1, 0)
    x = keras.ops.flip(x, 0) if layer.go_backwards else x

    def step(states: Any, inputs: Any) -> tuple[Any, Any]:
        _, after = cell(inputs, list(states), training=False)
        return tuple(after), tuple(after)  # of the shapes of the states, which Keras takes for granted on TensorFlow

    _, told = keras.ops.scan(step, tuple(keras.ops.cast(one, layer.compute_dtype) for one in first), x)
    told = keras.ops.cast(keras.ops.stack([keras.ops.moveaxis(one, 0, 1) for one in told], axis=2), "float32")
    told = keras.ops.where(_is_same(layer, told[:, :, 0], seen.put_out), told, float("nan"))
    if layer.data_format == "channels_first":
        told = keras.ops.moveaxis(told, 3, -1)
    return told if len(told.shape) == 6 else keras.ops.expand_dims(told, 3)


def _count(state: Any) -> int:
    count = 1
    for size in state.shape[1:]:
        count *= int(size)
    return count


def _is_same(layer: Any, after: Any, put_out: Any) -> Any:
    """Of each sample, whether all that the layer put out is h after the step it is of."""
    put_out = keras.ops.cast(put_out, "float32")
    after = after if layer.return_sequences else after[:, -1]
    is_close = keras.ops.abs(after - put_out) <= closeness(layer) * (1 + keras.ops.abs(put_out))
    whole = keras.ops.all(is_close, axis=tuple(range(1, len(is_close.shape))))
    return keras.ops.reshape(whole, (-1, *[1] * (len(after.shape) + (1 if layer.return_sequences else 2) - 1)))
