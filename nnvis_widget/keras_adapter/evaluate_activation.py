"""What an activation does to a number, found by trying it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import keras
import numpy as np

from nnvis_widget.errors import ModelError
from nnvis_widget.keras_adapter.to_numpy import to_numpy

Function = Callable[[np.ndarray], np.ndarray]

WIDTH = 1e-4
FLAT_SHARE = 0.0707
"""tanh beyond 2 and sigmoid beyond 4 have less than 7.07 % of their steepest slope."""


def activation_function(layer: Any, name: str | None = None) -> Function:
    """The activation of a layer as a function of arrays.

    Args:
        layer: A Keras layer with an `activation`, or one that is itself an activation (`ReLU`, `LeakyReLU`, …); `None`
            where only the name is known.
        name: Of one of Keras' own activations.

    Returns:
        Takes pre-activations, float64 of any shape, units last; gives float64 of the same shape. It is evaluated in
        float64 where the backend allows that. No variable is read, so any thread may call it.

    Raises:
        ModelError: If there is no such function.
    """
    inner: Any = getattr(layer, "activation", None) if layer is not None else keras.activations.get(name)
    if inner is None and layer is not None:
        if getattr(layer, "weights", None):
            raise ModelError(
                f"Expected an activation without weights of its own, {type(layer).__name__} {layer.name!r} has some."
            )
        inner = layer

    def evaluate(z: np.ndarray) -> np.ndarray:
        values = keras.ops.convert_to_tensor(np.asarray(z, np.float64), dtype=_precision(inner))
        return np.asarray(to_numpy(inner(values)), np.float64)

    return evaluate


def is_elementwise(function: Function) -> bool:
    """Whether what a unit puts out depends on its own pre-activation alone; a softmax does not."""
    z = np.array([[-1.3, 0.4, 2.1, -0.2]])
    values = function(z)
    if values.shape != z.shape:
        return False
    others = function(np.array([[-1.3, -0.9, 0.6, 3.0]]))
    return bool(np.allclose(values[:, 0], others[:, 0], atol=1e-6))


def slope(function: Function, z: np.ndarray) -> np.ndarray:
    """The derivative by central differences, (f(z + h) − f(z − h)) / 2h; at a kink the mean of both sides.

    h is 1e-4 in float64, where the error is of the order 1e-8, and 1e-2 in float32, where it is 1e-4.
    """
    probe = function(np.full((1, 1), 1.0 + 1e-9))
    width = WIDTH if float(np.float32(probe[0, 0])) != float(probe[0, 0]) else 1e-2
    result: np.ndarray = (function(z + width) - function(z - width)) / (2 * width)
    return result


def _precision(inner: Any) -> str:
    own = getattr(inner, "compute_dtype", None)
    return str(own) if own else ("float32" if keras.config.backend() == "jax" else "float64")
