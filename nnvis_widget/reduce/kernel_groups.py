"""How many links of a dense kernel are drawn, and as what."""

from __future__ import annotations

from collections.abc import Callable

from nnvis_widget.core.anatomy import ANATOMY
from nnvis_widget.core.graph import Layer, NetworkGraph
from nnvis_widget.core.scenery import Scenery
from nnvis_widget.reduce.bundles import Groups, group_inputs

RAW_LIMIT = 2_000_000
"""Kernels with more links are never copied: their bundles and strongest links are all that is kept."""
GRID = 64
"""Kernels over `RAW_LIMIT` become at most so many times so many bundles."""


def kernel_groups(graph: NetworkGraph, layer: Layer, scenery: Scenery, shape: tuple[int, ...]) -> Groups:
    """The groups of inputs in which a layer's kernel is bundled.

    Args:
        graph: The layer's network.
        layer: The dense layer.
        scenery: Knows which inputs are a picture.
        shape: `(inputs, units)` of the kernel.
    """
    inputs, units = shape
    image_shape = _image_shape(graph, layer, scenery)
    if inputs * units > RAW_LIMIT:
        return group_inputs(inputs, image_shape, units=min(units, GRID), limit=GRID * min(units, GRID))
    return group_inputs(inputs, image_shape, units=units)


def feeding_maps(graph: NetworkGraph, layer: Layer) -> Layer | None:
    """The layer whose maps, flattened, are the inputs of a dense layer; `None` where no maps are."""
    sources = graph.sources_of(layer.id)
    while len(sources) == 1:
        source = graph.layer(sources[0])
        if source.map_shape is not None:
            return source
        if source.role != "reshape":
            return None
        sources = graph.sources_of(source.id)
    return None


def kernel_shape(layer: Layer) -> tuple[int, int] | None:
    """`(inputs, units)` of a dense layer's kernel, or `None` where it has none."""
    for parameter in layer.parameters if layer.role == "dense" else ():
        if parameter.name == "kernel" and len(parameter.shape) == 2:
            return int(parameter.shape[0]), int(parameter.shape[1])
    return None


def feeding_layers(graph: NetworkGraph, layer_id: str) -> tuple[str, ...]:
    """Ids of the layers whose unit i is a layer's input i: its sources, and those before what passes units on."""
    return _reached(graph, graph.sources_of, layer_id)


def fed_layers(graph: NetworkGraph, layer_id: str) -> tuple[str, ...]:
    """Ids of the layers whose input i is a layer's unit i: the other way round."""
    return _reached(graph, graph.targets_of, layer_id)


def _reached(graph: NetworkGraph, neighbours: Callable[[str], tuple[str, ...]], layer_id: str) -> tuple[str, ...]:
    found: dict[str, None] = {}
    waiting = list(neighbours(layer_id))
    while waiting:
        other = waiting.pop()
        if other not in found:
            found[other] = None
            if ANATOMY[graph.layer(other).role].passes_units:
                waiting += neighbours(other)
    return tuple(found)


def _image_shape(graph: NetworkGraph, layer: Layer, scenery: Scenery) -> tuple[int, ...] | None:
    """The shape of the picture that feeds a layer, through layers that pass its pixels on."""
    for source_id in graph.sources_of(layer.id):
        source = graph.layer(source_id)
        if source_id in graph.inputs:
            shape = tuple(size or 0 for size in source.output_shape[0][1:]) if source.output_shape else ()
            return scenery.image_shape or (shape if len(shape) >= 2 else None)
        if ANATOMY[source.role].passes_units:
            return _image_shape(graph, source, scenery)
    return None
