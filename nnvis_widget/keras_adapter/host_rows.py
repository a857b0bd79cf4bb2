"""A variable read where it lies."""

from __future__ import annotations

from typing import Any

import keras
import numpy as np

from nnvis_widget.keras_adapter.to_numpy import to_numpy


class HostRows:
    """A Keras variable as rows, only during a measurement: read where they lie, or from a device copied when asked for.

    Copies of 4,096 x 4,096 links took 150 ms row by row, their sums take 20.
    """

    def __init__(self, variable: Any) -> None:
        held = getattr(variable, "value", variable)  # or what it holds at a kept step, a tensor
        # the tensor itself, on TensorFlow too, where a conversion gives back the variable and this takes a fourth
        snapshot = getattr(held, "value", None)
        self._tensor = snapshot() if callable(snapshot) else keras.ops.stop_gradient(variable)
        self.shape: tuple[int, ...] = tuple(int(size) for size in variable.shape)
        try:
            self._rows: np.ndarray | None = np.from_dlpack(self._tensor)
        except (AttributeError, BufferError, RuntimeError, TypeError, ValueError):
            self._rows = None  # not in the host's memory, or of a type that numpy has not

    def __getitem__(self, rows: Any) -> np.ndarray:
        if self._rows is not None:
            return np.asarray(self._rows[rows], np.float32)
        return np.asarray(to_numpy(self._tensor[rows]), np.float32)

    def whole(self) -> np.ndarray:
        """All of it, in its own type; not to be kept: the next step changes it."""
        return self._rows if self._rows is not None else to_numpy(self._tensor)
