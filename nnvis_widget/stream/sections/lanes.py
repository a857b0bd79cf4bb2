"""The queries, keys and values of the chosen head of attention."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from nnvis_widget.core.attention import LANES
from nnvis_widget.core.snapshot import TensorKey
from nnvis_widget.reduce.signed_picture import signed_picture
from nnvis_widget.stream.frame import Section
from nnvis_widget.stream.shown import Shown

MOST_NUMBERS = 8
"""Of the vectors of the chosen places so many numbers are written."""


def lanes(shown: Shown, layer: str) -> dict[str, np.ndarray]:
    """`(rows, heads, size)` of each lane of an attention layer for the shown sample, where the snapshot has them."""
    found = {name: shown.snapshot.tensors.get(TensorKey("lane", layer, name, shown.sample)) for name in LANES}
    return {name: values for name, values in found.items() if values is not None}


def _projections(shown: Shown, layer: str) -> dict[str, tuple[int, ...]] | None:
    """The shapes of the kernels of a layer's projections, by the names of these; `None` of one that has none."""
    structure = shown.structure
    if structure is None or not structure.is_group(layer):
        return None
    parts = [structure.layer(part) for part in structure.group(layer).members]
    return {part.name: one.shape for part in parts for one in part.parameters if one.name == "kernel"}


def lane_sections(shown: Shown) -> Iterator[Section]:
    """A picture of each lane, a row for each place, and the numbers of the chosen place that looks, and that is
    looked at. Heads that share keys and values have those of their group."""
    chosen, head = shown.wish.selection or ("", -1)
    attention = next((one.attention for one in shown.graph.layers if one.id == chosen), None)
    if attention is None:
        return
    if TensorKey("lane", chosen, sample=shown.sample) in shown.snapshot.tensors:
        yield Section("lane_picture", np.zeros((0, 0), np.uint8), chosen)
    if not 0 <= head < attention.heads:
        return
    projections = _projections(shown, chosen)
    for name, values in lanes(shown, chosen).items():
        heads = values.shape[1]
        own = head * heads // attention.heads
        lane = values[:, own]
        picture = signed_picture(lane)
        told: dict[str, Any] = {"unit": head, "head": own, "heads": heads, "size": lane.shape[1]}
        if projections is not None:
            told["kernel"] = list(projections.get(name, ()))
        yield Section("lane_picture", picture.codes, chosen, name, {**told, "lo": picture.low, "hi": picture.high})
        place = None if shown.wish.place is None else shown.wish.place[0 if name == "query" else 1]
        if place is not None and attention.is_whole and place < len(lane):
            numbers = np.ascontiguousarray(lane[place, :MOST_NUMBERS])
            yield Section("lane_row", numbers, chosen, name, {"unit": head, "place": place, "size": lane.shape[1]})
