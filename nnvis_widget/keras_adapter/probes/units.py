"""What single units take in over a batch."""

from __future__ import annotations

from typing import Any

import numpy as np

from nnvis_widget.core.graph import UNIT_LIMIT
from nnvis_widget.core.snapshot import TensorKey
from nnvis_widget.core.want import Want, Wants
from nnvis_widget.keras_adapter.forward import Forward
from nnvis_widget.keras_adapter.past_weights import value_of
from nnvis_widget.keras_adapter.probes.activations import probe_rows
from nnvis_widget.keras_adapter.probes.probe import Tensors
from nnvis_widget.keras_adapter.taps import Tap
from nnvis_widget.keras_adapter.to_numpy import to_numpy


class UnitProbe:
    """`z_batch`: runs a model forward as far as a layer, and computes one unit of it.

    Of a dense layer only that unit's links are multiplied: with 4,096 x 4,096 of them a forward pass of 256 samples
    costs as much as several steps of a training, one column nothing.
    """

    name = "pre-activations"

    def answers(self, want: Want) -> bool:
        """`z_batch` of a unit."""
        return want.quantity == "z_batch" and want.layer is not None and want.unit is not None

    def measure(self, wants: Wants, forward: Forward) -> Tensors:
        """z of each unit, or its activation where the layer has no other; inputs are their own.

        Float32 `(samples,)`; none where there is no such unit, or its layer cannot be measured. Cost: a forward pass of
        at most 256 samples through the layers before each.
        """
        if not forward.scenery.sample_count:
            return {}
        tensors: Tensors = {}
        for layer, unit in sorted({(want.layer or "", want.unit or 0) for want in wants}):
            values = _of_unit(forward, layer, unit)
            if values is not None:
                tensors[TensorKey("z_batch", layer, str(unit))] = values
        return tensors


def _of_unit(forward: Forward, layer: str, unit: int) -> np.ndarray | None:
    rows = probe_rows(forward)
    if layer in forward.graph.inputs:
        given = forward.inputs(rows).get(layer)
        return None if given is None else _column(given, unit)
    if layer not in forward.layers_between(0, UNIT_LIMIT):
        return None
    operation, whole = forward.operations[layer], Tap("activation", layer)
    is_dense = forward.has_pre_activation(layer)
    tap = Tap("input", layer) if is_dense else whole
    outputs = forward.run([tap], forward.scenery.batch(rows))
    if outputs is None or tap not in outputs:
        outputs = forward.units(rows)
        return _column(outputs.value(whole), unit) if whole in outputs else None
    values = outputs.value(tap)
    return _pre_activation(operation, values, unit) if is_dense else _column(values, unit)


def _pre_activation(layer: Any, source: np.ndarray, unit: int) -> np.ndarray | None:
    """z = x W + b of one unit; of a layer over sequences at one of their places."""
    rows = np.asarray(source, np.float32).reshape(len(source), -1, source.shape[-1])
    place, column = divmod(unit, int(layer.kernel.shape[1]))
    if place >= rows.shape[1]:
        return None
    kernel = np.asarray(to_numpy(value_of(layer.kernel)[:, column]), np.float32)
    own = getattr(layer, "bias", None)
    bias = 0 if own is None else np.asarray(to_numpy(value_of(own)[column : column + 1]), np.float32)
    with np.errstate(over="ignore", invalid="ignore"):
        # not @: the threads of numpy's BLAS spin on after it, which made the next step of a training 35 ms longer
        return np.asarray(np.einsum("sk,k->s", rows[:, place], kernel) + bias, np.float32)


def _column(values: np.ndarray, unit: int) -> np.ndarray | None:
    rows = values.reshape(len(values), -1)
    return np.array(rows[:, unit], np.float32) if unit < rows.shape[1] else None
