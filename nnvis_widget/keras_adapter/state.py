"""The very first state of a model, to come back to."""

from __future__ import annotations

from typing import Any

import keras
import numpy as np


class InitialState:
    """Copies of every variable of a model and its optimiser: weights, statistics, random states, moments, rate.

    Building the optimiser's variables here is what Keras does before the first step; it draws no random numbers.

    Args:
        model: A built and compiled model.
    """

    def __init__(self, model: Any) -> None:
        model.optimizer.build(model.trainable_variables)
        self._values = [(variable, _copy(variable)) for variable in _variables(model)]

    def restore(self, model: Any) -> None:
        """Put every variable back, bit for bit, and clear the metrics."""
        for variable, value in self._values:
            variable.assign(value)
        model.reset_metrics()


def _variables(model: Any) -> list[Any]:
    metrics = {id(variable) for variable in model.metrics_variables}
    variables = [*model.variables, *model.optimizer.variables]
    return list({id(variable): variable for variable in variables if id(variable) not in metrics}.values())


def _copy(variable: Any) -> np.ndarray:
    return np.array(keras.ops.convert_to_numpy(variable))
