"""One step on one batch."""

from __future__ import annotations

from typing import Any

import keras

from nnvis_widget.keras_adapter.arrays import count_of
from nnvis_widget.keras_adapter.loops.step_logs import StepLogs, one_step


def take_step(model: Any, x: Any, y: Any, sample_weight: Any) -> StepLogs:
    """Train on a batch as `fit` does; here Keras makes metrics and optimiser variables.

    A `train_step` of a person's own gets what `fit` hands it: what is missing is left out, where `train_on_batch` would
    put `None`. That costs 50 ms more.
    """
    if _has_keras_step(model):
        return one_step(model.train_on_batch(x, y, sample_weight, return_dict=True))
    history = model.fit(x, y, count_of(x), verbose=0, shuffle=False, sample_weight=sample_weight).history
    return one_step({name: values[-1] for name, values in history.items()})


def goes_on(model: Any) -> bool:
    """Whether `take_next_step` can be asked of a model."""
    return _has_keras_step(model) and model.steps_per_execution == 1 and keras.config.backend() != "jax"


def take_next_step(model: Any, x: Any, y: Any, sample_weight: Any) -> StepLogs:
    """As `take_step`, which comes first; the metrics go on, so that they are those of the epoch so far, as in `fit`."""
    model.make_train_function()
    return one_step(model.train_function(iter([(x, y, sample_weight)])))


def _has_keras_step(model: Any) -> bool:
    return type(model).train_step is keras.Model.train_step
