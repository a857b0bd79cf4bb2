"""A compiled loss as plain arrays and numbers."""

from __future__ import annotations

import re
from typing import Any

import keras
import numpy as np

from nnvis_widget.core.words.kept_text import kept_text
from nnvis_widget.core.words.phrase import phrase
from nnvis_widget.keras_adapter.one_batch.slopes import on_host
from nnvis_widget.workings.losses import RULES, LossFacts

SUMS = ("sum", "none", None)


class KnownLoss:
    """A loss of Keras' own, as a model was compiled with it.

    Attributes:
        name: Of its function in `keras.losses`.
        config: What it was made with.
        is_keras: Whether it is one of Keras' own.
        how: Whether the loss of a batch is the `mean` or the `sum` of its samples'.
    """

    def __init__(self, compiled: Any) -> None:
        self._loss = keras.losses.get(compiled)
        if isinstance(self._loss, keras.losses.Loss):
            own = type(self._loss).__name__
            self.is_keras = _is_keras(type(self._loss))
            self.name = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", own).lower() if self.is_keras else own
            self.name = {"kldivergence": "kl_divergence"}.get(self.name, self.name)
            self.config = {name: value for name, value in self._loss.get_config().items() if name != "name"}
        else:
            self.name = str(getattr(self._loss, "__name__", type(self._loss).__name__))
            self.is_keras = _is_keras(self._loss)
            self.name = self.name if self.is_keras else kept_text(phrase, "{name} of your own", name=self.name)
            self.config = {}
        if self.name == "huber" and "delta" not in self.config:
            self.config = {**self.config, "delta": self._edge()}
        self.how = "sum" if self.config.get("reduction", "mean") in SUMS else "mean"

    @property
    def divides_by_weights(self) -> bool:
        """Whether the loss of a batch is divided by the sum of the samples' weights."""
        return self.config.get("reduction") == "mean_with_sample_weight"

    @property
    def is_known(self) -> bool:
        """Whether its rule is written out, for the last axis and all classes."""
        is_plain = self.config.get("axis", -1) in (-1, None) and self.config.get("ignore_class") is None
        return self.name in RULES and is_plain

    def of_each(self, targets: np.ndarray, put_out: Any) -> np.ndarray:
        """The loss of each sample, and of each place in it, as Keras tells it."""
        rule = self._loss.call if isinstance(self._loss, keras.losses.Loss) else self._loss
        if not self.name.startswith("sparse"):
            targets = np.reshape(targets, _fitting(targets, put_out))
        wanted = keras.ops.convert_to_tensor(targets, dtype=put_out.dtype)
        return on_host(rule(wanted, put_out))

    def _edge(self) -> float:
        """Where Huber's loss becomes straight, which its config does not tell: how steep it is far out."""
        if not isinstance(self._loss, keras.losses.Loss):
            return 1.0
        far = np.array([[1e4], [2e4]], np.float32)
        near, further = self.of_each(np.zeros_like(far), keras.ops.convert_to_tensor(far))
        return float(f"{(float(further) - float(near)) / 1e4:.5g}")

    def facts(
        self,
        put_out: np.ndarray,
        target: np.ndarray,
        logits: np.ndarray | None,
        weight: float | None,
        place: tuple[int, ...],
    ) -> LossFacts:
        """What the arithmetic of a sample's loss is told, at one place of what came out.

        Args:
            put_out: For the sample, `(…, units)`.
            target: For the sample.
            logits: Like `put_out`, where Keras uses them in its stead.
            weight: By how much the sample counts.
            place: All indices but the last.
        """
        is_from_logits = bool(self.config.get("from_logits"))
        if self.name.startswith("sparse"):
            wanted = np.asarray(target).reshape(put_out.shape[:-1])[place]
        else:
            wanted = np.broadcast_to(np.asarray(target).reshape(_fitting(target, put_out)), put_out.shape)[place]
        return LossFacts(
            self.name,
            np.atleast_1d(put_out[place]),
            wanted,
            np.atleast_1d((put_out if logits is None else logits)[place])
            if is_from_logits or logits is not None
            else None,
            self.config,
            weight,
            float(keras.config.epsilon()),
        )


def _is_keras(one: Any) -> bool:
    return str(getattr(one, "__module__", "")).partition(".")[0] == "keras"


def _fitting(target: np.ndarray, put_out: Any) -> tuple[int, ...]:
    """As Keras makes targets and outputs of one rank: an axis of one element is put last, or taken off."""
    shape = np.shape(target)
    if len(shape) == len(put_out.shape) - 1:
        return (*shape, 1)
    return shape
