"""Reading and changing what steers a training."""

from __future__ import annotations

import math
from numbers import Real
from typing import Any

import keras

from nnvis_widget.core.argument import shown
from nnvis_widget.errors import CommandError


def optimizers_of(model: Any) -> list[Any]:
    """The optimisers that a model holds: the one it was compiled with first, then its attributes; each once.

    One that is wrapped, for mixed precision, counts as its wrapper.
    """
    attributes = list(vars(model).values())
    held = [part for value in attributes if isinstance(value, list | tuple) for part in value]
    held += [part for value in attributes if isinstance(value, dict) for part in value.values()]
    found: dict[int, Any] = {}
    for value in (getattr(model, "optimizer", None), *attributes, *held):
        if isinstance(value, keras.optimizers.Optimizer):
            found.setdefault(id(_innermost(value)), value)
    return list(found.values())


def learning_rate(model: Any) -> float | None:
    """The rate in force, from the optimiser itself; `None` for a model without one, or with several."""
    optimizer = _only(model)
    if optimizer is None:
        return None
    return float(keras.ops.convert_to_numpy(optimizer.learning_rate))


def follows_schedule(model: Any) -> bool:
    """Whether the rate is a function of the step. Only the training thread may ask during a training.

    On JAX the optimiser's variables are away while a step runs.
    """
    optimizer = _only(model)
    return optimizer is not None and isinstance(_innermost(optimizer).get_config().get("learning_rate"), dict)


def check_learning_rate(model: Any, value: float, is_scheduled: bool) -> None:
    """See that the rate can be set to this value. Any thread may call this.

    Args:
        model: The model.
        value: The wanted rate.
        is_scheduled: What `follows_schedule(model)` said.

    Raises:
        CommandError: If the value is no positive number, the model's rate follows a schedule, or it has no optimiser of
            Keras or several.
    """
    if isinstance(value, bool) or not isinstance(value, Real) or not 0 < value < math.inf:
        raise CommandError(
            f"Expected a learning rate above 0, got learning_rate={shown(value)}. Choose one such as 0.001."
        )
    optimizers = optimizers_of(model)
    if not optimizers:
        raise CommandError("Expected a compiled model, got one without an optimiser. Call model.compile(...) first.")
    if len(optimizers) > 1:
        names = ", ".join(type(optimizer).__name__ for optimizer in optimizers)
        raise CommandError(
            f"Expected a model with one optimiser, got {len(optimizers)}: {names}. Which of them train is not known; "
            "set the rate of one in your own code: its learning_rate."
        )
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
    optimizers_of(model)[0].learning_rate = float(value)


def optimizer_name(model: Any) -> str | None:
    """The optimiser's class name, of a wrapped one that within; `None` for a model that has none."""
    optimizers = optimizers_of(model)
    if not optimizers:
        return None
    return type(_innermost(optimizers[0])).__name__ if len(optimizers) == 1 else f"{len(optimizers)} optimisers"


def _only(model: Any) -> Any:
    optimizers = optimizers_of(model)
    return optimizers[0] if len(optimizers) == 1 else None


def _innermost(optimizer: Any) -> Any:
    while (inner := getattr(optimizer, "inner_optimizer", None)) is not None:
        optimizer = inner
    return optimizer
