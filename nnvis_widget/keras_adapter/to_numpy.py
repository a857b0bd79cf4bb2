"""The one way from a tensor or variable of any backend to an array of numpy."""

from __future__ import annotations

from typing import Any

import keras
import numpy as np


def to_numpy(value: Any) -> np.ndarray:
    """An array with what a tensor or variable holds; what is an array already is given back.

    A variable of TensorFlow is read first: numpy warns of one that is made into an array as it is, and where warnings
    count as errors (`python -W error`, pytest) that would end a training that runs well without us.
    """
    held = value.value if isinstance(value, keras.Variable) else value
    if hasattr(held, "read_value"):
        held = held.read_value()
    array: np.ndarray = np.asarray(keras.ops.convert_to_numpy(held))
    return array
