"""The windows that layers move over pictures."""

from __future__ import annotations

from typing import Any

import keras

from nnvis_widget.core.anatomy import Role
from nnvis_widget.core.window import Window


def window_of(operation: Any, role: Role) -> Window | None:
    """The window of a layer over pictures with the channels last; `None` where it has none, or it is not known.

    Args:
        operation: The layer.
        role: What it is: a layer with a `call` of its own is none of those that are known here.
    """
    try:
        given, made = operation.input.shape, operation.output.shape
    except (AttributeError, ValueError):
        return None
    if len(given) != 4 or len(made) != 4 or getattr(operation, "data_format", "channels_last") == "channels_first":
        return None
    if role == "elementwise" or (role == "norm" and hasattr(operation, "moving_mean")):
        return Window()
    if type(operation) is keras.layers.ZeroPadding2D:
        return Window(before=(operation.padding[0][0], operation.padding[1][0]))
    if type(operation) is keras.layers.Cropping2D:
        return Window(before=(-operation.cropping[0][0], -operation.cropping[1][0]))
    if type(operation) is keras.layers.UpSampling2D:
        size = _pair(operation.size)
        is_picked = size is not None and operation.interpolation == "nearest"
        return Window(size, size, is_transposed=True) if is_picked and size is not None else None
    size = _pair(getattr(operation, "kernel_size", None) or getattr(operation, "pool_size", None))
    if size is None or role not in ("conv", "depthwise", "transposed", "pool"):
        return None
    step = _pair(operation.strides) or size
    spread = _pair(getattr(operation, "dilation_rate", 1)) or (1, 1)
    reach = [(size[axis] - 1) * spread[axis] + 1 for axis in (0, 1)]
    before = [0, 0]
    if operation.padding == "same":
        if None in given[1:3] or None in made[1:3]:
            return None
        (few, many) = (given, made) if role == "transposed" else (made, given)
        lack = [max(0, (few[axis + 1] - 1) * step[axis] + reach[axis] - many[axis + 1]) for axis in (0, 1)]
        before = [lack[0] // 2, lack[1] // 2]
    return Window(size, step, (before[0], before[1]), spread, role == "transposed")


def _pair(value: Any) -> tuple[int, int] | None:
    sizes = (value, value) if isinstance(value, int) else tuple(value or ())
    return (int(sizes[0]), int(sizes[1])) if len(sizes) == 2 else None
