"""Other data: inputs of one scale, classes that count alike."""

from __future__ import annotations

from typing import Any

import keras
import numpy as np

from nnvis_widget.core.number_text import format_number
from nnvis_widget.keras_adapter.arrays import is_number
from nnvis_widget.keras_adapter.changes.change import Change, NotTriedError, Situation
from nnvis_widget.keras_adapter.loops.feed import weigh_classes
from nnvis_widget.reduce.confusion import true_classes

MOST_ROWS = 10_000
MOST_CLASSES = 1_000


def normalization(situation: Situation) -> Change:
    """Every feature with mean 0 and standard deviation 1; of pictures and sequences every channel."""
    arrays = keras.tree.flatten(situation.x)
    if not all(isinstance(one, np.ndarray) and is_number(one) for one in arrays):
        raise NotTriedError("the inputs are no plain arrays of numbers")
    if any(one.is_tokens for one in situation.forward.whole_graph.layers):
        raise NotTriedError("some inputs are tokens, which have no scale")
    scales = [_scale(one) for one in arrays]

    def scaled(x: Any) -> Any:
        parts = zip(keras.tree.flatten(x), scales, strict=True)
        return keras.tree.pack_sequence_as(x, [((one - mean) / std).astype("float32") for one, (mean, std) in parts])

    code = "x = (x - x.mean(axis=0)) / (x.std(axis=0) + 1e-7)"
    return Change("trialNormalised", code=code, inputs=scaled, begins_anew=True)


def class_weight(situation: Situation) -> Change:
    """Weights by which every class counts alike."""
    y, facts = situation.y, situation.facts
    task = situation.forward.scenery.task
    classes = true_classes(y, facts.output_units, task) if isinstance(y, np.ndarray) and task.has_classes else None
    if classes is None:
        raise NotTriedError("the targets are no classes")
    kinds, counts = np.unique(classes, return_counts=True)
    if not 1 < len(kinds) <= MOST_CLASSES:
        raise NotTriedError("there is one class only, or very many")
    by_class = {int(one): float(len(classes) / (len(kinds) * count)) for one, count in zip(kinds, counts, strict=True)}

    def weighed(targets: Any, sample_weight: Any) -> Any:
        return weigh_classes(targets, by_class, sample_weight)

    told = ", ".join(f"{one}: {format_number(weight, 3)}" for one, weight in by_class.items())
    return Change("trialClassWeight", code=f"model.fit(x, y, class_weight={{{told}}})", weights=weighed)


def _scale(array: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    rows = np.asarray(array[:: max(1, len(array) // MOST_ROWS)], np.float64)
    axes = 0 if rows.ndim < 3 else tuple(range(rows.ndim - 1))
    std = rows.std(axis=axes)
    return rows.mean(axis=axes), np.where(std > 0, std, 1.0)
