"""What has to be measured so that a view can show what it wishes."""

from __future__ import annotations

from collections.abc import Iterator

from nnvis_widget.core.graph import Layer, NetworkGraph
from nnvis_widget.core.limits import MOST_MAPS
from nnvis_widget.core.openings import same_output
from nnvis_widget.core.structure import NetworkStructure
from nnvis_widget.core.want import Want, Wants
from nnvis_widget.core.words.language import LANGUAGE
from nnvis_widget.stream.shown import Wish, has_pictures, lit_layers


def wants_of(wish: Wish, graph: NetworkGraph, structure: NetworkStructure) -> Wants:
    """The wants of a view: of the layers on its screen, and of its chosen unit.

    Of a closed group what it puts out; the weights in it are not seen.
    """
    return frozenset(_wants(wish, graph, structure))


def _wants(wish: Wish, graph: NetworkGraph, structure: NetworkStructure) -> Iterator[Want]:
    seen = {layer for layer in wish.layers or () if not structure.is_group(layer)}
    shown: set[str | None] = {None} if wish.layers is None else {*seen}
    sample = wish.sample if wish.edges == "signal" else None
    for layer in shown:
        yield Want("field", layer)
        yield Want("weight", layer)
        if wish.edges != "weight":
            yield Want(wish.edges, layer, sample=sample)
        if wish.detail == "top":
            yield Want(wish.edges, layer, sample=sample, grain="top")
    if wish.layer_color == "gradient" and structure.groups:
        yield Want("gradient", grain="moments")
    if wish.layer_color == "dead" and structure.groups:
        yield Want("dead")
    for layer in {None} if wish.layers is None else lit_layers(wish, graph):
        yield Want("activation", layer, sample=wish.sample)
        of_inside = same_output(structure, layer) if layer is not None and structure.is_group(layer) else ()
        for other in of_inside:
            yield Want("activation", other, sample=wish.sample)
        if layer is not None or graph.is_small:
            yield Want("map", layer, sample=wish.sample)
        for one in graph.layers if layer is None else (graph.layer(layer),):
            if one.map_shape is not None and one.map_shape[2] > MOST_MAPS:
                yield Want("contribution", one.id, sample=wish.sample)
            if one.attention is not None:
                yield Want("attention", one.id, sample=wish.sample)
            if one.face is not None and not one.face.is_output:
                yield Want("view", one.id, sample=wish.sample)
            if one.numbers:
                yield Want("number", one.id)
    chosen = wish.layer if wish.selection is None else wish.selection[0]
    if any(one.id == chosen and _has_slices(one) for one in graph.layers):
        yield Want("volume", chosen, sample=wish.sample)
        yield Want("kept_state", chosen)
    if any(one.id == chosen and one.role == "recurrent" for one in graph.layers):
        yield Want("state", chosen, sample=wish.sample)
        yield Want("kept_state", chosen)
    if wish.selection is not None:
        layer, unit = wish.selection
        if any(one.id == layer and one.attention is not None for one in graph.layers):
            yield Want("lane", layer, sample=wish.sample)
        for quantity in wish.learnt:
            yield Want(quantity, layer, unit, wish.sample, place=wish.place, language=LANGUAGE.of_words)
        if has_pictures(graph, layer):
            return
        yield Want("z_batch", layer, unit)
        yield Want("weight", layer, unit)
        if wish.edges == "gradient":
            yield Want("gradient", layer, unit)


def _has_slices(layer: Layer) -> bool:
    """Whether it may put out slices of pictures, or keep maps over time."""
    is_deep = len(layer.output_shape) == 1 and len(layer.output_shape[0]) == 5
    return is_deep or (layer.role == "opaque" and any(one.kind == "recurrent_kernel" for one in layer.parameters))
