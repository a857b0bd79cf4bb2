"""What layers with maps put out, as pictures of the size they are drawn at."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

import numpy as np

from nnvis_widget.core.graph import Layer
from nnvis_widget.core.limits import MOST_MAPS
from nnvis_widget.core.snapshot import TensorKey
from nnvis_widget.reduce.map_kernels import map_kernel
from nnvis_widget.reduce.map_pictures import map_moments, map_pictures, map_sizes, map_thumbs, picture_side
from nnvis_widget.stream.frame import Section
from nnvis_widget.stream.sections.map_links import map_link_sections
from nnvis_widget.stream.sections.of_maps import kernels_of, measured
from nnvis_widget.stream.sections.patch import patch_sections
from nnvis_widget.stream.sections.scores import scores
from nnvis_widget.stream.shown import Shown, folded_into, last_folded

COLOURS = (1, 3)
"""A kernel over so many inputs is one picture, grey or in colour."""


def map_sections(shown: Shown) -> Iterator[Section]:
    """At most sixteen maps a layer, else twelve of them, and the range of each; kernels that are one picture."""
    graph = shown.graph
    outputs = {layer.id: found for layer in shown.layers if (found := _output(shown, layer)) is not None}
    choices: dict[str, Choice] = {}
    for layer_id, output in outputs.items():
        choices[layer_id] = _chosen_maps(shown, layer_id, output, choices)
    drawn = {layer_id: choice.maps for layer_id, choice in choices.items()}
    side = picture_side([(*output.shape[:2], len(drawn[layer])) for layer, output in outputs.items()])
    for layer, output in outputs.items():
        yield Section("map_picture", map_pictures(output[:, :, drawn[layer]], side), layer)
        yield Section("map_moments", map_moments(output), layer)
        if len(drawn[layer]) < output.shape[2]:
            yield Section("map_index", drawn[layer].astype(np.int32), layer, "", {"by": choices[layer].by})
    whole = next((one for one in shown.layers if one.id == shown.wish.layer), None)
    drawn_by = "" if whole is None else last_folded(graph, whole).id
    if whole is not None and drawn_by in outputs:
        yield Section("map_thumb", map_thumbs(outputs[drawn_by]), whole.id)
    for one in shown.layers:
        yield from _kernel(shown, one, drawn.get(last_folded(graph, one).id))
    yield from map_link_sections(shown, outputs, drawn)
    yield from patch_sections(shown)


def _output(shown: Shown, layer: Layer) -> np.ndarray | None:
    """Rows, columns, maps; `None` of a layer without, of one that is folded into the column before, or unmeasured."""
    shape = layer.picture_shape
    if shape is None or (is_own(layer) and folded_into(shown.graph, layer) is not None):
        return None
    if layer.face is not None:
        view = shown.snapshot.tensors.get(TensorKey("view", layer.id, sample=shown.sample))
        return None if view is None else view.reshape(shape)
    return measured(shown, layer) if layer.attention is None else scores(shown, layer.id)


def is_own(layer: Layer) -> bool:
    """Whether its pictures are what it puts out."""
    return layer.attention is None and layer.face is None


class Choice(NamedTuple):
    """Which maps of a layer are drawn, and what they are the first by: `contribution`, `mean`, of heads `sharpness`."""

    maps: np.ndarray
    by: str


def _chosen_maps(shown: Shown, layer: str, output: np.ndarray, before: Mapping[str, Choice]) -> Choice:
    """Behind a layer whose maps it passes on one by one the same."""
    graph, count = shown.graph, output.shape[2]
    if count <= MOST_MAPS:
        return Choice(np.arange(count), "")
    source = next(iter(graph.sources_of(layer)), "")
    is_one_by_one = graph.layer(layer).role in ("pool", "norm", "elementwise", "depthwise")
    if is_one_by_one and source in before and graph.layer(source).units == count:
        return before[source]
    chosen, unit = shown.wish.selection or ("", -1)
    is_here = graph.has(chosen) and last_folded(graph, graph.layer(chosen)).id == layer
    own = unit if is_here and unit < count else None
    sizes, by = _sizes(shown, layer, output)
    return Choice(shown.drawn.choose_maps(layer, shown.sample, by, sizes, own), by)


def _sizes(shown: Shown, layer: str, output: np.ndarray) -> tuple[np.ndarray, str]:
    own = shown.graph.layer(layer)
    if own.face is not None:
        return map_sizes(output), "size"
    if own.attention is not None:  # each place's scores add up to 1 in every head
        return map_sizes(np.square(output)), "sharpness"
    given = shown.put_out("contribution", layer, shown.sample)
    if given is not None and given.size == output.shape[2] and np.isfinite(given).all():
        return np.abs(given), "contribution"
    return map_sizes(output), "mean"


def _kernel(shown: Shown, layer: Layer, drawn: np.ndarray | None) -> Iterator[Section]:
    sources = shown.graph.sources_of(layer.id)
    shape = shown.graph.layer(sources[0]).grid_shape if len(sources) == 1 else None
    count = 0 if shape is None or layer.mosaic is not None else shape[2]  # that of several slices is no one picture
    kernels = kernels_of(shown, layer)
    of_maps = [] if drawn is None or not count else [map_kernel(layer.role, kernels, unit, count) for unit in drawn]
    own = [found[0] for found in of_maps if found is not None and len(found[0]) in COLOURS]
    if own and len(own) == len(of_maps):
        yield Section("map_kernel", np.ascontiguousarray(np.moveaxis(np.stack(own), 1, -1), np.float32), layer.id)
