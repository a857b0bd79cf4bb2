"""The very first state of a model, to come back to."""

from __future__ import annotations

from typing import Any

import keras
import numpy as np

from nnvis_widget.keras_adapter.kept_states import kept_within
from nnvis_widget.keras_adapter.steering import optimizers_of, schedule_scale, set_rate
from nnvis_widget.keras_adapter.to_numpy import to_numpy
from nnvis_widget.keras_adapter.torch_modules import buffers_of, generator_state, set_generator


class InitialState:
    """Copies of every variable of a model and its optimisers: weights, statistics, random states, what
    stateful layers have kept, moments, rates;
    on torch the buffers of its modules, too,
    and its one generator, from which Keras draws there for a dropout without a seed.

    Building the variables of the compiled optimiser here is what Keras does before the first step; it draws no random
    numbers. What another optimiser of the model makes in its first step gets the values that it is made with.

    Args:
        model: A built and compiled model.
        builds: Whether those variables are built here.

    Attributes:
        generator: The state of torch's one generator; `None` on another backend.
    """

    def __init__(self, model: Any, builds: bool = True) -> None:
        optimizer = getattr(model, "optimizer", None)
        # A loss scale that is built again would begin anew.
        if builds and isinstance(optimizer, keras.optimizers.Optimizer) and not optimizer.built:
            optimizer.build(model.trainable_variables)
        self._values = [(variable, _copy(variable)) for variable in _variables(model)]
        self._buffers = [(buffer, buffer.clone()) for buffer in buffers_of(model)]
        self.generator = generator_state()
        self._scale = schedule_scale(model)

    @property
    def pairs(self) -> list[tuple[Any, np.ndarray]]:
        """Each variable with what it held."""
        return self._values

    def restore(self, model: Any) -> None:
        """Put every variable back, bit for bit, and clear the metrics."""
        for variable, value in self._values:
            variable.assign(value)
        for buffer, value in self._buffers:
            buffer.copy_(value)
        set_generator(self.generator)
        known = {id(variable) for variable, _ in self._values}
        for optimizer in optimizers_of(model):
            new = [variable for variable in optimizer.variables if id(variable) not in known]
            for variable, first in zip(new, _first_values(optimizer, new), strict=True):
                variable.assign(np.full(variable.shape, first))
        if self._scale is not None and schedule_scale(model) not in (None, self._scale):
            set_rate(model, "schedule_scale", self._scale)
        model.reset_metrics()


class TrainedState(InitialState):
    """The state of a model in the middle of a training: of its metrics as well."""

    def __init__(self, model: Any, builds: bool = True) -> None:
        super().__init__(model, builds)
        self._metrics = [(variable, _copy(variable)) for variable in model.metrics_variables]

    def is_current(self) -> bool:
        """Whether every variable holds what it held, to the last bit; on torch its one generator too."""
        kept = (*self._values, *self._metrics, *self._buffers)
        is_same = all(_copy(variable).tobytes() == _bytes(value) for variable, value in kept)
        return is_same and (self.generator is None or bool((self.generator == generator_state()).all()))

    def restore(self, model: Any) -> None:
        """Put every variable back, bit for bit."""
        super().restore(model)
        for variable, value in self._metrics:
            variable.assign(value)


def _variables(model: Any) -> list[Any]:
    metrics = {id(variable) for variable in model.metrics_variables}
    own = [variable for optimizer in optimizers_of(model) for variable in optimizer.variables]
    variables = list({id(variable): variable for variable in [*model.variables, *kept_within(model), *own]}.values())
    return [variable for variable in variables if id(variable) not in metrics]


def _first_values(optimizer: Any, variables: list[Any]) -> list[float]:
    """What an optimiser fills its variables with: zeros, but for some that another one of its kind tells."""
    if not variables:
        return []
    twin = type(optimizer).from_config(optimizer.get_config())
    twin.build([keras.Variable(np.zeros(()), name="nnvis")])
    first = {variable.name.rpartition("nnvis")[2]: float(_copy(variable)) for variable in twin.variables}
    return [
        next((value for ending, value in first.items() if variable.name.endswith(ending)), 0.0)
        for variable in variables
    ]


def _bytes(value: Any) -> bytes:
    return (value if isinstance(value, np.ndarray) else _copy(value)).tobytes()


def _copy(variable: Any) -> np.ndarray:
    return np.array(to_numpy(variable))
