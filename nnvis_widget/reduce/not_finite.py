"""What lies behind a number that is not finite, whatever a processor's activation makes of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from math import prod

import numpy as np

from nnvis_widget.core.graph import Layer, NetworkGraph

UNKNOWN = ("group", "opaque", "depthwise", "transposed")
VECTOR_ACTIVATIONS = ("softmax", "log_softmax", "sparsemax")

Broken = Mapping[str, Mapping[str, np.ndarray]]
"""By layer id and name the parameters that hold a number that is not finite."""


@dataclass
class Spread:
    """Which numbers of some samples cannot be finite.

    Attributes:
        outputs: By layer id, bool `(samples, elements)`.
        sums: The same of the pre-activations of dense layers.
    """

    outputs: dict[str, np.ndarray] = field(default_factory=dict)
    sums: dict[str, np.ndarray] = field(default_factory=dict)


def spread(
    graph: NetworkGraph,
    broken: Broken,
    inputs: Mapping[str, np.ndarray],
    measured: Mapping[tuple[str, str], np.ndarray] | None = None,
) -> Spread:
    """Follow NaN and infinity from where they come in through the layers, as arithmetic does: 0 times NaN is NaN.

    What was measured does not tell: for NaN the ReLU of a dense layer gives NaN on some processors and 0 on others,
    where oneDNN computes both in one kernel. A unit with a bad weight or bias is bad; so is all that a dense layer, a
    normalisation or an elementwise function makes of it. Convolutions, poolings and recurrent layers hand on a channel
    that is bad everywhere; of one that is bad in places they are believed. So is a layer that is not known (it may
    mask, it may choose), unless a weight of its own is NaN, or infinite and trained.

    Args:
        graph: The network.
        broken: The parameters to begin at.
        inputs: By input id, bool `(samples, elements)`: where to begin too.
        measured: `("activation" | "z", layer id)` → `(samples, elements)`, where known: an overflow spreads as well.

    Returns:
        All that is bad. Cost: a few passes over the outputs, as bytes.
    """
    known, rows = measured or {}, max((len(mask) for mask in inputs.values()), default=1)
    found = Spread()
    for layer in _sources_first(graph):
        value, z = known.get(("activation", layer.id)), known.get(("z", layer.id))
        size = (_size(layer) or layer.units or 1) if value is None else value.shape[1]
        bad = inputs.get(layer.id)
        if bad is None:
            # Of a shared layer that feeds itself, what comes from itself is as bad as what comes from elsewhere.
            before = [source for source in graph.sources_of(layer.id) if source in found.outputs]
            sources = [(graph.layer(source), found.outputs[source]) for source in before]
            bad = _outputs(layer, sources, broken.get(layer.id, {}), rows, size)
        if layer.role == "dense":
            bad = bad if z is None else bad | np.isnan(z)
            found.sums[layer.id] = bad
        if layer.activation in VECTOR_ACTIVATIONS:
            bad = _repeated(_any_along(bad, layer.units), bad.shape[1])
        found.outputs[layer.id] = bad if value is None else bad | ~np.isfinite(value)
    return found


def layers_behind(graph: NetworkGraph, bad: set[str]) -> set[str]:
    """The layers whose gradients come through one of these, themselves included; a layer that is not known may stop."""
    found, new = set(bad), set(bad)
    while new:
        passing = [layer for layer in new if not _is_unknown(graph.layer(layer))]
        new = {source for layer in passing for source in graph.sources_of(layer)} - found
        found |= new
    return found


def _sources_first(graph: NetworkGraph) -> Iterator[Layer]:
    """Each layer after those that feed it; of a ring of them, which shared layers make, the first comes first."""
    done: set[str] = set()
    waiting = list(graph.layers)
    while waiting:
        left = []
        for layer in waiting:
            if done.issuperset(graph.sources_of(layer.id)):
                done.add(layer.id)
                yield layer
            else:
                left.append(layer)
        if len(left) == len(waiting):
            done.add(left[0].id)
            yield left.pop(0)
        waiting = left


Source = tuple[Layer, np.ndarray]


def _is_unknown(layer: Layer) -> bool:
    return layer.role in UNKNOWN or layer.channels == "first"


def _outputs(layer: Layer, sources: list[Source], broken: Mapping[str, np.ndarray], rows: int, size: int) -> np.ndarray:
    own = _own(layer, broken, size)
    if _is_unknown(layer) or not sources:
        return np.broadcast_to(own, (rows, size))
    masks = [mask for _, mask in sources]
    handed = np.logical_and.reduce([mask.all(axis=1, keepdims=True) for mask in masks])
    if layer.role == "dense" and len(masks) == 1:
        handed = _repeated(_any_along(masks[0], sources[0][0].units), size)
    elif layer.role in ("conv", "pool") and len(masks) == 1:
        handed = _channels(layer, sources[0], size) | handed
    elif layer.role == "merge" and size == sum(mask.shape[1] for mask in masks):
        handed = _joined(layer, sources, size) | handed
    elif layer.role in ("elementwise", "norm", "merge", "reshape") and all(mask.shape[1] == size for mask in masks):
        handed = np.logical_or.reduce(masks)
        if layer.role == "norm" and not any(parameter.kind.endswith("variance") for parameter in layer.parameters):
            handed = _repeated(_any_along(handed, layer.units), size)  # it measures its own variance
    return np.broadcast_to(own | handed, (rows, size))


def _own(layer: Layer, broken: Mapping[str, np.ndarray], size: int) -> np.ndarray:
    """bool `(size,)`: what is bad for its own parameters."""
    bad = np.zeros(size, bool)
    trained = {parameter.name for parameter in layer.parameters if parameter.is_trainable}
    for name, values in broken.items():
        if _is_unknown(layer):
            bad |= name in trained or np.isnan(values).any()
        elif layer.role == "embedding":
            bad |= not np.isfinite(values).any()
        else:
            bad |= _units(layer, ~np.isfinite(values), size)
    return bad


def _units(layer: Layer, mask: np.ndarray, size: int) -> np.ndarray:
    """What a parameter makes bad: the units that its last axis counts, where it does; else all."""
    units = layer.units or 1
    if layer.role in ("elementwise", "norm") and mask.size == size:
        return np.asarray(mask.reshape(-1))
    is_by_unit = layer.role in ("dense", "conv", "norm", "elementwise") and size % units == 0
    if is_by_unit and units in (
        mask.shape[-1],
        int(np.prod(mask.shape[-2:])),
    ):  # a depthwise kernel ends with (in, out)
        return np.tile(mask.reshape(-1, units).any(axis=0), size // units)
    return np.full(size, mask.any())


def _channels(layer: Layer, source: Source, size: int) -> np.ndarray:
    """What channels that are bad everywhere make bad: a convolution mixes all of them, a pooling none."""
    channels, mask = source[0].units or 0, source[1]
    none = np.zeros((len(mask), 1), bool)
    if not channels or mask.shape[1] % channels or (size % channels and layer.role == "pool"):
        return none
    whole = np.asarray(mask.reshape(len(mask), -1, channels).all(axis=1))
    if layer.role == "pool":
        return np.tile(whole, size // channels)
    is_mixing = any(p.kind == "kernel" and p.shape[-2:] == (channels, layer.units) for p in layer.parameters)
    return np.asarray(whole.any(axis=1, keepdims=True)) if is_mixing else none


def _joined(layer: Layer, sources: list[Source], size: int) -> np.ndarray:
    """The masks side by side along the last axis, where it is that along which the layer joins."""
    rows = len(sources[0][1])
    widths = [source.units or 0 for source, _ in sources]
    if sum(widths) != layer.units or not all(widths):
        return np.zeros((rows, 1), bool)
    parts = [mask.reshape(rows, -1, width) for width, (_, mask) in zip(widths, sources, strict=True)]
    return np.concatenate(parts, axis=2).reshape(rows, size)


def _any_along(mask: np.ndarray, units: int | None) -> np.ndarray:
    """bool `(samples, places)`: whether any element of the last axis is bad; of an unknown axis, whether all are."""
    if not units or mask.shape[1] % units:
        return np.asarray(mask.all(axis=1, keepdims=True))
    return np.asarray(mask.reshape(len(mask), -1, units).any(axis=2))


def _repeated(places: np.ndarray, size: int) -> np.ndarray:
    """What holds for a place, for each of its elements."""
    if size % places.shape[1]:
        return np.broadcast_to(places.all(axis=1, keepdims=True), (len(places), size))
    return np.repeat(places, size // places.shape[1], axis=1)


def _size(layer: Layer) -> int:
    return prod(size or 0 for size in layer.output_shape[0][1:]) if layer.output_shape else 0
