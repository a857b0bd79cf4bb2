"""What is said of a parameter that a snapshot does not hold whole."""

from __future__ import annotations

from nnvis_widget.core.graph import Layer
from nnvis_widget.core.number_text import format_count, format_number, format_percent, format_signed
from nnvis_widget.core.snapshot import Snapshot, TensorKey
from nnvis_widget.reduce.moments import Moments


def in_moments(snapshot: Snapshot | None, layer: Layer, parameter: str) -> str:
    """Its exact moments in a sentence; empty where there are none: of a large model there are always."""
    row = None if snapshot is None else snapshot.tensors.get(TensorKey("moments", layer.id, f"weight {parameter}"))
    if row is None:
        return ""
    found = Moments(*row.tolist())
    said = f"Not recorded whole at this step, for nobody looked at this layer; {format_count(int(found.size))} numbers"
    if found.nans + found.infinities < found.size:
        said += (
            f", mean {format_signed(found.mean, 3)} ± {format_number(found.deviation, 3)}"
            f", from {format_signed(found.minimum, 3)} to {format_signed(found.maximum, 3)}"
            f", {format_percent(found.zeros / found.size)} zero"
        )
    if not found.is_finite:
        said += f", {format_count(int(found.nans))} NaN and {format_count(int(found.infinities))} infinite"
    return f"{said}."
