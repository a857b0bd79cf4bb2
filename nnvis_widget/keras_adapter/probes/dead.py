"""How many units of a layer put out 0 whatever they are given."""

from __future__ import annotations

from typing import Any

import keras
import numpy as np

from nnvis_widget.core.snapshot import TensorKey
from nnvis_widget.core.want import Want, Wants, about
from nnvis_widget.keras_adapter.forward import Forward
from nnvis_widget.keras_adapter.probes.predictions import products
from nnvis_widget.keras_adapter.probes.probe import Tensors
from nnvis_widget.keras_adapter.taps import Tap

MOST_SAMPLES = 64
MOST_PRODUCTS = 4 * 10**10
AT_A_TIME = 2**24
CAN_BE_OFF = frozenset({"relu", "relu6"})


class DeadProbe:
    """`dead` of layers with a ReLU: the units, or whole maps, that are 0 for all of the first samples.

    At most 64 samples; fewer where those would take more than 4 * 10**10 products of a weight and an input (ten of
    224 x 224 pixels through ResNet50).
    """

    name = "dead units"

    def answers(self, want: Want) -> bool:
        """`dead`."""
        return want.quantity == "dead"

    def measure(self, wants: Wants, forward: Forward) -> Tensors:
        """Float32 `(3,)` a layer: dead units, all units, samples. What was put out is reduced where it is computed."""
        is_wanted, graph = about(wants), forward.whole_graph
        layers = [
            one.id for one in graph.layers if one.activation in CAN_BE_OFF and forward.has(one.id) and is_wanted(one.id)
        ]
        most = MOST_PRODUCTS // max(1, products(graph))
        count = min(MOST_SAMPLES, forward.scenery.sample_count, max(1, most))
        if not layers or not count:
            return {}
        elements = sum(layer.element_count for layer in graph.layers)
        taps = [Tap("activation", layer) for layer in layers]
        size = max(1, AT_A_TIME // max(1, elements))
        outputs = forward.run(taps, forward.scenery.batch(range(count)), size, of_each=_lives)
        tensors: Tensors = {}
        for tap in taps:
            if outputs is not None and tap in outputs:
                lives = outputs.value(tap).any(axis=0)
                tensors[TensorKey("dead", tap.layer)] = np.array([(~lives).sum(), lives.size, count], np.float32)
        return tensors


def _lives(values: Any) -> Any:
    """Of each sample and unit, a map counting as one, whether it is anywhere not 0: `(samples, units)`."""
    between = tuple(range(1, len(values.shape) - 1))
    is_there = keras.ops.not_equal(values, keras.ops.cast(0, values.dtype))
    return keras.ops.any(is_there, axis=between) if between else is_there
