"""The batch of a sample, and the pass of the model with it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import keras
import numpy as np

from nnvis_widget.core.plain_text import sentence
from nnvis_widget.core.scenery import Scenery
from nnvis_widget.core.words.kept_text import kept_text
from nnvis_widget.core.words.phrase import phrase
from nnvis_widget.errors import DataError, ModelError
from nnvis_widget.keras_adapter.forward import Forward, ready
from nnvis_widget.keras_adapter.one_batch.call_record import Call
from nnvis_widget.keras_adapter.one_batch.edges import slope_of
from nnvis_widget.keras_adapter.one_batch.facts_of_layer import first_of
from nnvis_widget.keras_adapter.one_batch.heads import Head, heads_of
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
        heads: Each output with its loss; none where no loss was told, or it is not of Keras' own making.
        lacking: Why no loss was told; `None` where it was.
    """

    model: Any
    passed: Pass
    rows: tuple[int, ...]
    row: int
    is_training: bool
    heads: tuple[Head, ...]
    lacking: str | None

    @property
    def how(self) -> str:
        """Whether the loss of the batch is the sum of its samples', or the mean, of some output at least."""
        return "sum" if self.heads and all(head.loss.how == "sum" for head in self.heads) else "mean"

    @property
    def scale(self) -> float:
        """By how much δ of a sample is larger than its share in the loss of the batch."""
        return float(len(self.rows)) if self.how == "mean" else 1.0

    def slope(self, tensor: Any) -> np.ndarray | None:
        """∂L/∂ of a tensor for the chosen sample; `None` where the loss does not depend on it."""
        return slope_of(self.passed, tensor, self.row, self.scale)

    def head_of(self, tensor: Any) -> Head | None:
        """The one head that takes its loss of a tensor; `None` where none or several do."""
        found = [head for head in self.heads if head.put_out is tensor]
        return found[0] if len(found) == 1 else None

    def last(self, head: Head) -> Call | None:
        """The innermost call that put out what a head takes; `None` where no layer did."""
        found = [
            call for call in self.passed.calls if call.put_out is not None and first_of(call.put_out) is head.put_out
        ]
        return found[-1] if found else None

    def logits(self, head: Head) -> np.ndarray | None:
        """z behind the sigmoid or softmax of a head, where Keras takes its loss from that; of the chosen sample."""
        last = self.last(head)
        if last is None or id(head.put_out) in self.passed.slopes:
            return None
        z = last.z if last.z is not None else last.tensors[0]
        if id(z) not in self.passed.slopes or tuple(z.shape) != tuple(head.put_out.shape):
            return None
        return np.asarray(on_host(z)[self.row])


def pass_batch(forward: Forward, sample: int, batch_size: int, training: bool | None = None) -> BatchPass:
    """Run a model on the batch that a sample is in: the samples in a row, as an epoch that is not shuffled has them.

    Raises:
        DataError: If there is no such sample.
        ModelError: If the model cannot be run backward.
    """
    model, scenery = forward.model, forward.scenery
    _check_sample(scenery, sample)
    rows = forward.rows_around(sample, batch_size)
    lacking = lacks_loss(model, scenery.all_targets is not None)
    is_training = lacking is None if training is None else training
    inputs = [
        keras.ops.convert_to_tensor(one) if one.dtype.kind in "fiub" else one for one in ready(scenery.batch(rows))
    ]
    targets = None if lacking is not None else rows_of(scenery.all_targets, rows)
    weights = None if lacking is not None else rows_of(scenery.all_weights, rows)
    whole = forward.whole(is_training)

    def of(y: Any) -> Loss:
        return loss_function(model, whole, lambda: forward.pack(inputs), y, weights, is_training)

    if targets is not None:
        try:
            passed = run(model, of(targets), inputs, has_loss=True, is_training=is_training)
        except ModelError:
            raise
        except Exception as error:  # targets that do not fit, or a loss of a person's own
            lacking, targets = no_loss(error), None
    if targets is None:
        passed = run(model, of(None), inputs, has_loss=False, is_training=is_training)
    heads = () if targets is None else heads_of(model, what_came_out(passed), targets, weights)
    return BatchPass(model, passed, rows, rows.index(sample), is_training, heads, lacking)


def no_loss(error: Exception) -> str:
    """Why no loss can be told, where computing it failed."""
    words = sentence(error)
    return kept_text(phrase, "No loss is told: {error}: {words}", error=type(error).__name__, words=words)


def what_came_out(passed: Pass) -> Any:
    """All that the model put out, as it nests it."""
    return [call for call in passed.calls if call.around is None][-1].put_out


def rows_of(nested: Any, rows: Sequence[int]) -> Any:
    """Some samples of arrays, however these are nested; `None` of none."""
    return None if nested is None else keras.tree.map_structure(lambda one: np.asarray(one)[list(rows)], nested)


def loss_function(
    model: Any, whole: Callable[[Any], Any], x: Callable[[], Any], targets: Any, weights: Any, is_training: bool
) -> Loss:
    """What runs a model on a batch and tells its loss, as a step of Keras computes it; none without targets."""

    def function() -> tuple[Any, Any, Any]:
        given = x()
        y = whole(given)
        if targets is None:
            return None, None, None
        loss = model.compute_loss(given, targets, y, weights, training=is_training)
        penalties = [one.regularizer(one) for one in model.trainable_variables if one.regularizer is not None]
        return loss, _sum(penalties), _sum([keras.ops.cast(one, "float32") for one in model.losses])

    return function


def _sum(parts: list[Any]) -> Any:
    return sum(parts[1:], parts[0]) if parts else None


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
        return kept_text(phrase, "The model is not compiled, so there is no loss: model.compile(...) first.")
    if not has_targets:
        return kept_text(phrase, "The data has no targets, so there is no loss. Pass data=(x, y).")
    if model.loss is None and type(model).compute_loss is keras.Model.compute_loss:
        return kept_text(phrase, "The model was compiled without a loss.")
    return None
