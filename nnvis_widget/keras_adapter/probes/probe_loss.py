"""The loss before a training has told one."""

from __future__ import annotations

import logging
from typing import Any

import numpy as np

from nnvis_widget.core.snapshot import TensorKey
from nnvis_widget.core.want import Want, Wants
from nnvis_widget.keras_adapter.forward import Forward
from nnvis_widget.keras_adapter.probes.predictions import MOST_PRODUCTS, products
from nnvis_widget.keras_adapter.probes.probe import Tensors
from nnvis_widget.keras_adapter.probes.probe_batch import PROBE_BATCH, batch_loss, loss_scope, probe_batch
from nnvis_widget.keras_adapter.stateless import stateless
from nnvis_widget.keras_adapter.to_numpy import to_numpy

log = logging.getLogger("nnvis_widget")


class LossProbe:
    """`probe_loss`: the model's own compiled loss on the probe batch, in inference mode.

    Where 128 samples would take more than 10**9 products of a weight and an input (some 30 ms to 100 ms) it is left
    out, and of a model that cannot tell it: a number of fewer samples says little.
    """

    name = "loss of the probe batch"

    def __init__(self) -> None:
        self._loss: Any = None
        self._has_none = False

    def answers(self, want: Want) -> bool:
        """`probe_loss`."""
        return want.quantity == "probe_loss"

    def measure(self, wants: Wants, forward: Forward) -> Tensors:
        """`probe_loss`: float64 `(1,)`."""
        batch = None if self._has_none else probe_batch(forward)
        if batch is None or products(forward.graph) * PROBE_BATCH > MOST_PRODUCTS:
            return {}
        if self._loss is None:
            self._loss = _compiled(forward)
        try:
            loss = float(to_numpy(self._loss(batch)))
        except Exception:  # whether it can be told is for the training to say
            log.debug("no loss of the probe batch", exc_info=True)
            self._has_none = True
            return {}
        return {TensorKey("probe_loss", forward.graph.outputs[0]): np.array([loss])}


def _compiled(forward: Forward) -> Any:
    model, loss = forward.model, batch_loss(forward)

    def told(batch: list[Any]) -> Any:
        with loss_scope(model):
            return loss(batch)

    return stateless(told, model)
