"""What can be taken out of a call of a model beside what its outermost layers put out, and how."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import Any

import keras

from nnvis_widget.core.attention import Attention
from nnvis_widget.core.graph import Layer, NetworkGraph
from nnvis_widget.core.openings import is_called_once, same_output
from nnvis_widget.core.structure import NetworkStructure
from nnvis_widget.keras_adapter.kept_states import kept_states
from nnvis_widget.keras_adapter.lanes import lane_of, lanes_within
from nnvis_widget.keras_adapter.read.views import probes_of, view_of
from nnvis_widget.keras_adapter.read.vocabularies import vocabulary_view
from nnvis_widget.keras_adapter.readings import number_reading, view_reading
from nnvis_widget.keras_adapter.scores import scores_of
from nnvis_widget.keras_adapter.seen_outputs import Seen
from nnvis_widget.keras_adapter.states import states_of, tells_states
from nnvis_widget.keras_adapter.taps import Tap, pre_activation
from nnvis_widget.keras_adapter.volumes import maps_over_time, sliced, tells_maps

ASKED = ("attention", "lane", "volume", "states", "view", "number")
"""What is asked of a layer beside what it puts out."""


class Within:
    """Layers within others that a call of the network is known to call once, and what is asked of layers at any depth.

    Args:
        graph: The outermost layers.
        operations: The Keras layers by id, at every depth where there is a structure.
        structure: The model at every depth; `None` where its outermost layers are all there is.

    Attributes:
        layers: Those within others, by id; so are groups that put out what none of their layers does, such as the loop
            around a cell.
        attending: What is known of the attention layers, by id, that a call of the network calls once.
        lanes: Where the queries, keys and values of these are taken, as far as it is known.
        views: What somebody has told to draw of layers that it calls once, by id.
        numbers: What somebody has told to measure of them, by id and name.
        recurring: Ids of the recurrent layers that tell their states.
        mapping: Ids of the convolutional recurrent layers that tell their states.
        sliced: Ids of the layers that put out slices of pictures, and whether the axis that counts maps comes first.
        keeping: Ids of the layers that keep states for their next batch.
    """

    def __init__(
        self, graph: NetworkGraph, operations: Mapping[str, Any], structure: NetworkStructure | None = None
    ) -> None:
        outermost = {layer.id: layer for layer in graph.layers}
        self._operations = operations
        self.layers = {} if structure is None else _within(structure, operations, outermost)
        known = {**{one: layer for one, layer in outermost.items() if one not in graph.inputs}, **self.layers}
        once = _called_once(known, operations, structure)
        self.attending = _attending(known, structure)
        self.lanes = lanes_within(self.attending, operations, structure)
        self._lane_of = {lane.tap: lane for lanes in self.lanes.values() for lane in lanes}
        self.views = {
            layer: view
            for layer, own in once
            if (view := view_of(own) or vocabulary_view(own, known.get(layer))) is not None
        }
        self.numbers = {layer: reads for layer, own in once if (reads := probes_of(own))}
        self.recurring = tuple(
            one.id for one in known.values() if one.role == "recurrent" and tells_states(operations[one.id])
        )
        self.mapping = frozenset(layer for layer, own in once if tells_maps(own))
        self.sliced = sliced({**outermost, **known}, operations)
        self.keeping = tuple(layer for layer, own in operations.items() if kept_states(own))

    @property
    def words(self) -> dict[str, Sequence[str]]:
        """What numbers of tokens are called that are drawn as texts, by the layer."""
        return {layer: view.names for layer, view in self.views.items() if view.face == "text"}

    def attention_taps(self, layers: Iterable[str]) -> tuple[Tap, ...]:
        """Lanes are there where scores are: to hand them out costs less than another pass where one is asked for."""
        return tuple(
            tap for one in layers for tap in (Tap("attention", one), *(lane.tap for lane in self.lanes.get(one, ())))
        )

    def among(self, taps: Iterable[Tap]) -> tuple[Tap, ...]:
        """The taps that are taken here, not of what outermost layers put out."""
        return tuple(tap for tap in taps if tap.layer in self.layers or tap.quantity.partition(" ")[0] in ASKED)

    def beside(self, taps: Iterable[Tap]) -> dict[int, list[Any]]:
        """What somebody's own functions are called with, by the `id` of the layer."""
        functions: dict[int, list[Any]] = {}
        for tap in taps:
            kind, _, name = tap.quantity.partition(" ")
            read: Callable[..., Any] | None = self.views[tap.layer].read if kind == "view" else None
            read = self.numbers[tap.layer][name] if kind == "number" else read
            if read is not None:
                functions.setdefault(id(self._operations[tap.layer]), []).append(read)
        return functions

    def value(self, tap: Tap, seen: Seen) -> Any:
        """A tap of what a layer was given and put out; `None` where it does not have it."""
        own = self._operations[tap.layer]
        if tap.quantity == "activation":
            return seen.put_out
        if tap.quantity == "attention":
            return scores_of(own, seen, self.attending[tap.layer])
        if tap in self._lane_of:
            return lane_of(self._lane_of[tap], seen)
        if tap.quantity == "volume":
            return maps_over_time(own, seen)
        if tap.quantity == "states":
            return states_of(own, seen)
        if tap.quantity == "view":
            return view_reading(self.views[tap.layer], own, seen)
        kind, _, name = tap.quantity.partition(" ")
        if kind == "number":
            return number_reading(self.numbers[tap.layer][name], own, seen)
        if seen.given is None or tap.quantity == "input":
            return seen.given
        return pre_activation(own, seen.given)


def _within(structure: NetworkStructure, operations: Mapping[str, Any], outermost: Collection[str]) -> dict[str, Layer]:
    """Layers of Keras, and groups that put out what nothing else does of which that is taken."""

    def is_taken(one: str) -> bool:
        is_layer = one not in outermost and isinstance(operations.get(one), keras.layers.Layer)
        return is_layer and is_called_once(structure, one)

    layers = {one.id: one for one in structure.whole.layers if structure.held and is_taken(one.id)}
    taken = {*layers, *outermost}
    groups = [group for group in structure.held if is_taken(group.id)]
    return layers | {one.id: one.card for one in groups if taken.isdisjoint(same_output(structure, one.id))}


def _attending(layers: Mapping[str, Layer], structure: NetworkStructure | None) -> dict[str, Attention]:
    groups = [] if structure is None else [group.card for group in structure.held]
    return {
        one.id: one.attention
        for one in (*layers.values(), *groups)
        if one.attention is not None and (structure is None or is_called_once(structure, one.id))
    }


def _called_once(
    layers: Iterable[str], operations: Mapping[str, Any], structure: NetworkStructure | None
) -> list[tuple[str, Any]]:
    """Layers and groups, and what is behind them."""
    groups = [] if structure is None else [group.id for group in structure.held]
    return [
        (layer, operations[layer])
        for layer in (*layers, *groups)
        if layer in operations and (structure is None or is_called_once(structure, layer))
    ]
