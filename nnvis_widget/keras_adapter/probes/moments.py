"""Parameters in a few exact numbers each."""

from __future__ import annotations

import numpy as np

from nnvis_widget.core.snapshot import TensorKey
from nnvis_widget.core.want import Want, Wants, about
from nnvis_widget.keras_adapter.forward import Forward
from nnvis_widget.keras_adapter.probes.probe import Tensors
from nnvis_widget.keras_adapter.probes.weights import is_number
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
        is_wanted, reader = about(wants), forward.reader
        places: dict[TensorKey, int] = {}
        found: dict[int, np.ndarray] = {}
        for layer, operation in forward.operations.items():
            if not is_wanted(layer):
                continue
            for name, variable in reader.named(operation).items():
                values = reader.rows(variable).whole()
                if is_number(values):
                    found[id(variable)] = values
                    places[TensorKey("moments", layer, f"weight {name}")] = id(variable)
        rows = dict(zip(found, moments(list(found.values())), strict=True))
        return {key: rows[variable] for key, variable in places.items()}
