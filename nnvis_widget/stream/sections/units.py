"""What the units of a snapshot hold."""

from __future__ import annotations

from collections.abc import Iterator

from nnvis_widget.core.snapshot import TensorKey
from nnvis_widget.stream.frame import Section
from nnvis_widget.stream.shown import Shown


def unit_sections(shown: Shown) -> Iterator[Section]:
    """Activation, pre-activation and bias of the units of every layer."""
    snapshot, sample = shown.snapshot, shown.sample
    for layer in shown.layers:
        for quantity in ("activation", "z"):
            values = shown.put_out(quantity, layer.id, sample)
            if values is not None:
                yield Section(quantity, values, layer.id)
        bias = snapshot.tensors.get(TensorKey("weight", layer.id, "bias"))
        if bias is not None:
            yield Section("weight", bias, layer.id, "bias")
