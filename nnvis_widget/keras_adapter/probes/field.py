"""What every unit puts out over the plane of a two-number input."""

from __future__ import annotations

import numpy as np

from nnvis_widget.core.limits import TILE_UNITS
from nnvis_widget.core.scenery import Extent
from nnvis_widget.core.snapshot import TensorKey
from nnvis_widget.core.task import Task
from nnvis_widget.core.want import Want, Wants, about
from nnvis_widget.keras_adapter.forward import Forward
from nnvis_widget.keras_adapter.probes.probe import Tensors
from nnvis_widget.reduce.quantize import quantize

TILE_POINTS = 28
PREDICTION_POINTS = 72


class FieldProbe:
    """Runs the model on two grids over the input plane: a coarse one for all units, a fine one for the prediction."""

    name = "field"

    def __init__(self) -> None:
        self._points: np.ndarray | None = None

    def answers(self, want: Want) -> bool:
        """`field`, of a layer or of all."""
        return want.quantity == "field"

    def measure(self, wants: Wants, forward: Forward) -> Tensors:
        """Fields as uint8 codes (0 is NaN) with their range; empty where the input is no plane.

        Returns:
            `field` `(units, 28, 28)` for layers of at most 16 units, `prediction` `(units, 72, 72)` for an output that
            is one number or tells classes apart, then as probabilities; each with a `*_range` of two float32: the
            values of codes 1 and 255. Row 0 is the top, the largest y.
        """
        if self._points is None:
            extent = forward.scenery.extent
            if extent is None:
                return {}
            self._points = np.concatenate([grid(extent, TILE_POINTS), grid(extent, PREDICTION_POINTS)])
        split, is_wanted = TILE_POINTS**2, about(wants)
        tensors: Tensors = {}
        outputs = forward.run(forward.unit_taps, [self._points])
        if outputs is None:
            return {}
        for tap in forward.unit_taps:
            if tap.quantity != "activation" or tap not in outputs or not is_wanted(tap.layer):
                continue
            values = outputs.rows(tap)
            if values.shape[1] <= TILE_UNITS:
                _store(tensors, "field", tap.layer, values[:split], TILE_POINTS)
                predicted = _in_one_picture(values[split:], forward.scenery.task)
                if tap.layer in forward.graph.outputs and predicted is not None:
                    _store(tensors, "prediction", tap.layer, predicted, PREDICTION_POINTS)
        return tensors


def grid(extent: Extent, points: int) -> np.ndarray:
    """Cell centres of a `points × points` grid as float32 `(points², 2)`, from the top row down."""
    x0, x1, y0, y1 = extent
    offsets = (np.arange(points) + 0.5) / points
    x, y = np.meshgrid(x0 + (x1 - x0) * offsets, y1 - (y1 - y0) * offsets)
    return np.stack([x.ravel(), y.ravel()], axis=1).astype(np.float32)


def _in_one_picture(outputs: np.ndarray, task: Task) -> np.ndarray | None:
    """Probabilities of classes, or one number; `None` for what takes a picture a unit."""
    if task.from_logits and task.has_classes:
        two_sided = outputs if outputs.shape[1] > 1 else np.concatenate([np.zeros_like(outputs), outputs], axis=1)
        powers = np.exp(two_sided - two_sided.max(axis=1, keepdims=True))
        shares: np.ndarray = powers / powers.sum(axis=1, keepdims=True)
        return shares if outputs.shape[1] > 1 else shares[:, 1:]
    has_shares = task.kind == "one_of_several" and task.is_share
    return outputs if has_shares or outputs.shape[1] == 1 else None


def _store(tensors: Tensors, quantity: str, layer: str, values: np.ndarray, points: int) -> None:
    quantized = quantize(values.T)
    tensors[TensorKey(quantity, layer)] = quantized.codes.reshape(-1, points, points)
    tensors[TensorKey(f"{quantity}_range", layer)] = np.array([quantized.low, quantized.high], np.float32)
