"""Slices of pictures, and maps over time, for chosen samples."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from nnvis_widget.core.snapshot import TensorKey
from nnvis_widget.core.want import Want, Wants, samples_of
from nnvis_widget.keras_adapter.forward import Forward
from nnvis_widget.keras_adapter.probes.probe import Tensors
from nnvis_widget.keras_adapter.taps import Tap
from nnvis_widget.keras_adapter.volumes import STATES
from nnvis_widget.reduce.volume_pictures import volume_pictures

NOTHING = np.zeros((0, 0, 0, 0), np.float32)


class VolumeProbe:
    """`volume`: what a layer puts out in slices, or keeps in maps after each step, as pictures of some of its maps.

    Of a layer that is asked for and cannot tell there is one empty `volume`.
    """

    name = "slices"

    def answers(self, want: Want) -> bool:
        """`volume` of a layer and a sample."""
        return want.quantity == "volume" and want.layer is not None and want.sample is not None

    def measure(self, wants: Wants, forward: Forward) -> Tensors:
        """One run of the model for all samples."""
        if not forward.scenery.sample_count:
            return {}
        found: Tensors = {}
        samples = samples_of(wants)
        for layer in sorted({want.layer for want in wants if want.layer is not None}):
            told = dict(_told(forward, layer, samples))
            found |= told or {TensorKey("volume", layer, sample=sample): NOTHING for sample in samples}
        return found


def _told(forward: Forward, layer: str, samples: tuple[int, ...]) -> Iterator[tuple[TensorKey, np.ndarray]]:
    values = _values(forward, layer, samples)
    if values is None:
        return
    has_states = layer in forward.within.mapping
    is_first = forward.within.sliced.get(layer, False) and not has_states
    for sample, one in zip(samples, np.asarray(values, np.float32), strict=True):
        each = {name: one[:, place] for place, name in enumerate(STATES)} if has_states else {"": one}
        for name, own in each.items():
            volume = volume_pictures(np.moveaxis(own, 0, -1) if is_first else own)
            yield TensorKey("volume", layer, name, sample), volume.pictures
            yield TensorKey("volume_maps", layer, name, sample), volume.maps
            yield TensorKey("volume_shape", layer, name, sample), np.array(own.shape, np.int32)


def _values(forward: Forward, layer: str, samples: tuple[int, ...]) -> np.ndarray | None:
    if layer not in forward.within.mapping and layer not in forward.within.sliced:
        return None
    if layer in forward.graph.inputs:
        return forward.inputs(samples).get(layer)
    tap = Tap("volume" if layer in forward.within.mapping else "activation", layer)
    outputs = forward.run([tap], forward.scenery.batch(samples))
    return outputs.value(tap) if outputs is not None and tap in outputs else None
