"""Weights and biases as they are now."""

from __future__ import annotations

import numpy as np

from nnvis_widget.core.snapshot import TensorKey
from nnvis_widget.core.want import Want, Wants, about
from nnvis_widget.keras_adapter.forward import Forward
from nnvis_widget.keras_adapter.probes.probe import Tensors
from nnvis_widget.reduce.kernel_groups import RAW_LIMIT


class WeightProbe:
    """`weight`: the variables of layers, copied to the host, but for those of more than two million elements."""

    name = "weights"

    def answers(self, want: Want) -> bool:
        """Whole parameters."""
        return want.quantity == "weight" and want.unit is None and want.grain == "whole"

    def measure(self, wants: Wants, forward: Forward) -> Tensors:
        """Float32 copies, so that the next step cannot change them; other dtypes are converted, strings left out.

        Costs one device-to-host copy per variable, which all layers and groups share that have it.
        """
        is_wanted, tensors = about(wants), Tensors()
        reader, copies = forward.reader, dict[int, np.ndarray]()
        for layer, operation in forward.operations.items():
            if not is_wanted(layer):
                continue
            for name, variable in reader.named(operation).items():
                if np.prod([int(size) for size in variable.shape], dtype=np.int64) > RAW_LIMIT:
                    continue
                values = reader.rows(variable).whole()
                if is_number(values):
                    if id(variable) not in copies:
                        copies[id(variable)] = np.array(values, dtype=np.float32)
                    tensors[TensorKey("weight", layer, name)] = copies[id(variable)]
        return tensors


def is_number(values: np.ndarray) -> bool:
    """Whether an array's elements can be read as float32."""
    return values.dtype.kind in "fiub" or values.dtype.name == "bfloat16"
