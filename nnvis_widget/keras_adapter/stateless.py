"""Running a function of a model without a trace in its variables."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from itertools import count
from typing import Any

import keras
import numpy as np

from nnvis_widget.keras_adapter.arrays import is_uneven


def stateless(function: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """The function so that it changes no variable, and as a TensorFlow graph from its second call on.

    Where TensorFlow is not the backend, or rows have different lengths, it stays as it is. It takes one list of arrays.
    """

    def call(arrays: Any) -> Any:
        with keras.StatelessScope():
            return function(arrays)

    if keras.config.backend() != "tensorflow":
        return call
    import tensorflow as tf

    graphs: dict[tuple[object, ...], Any] = {}
    calls = count()

    def run(arrays: Any) -> Any:
        if any(is_uneven(array) for array in arrays):
            return call(list(map(_tensor, arrays)))
        tensors = [tf.convert_to_tensor(array) for array in arrays]
        if next(calls) == 0:
            return call(tensors)
        specs = [tf.TensorSpec((None, *tensor.shape[1:]), tensor.dtype) for tensor in tensors]
        kind = tuple((spec.dtype, *spec.shape[1:]) for spec in specs)
        if kind not in graphs:
            # A partial has no code object: TensorFlow counts tracings by that, over all models ever looked at, and
            # warned of "5 out of the last 5 calls" when a person ran the same cells again.
            graphs[kind] = tf.function(partial(call), input_signature=[specs], autograph=False)
        return graphs[kind](tensors)

    return run


def _tensor(array: Any) -> Any:
    import tensorflow as tf

    if not is_uneven(array):
        return tf.convert_to_tensor(array)
    return tf.RaggedTensor.from_row_lengths(np.concatenate(list(array)), [len(row) for row in array])
