"""How far numbers of ours may be from those of a processor."""

from __future__ import annotations

from typing import Any

from nnvis_widget.keras_adapter.confirm import rounding_of
from nnvis_widget.keras_adapter.one_batch.call_record import Call

FORWARD, AUTODIFF = "a forward pass", "autodiff"

LEAST = 1e-5
ROUNDINGS = 8
"""Of products, activations and sums one after the other."""


def limit_of(call: Call) -> float:
    """The largest relative difference that the precision of a layer allows."""
    return limit_of_dtype(getattr(call.operation, "compute_dtype", "float32"))


def limit_of_dtype(dtype: Any) -> float:
    """The same of an element type."""
    return max(LEAST, ROUNDINGS * rounding_of(str(dtype)))
