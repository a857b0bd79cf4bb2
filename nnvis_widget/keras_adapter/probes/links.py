"""What is kept of dense kernels with more than two million links, and the links of a chosen unit."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from nnvis_widget.core.limits import MOST_TOP_K
from nnvis_widget.core.snapshot import TensorKey
from nnvis_widget.core.want import Want, Wants, about, samples_of
from nnvis_widget.keras_adapter.forward import Forward
from nnvis_widget.keras_adapter.host_rows import HostRows
from nnvis_widget.keras_adapter.probes.probe import Tensors
from nnvis_widget.keras_adapter.taps import Tap
from nnvis_widget.reduce.bundles import Groups, Rows, signed_bundles
from nnvis_widget.reduce.kernel_groups import GRID, RAW_LIMIT, feeding_layers, kernel_groups, kernel_shape
from nnvis_widget.reduce.top_links import top_links


@dataclass(frozen=True)
class LargeKernel:
    """A dense kernel that is never copied whole.

    Attributes:
        source: Id of the layer that feeds it.
        groups: The groups of inputs that it is bundled in.
        kernel: The Keras variable.
    """

    source: str
    groups: Groups
    kernel: Any


class LinkProbe:
    """Reduces large kernels on the thread that measures, a block of rows at a time; `bundle`, `top`, a unit's links.

    A kernel is read where it lies: another thread would need a copy of it, because the next step changes it, and with
    100 million links that copy would be 400 MB. Two passes over 4,096 x 4,096 links (bundles and strongest links) take
    some 60 ms; like every measurement they count against the cadence's share of the time.
    """

    name = "links"

    def __init__(self) -> None:
        self._kernels: Mapping[str, LargeKernel] | None = None

    def answers(self, want: Want) -> bool:
        """Weights and signals, but for their moments."""
        return want.quantity in ("weight", "signal") and want.grain != "moments"

    def measure(self, wants: Wants, forward: Forward) -> Tensors:
        """Bundles of at most 64 x 64, the strongest links, and the links of chosen units.

        Returns:
            Of large kernels `bundle` float32 `(groups, bins)`; `top` float32 `(m,)`, m <= 1,000, with `top_index` int32
            `(m, 2)` of input and unit. Of those and of any that nobody wants whole `incoming` float32 `(inputs,)` and
            `outgoing` float32 `(units,)` of chosen units.
        """
        if self._kernels is None:
            self._kernels = large_kernels(forward)
        tensors: Tensors = {}
        units = [want for want in wants if want.unit is not None]
        of_weights = [want for want in wants if want.quantity == "weight" and want.unit is None]
        of_signals = [want for want in wants if want.quantity == "signal"]
        is_whole = about(of_weights)
        for layer, large in self._kernels.items():
            rows = forward.reader.rows(large.kernel)
            asked = [want for want in of_weights if want.is_of(layer)]
            if asked:
                has_top = any(want.grain == "top" for want in asked)
                tensors |= reduced(rows, large.groups, layer, "weight", has_top)
            signals = [want for want in of_signals if want.is_of(layer)]
            for sample in samples_of(signals):
                values = _source_values(forward, large, sample)
                if values is not None:
                    has_top = any(want.grain == "top" and want.sample == sample for want in signals)
                    tensors |= reduced(rows, large.groups, layer, "signal", has_top, sample, values)
        for target in forward.whole_graph.layers if units else ():
            if kernel_shape(target) is None or not (target.id in self._kernels or not is_whole(target.id)):
                continue
            feeders = feeding_layers(forward.whole_graph, target.id)
            if any(want.layer in (target.id, *feeders) for want in units):
                rows = forward.reader.rows(forward.operations[target.id].kernel)
                tensors |= links_of_units(rows, target.id, feeders, "weight", units)
        return tensors


def large_kernels(forward: Forward) -> dict[str, LargeKernel]:
    """By layer id the dense kernels with more than two million links."""
    graph, kernels = forward.whole_graph, {}
    for layer in graph.layers:
        shape = kernel_shape(layer)
        kernel = getattr(forward.operations.get(layer.id), "kernel", None)
        if shape is not None and kernel is not None and shape[0] * shape[1] > RAW_LIMIT:
            source = next(iter(graph.sources_of(layer.id)), "")
            kernels[layer.id] = LargeKernel(source, kernel_groups(graph, layer, forward.scenery, shape), kernel)
    return kernels


def reduced(
    rows: Rows,
    groups: Groups,
    layer: str,
    quantity: str,
    has_top: bool,
    sample: int = -1,
    inputs: np.ndarray | None = None,
) -> Tensors:
    """The bundles of a large kernel, of its gradient or of its signals, and its strongest links."""
    tensors = {TensorKey("bundle", layer, quantity, sample): signed_bundles(rows, groups, inputs, GRID)}
    if has_top:
        links = top_links(rows, MOST_TOP_K, inputs)
        tensors[TensorKey("top", layer, quantity, sample)] = links.values
        tensors[TensorKey("top_index", layer, quantity, sample)] = np.stack([links.inputs, links.units], axis=1)
    return tensors


def links_of_units(
    rows: HostRows | np.ndarray, target: str, feeders: tuple[str, ...], quantity: str, wants: Iterable[Want]
) -> Tensors:
    """The links of chosen units into a layer, and out of the layers that feed it."""
    tensors: Tensors = {}
    inputs, units = rows.shape
    for want in wants:
        if want.unit is None or want.layer is None:
            continue
        if want.layer == target and want.unit < units:
            tensors[TensorKey("incoming", target, f"{quantity} {want.unit}")] = np.array(rows[:, want.unit])
        elif want.layer in feeders and want.unit < inputs:
            tensors[TensorKey("outgoing", target, f"{quantity} {want.unit}")] = np.array(rows[want.unit])
    return tensors


def _source_values(forward: Forward, large: LargeKernel, sample: int) -> np.ndarray | None:
    """What flows into a large kernel for a sample, `(inputs,)`."""
    if not forward.scenery.sample_count:
        return None
    given = forward.told.get(TensorKey("activation", large.source, sample=sample))
    if given is None:
        given = forward.inputs([sample]).get(large.source)
    if given is None:
        outputs, tap = forward.units([sample]), Tap("activation", large.source)
        given = outputs.value(tap) if tap in outputs else None
    if given is None or given.size != large.kernel.shape[0]:
        return None
    return np.asarray(given, np.float32).reshape(-1)
