"""Another loss, which asks for what the outputs say."""

from __future__ import annotations

from typing import Any

import keras
import numpy as np

from nnvis_widget.keras_adapter.changes.change import Change, NotTriedError, Situation
from nnvis_widget.keras_adapter.changes.layers import ending_in
from nnvis_widget.keras_adapter.read.read_task import read_loss

CROSS_ENTROPIES = ("sparsecategoricalcrossentropy", "categoricalcrossentropy", "binarycrossentropy")


def loss(situation: Situation) -> Change:
    """The loss, or where it is right and the outputs are not what it takes the last activation."""
    facts, kind = situation.facts, read_loss(situation.model.loss)
    activation = facts.output_activation
    if facts.loss not in CROSS_ENTROPIES:
        if activation != "softmax":
            raise NotTriedError("which loss belongs to these outputs is not known")
        return _to(situation, _of_classes(situation))
    if activation == "linear" and not kind.from_logits:
        return _to(situation, kind.name, from_logits=True)
    if kind.from_logits:
        return _to(situation, kind.name, from_logits=False)
    if facts.loss != "binarycrossentropy":
        return ending_in(situation, "softmax")
    if activation == "softmax":
        return _to(situation, _of_classes(situation))
    targets = facts.targets
    is_of_numbers = targets is not None and (targets.low < 0 or targets.high > 1)
    return _to(situation, "MeanSquaredError") if is_of_numbers else ending_in(situation, "sigmoid")


def _to(situation: Situation, name: str, **options: Any) -> Change:
    made = getattr(keras.losses, name)(**options)
    said = ", ".join(f"{key}={value}" for key, value in options.items())
    code = f"model.compile(model.optimizer, keras.losses.{name}({said}))"
    return Change("trialOtherLoss", {"new": f"{name}({said})"}, code, loss=made, begins_anew=True)


def _of_classes(situation: Situation) -> str:
    y = situation.y
    if not isinstance(y, np.ndarray):
        raise NotTriedError("there are several targets")
    is_marked = y.ndim > 1 and y.shape[-1] == situation.facts.output_units > 1
    return "CategoricalCrossentropy" if is_marked else "SparseCategoricalCrossentropy"
