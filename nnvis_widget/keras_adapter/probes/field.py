"""What every unit puts out over the plane of a two-number input."""

from __future__ import annotations

import numpy as np

from nnvis_widget.core.graph import NetworkGraph
from nnvis_widget.core.limits import TILE_UNITS
from nnvis_widget.core.scenery import Extent
from nnvis_widget.core.snapshot import TensorKey
from nnvis_widget.keras_adapter.probes.activations import ActivationProbe
from nnvis_widget.reduce.quantize import quantize

TILE_POINTS = 28
PREDICTION_POINTS = 72


class FieldProbe:
    """Runs the model on two grids over the input plane: a coarse one for all units, a fine one for the prediction.

    Args:
        graph: The graph of a model with one input of two numbers.
        activations: The probe of the same model.
        extent: `x0, x1, y0, y1` of the plane.
    """

    def __init__(self, graph: NetworkGraph, activations: ActivationProbe, extent: Extent) -> None:
        self._activations = activations
        self._outputs = set(graph.outputs)
        self._points = np.concatenate([grid(extent, TILE_POINTS), grid(extent, PREDICTION_POINTS)])

    def measure(self) -> dict[TensorKey, np.ndarray]:
        """Fields as uint8 codes (0 is NaN) with their range.

        Returns:
            `field` `(units, 28, 28)` for layers of at most 16 units, `prediction` `(units, 72, 72)` for the outputs,
            each with a `*_range` of two float32: the values of codes 1 and 255. Row 0 is the top, the largest y.
        """
        split = TILE_POINTS**2
        tensors: dict[TensorKey, np.ndarray] = {}
        for (quantity, layer), values in self._activations.measure([self._points]).items():
            if quantity != "activation" or layer not in self._activations.layers:
                continue
            if values.shape[1] <= TILE_UNITS:
                _store(tensors, "field", layer, values[:split], TILE_POINTS)
                if layer in self._outputs:
                    _store(tensors, "prediction", layer, values[split:], PREDICTION_POINTS)
        return tensors


def grid(extent: Extent, points: int) -> np.ndarray:
    """Cell centres of a `points × points` grid as float32 `(points², 2)`, from the top row down."""
    x0, x1, y0, y1 = extent
    offsets = (np.arange(points) + 0.5) / points
    x, y = np.meshgrid(x0 + (x1 - x0) * offsets, y1 - (y1 - y0) * offsets)
    return np.stack([x.ravel(), y.ravel()], axis=1).astype(np.float32)


def _store(tensors: dict[TensorKey, np.ndarray], quantity: str, layer: str, values: np.ndarray, points: int) -> None:
    quantized = quantize(values.T)
    tensors[TensorKey(quantity, layer)] = quantized.codes.reshape(-1, points, points)
    tensors[TensorKey(f"{quantity}_range", layer)] = np.array([quantized.low, quantized.high], np.float32)
