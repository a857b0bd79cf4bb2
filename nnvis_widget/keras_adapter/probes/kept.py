"""What stateful recurrent layers have kept for their next batch."""

from __future__ import annotations

import numpy as np

from nnvis_widget.core.snapshot import TensorKey
from nnvis_widget.core.want import Want, Wants, about
from nnvis_widget.keras_adapter.forward import Forward
from nnvis_widget.keras_adapter.kept_states import kept_states
from nnvis_widget.keras_adapter.probes.probe import Tensors
from nnvis_widget.keras_adapter.read.roles import keras_kind
from nnvis_widget.keras_adapter.to_numpy import to_numpy
from nnvis_widget.workings.layers.over_time import STATES


class KeptProbe:
    """`kept_state`: the variables of stateful layers as they are now, a row for each sample of a batch."""

    name = "kept states"

    def answers(self, want: Want) -> bool:
        """`kept_state`, of a layer or of all."""
        return want.quantity == "kept_state"

    def measure(self, wants: Wants, forward: Forward) -> Tensors:
        """One copy from the device for each state."""
        tensors: Tensors = {}
        for layer in filter(about(wants), forward.within.keeping):
            kept = kept_states(forward.operations[layer])
            known = STATES.get(keras_kind(forward.operations[layer]), ())
            names = known if len(known) == len(kept) else tuple(map(str, range(len(kept))))
            for name, variable in zip(names, kept, strict=True):
                values = np.array(to_numpy(variable), np.float32)
                tensors[TensorKey("kept_state", layer, name)] = values.reshape(len(values), -1)
        return tensors
