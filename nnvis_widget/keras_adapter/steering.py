"""Reading and changing what steers a training."""

from __future__ import annotations

import logging
import math
from numbers import Real
from typing import Any

import keras

from nnvis_widget.core.argument import shown
from nnvis_widget.errors import CommandError
from nnvis_widget.keras_adapter.schedule import is_constant, rate_now, scale_of, scale_schedule, scaled_schedule
from nnvis_widget.keras_adapter.to_numpy import to_numpy

log = logging.getLogger("nnvis_widget")

RATES = {"learning_rate": ("a learning rate", "0.001"), "schedule_scale": ("a scale of the schedule", "0.5")}
"""What a person can set of an optimiser: what it is called, and an example."""


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


def follows_schedule(model: Any) -> bool:
    """Whether the rate is a function of the step. Only the training thread may ask during a training.

    On JAX the optimiser's variables are away while a step runs.
    """
    optimizer = _only(model)
    return optimizer is not None and not is_constant(optimizer, _rate_of(optimizer))


def schedule_scale(model: Any) -> float | None:
    """By how much the schedule of the rate was scaled; `None` for a model without one optimiser. Asked as above."""
    optimizer = _only(model)
    return None if optimizer is None else scale_of(optimizer)


def rates_of(model: Any) -> dict[str, float]:
    """The values in force of `RATES`, those that the model has. Only the training thread may ask during a training."""
    optimizer = _only(model)
    if optimizer is None:
        return {}
    rate = _rate_of(optimizer)
    if rate is None:
        return {}
    values = {"learning_rate": float(to_numpy(rate))}
    return values if is_constant(optimizer, rate) else values | {"schedule_scale": scale_of(optimizer)}


def _rate_of(optimizer: Any) -> Any:
    """`None` where a person's own schedule cannot be asked but within a step."""
    try:
        return rate_now(optimizer)
    except Exception:
        log.debug("the rate of an optimiser was not read", exc_info=True)
        return None


def check_rate(model: Any, name: str, value: float, is_scheduled: bool) -> None:
    """See that a rate, or the scale of its schedule, can be set to this value. Any thread may call this.

    Args:
        model: The model.
        name: learning_rate or schedule_scale.
        value: The wanted value.
        is_scheduled: What `follows_schedule(model)` said.

    Raises:
        CommandError: If the value is no positive number, the model's rate follows a schedule where a rate is set or
            follows none that could be scaled where its scale is, or it has no optimiser of Keras or several.
    """
    if isinstance(value, bool) or not isinstance(value, Real) or not 0 < value < math.inf:
        wanted, such = RATES[name]
        raise CommandError(f"Expected {wanted} above 0, got {name}={shown(value)}. Choose one such as {such}.")
    optimizers = optimizers_of(model)
    if not optimizers:
        raise CommandError("Expected a compiled model, got one without an optimiser. Call model.compile(...) first.")
    if len(optimizers) > 1:
        names = ", ".join(type(optimizer).__name__ for optimizer in optimizers)
        raise CommandError(
            f"Expected a model with one optimiser, got {len(optimizers)}: {names}. Which of them train is not known; "
            "set the rate of one in your own code: its learning_rate."
        )
    if is_scheduled and name == "learning_rate":
        raise CommandError(
            f"Expected a constant learning rate, got a schedule, so {value:g} was not set. Scale the schedule with "
            "schedule_scale, or compile the model with a number as learning_rate."
        )
    if not is_scheduled and name == "schedule_scale":
        raise CommandError("Expected a schedule to scale, got a constant learning rate. Set learning_rate itself.")
    if name == "schedule_scale":
        try:
            scaled_schedule(_innermost(optimizers[0]), float(value))
        except ValueError as error:
            raise CommandError(
                f"Expected a schedule of keras.optimizers.schedules to scale, but {error}, so {value:g} was not set. "
                "Scale it in your own code."
            ) from error


def set_rate(model: Any, name: str, value: float) -> None:
    """Change the rate, or the scale of its schedule, from the next step on. Only the training thread may call this.

    A step that is compiled already follows the old schedule: that of `fit` is compiled anew.

    Raises:
        CommandError: As `check_rate`.
    """
    check_rate(model, name, value, follows_schedule(model))
    optimizer = _only(model)
    if name == "learning_rate":
        optimizer.learning_rate = float(value)
        return
    scale_schedule(optimizer, float(value))
    model.make_train_function(force=True)


def optimizer_name(model: Any) -> str | None:
    """The optimiser's class name, of a wrapped one that within; `None` for a model that has none."""
    optimizers = optimizers_of(model)
    if not optimizers:
        return None
    return type(_innermost(optimizers[0])).__name__ if len(optimizers) == 1 else f"{len(optimizers)} optimisers"


def _only(model: Any) -> Any:
    """The optimiser of a model that has one, of a wrapped one that within; else `None`."""
    optimizers = optimizers_of(model)
    return _innermost(optimizers[0]) if len(optimizers) == 1 else None


def _innermost(optimizer: Any) -> Any:
    while (inner := getattr(optimizer, "inner_optimizer", None)) is not None:
        optimizer = inner
    return optimizer
