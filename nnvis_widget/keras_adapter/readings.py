"""Asking layers of a person's own what somebody has registered to be read of them, and proving what comes."""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from time import perf_counter
from typing import Any

import keras

from nnvis_widget.core.face import AXES, OF_OUTPUTS, Face, FaceKind, shape_of
from nnvis_widget.core.graph import UNIT_LIMIT, Layer
from nnvis_widget.core.limits import MAP_LIMIT
from nnvis_widget.core.plain_text import sentence
from nnvis_widget.errors import ModelError
from nnvis_widget.keras_adapter.read.views import Read, View
from nnvis_widget.keras_adapter.seen_outputs import Seen

SLOW_S = 0.5
"""A training waits for what is read."""
MOST_ROWS = 12
OF_A_CALL = ("training", "mask")
"""What a call is given by Keras, and a function that reads need not take."""


def reading(read: Read, layer: Any, seen: Seen) -> Any:
    """What a function reads of a call of a layer.

    Args:
        read: Takes the layer and what it was called with.
        layer: The layer.
        seen: Its call.

    Raises:
        ModelError: If that is no tensor of numbers, what it raises, or that it takes more than half a second, twice.
    """
    named = {name: value for name, value in seen.named.items() if name not in OF_A_CALL or _takes(read, name)}
    took_s = 0.0
    for _ in range(2):  # what is made ready at first is not what a training waits for
        start_s = perf_counter()
        try:
            values = read(layer, *seen.args, **named)
        except Exception as error:
            kind = type(error).__name__
            said = sentence(error)
            raise ModelError(f"it raised {kind}: {said}" if said else f"it raised {kind}") from error
        took_s = perf_counter() - start_s
        if took_s <= SLOW_S:
            break
    else:
        raise ModelError(f"it took {took_s:.1f} s, at most {SLOW_S} s are well for a training that waits for it")
    try:
        return keras.ops.cast(keras.ops.convert_to_tensor(values), "float32")
    except Exception as error:
        raise ModelError(f"expected a tensor of numbers, got {type(values).__name__}") from error


def view_reading(view: View, layer: Any, seen: Seen) -> Any:
    """What is drawn of a layer's call, samples first."""
    values = seen.put_out if view.read is None else reading(view.read, layer, seen)
    if len(values.shape) - 1 not in {len(axes) for axes in AXES[view.face]}:
        raise ModelError(f"expected {_said(view.face)}, got the shape {_shape(values)}")
    return values


def number_reading(read: Read, layer: Any, seen: Seen) -> Any:
    """What is measured of a layer's call: a number for each sample, or the same for all."""
    values = reading(read, layer, seen)
    if len(values.shape) > 1:
        raise ModelError(f"expected (samples,) or one number for all, got the shape {_shape(values)}")
    count = keras.ops.shape(seen.given)[0]
    return keras.ops.repeat(keras.ops.reshape(values, (1,)), count) if len(values.shape) == 0 else values


def face_of(view: View, sizes: tuple[int, ...]) -> Face:
    """The face of what was read of one sample.

    Raises:
        ModelError: If there are too many numbers for it.
    """
    rows, columns, count = shape = shape_of(view.face, sizes)
    most = {"card": MOST_ROWS, "units": UNIT_LIMIT, "text": UNIT_LIMIT}.get(view.face, MAP_LIMIT)
    if not 0 < rows * columns * count <= most:
        raise ModelError(f"expected 1 to {most:,} numbers for one sample, got {rows * columns * count:,}")
    is_named = view.face != "text" and len(view.names) == count
    names = tuple(view.names) if is_named else ()
    return Face(view.face, shape, view.title, names, view.read is None and view.face in OF_OUTPUTS)


def output_face(view: View, layer: Layer) -> Face | None:
    """The face of a layer that is drawn as what it puts out, where its size is known."""
    sizes = layer.output_shape[0][1:] if len(layer.output_shape) == 1 else ()
    known = tuple(size for size in sizes if size is not None)
    if not known or len(known) < len(sizes):
        return None
    if len(known) != len(AXES[view.face][0]):
        raise ModelError(f"expected {_said(view.face)}, got the shape {_sizes(layer.output_shape[0])}")
    return face_of(view, known)


def _said(face: FaceKind) -> str:
    return " or ".join(f"({', '.join(('samples', *axes))})" for axes in AXES[face])


def _shape(values: Any) -> str:
    return _sizes(tuple(values.shape))


def _sizes(shape: tuple[Any, ...]) -> str:
    return f"({', '.join('samples' if size is None else str(size) for size in shape)})"


def _takes(read: Read, name: str) -> bool:
    try:
        parameters: Mapping[str, inspect.Parameter] = inspect.signature(read).parameters
    except (TypeError, ValueError):
        return False
    return name in parameters
