"""What recurrent layers keep from step to step, and how far their gates are open, for chosen samples."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from nnvis_widget.core.limits import MAP_LIMIT
from nnvis_widget.core.snapshot import TensorKey
from nnvis_widget.core.want import Want, Wants, about, samples_of
from nnvis_widget.keras_adapter.forward import Forward
from nnvis_widget.keras_adapter.one_batch.facts_of_layer import known_name, weights_on_host
from nnvis_widget.keras_adapter.probes.probe import Tensors
from nnvis_widget.keras_adapter.read.roles import keras_kind
from nnvis_widget.keras_adapter.states import closeness
from nnvis_widget.keras_adapter.taps import Tap
from nnvis_widget.workings.layers.cells import STEPS, Cell, cell_of
from nnvis_widget.workings.layers.over_time import OverTime, over_time

Told = tuple[TensorKey, np.ndarray]
NOTHING = np.zeros((0, 0), np.float32)


class StateProbe:
    """`state`: the states and gates of recurrent layers at each step; `read_place`: which place a step reads.

    The states are what the layer's own cell gives. Gates are computed from its weights and these, and left out where
    the states that they lead to are others. Of a layer that is asked for and cannot tell there is one empty `state`
    without a name.
    """

    name = "states of recurrent layers"

    def answers(self, want: Want) -> bool:
        """`state` of a sample."""
        return want.quantity == "state" and want.sample is not None

    def measure(self, wants: Wants, forward: Forward) -> Tensors:
        """One run of the model for all samples, in which the cell is called once more for each step."""
        if not forward.scenery.sample_count:
            return {}
        layers, samples = list(filter(about(wants), forward.within.recurring)), samples_of(wants)
        asked = {want.layer for want in wants if want.layer is not None}
        found: Tensors = {TensorKey("state", layer, sample=sample): NOTHING for layer in asked for sample in samples}
        if layers:
            for key, values in self._measured(forward, layers, samples):
                found.pop(TensorKey("state", key.layer, sample=key.sample), None)
                found[key] = values
        return found

    def _measured(self, forward: Forward, layers: Sequence[str], samples: Sequence[int]) -> Iterator[Told]:
        outputs = forward.run([Tap("states", layer) for layer in layers], forward.scenery.batch(samples))
        for layer in layers:
            tap, operation = Tap("states", layer), forward.operations[layer]
            if outputs is None or tap not in outputs:
                continue
            told, units = np.asarray(outputs.value(tap), np.float32), operation.units
            if told.shape[1] * units > MAP_LIMIT:  # of a length that only the data tells
                continue
            kind, cell = keras_kind(operation), _cell(operation)
            for sample, values in zip(samples, told, strict=True):
                one = over_time(values, kind, units, cell, closeness(operation))
                if one is not None:
                    yield from _told(layer, sample, one, operation.go_backwards)


def _cell(operation: Any) -> Cell | None:
    activations = {name: known_name(getattr(operation, name, None)) for name in ("activation", "recurrent_activation")}
    config = {**activations, "reset_after": getattr(operation, "reset_after", None)}
    kind = keras_kind(operation)
    return cell_of(kind, weights_on_host(operation), config) if kind in STEPS else None


def _told(layer: str, sample: int, found: OverTime, is_backwards: bool) -> Iterator[Told]:
    places = np.arange(len(found.is_read), dtype=np.float32)[:: -1 if is_backwards else 1]
    yield TensorKey("read_place", layer, sample=sample), np.where(found.is_read, places, np.float32(-1))
    for name, values in found.series.items():
        yield TensorKey("state", layer, name, sample), values
