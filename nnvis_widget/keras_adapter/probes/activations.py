"""Outputs and pre-activations of the layers for chosen samples."""

from __future__ import annotations

import numpy as np

from nnvis_widget.core.graph import UNIT_LIMIT
from nnvis_widget.core.snapshot import TensorKey
from nnvis_widget.core.want import Want, Wants, about, samples_of
from nnvis_widget.keras_adapter.forward import Forward
from nnvis_widget.keras_adapter.probes.probe import Tensors
from nnvis_widget.keras_adapter.taps import Tap

PROBE_BATCH = 256
MOST_VALUES = 65_536


class ActivationProbe:
    """`activation` of layers for samples, the inputs' own too, with `z` where it is not the same; `z_layer`.

    Only layers whose output for one sample has at most 4,096 elements: more cannot be drawn as units. `z_layer` is over
    the first 256 samples, fewer where that would be more than 65,536 numbers.
    """

    name = "activations"

    def answers(self, want: Want) -> bool:
        """Of samples, and `z_layer`."""
        return (want.quantity == "activation" and want.sample is not None) or want.quantity == "z_layer"

    def measure(self, wants: Wants, forward: Forward) -> Tensors:
        """One run of the model a set of samples; of what it puts out only what is wanted is copied."""
        if not forward.scenery.sample_count:
            return {}
        return self._of_samples(wants, forward) | self._of_layers(wants, forward)

    def _of_samples(self, wants: Wants, forward: Forward) -> Tensors:
        samples = samples_of(wants)
        if not samples:
            return {}
        of_sample = [about([want for want in wants if want.sample == sample]) for sample in samples]
        tensors: Tensors = {}

        def store(quantity: str, layer: str, values: np.ndarray) -> None:
            for row, (sample, is_wanted) in enumerate(zip(samples, of_sample, strict=True)):
                if is_wanted(layer):
                    tensors[TensorKey(quantity, layer, sample=sample)] = np.array(values[row], np.float32)

        for layer, given in forward.inputs(samples).items():
            store("activation", layer, given.reshape(len(samples), -1))
        outputs = forward.units(samples)
        for tap in forward.unit_taps:
            if tap in outputs and any(is_wanted(tap.layer) for is_wanted in of_sample):
                rows = outputs.rows(tap)
                if rows.shape[1] <= UNIT_LIMIT:  # of a layer of unknown size only its output tells
                    store(tap.quantity, tap.layer, rows)
        return tensors

    def _of_layers(self, wants: Wants, forward: Forward) -> Tensors:
        layers = sorted({want.layer for want in wants if want.quantity == "z_layer" and want.layer is not None})
        tensors: Tensors = {}
        for layer in layers:
            outputs = forward.units(probe_rows(forward))
            if Tap("z", layer) in outputs:
                values = outputs.rows(Tap("z", layer))
                tensors[TensorKey("z_layer", layer)] = values[: max(1, MOST_VALUES // values.shape[1])]
        return tensors


def probe_rows(forward: Forward) -> range:
    """The samples of the probe batch: the first 256."""
    return range(min(PROBE_BATCH, forward.scenery.sample_count))
