"""What is said of a parameter that a snapshot does not hold whole."""

from __future__ import annotations

from nnvis_widget.core.graph import Layer
from nnvis_widget.core.number_text import format_count, format_number, format_percent, format_signed
from nnvis_widget.core.snapshot import Snapshot, TensorKey
from nnvis_widget.core.words.say import say
from nnvis_widget.reduce.moments import Moments


def in_moments(snapshot: Snapshot | None, layer: Layer, parameter: str) -> str:
    """Its exact moments in a sentence; empty where there are none: of a large model there are always."""
    row = None if snapshot is None else snapshot.tensors.get(TensorKey("moments", layer.id, f"weight {parameter}"))
    if row is None:
        return ""
    found = Moments(*row.tolist())
    said = [say("numbersCount", size=format_count(int(found.size)))]
    if found.nans + found.infinities < found.size:
        said.append(
            say("meanAndDeviation", mean=format_signed(found.mean, 3), deviation=format_number(found.deviation, 3))
        )
        said.append(say("fromLowToHigh", low=format_signed(found.minimum, 3), high=format_signed(found.maximum, 3)))
        said.append(say("zeroShare", share=format_percent(found.zeros / found.size)))
    if not found.is_finite:
        nans, infinities = format_count(int(found.nans)), format_count(int(found.infinities))
        said.append(say("nanAndInfinite", nans=nans, infinities=infinities))
    return say("sentence", text=say("notWhole", numbers=say("comma").join(said)))
