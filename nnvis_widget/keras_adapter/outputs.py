"""What a pass through a model puts out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from nnvis_widget.keras_adapter.taps import Tap
from nnvis_widget.keras_adapter.to_numpy import to_numpy


class Outputs:
    """What a pass put out; on the host only as far as it is asked for."""

    def __init__(self, parts: Sequence[Mapping[Tap, Any]], rows: int) -> None:
        self._parts = parts
        self._rows = rows
        self._known: dict[Tap, np.ndarray] = {}

    def __contains__(self, tap: Tap) -> bool:
        return tap in self._parts[0]

    def value(self, tap: Tap) -> np.ndarray:
        """As the model gives it, samples first."""
        if tap not in self._known:
            parts = [to_numpy(part[tap]) for part in self._parts]
            self._known[tap] = (parts[0] if len(parts) == 1 else np.concatenate(parts))[: self._rows]
        return self._known[tap]

    def rows(self, tap: Tap) -> np.ndarray:
        """Float32 `(samples, elements)`, a copy."""
        value = self.value(tap)
        return np.array(value.reshape(len(value), -1), dtype=np.float32)
