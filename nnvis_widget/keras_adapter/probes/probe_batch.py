"""The batch that losses and their gradients are of, and its loss."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import keras

from nnvis_widget.keras_adapter.forward import Forward
from nnvis_widget.keras_adapter.past_weights import past_weights

PROBE_BATCH = 128


def probe_batch(forward: Forward, most: int = PROBE_BATCH) -> list[Any] | None:
    """Inputs, targets and, where samples count differently, weights of the first samples.

    As many as the model insists on, where it does; `None` of a model without targets, or that is not compiled.
    """
    scenery = forward.scenery
    if scenery.targets is None or getattr(forward.model, "optimizer", None) is None:
        return None
    count = forward.batch_size or most
    batch = [*(array[:count] for array in scenery.inputs), scenery.targets[:count]]
    return batch if scenery.sample_weights is None else [*batch, scenery.sample_weights[:count]]


def batch_loss(forward: Forward) -> Callable[[Sequence[Any]], Any]:
    """The model's own compiled loss as a function of such a batch, in inference mode, within a `loss_scope`."""
    model, whole, count = forward.model, forward.whole(), len(forward.scenery.inputs)

    def loss(batch: Sequence[Any]) -> Any:
        x, targets, weights = forward.pack(batch[:count]), batch[count], (*batch[count + 1 :], None)[0]
        return model.compute_loss(x, targets, whole(x), weights, training=False)

    return loss


def loss_scope(model: Any) -> Any:
    """A scope with the weights of now, or of the kept step that is looked at.

    It collects losses: Keras asks it for what regularisers and activity regularisers add.
    """
    own = past_weights() or [(variable, variable.value) for variable in model.trainable_variables]
    return keras.StatelessScope(own, collect_losses=True)
