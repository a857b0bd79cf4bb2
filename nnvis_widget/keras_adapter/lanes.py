"""Queries, keys and values of attention, as the layer's own projections put them out in the call of the model."""

from __future__ import annotations

from collections.abc import Mapping
from math import ceil
from typing import Any, NamedTuple

import keras
import numpy as np

from nnvis_widget.core.attention import LANES, Attention
from nnvis_widget.core.openings import is_called_once
from nnvis_widget.core.structure import NetworkStructure
from nnvis_widget.keras_adapter.read.roles import keras_kind
from nnvis_widget.keras_adapter.seen_outputs import Seen
from nnvis_widget.keras_adapter.taps import Tap

ORDER = {"Attention": ("query", "value", "key"), "AdditiveAttention": ("query", "value", "key")}
"""What a layer without projections is given; the key may be missing, and is the value then."""


class Lane(NamedTuple):
    """Where queries, keys or values are taken.

    Attributes:
        name: `query`, `key` or `value`.
        layer: The projection that puts them out, or the attention layer that is given them.
        given: Which of the tensors that the layer is given; `None` of a projection.
        places: How many there are.
        block: How many places one row stands for.
    """

    name: str
    layer: str
    given: int | None
    places: int
    block: int

    @property
    def tap(self) -> Tap:
        """What asks for it."""
        return Tap(f"lane {self.name}", self.layer)


def lanes_within(
    attending: Mapping[str, Attention], operations: Mapping[str, Any], structure: NetworkStructure | None
) -> dict[str, tuple[Lane, ...]]:
    """The lanes of attention layers, by id; none of a layer in which they are not known.

    Args:
        attending: The layers, which a call of the network calls once.
        operations: The layers of Keras by id, at every depth.
        structure: The network at every depth.
    """
    found = {layer: _lanes_of(layer, one, operations[layer], structure) for layer, one in attending.items()}
    return {layer: lanes for layer, lanes in found.items() if lanes}


def _lanes_of(layer: str, attention: Attention, operation: Any, structure: NetworkStructure | None) -> tuple[Lane, ...]:
    places = dict(zip(LANES, (attention.queries, attention.keys, attention.keys), strict=True))
    blocks = dict(zip(LANES, (attention.block[0], *attention.block[1:] * 2), strict=True))
    order = ORDER.get(keras_kind(operation), ())
    if order:
        return tuple(Lane(name, layer, order.index(name), places[name], blocks[name]) for name in LANES)
    if structure is None or not structure.is_group(layer):
        return ()
    parts = {structure.layer(part).name: structure.layer(part) for part in structure.group(layer).members}
    lanes = []
    for name in LANES:
        shape = parts[name].output_shape[0] if name in parts and parts[name].output_shape else ()
        is_known = len(shape) == 4 and shape[1] == places[name] and shape[2] and attention.heads % shape[2] == 0
        if is_known and is_called_once(structure, parts[name].id):
            lanes.append(Lane(name, parts[name].id, None, places[name], blocks[name]))
    return tuple(lanes) if len(lanes) == len(LANES) else ()


def lane_of(lane: Lane, seen: Seen) -> Any:
    """Of each sample a vector for each place, in each head, or their means over blocks of places.

    Args:
        lane: Which.
        seen: The call of its layer.

    Returns:
        `(samples, rows, heads, size)`; `None` where it is not there.
    """
    values = seen.put_out if lane.given is None else _given(lane.given, seen)
    if values is None or len(values.shape) != 4 or values.shape[1] != lane.places:
        return None
    values = keras.ops.cast(values, "float32")
    if lane.block == 1:
        return values
    rows = ceil(lane.places / lane.block)
    counts = np.minimum(lane.block, lane.places - lane.block * np.arange(rows)).astype("float32")
    filled = keras.ops.pad(values, ((0, 0), (0, rows * lane.block - lane.places), (0, 0), (0, 0)))
    blocks = keras.ops.reshape(filled, (-1, rows, lane.block, *values.shape[2:]))
    return keras.ops.sum(blocks, axis=2) / keras.ops.convert_to_tensor(counts[:, None, None])


def _given(place: int, seen: Seen) -> Any:
    """A tensor that the layer is given, as that of one head."""
    given = seen.args[0] if seen.args else seen.named.get("inputs")
    tensors = list(given) if isinstance(given, list | tuple) else []
    return keras.ops.expand_dims(tensors[place], 2) if place < len(tensors) else None
