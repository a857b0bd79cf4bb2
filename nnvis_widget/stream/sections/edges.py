"""The links of a snapshot as one view wants to see them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from nnvis_widget.core.graph import Layer
from nnvis_widget.core.limits import RASTER_LIMIT, STROKE_LIMIT
from nnvis_widget.core.snapshot import Snapshot, TensorKey
from nnvis_widget.reduce.bundles import signed_bundles
from nnvis_widget.reduce.kernel_groups import feeding_maps, kernel_groups, kernel_shape
from nnvis_widget.reduce.top_links import top_links
from nnvis_widget.stream.frame import Section
from nnvis_widget.stream.shown import Shown


def edge_sections(shown: Shown) -> Iterator[Section]:
    """The links of every dense layer; no more than the view wishes to see.

    Kernels of at most 4,000 links travel whole. A larger one travels as its bundles; as its `top_k` strongest links
    where `detail` is `top`; whole where `detail` is `all` and it has at most 100,000 links; not at all behind maps.
    What a snapshot does not hold (the strongest links of a kernel of millions, of a moment when nobody watched) is sent
    as bundles.
    """
    for layer in shown.layers:
        kernel = kernel_of(shown.snapshot, layer, "weight")
        is_fed_by_maps = layer.role == "dense" and feeding_maps(shown.graph, layer) is not None
        if is_fed_by_maps and (kernel is None or kernel.size > STROKE_LIMIT):
            continue  # `map_link_sections` has what is drawn of it
        if kernel is None:
            yield from _large(shown, layer)
        elif kernel.size <= STROKE_LIMIT:
            yield Section("weight", kernel, layer.id, "kernel")
            gradient = kernel_of(shown.snapshot, layer, "gradient") if shown.wish.edges == "gradient" else None
            if gradient is not None:
                yield Section("gradient", gradient, layer.id, "kernel")
        else:
            yield from _crowded(shown, layer, kernel)


def kernel_of(snapshot: Snapshot, layer: Layer, quantity: str) -> np.ndarray | None:
    """The kernel of a dense layer, or its gradient, where the snapshot has it whole."""
    if layer.role != "dense":
        return None
    kernel = snapshot.tensors.get(TensorKey(quantity, layer.id, "kernel"))
    return kernel if kernel is not None and kernel.ndim == 2 else None


def _crowded(shown: Shown, layer: Layer, kernel: np.ndarray) -> Iterator[Section]:
    snapshot, quantity, detail = shown.snapshot, shown.wish.edges, shown.wish.detail
    values = kernel_of(snapshot, layer, "gradient") if quantity == "gradient" else kernel
    factors = None
    if quantity == "signal":
        source = next(iter(shown.whole.sources_of(layer.id)), "")
        factors = shown.put_out("activation", source, shown.sample)
        if factors is None or factors.size != len(kernel):
            return
        factors = factors.reshape(-1)
    if values is None:
        return
    if detail == "all" and kernel.size <= RASTER_LIMIT:
        yield Section("gradient" if quantity == "gradient" else "weight", values, layer.id, "kernel")
    elif detail == "top":
        links = top_links(values, shown.wish.top_k, factors)
        index = np.stack([links.inputs, links.units], axis=1)
        yield from _top(links.values, index, layer, quantity, kernel.shape)
    else:
        groups = kernel_groups(shown.whole, layer, shown.scenery, kernel.shape)
        bundles = signed_bundles(values, groups, factors)
        yield Section("bundle", bundles, layer.id, quantity, _described(groups.kind, groups.size, kernel.shape))


def _large(shown: Shown, layer: Layer) -> Iterator[Section]:
    snapshot, quantity = shown.snapshot, shown.wish.edges
    shape = kernel_shape(layer)
    sample = shown.sample if quantity == "signal" else -1
    bundle = snapshot.tensors.get(TensorKey("bundle", layer.id, quantity, sample))
    if shape is None or bundle is None:
        return
    top = snapshot.tensors.get(TensorKey("top", layer.id, quantity, sample))
    if shown.wish.detail == "top" and top is not None:
        index = snapshot.tensors[TensorKey("top_index", layer.id, quantity, sample)]
        yield from _top(top[: shown.wish.top_k], index[: shown.wish.top_k], layer, quantity, shape)
    else:
        groups = kernel_groups(shown.whole, layer, shown.scenery, shape)
        yield Section("bundle", bundle, layer.id, quantity, _described(groups.kind, groups.size, shape))


def _top(
    values: np.ndarray, index: np.ndarray, layer: Layer, quantity: str, shape: tuple[int, ...]
) -> Iterator[Section]:
    attributes = {"input_count": shape[0], "unit_count": shape[1], "edge_count": shape[0] * shape[1]}
    yield Section("top", values, layer.id, quantity, attributes)
    yield Section("top_index", index, layer.id, quantity)


def _described(kind: str, size: int, shape: tuple[int, ...]) -> dict[str, Any]:
    return {"group_kind": kind, "group_size": size, "input_count": shape[0], "edge_count": shape[0] * shape[1]}
