"""Which places look at which, for chosen samples."""

from __future__ import annotations

import numpy as np

from nnvis_widget.core.snapshot import TensorKey
from nnvis_widget.core.want import Want, Wants, about, samples_of
from nnvis_widget.keras_adapter.forward import Forward
from nnvis_widget.keras_adapter.probes.probe import Tensors
from nnvis_widget.keras_adapter.taps import Tap


class AttentionProbe:
    """`attention`: the scores of attention layers, heads last; of long sequences the largest of each block."""

    name = "attention"

    def answers(self, want: Want) -> bool:
        """`attention` of a sample."""
        return want.quantity == "attention" and want.sample is not None

    def measure(self, wants: Wants, forward: Forward) -> Tensors:
        """One run of the model for all samples; of a small model that of the units."""
        layers = list(filter(about(wants), forward.attending))
        if not forward.scenery.sample_count or not layers:
            return {}
        samples = samples_of(wants)
        outputs = forward.attention(samples, layers)
        return {
            TensorKey("attention", layer, sample=sample): np.array(values[row], np.float32)
            for layer in layers
            if (tap := Tap("attention", layer)) in outputs
            for values in (outputs.value(tap),)
            for row, sample in enumerate(samples)
        }
