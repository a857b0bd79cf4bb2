"""Feature maps of the layers that are too large to be drawn as units."""

from __future__ import annotations

from nnvis_widget.core.snapshot import TensorKey
from nnvis_widget.core.want import Want, Wants, about, samples_of
from nnvis_widget.keras_adapter.forward import Forward
from nnvis_widget.keras_adapter.probes.probe import Tensors
from nnvis_widget.keras_adapter.taps import Tap


class MapProbe:
    """`map`: the outputs of layers with 4,097 to 65,536 of them, and what the model puts out up to 524,288."""

    name = "feature maps"

    def answers(self, want: Want) -> bool:
        """`map` of a sample."""
        return want.quantity == "map" and want.sample is not None

    def measure(self, wants: Wants, forward: Forward) -> Tensors:
        """One run of the model for all samples."""
        layers = list(filter(about(wants), forward.map_layers))
        if not forward.scenery.sample_count or not layers:
            return {}
        samples = samples_of(wants)
        outputs = forward.maps(samples, layers)
        return {
            TensorKey("map", layer, sample=sample): rows[row]
            for layer in layers
            if (tap := Tap("activation", layer)) in outputs
            for rows in (outputs.rows(tap),)
            for row, sample in enumerate(samples)
        }
