"""The batch of a sample, and the pass of the model with it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import keras
import numpy as np

from nnvis_widget.core.scenery import Scenery
from nnvis_widget.core.words.phrase import phrase
from nnvis_widget.errors import DataError, ModelError
from nnvis_widget.keras_adapter.forward import Forward, ready
from nnvis_widget.keras_adapter.one_batch.call_record import Call
from nnvis_widget.keras_adapter.one_batch.edges import slope_of
from nnvis_widget.keras_adapter.one_batch.facts_of_layer import first_of
from nnvis_widget.keras_adapter.one_batch.facts_of_loss import KnownLoss
from nnvis_widget.keras_adapter.one_batch.slopes import Loss, Pass, on_host, run


@dataclass
class BatchPass:
    """One batch, gone through.

    Attributes:
        model: The model.
        passed: What the pass gave.
        rows: The samples of the batch.
        row: The chosen one's place in it.
        is_training: Whether the layers did what they do in a step.
        targets: Of the batch; `None` where no loss was told.
        weights: By how much each sample counts; `None` where all count alike.
        loss: The loss, where it is one of Keras' own on one output.
        lacking: Why no loss was told; `None` where it was.
    """

    model: Any
    passed: Pass
    rows: tuple[int, ...]
    row: int
    is_training: bool
    targets: np.ndarray | None
    weights: np.ndarray | None
    loss: KnownLoss | None
    lacking: str | None

    @property
    def how(self) -> str:
        """Whether the loss of the batch is the mean or the sum of its samples'."""
        return self.loss.how if self.loss is not None else "mean"

    @property
    def scale(self) -> float:
        """By how much δ of a sample is larger than its share in the loss of the batch."""
        return float(len(self.rows)) if self.how == "mean" else 1.0

    def slope(self, tensor: Any) -> np.ndarray | None:
        """∂L/∂ of a tensor for the chosen sample; `None` where the loss does not depend on it."""
        return slope_of(self.passed, tensor, self.row, self.scale)

    @property
    def put_out(self) -> Any:
        """The tensor that the model put out, the first of several."""
        return first_of([call for call in self.passed.calls if call.around is None][-1].put_out)

    @property
    def last(self) -> Call:
        """The innermost call that put it out."""
        tensor = self.put_out
        return [call for call in self.passed.calls if first_of(call.put_out) is tensor][-1]

    @property
    def logits(self) -> np.ndarray | None:
        """z behind the model's sigmoid or softmax, where Keras takes its loss from that; of the chosen sample."""
        last = self.last
        z = last.z if last.z is not None else last.tensors[0]
        if self.targets is None or id(self.put_out) in self.passed.slopes or id(z) not in self.passed.slopes:
            return None
        return on_host(z)[self.row] if tuple(z.shape) == tuple(self.put_out.shape) else None


def pass_batch(forward: Forward, sample: int, batch_size: int, training: bool | None = None) -> BatchPass:
    """Run a model on the batch that a sample is in: the samples in a row, as an epoch that is not shuffled has them.

    Raises:
        DataError: If there is no such sample.
        ModelError: If the model cannot be run backward.
    """
    model, scenery = forward.model, forward.scenery
    _check_sample(scenery, sample)
    rows = forward.rows_around(sample, batch_size)
    lacking = lacks_loss(model, scenery.targets is not None)
    is_training = lacking is None if training is None else training
    inputs = [
        keras.ops.convert_to_tensor(one) if one.dtype.kind in "fiub" else one for one in ready(scenery.batch(rows))
    ]
    targets = None if lacking is not None else np.asarray(scenery.targets)[list(rows)]
    weights = None if lacking is not None or scenery.sample_weights is None else scenery.sample_weights[list(rows)]
    whole = forward.whole(is_training)
    function = loss_function(model, whole, lambda: forward.pack(inputs), targets, weights, is_training)
    passed = run(model, function, inputs, targets is not None, is_training)
    known = known_loss(model) if targets is not None else None
    return BatchPass(model, passed, rows, rows.index(sample), is_training, targets, weights, known, lacking)


def loss_function(
    model: Any, whole: Callable[[Any], Any], x: Callable[[], Any], targets: Any, weights: Any, is_training: bool
) -> Loss:
    """What runs a model on a batch and tells its loss, as a step of Keras computes it; none without targets."""

    def function() -> tuple[Any, Any]:
        given = x()
        y = whole(given)
        if targets is None:
            return None, None
        loss = model.compute_loss(given, targets, y, weights, training=is_training)
        penalties = [one.regularizer(one) for one in model.trainable_variables if one.regularizer is not None]
        return loss, sum(penalties[1:], penalties[0]) if penalties else None

    return function


def _check_sample(scenery: Scenery, sample: int) -> None:
    if not scenery.sample_count:
        raise DataError("Expected samples to compute with, got none. Pass data=(x, y), or a view or trainer with data.")
    if isinstance(sample, bool) or not isinstance(sample, int | np.integer) or not 0 <= sample < scenery.sample_count:
        raise DataError(
            f"Expected sample as a number from 0 to {scenery.sample_count - 1}, got sample={sample!r}. "
            "Choose one of the data."
        )


def lacks_loss(model: Any, has_targets: bool) -> str | None:
    """Why no loss of a batch can be told; `None` where it can."""
    if getattr(model, "optimizer", None) is None:
        return phrase("The model is not compiled, so there is no loss: model.compile(...) first.")
    if not has_targets:
        return phrase("The data has no targets (or several), so there is no loss. Pass data=(x, y).")
    if model.loss is None and type(model).compute_loss is keras.Model.compute_loss:
        return phrase("The model was compiled without a loss.")
    return None


def known_loss(model: Any) -> KnownLoss | None:
    """The loss that a model was compiled with, where it is one of Keras' own and the only one."""
    losses = keras.tree.flatten(model.loss) if model.loss is not None else []
    if len(losses) != 1 or type(model).compute_loss is not keras.Model.compute_loss:
        return None
    try:
        return KnownLoss(losses[0])
    except (ValueError, TypeError) as error:
        raise ModelError(f"The loss that the model was compiled with cannot be read: {error}") from error
