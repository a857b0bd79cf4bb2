"""Queries, keys and values of attention, for chosen samples."""

from __future__ import annotations

import numpy as np

from nnvis_widget.core.snapshot import TensorKey
from nnvis_widget.core.want import Want, Wants, samples_of
from nnvis_widget.keras_adapter.forward import Forward
from nnvis_widget.keras_adapter.probes.probe import Tensors

NOTHING = np.zeros((0, 0, 0), np.float32)


class LaneProbe:
    """`lane`: queries, keys and values of an attention layer; of long sequences the means over blocks of places.

    Of a layer in which they are not known there is one empty `lane` without a name.
    """

    name = "queries, keys and values"

    def answers(self, want: Want) -> bool:
        """`lane` of a layer and a sample."""
        return want.quantity == "lane" and want.layer is not None and want.sample is not None

    def measure(self, wants: Wants, forward: Forward) -> Tensors:
        """One run of the model for all samples."""
        if not forward.scenery.sample_count:
            return {}
        layers, samples = sorted({want.layer for want in wants if want.layer is not None}), samples_of(wants)
        lanes = [(layer, lane) for layer in layers for lane in forward.lanes.get(layer, ())]
        outputs = forward.run([lane.tap for _, lane in lanes], forward.scenery.batch(samples)) if lanes else None
        found: Tensors = {}
        for layer, lane in lanes:
            if outputs is None or lane.tap not in outputs:
                continue
            for sample, values in zip(samples, np.asarray(outputs.value(lane.tap), np.float32), strict=True):
                found[TensorKey("lane", layer, lane.name, sample)] = values
        told = {(key.layer, key.sample) for key in found}
        for layer in layers:
            for sample in samples:
                if (layer, sample) not in told:
                    found[TensorKey("lane", layer, sample=sample)] = NOTHING
        return found
