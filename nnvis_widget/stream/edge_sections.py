"""The links of a snapshot as one view wants to see them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from nnvis_widget.core.graph import Layer, NetworkGraph
from nnvis_widget.core.scenery import Scenery
from nnvis_widget.core.snapshot import Snapshot, TensorKey
from nnvis_widget.reduce.bundles import signed_bundles
from nnvis_widget.reduce.kernel_groups import RASTER_LIMIT, STROKE_LIMIT, kernel_groups, kernel_shape
from nnvis_widget.reduce.top_links import top_links
from nnvis_widget.stream.frame import Section


def edge_sections(
    snapshot: Snapshot,
    graph: NetworkGraph,
    scenery: Scenery,
    quantity: str,
    sample: int,
    detail: str = "bundles",
    top_k: int = 200,
) -> Iterator[Section]:
    """The links of every dense layer; no more than is asked for.

    Kernels of at most 4,000 links travel whole. A larger one travels as its bundles; as its `top_k` strongest links
    where `detail` is `top`; whole where `detail` is `all` and it has at most 100,000 links. What a snapshot does not
    hold (the strongest links of a kernel of millions, of a moment when nobody watched them) is sent as bundles.

    Args:
        snapshot: What was measured.
        graph: The network.
        scenery: Knows which inputs are a picture.
        quantity: `weight`, `signal` or `gradient`.
        sample: Index of the sample whose signals are shown.
        detail: `bundles`, `top` or `all`.
        top_k: How many links are the strongest.
    """
    for layer in graph.layers:
        kernel = kernel_of(snapshot, layer, "weight")
        if kernel is None:
            yield from _large(snapshot, graph, scenery, layer, quantity, sample, detail, top_k)
        elif kernel.size <= STROKE_LIMIT:
            yield Section("weight", kernel, layer.id, "kernel")
            gradient = kernel_of(snapshot, layer, "gradient") if quantity == "gradient" else None
            if gradient is not None:
                yield Section("gradient", gradient, layer.id, "kernel")
        else:
            yield from _crowded(snapshot, graph, scenery, layer, kernel, quantity, sample, detail, top_k)


def kernel_of(snapshot: Snapshot, layer: Layer, quantity: str) -> np.ndarray | None:
    """The kernel of a dense layer, or its gradient, where the snapshot has it whole."""
    if layer.type != "Dense":
        return None
    kernel = snapshot.tensors.get(TensorKey(quantity, layer.id, "kernel"))
    return kernel if kernel is not None and kernel.ndim == 2 else None


def _crowded(
    snapshot: Snapshot,
    graph: NetworkGraph,
    scenery: Scenery,
    layer: Layer,
    kernel: np.ndarray,
    quantity: str,
    sample: int,
    detail: str,
    top_k: int,
) -> Iterator[Section]:
    shown = kernel_of(snapshot, layer, "gradient") if quantity == "gradient" else kernel
    factors = None
    if quantity == "signal":
        source = next(iter(graph.sources_of(layer.id)), "")
        factors = snapshot.tensors.get(TensorKey("activation", source, sample=sample))
        if factors is None or factors.size != len(kernel):
            return
        factors = factors.reshape(-1)
    if shown is None:
        return
    if detail == "all" and kernel.size <= RASTER_LIMIT:
        yield Section("gradient" if quantity == "gradient" else "weight", shown, layer.id, "kernel")
    elif detail == "top":
        links = top_links(shown, top_k, factors)
        index = np.stack([links.inputs, links.units], axis=1)
        yield from _top(links.values, index, layer, quantity, kernel.shape)
    else:
        groups = kernel_groups(graph, layer, scenery, kernel.shape)
        bundles = signed_bundles(shown, groups, factors)
        yield Section("bundle", bundles, layer.id, quantity, _described(groups.kind, groups.size, kernel.shape))


def _large(
    snapshot: Snapshot,
    graph: NetworkGraph,
    scenery: Scenery,
    layer: Layer,
    quantity: str,
    sample: int,
    detail: str,
    top_k: int,
) -> Iterator[Section]:
    shape = kernel_shape(layer)
    sample = sample if quantity == "signal" else -1
    bundle = snapshot.tensors.get(TensorKey("bundle", layer.id, quantity, sample))
    if shape is None or bundle is None:
        return
    top = snapshot.tensors.get(TensorKey("top", layer.id, quantity, sample))
    if detail == "top" and top is not None:
        index = snapshot.tensors[TensorKey("top_index", layer.id, quantity, sample)]
        yield from _top(top[:top_k], index[:top_k], layer, quantity, shape)
    else:
        groups = kernel_groups(graph, layer, scenery, shape)
        yield Section("bundle", bundle, layer.id, quantity, _described(groups.kind, groups.size, shape))


def _top(
    values: np.ndarray, index: np.ndarray, layer: Layer, quantity: str, shape: tuple[int, ...]
) -> Iterator[Section]:
    attributes = {"input_count": shape[0], "unit_count": shape[1], "edge_count": shape[0] * shape[1]}
    yield Section("top", values, layer.id, quantity, attributes)
    yield Section("top_index", index, layer.id, quantity)


def _described(kind: str, size: int, shape: tuple[int, ...]) -> dict[str, Any]:
    return {"group_kind": kind, "group_size": size, "input_count": shape[0], "edge_count": shape[0] * shape[1]}
