"""The outputs of a model with the loss, the targets and the weights that each was compiled or trained with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import keras
import numpy as np

from nnvis_widget.errors import ModelError
from nnvis_widget.keras_adapter.one_batch.facts_of_loss import KnownLoss
from nnvis_widget.keras_adapter.to_numpy import to_numpy


@dataclass(frozen=True)
class Head:
    """An output that a loss is taken of.

    Attributes:
        name: Of the output, as `fit` calls its loss; empty of a model with one.
        put_out: The tensor.
        targets: Of the batch.
        weights: By how much each sample, or each place of it, counts; `None` where all count alike.
        loss: As it was compiled.
        share: The loss weight; `None` where none was asked for.
    """

    name: str
    put_out: Any
    targets: np.ndarray
    weights: np.ndarray | None
    loss: KnownLoss
    share: float | None

    def weight_of(self, row: int) -> float | None:
        """By how much a sample counts; `None` where all count alike, NaN where each place has a weight of its own."""
        if self.weights is None:
            return None
        own = np.asarray(self.weights[row], np.float64)
        return float(own.reshape(-1)[0]) if own.size == 1 else float("nan")

    def of_each(self) -> np.ndarray:
        """The loss of each sample, `(samples,)`, as Keras' own loss tells it, without its weight.

        Where places have weights of their own, these are in it.
        """
        found = np.asarray(self.loss.of_each(self.targets, self.put_out), np.float64)
        if self.weights is not None and not self._weighs_samples:
            weights = np.asarray(self.weights, np.float64)
            found = found * weights.reshape(*weights.shape, *(1,) * (found.ndim - weights.ndim))
        places = found.reshape(len(found), -1)
        return np.asarray(places.sum(axis=1) if self.loss.how == "sum" else places.mean(axis=1))

    @property
    def is_known(self) -> bool:
        """Whether its rule is written out, and how it goes into the loss of the batch."""
        return self.loss.is_known and self.is_plain

    @property
    def is_plain(self) -> bool:
        """Whether it is a loss of Keras that goes into the loss of the batch as the sum or mean of its samples'."""
        return self.loss.is_keras and (self.weights is None or not self.loss.divides_by_weights)

    @property
    def of_samples(self) -> np.ndarray | None:
        """The weights of the samples `(samples,)`; `None` where they have none, or places have."""
        if self.weights is None or not self._weighs_samples:
            return None
        return np.asarray(self.weights, np.float64).reshape(-1)

    @property
    def _weighs_samples(self) -> bool:
        return self.weights is None or self.weights.size == len(self.weights)


def heads_of(model: Any, put_out: Any, wanted: Any, weights: Any) -> tuple[Head, ...]:
    """Which loss is taken of which output; none where that is not told by what the model was compiled with.

    Args:
        model: A compiled model.
        put_out: All that it put out, as it nests it.
        wanted: The targets, likewise or by name.
        weights: Of the samples: one for all outputs, or nested likewise; may be `None`.

    Raises:
        ModelError: If a loss cannot be read.
    """
    if type(model).compute_loss is not keras.Model.compute_loss or model.loss is None:
        return ()
    is_named = isinstance(put_out, Mapping) and not any(map(keras.tree.is_nested, put_out.values()))
    outputs = list(put_out.values()) if is_named else keras.tree.flatten(put_out)
    names = list(map(str, put_out)) if is_named else _names(model, len(outputs))
    losses = _of_each_output(model.loss, names, spread=True)
    asked = (model.get_compile_config() or {}).get("loss_weights")
    shares = _of_each_output(asked, names, spread=True)
    targets = _of_each_output(wanted, names, spread=len(names) == 1)
    if losses is None or shares is None:
        return ()
    kept = [place for place, loss in enumerate(losses) if loss is not None]
    if targets is None and len(keras.tree.flatten(wanted)) == len(kept):  # of those outputs alone that have a loss
        by_place = dict(zip(kept, keras.tree.flatten(wanted), strict=True))
        targets = [by_place.get(place) for place in range(len(names))]
    each = _of_each_output(weights, names, spread=True)
    if targets is None or each is None or any(targets[place] is None for place in kept):
        return ()
    try:
        return tuple(
            Head(
                names[place] if len(names) > 1 else "",
                outputs[place],
                to_numpy(targets[place]),
                None if each[place] is None else to_numpy(each[place]),
                KnownLoss(losses[place]),
                None if shares[place] is None else float(shares[place]),
            )
            for place in kept
        )
    except (ValueError, TypeError) as error:
        raise ModelError(f"The loss that the model was compiled with cannot be read: {error}") from error


def _names(model: Any, count: int) -> list[str]:
    known = list(getattr(model, "output_names", None) or ())
    return known if len(known) == count else [str(place + 1) for place in range(count)]


def _of_each_output(given: Any, names: Sequence[str], spread: bool) -> list[Any] | None:
    """What belongs to each output; `None` where that is not clear.

    Args:
        given: One for all, by name, or one after the other.
        names: Of the outputs.
        spread: Whether one is for all.
    """
    if isinstance(given, Mapping):
        return [given.get(name) for name in names] if set(given) <= set(names) else None
    if isinstance(given, list | tuple):
        return list(given) if len(given) == len(names) else None
    return [given] * len(names) if spread else None
