"""The windows that layers move over pictures."""

from __future__ import annotations

from typing import Any

import keras

from nnvis_widget.core.anatomy import Role
from nnvis_widget.core.window import Window


def window_of(operation: Any, role: Role) -> Window | None:
    """The window of a layer over pictures, or over sequences, which are one row; `None` where none is known.

    What joins several has the window of one place, over each that is as large as what comes out.

    Args:
        operation: The layer.
        role: What it is: a layer with a `call` of its own is none of those that are known here.
    """
    if role == "merge":
        return None if type(operation).__name__ == "Dot" else Window()
    try:
        shapes = operation.input.shape, operation.output.shape
    except (AttributeError, ValueError):
        return None
    rank = len(shapes[0])
    if rank not in (3, 4) or len(shapes[1]) != rank:
        return None
    if role == "elementwise" or (role == "norm" and hasattr(operation, "moving_mean")):
        return Window()
    if isinstance(operation, keras.layers.ZeroPadding2D | keras.layers.ZeroPadding1D):
        before = _firsts(operation.padding)
        return Window(before=(before[0], before[1]))
    if isinstance(operation, keras.layers.Cropping2D | keras.layers.Cropping1D):
        before = _firsts(operation.cropping)
        return Window(before=(-before[0], -before[1]))
    if isinstance(operation, keras.layers.UpSampling2D | keras.layers.UpSampling1D):
        size = _pair(operation.size)
        is_picked = getattr(operation, "interpolation", "nearest") == "nearest"
        return Window(size, size, is_transposed=True) if is_picked and size is not None else None
    size = _pair(getattr(operation, "kernel_size", None) or getattr(operation, "pool_size", ()))
    if size is None or role not in ("conv", "depthwise", "transposed", "pool"):
        return None
    step = _pair(operation.strides or ()) or size
    spread = _pair(getattr(operation, "dilation_rate", 1)) or (1, 1)
    reach = [(size[axis] - 1) * spread[axis] + 1 for axis in (0, 1)]
    before = (0, 0)
    if operation.padding == "causal":
        before = (0, reach[1] - 1)
    elif operation.padding == "same":
        given, made = (_space(shape, operation) for shape in shapes)
        if None in given or None in made:
            return None
        (few, many) = (given, made) if role == "transposed" else (made, given)
        lack = [max(0, (few[axis] - 1) * step[axis] + reach[axis] - many[axis]) for axis in (0, 1)]
        before = (lack[0] // 2, lack[1] // 2)
    return Window(size, step, before, spread, role == "transposed")


def _space(shape: Any, operation: Any) -> tuple[Any, Any]:
    """Rows and columns."""
    sizes = shape[2:] if operation.data_format == "channels_first" else shape[1:-1]
    return (sizes[0], sizes[1]) if len(sizes) == 2 else (1, sizes[0])


def _firsts(sizes: Any) -> tuple[int, int]:
    """The first of two numbers for rows and for columns; a sequence has those of its columns."""
    return (int(sizes[0][0]), int(sizes[1][0])) if isinstance(sizes[0], tuple) else (0, int(sizes[0]))


def _pair(sizes: Any) -> tuple[int, int] | None:
    """Of rows and columns; the only number of a sequence is that of its columns."""
    if isinstance(sizes, int) or len(sizes) == 1:
        return (1, int(sizes if isinstance(sizes, int) else sizes[0]))
    return (int(sizes[0]), int(sizes[1])) if len(sizes) == 2 else None
