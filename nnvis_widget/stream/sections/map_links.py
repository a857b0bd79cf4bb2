"""The links between maps, and from maps to the units of a dense layer: a number a pair."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np

from nnvis_widget.core.graph import Layer
from nnvis_widget.core.snapshot import TensorKey
from nnvis_widget.reduce.kernel_groups import feeding_maps
from nnvis_widget.reduce.map_links import among_all, grouped_norms, grouped_sums
from nnvis_widget.stream.frame import Section
from nnvis_widget.stream.shown import Shown, last_folded


def map_link_sections(
    shown: Shown, outputs: Mapping[str, np.ndarray], drawn: Mapping[str, np.ndarray]
) -> Iterator[Section]:
    """What leads from each drawn map to each map or unit behind it; last what leads from and to all others together.

    Weights and gradients are norms over what belongs to a pair: a kernel, or a map's block of a dense kernel. Signals
    are the sums of w·a over that block; of a convolution, whose sum is another at each place, there are none.

    Args:
        shown: The snapshot.
        outputs: `(rows, columns, maps)` of each layer with maps, by its id.
        drawn: Which maps of these are drawn.
    """
    quantity = shown.wish.edges
    for layer in shown.layers:
        kernel = shown.snapshot.tensors.get(
            TensorKey("gradient" if quantity == "gradient" else "weight", layer.id, "kernel")
        )
        if kernel is None:
            continue
        sums = _of_dense(shown, layer, kernel, outputs, drawn) if layer.role == "dense" else None
        norms = _of_convolution(shown, layer, kernel, drawn) if layer.role == "conv" else None
        for values, measure in ((sums, "sum" if quantity == "signal" else "norm"), (norms, "norm")):
            if values is not None:
                yield Section("map_link", values, layer.id, quantity, {"measure": measure, "edge_count": kernel.size})


def _of_dense(
    shown: Shown,
    layer: Layer,
    kernel: np.ndarray,
    outputs: Mapping[str, np.ndarray],
    drawn: Mapping[str, np.ndarray],
) -> np.ndarray | None:
    source = feeding_maps(shown.graph, layer)
    if source is None or source.id not in outputs or kernel.ndim != 2:
        return None
    output = outputs[source.id]
    if output.size != len(kernel):
        return None
    blocks = kernel.reshape(-1, output.shape[2], kernel.shape[1])
    if shown.wish.edges == "signal":
        return grouped_sums(blocks * output.reshape(-1, output.shape[2], 1), drawn[source.id])
    return grouped_norms(blocks, drawn[source.id], None)


def _of_convolution(
    shown: Shown, layer: Layer, kernel: np.ndarray, drawn: Mapping[str, np.ndarray]
) -> np.ndarray | None:
    graph = shown.graph
    sources, own = graph.sources_of(layer.id), drawn.get(last_folded(graph, layer).id)
    if own is None or len(sources) != 1 or kernel.ndim != 4 or shown.wish.edges == "signal":
        return None
    blocks = kernel.reshape(-1, *kernel.shape[2:])
    if sources[0] in graph.inputs:
        return grouped_norms(blocks.reshape(-1, 1, blocks.shape[2]), np.arange(1), own)
    before, shape = drawn.get(sources[0]), graph.layer(sources[0]).map_shape
    if before is None or shape is None:
        return None
    return grouped_norms(among_all(blocks, shape[2]), before, own)
