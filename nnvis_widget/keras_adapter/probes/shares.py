"""What each input gives to the prediction, over the probe batch."""

from __future__ import annotations

import logging
from collections.abc import Mapping

import numpy as np

from nnvis_widget.core.snapshot import TensorKey
from nnvis_widget.core.want import Want, Wants
from nnvis_widget.keras_adapter.forward import Forward
from nnvis_widget.keras_adapter.input_shares import Parts, by_ablation, is_askable, lanes_of, slope_parts
from nnvis_widget.keras_adapter.probes.predictions import products
from nnvis_widget.keras_adapter.probes.probe import Tensors
from nnvis_widget.keras_adapter.to_numpy import to_numpy
from nnvis_widget.reduce.shown_output import shows_one_output

MOST_SAMPLES, LEAST_SAMPLES = 128, 16
MOST_PRODUCTS = 10**9

log = logging.getLogger("nnvis_widget")


class ShareProbe:
    """`input_share` of the inputs of a model that has several: how far the shown output moves, on the mean of samples.

    The first 128 samples, fewer (16 at least) where a pass would take more than 10**9 products of a weight and an
    input. `ablation`: without the input; `gradient`: |Σ slope · input|, where a slope can be had, which else is no
    fault. One pass for each input, up to four of one whose numbers have no mean, and one back.
    """

    name = "share of each input"

    def __init__(self) -> None:
        self._parts: Parts | None = None
        self._has_none = False

    def answers(self, want: Want) -> bool:
        """`input_share`."""
        return want.quantity == "input_share"

    def measure(self, wants: Wants, forward: Forward) -> Tensors:
        """Float64 `(1,)` of each input and way."""
        graph, scenery = forward.graph, forward.scenery
        several = len(graph.inputs) > 1 and len(scenery.inputs) == len(graph.inputs)
        if not several or not shows_one_output(graph, scenery.task):
            return {}
        most = max(LEAST_SAMPLES, min(MOST_SAMPLES, MOST_PRODUCTS // max(1, products(graph))))
        lanes = lanes_of(forward, range(min(most, scenery.sample_count)))
        found = {"ablation": by_ablation(forward, lanes), "gradient": self._by_slope(forward, lanes)}
        return {
            TensorKey("input_share", layer, way): np.array([size], np.float64)
            for way, sizes in found.items()
            for layer, size in sizes.items()
        }

    def _by_slope(self, forward: Forward, lanes: list[np.ndarray]) -> Mapping[str, float]:
        if self._has_none or forward.batch_size or not is_askable(lanes):
            return {}
        try:
            if self._parts is None:
                self._parts = slope_parts(forward, _embeddings(forward))
                self._has_none = self._parts is None
            parts = {} if self._parts is None else self._parts(lanes)
            return {layer: float(np.abs(to_numpy(one)).mean()) for layer, one in parts.items()}
        except Exception:
            log.debug("no slope along the inputs", exc_info=True)
            self._has_none = True
            return {}


def _embeddings(forward: Forward) -> dict[str, list[str]]:
    """The layers that look up the tokens of an input."""
    graph = forward.whole_graph
    found = {
        layer: [one for one in graph.targets_of(layer) if graph.layer(one).role == "embedding" and forward.has(one)]
        for layer in forward.graph.inputs
    }
    return {layer: own for layer, own in found.items() if own}
