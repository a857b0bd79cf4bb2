"""Reading and changing what steers a training."""

from __future__ import annotations

import math
from numbers import Real
from typing import Any

import keras

from nnvis_widget.core.argument import shown
from nnvis_widget.errors import CommandError


def learning_rate(model: Any) -> float | None:
    """The rate in force, from the optimiser itself; `None` for a model without one."""
    optimizer = getattr(model, "optimizer", None)
    if optimizer is None:
        return None
    return float(keras.ops.convert_to_numpy(optimizer.learning_rate))


def follows_schedule(model: Any) -> bool:
    """Whether the rate is a function of the step. Only the training thread may ask during a training.

    On JAX the optimiser's variables are away while a step runs.
    """
    optimizer = getattr(model, "optimizer", None)
    return optimizer is not None and isinstance(optimizer.get_config().get("learning_rate"), dict)


def check_learning_rate(model: Any, value: float, is_scheduled: bool) -> None:
    """See that the rate can be set to this value. Any thread may call this.

    Args:
        model: The model.
        value: The wanted rate.
        is_scheduled: What `follows_schedule(model)` said.

    Raises:
        CommandError: If the value is no positive number, or the model's rate follows a schedule.
    """
    if isinstance(value, bool) or not isinstance(value, Real) or not 0 < value < math.inf:
        raise CommandError(
            f"Expected a learning rate above 0, got learning_rate={shown(value)}. Choose one such as 0.001."
        )
    if getattr(model, "optimizer", None) is None:
        raise CommandError("Expected a compiled model, got one without an optimiser. Call model.compile(...) first.")
    if is_scheduled:
        raise CommandError(
            f"Expected a constant learning rate, got a schedule, so {value:g} was not set. "
            "Compile the model with a number as learning_rate to steer it by hand."
        )


def set_learning_rate(model: Any, value: float) -> None:
    """Change the rate from the next step on. Only the training thread may call this.

    Raises:
        CommandError: As `check_learning_rate`.
    """
    check_learning_rate(model, value, follows_schedule(model))
    model.optimizer.learning_rate = float(value)


def optimizer_name(model: Any) -> str | None:
    """The optimiser's class name; `None` for a model that is not compiled."""
    optimizer = getattr(model, "optimizer", None)
    return None if optimizer is None else type(optimizer).__name__
