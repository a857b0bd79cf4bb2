"""What recurrent layers keep from step to step, and how far their gates are open, for chosen samples."""

from __future__ import annotations

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


class StateProbe:
    """`state`: the states and gates of recurrent layers at each step; `read_place`: which place a step reads.

    The states are what the layer's own cell gives. Gates are computed from its weights and these, and left out where
    the states that they lead to are others.
    """

    name = "states of recurrent layers"

    def answers(self, want: Want) -> bool:
        """`state` of a sample."""
        return want.quantity == "state" and want.sample is not None

    def measure(self, wants: Wants, forward: Forward) -> Tensors:
        """One run of the model for all samples, in which the cell is called once more for each step."""
        layers = list(filter(about(wants), forward.recurring))
        if not forward.scenery.sample_count or not layers:
            return {}
        samples = samples_of(wants)
        outputs = forward.states(samples, layers)
        found: Tensors = {}
        for layer in layers:
            tap, operation = Tap("states", layer), forward.operations[layer]
            told = np.asarray(outputs.value(tap), np.float32) if tap in outputs else np.zeros((0, 0, 0))
            units = operation.units
            if told.shape[1] * units > MAP_LIMIT:  # of a length that only the data tells
                continue
            kind, cell = keras_kind(operation), _cell(operation)
            for sample, values in zip(samples, told, strict=False):
                one = over_time(values, kind, units, cell, closeness(operation))
                found |= {} if one is None else _told(layer, sample, one, operation.go_backwards)
        return found


def _cell(operation: Any) -> Cell | None:
    activations = {name: known_name(getattr(operation, name, None)) for name in ("activation", "recurrent_activation")}
    config = {**activations, "reset_after": getattr(operation, "reset_after", None)}
    kind = keras_kind(operation)
    return cell_of(kind, weights_on_host(operation), config) if kind in STEPS else None


def _told(layer: str, sample: int, found: OverTime, is_backwards: bool) -> Tensors:
    places = np.arange(len(found.is_read), dtype=np.float32)[:: -1 if is_backwards else 1]
    series = {TensorKey("state", layer, name, sample): values for name, values in found.series.items()}
    return {TensorKey("read_place", layer, sample=sample): np.where(found.is_read, places, np.float32(-1)), **series}
