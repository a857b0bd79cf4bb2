"""Which places look at which, and by what vectors, for chosen samples."""

from __future__ import annotations

import numpy as np

from nnvis_widget.core.snapshot import TensorKey
from nnvis_widget.core.want import Want, Wants, about, samples_of
from nnvis_widget.keras_adapter.forward import Forward
from nnvis_widget.keras_adapter.outputs import Outputs
from nnvis_widget.keras_adapter.probes.probe import Tensors
from nnvis_widget.keras_adapter.taps import Tap

NOTHING = np.zeros((0, 0, 0), np.float32)


class AttentionProbe:
    """`attention`: the scores of attention layers, heads last; of long sequences the largest of each block.
    `lane`: their queries, keys and values; of long sequences the means over blocks of places.

    Of a layer whose lanes are asked for and not known there is one empty `lane` without a name.
    """

    name = "attention"

    def answers(self, want: Want) -> bool:
        """`attention` of a sample, `lane` of a layer and a sample."""
        return want.sample is not None and (
            want.quantity == "attention" or (want.quantity == "lane" and want.layer is not None)
        )

    def measure(self, wants: Wants, forward: Forward) -> Tensors:
        """One run of the model for all samples; of a small model that of the units."""
        if not forward.scenery.sample_count:
            return {}
        samples, tensors = samples_of(wants), Tensors()
        asked = {want.layer for want in wants if want.quantity == "lane" and want.layer is not None}
        layers = list(filter(about(wants), forward.within.attending))
        outputs = forward.attention(samples, layers) if layers else Outputs([{}], len(samples))
        scored = about(want for want in wants if want.quantity == "attention")
        for layer in filter(scored, layers):
            tap = Tap("attention", layer)
            for row, sample in enumerate(samples if tap in outputs else ()):
                tensors[TensorKey("attention", layer, sample=sample)] = np.array(outputs.value(tap)[row], np.float32)
        for layer in asked:
            tensors |= _lanes(layer, forward, outputs, samples)
        return tensors


def _lanes(layer: str, forward: Forward, outputs: Outputs, samples: tuple[int, ...]) -> Tensors:
    found = {
        TensorKey("lane", layer, lane.name, sample): np.array(outputs.value(lane.tap)[row], np.float32)
        for lane in forward.within.lanes.get(layer, ())
        if lane.tap in outputs
        for row, sample in enumerate(samples)
    }
    return found or {TensorKey("lane", layer, sample=sample): NOTHING for sample in samples}
