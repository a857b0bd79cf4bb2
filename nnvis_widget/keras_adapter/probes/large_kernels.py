"""What is kept of dense kernels with more than two million links."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import keras
import numpy as np

from nnvis_widget.control.watch_list import WatchList
from nnvis_widget.core.graph import NetworkGraph
from nnvis_widget.core.limits import MOST_TOP_K
from nnvis_widget.core.scenery import Scenery
from nnvis_widget.core.snapshot import TensorKey
from nnvis_widget.reduce.bundles import Groups, Rows, signed_bundles
from nnvis_widget.reduce.kernel_groups import GRID, RAW_LIMIT, feeding_layers, kernel_groups, kernel_shape
from nnvis_widget.reduce.top_links import top_links

Tensors = dict[TensorKey, np.ndarray]


@dataclass(frozen=True)
class _Large:
    source: str
    feeders: tuple[str, ...]
    groups: Groups
    kernel: Any


class LargeKernels:
    """Reduces kernels on the thread that measures, a block of rows at a time.

    A kernel is read where it lies: another thread would need a copy of it, because the next step changes it, and with
    100 million links that copy would be 400 MB. Two passes over 4,096 x 4,096 links (bundles and strongest links) take
    some 60 ms; like every measurement they count against the cadence's share of the time.

    Args:
        graph: The graph of the model.
        operations: The Keras layers by id.
        scenery: Knows which inputs are a picture.
    """

    def __init__(self, graph: NetworkGraph, operations: Mapping[str, Any], scenery: Scenery) -> None:
        self._kernels: dict[str, _Large] = {}
        for layer in graph.layers:
            shape = kernel_shape(layer)
            kernel = getattr(operations.get(layer.id), "kernel", None)
            if shape is None or kernel is None or shape[0] * shape[1] <= RAW_LIMIT:
                continue
            groups = kernel_groups(graph, layer, scenery, shape)
            source = next(iter(graph.sources_of(layer.id)), "")
            self._kernels[layer.id] = _Large(source, feeding_layers(graph, layer.id), groups, kernel)

    def measure(self, watches: WatchList, measured: Mapping[TensorKey, np.ndarray]) -> Tensors:
        """Bundles of at most 64 x 64, and what views ask for: signals, strongest links, the selected units' links.

        Args:
            watches: What views show.
            measured: The activations of the watched samples, for the signals.

        Returns:
            `bundle` float32 `(groups, bins)`; `top` float32 `(m,)`, m <= 1,000, with `top_index` int32 `(m, 2)` of
            input and unit; `incoming` float32 `(inputs,)`; `outgoing` float32 `(units,)`.
        """
        tensors: Tensors = {}
        for layer, large in self._kernels.items():
            rows = _HostRows(large.kernel)
            tensors |= _reduced(rows, large.groups, layer, "weight", watches.top_links)
            if watches.signals:
                for sample, inputs in _inputs_of(large, measured):
                    tensors |= _reduced(rows, large.groups, layer, "signal", watches.top_links, sample, inputs)
            tensors |= _links_of_units(rows, layer, large.feeders, "weight", watches)
        return tensors

    def reduce_gradients(self, gradients: Tensors, watches: WatchList) -> Tensors:
        """The gradients with those of large kernels reduced as the kernels are."""
        tensors = dict(gradients)
        for layer, large in self._kernels.items():
            gradient = tensors.pop(TensorKey("gradient", layer, "kernel"), None)
            if gradient is None:
                continue
            tensors |= _reduced(gradient, large.groups, layer, "gradient", watches.top_links)
            tensors |= _links_of_units(gradient, layer, (), "gradient", watches)
        return tensors


class _HostRows:
    """A Keras variable as rows, only during a measurement: read where they lie, or from a device copied when asked for.

    Copies of 4,096 x 4,096 links took 150 ms row by row, their sums take 20.
    """

    def __init__(self, variable: Any) -> None:
        # the tensor itself, on TensorFlow too, where a conversion gives back the variable
        self._tensor = keras.ops.stop_gradient(variable)
        self.shape: tuple[int, ...] = tuple(int(size) for size in variable.shape)
        try:
            self._rows: np.ndarray | None = np.from_dlpack(self._tensor)
        except (AttributeError, BufferError, RuntimeError, TypeError, ValueError):
            self._rows = None  # not in the host's memory, or of a type that numpy has not

    def __getitem__(self, rows: Any) -> np.ndarray:
        if self._rows is not None:
            return np.asarray(self._rows[rows], np.float32)
        return np.asarray(keras.ops.convert_to_numpy(self._tensor[rows]), np.float32)


def _reduced(
    rows: Rows,
    groups: Groups,
    layer: str,
    quantity: str,
    has_top: bool,
    sample: int = -1,
    inputs: np.ndarray | None = None,
) -> Tensors:
    tensors = {TensorKey("bundle", layer, quantity, sample): signed_bundles(rows, groups, inputs, GRID)}
    if has_top:
        links = top_links(rows, MOST_TOP_K, inputs)
        tensors[TensorKey("top", layer, quantity, sample)] = links.values
        tensors[TensorKey("top_index", layer, quantity, sample)] = np.stack([links.inputs, links.units], axis=1)
    return tensors


def _inputs_of(large: _Large, measured: Mapping[TensorKey, np.ndarray]) -> Iterator[tuple[int, np.ndarray]]:
    for key, values in measured.items():
        is_source = key.quantity == "activation" and key.layer == large.source
        if is_source and values.size == large.kernel.shape[0]:
            yield key.sample, values.reshape(-1)


def _links_of_units(
    rows: _HostRows | np.ndarray, target: str, feeders: tuple[str, ...], quantity: str, watches: WatchList
) -> Tensors:
    tensors: Tensors = {}
    inputs, units = rows.shape
    for layer, unit in watches.selections:
        if layer == target and unit < units:
            tensors[TensorKey("incoming", layer, f"{quantity} {unit}")] = np.array(rows[:, unit])
        elif layer in feeders and unit < inputs:
            tensors[TensorKey("outgoing", target, f"{quantity} {unit}")] = np.array(rows[unit])
    return tensors
