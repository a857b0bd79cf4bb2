"""The links between maps, and from maps to the units of a dense layer: a number a pair."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np

from nnvis_widget.core.graph import Layer
from nnvis_widget.reduce.kernel_groups import feeding_maps
from nnvis_widget.reduce.map_kernels import Kernels, squares
from nnvis_widget.reduce.map_links import pair_norms, pair_sums
from nnvis_widget.stream.frame import Section
from nnvis_widget.stream.sections.of_maps import as_pictures, kernels_of
from nnvis_widget.stream.shown import Shown, last_folded


def map_link_sections(
    shown: Shown, outputs: Mapping[str, np.ndarray], drawn: Mapping[str, np.ndarray]
) -> Iterator[Section]:
    """What leads from each drawn map to each map or unit behind it; last what leads from and to all others together.

    Weights and gradients are norms over what belongs to a pair: a kernel (of a separable convolution the product of its
    two, whose gradient nobody has), or a map's block of a dense kernel. Signals are the sums of w·a over that block; of
    a convolution, whose sum is another at each place, there are none.

    Args:
        shown: The snapshot.
        outputs: `(rows, columns, maps)` of each layer with maps, by its id.
        drawn: Which maps of these are drawn.
    """
    quantity = shown.wish.edges
    for layer in shown.layers:
        kernels = kernels_of(shown, layer, "gradient" if quantity == "gradient" else "weight")
        if not kernels:
            continue
        sums = _of_dense(shown, layer, kernels, outputs, drawn) if layer.role == "dense" else None
        norms = _of_convolution(shown, layer, kernels, drawn)
        for values, measure in ((sums, "sum" if quantity == "signal" else "norm"), (norms, "norm")):
            if values is not None:
                count = sum(kernel.size for kernel in kernels.values())
                told = {"is_product": True} if "pointwise_kernel" in kernels else {}
                yield Section("map_link", values, layer.id, quantity, {"measure": measure, "edge_count": count} | told)


def _of_dense(
    shown: Shown,
    layer: Layer,
    kernels: Kernels,
    outputs: Mapping[str, np.ndarray],
    drawn: Mapping[str, np.ndarray],
) -> np.ndarray | None:
    source, kernel = feeding_maps(shown.graph, layer), kernels.get("kernel")
    if source is None or source.id not in outputs or kernel is None or kernel.ndim != 2:
        return None
    output = outputs[source.id]
    if output.size != len(kernel):
        return None
    flat = as_pictures(np.arange(len(kernel)), source).reshape(-1, output.shape[2])
    blocks = kernel[flat]
    if shown.wish.edges == "signal":
        return pair_sums(blocks * output.reshape(-1, output.shape[2], 1), drawn[source.id])
    with np.errstate(over="ignore", invalid="ignore"):
        of_pairs = np.square(blocks, dtype=np.float64).sum(axis=0)
    return pair_norms(of_pairs, len(of_pairs), drawn[source.id], np.arange(kernel.shape[1]))


def _of_convolution(shown: Shown, layer: Layer, kernels: Kernels, drawn: Mapping[str, np.ndarray]) -> np.ndarray | None:
    graph = shown.graph
    sources, own = graph.sources_of(layer.id), drawn.get(last_folded(graph, layer).id)
    is_unknown = shown.wish.edges == "signal" or (shown.wish.edges == "gradient" and "kernel" not in kernels)
    of_pairs = None if own is None or len(sources) != 1 or is_unknown else squares(layer.role, kernels)
    if of_pairs is None or own is None or len(own) > of_pairs.shape[1]:
        return None
    if sources[0] in graph.inputs:
        return pair_norms(of_pairs.sum(axis=0, keepdims=True), 1, np.arange(1), own)
    before, shape = drawn.get(sources[0]), graph.layer(sources[0]).map_shape
    if before is None or shape is None or shape[2] % len(of_pairs):
        return None
    return pair_norms(of_pairs, shape[2], before, own)
