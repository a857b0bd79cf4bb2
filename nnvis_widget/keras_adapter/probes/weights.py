"""Weights and biases as they are now."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import keras
import numpy as np

from nnvis_widget.core.snapshot import TensorKey
from nnvis_widget.keras_adapter.read.parameter_names import named_variables
from nnvis_widget.reduce.kernel_groups import RAW_LIMIT


def measure_weights(layers: Mapping[str, Any], limit: int = RAW_LIMIT) -> dict[TensorKey, np.ndarray]:
    """Copy the variables of some layers to the host.

    Args:
        layers: The Keras layers by id.
        limit: Variables with more elements are left out: nothing draws them whole.

    Returns:
        Float32 copies, so that the next step cannot change them; other dtypes are converted, strings left out.
        Costs one device-to-host copy per variable.
    """
    tensors: dict[TensorKey, np.ndarray] = {}
    for layer_id, layer in layers.items():
        for name, variable in named_variables(layer).items():
            if np.prod([int(size) for size in variable.shape], dtype=np.int64) > limit:
                continue
            values = keras.ops.convert_to_numpy(variable)
            if values.dtype.kind in "fiub" or values.dtype.name == "bfloat16":
                tensors[TensorKey("weight", layer_id, name)] = np.array(values, dtype=np.float32)
    return tensors
