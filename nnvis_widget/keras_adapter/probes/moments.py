"""Parameters in a few exact numbers each."""

from __future__ import annotations

import numpy as np

from nnvis_widget.core.snapshot import TensorKey
from nnvis_widget.core.want import Want, Wants, about
from nnvis_widget.keras_adapter.forward import Forward
from nnvis_widget.keras_adapter.host_rows import HostRows
from nnvis_widget.keras_adapter.past_weights import value_of
from nnvis_widget.keras_adapter.probes.probe import Tensors
from nnvis_widget.keras_adapter.probes.weights import is_number
from nnvis_widget.keras_adapter.read.parameter_names import named_variables
from nnvis_widget.reduce.moments import moments


class MomentProbe:
    """`moments` of parameters, which are read where they lie and not copied.

    All parameters of ResNet50 (25.6 million elements) take some 60 ms.
    """

    name = "moments"

    def answers(self, want: Want) -> bool:
        """Moments of weights."""
        return want.quantity == "weight" and want.grain == "moments"

    def measure(self, wants: Wants, forward: Forward) -> Tensors:
        """A row of `reduce.moments.Moments` a parameter."""
        is_wanted = about(wants)
        found: dict[TensorKey, np.ndarray] = {}
        for layer, operation in forward.operations.items():
            if not is_wanted(layer):
                continue
            for name, variable in named_variables(operation).items():
                values = HostRows(value_of(variable)).whole()
                if is_number(values):
                    found[TensorKey("moments", layer, f"weight {name}")] = values
        rows = moments(list(found.values()))
        return dict(zip(found, rows, strict=True))
