"""A rate that follows a schedule of Keras, larger or smaller as a whole."""

from __future__ import annotations

import json
import math
from functools import lru_cache
from types import FunctionType
from typing import Any, TypeAlias
from weakref import WeakKeyDictionary

import keras
from keras.optimizers.schedules import LearningRateSchedule

from nnvis_widget.keras_adapter.own_code import read_own_code
from nnvis_widget.keras_adapter.putting_back import put_back
from nnvis_widget.keras_adapter.to_numpy import to_numpy

# What the schedules of Keras call rates; their other arguments are steps, shares and powers.
ARGUMENTS = ("initial_learning_rate", "end_learning_rate", "warmup_target", "values")
STEPS = (0, 1, 10, 100, 1_000, 10_000, 100_000)

Config: TypeAlias = dict[str, Any] | None

_scaled: WeakKeyDictionary[Any, tuple[Config, float, Config]] = WeakKeyDictionary()
"""By optimiser: the schedule it was compiled with, the factor, the schedule that was made of both."""


def rate_now(optimizer: Any) -> Any:
    """What `learning_rate` gives; what a person's own schedule keeps or draws from is not moved by asking."""
    followed = [held for held in vars(optimizer).values() if isinstance(held, LearningRateSchedule | FunctionType)]
    with put_back(read_own_code(followed)):
        return optimizer.learning_rate


def is_constant(optimizer: Any, rate: Any) -> bool:
    """Whether its `learning_rate` is no function of the step: a constant one is a variable of the optimiser's own."""
    return any(variable is rate for variable in optimizer.variables)


def scale_of(optimizer: Any) -> float:
    """By how much the schedule was scaled since the optimiser got it."""
    return _base(optimizer)[1] if optimizer in _scaled else 1.0


def scaled_schedule(optimizer: Any, factor: float) -> Any:
    """The schedule that an optimiser was compiled with, times a factor. No variable is read: any thread may ask.

    It is of the same class, so that a saved model needs nothing of ours.

    Args:
        optimizer: One with a schedule.
        factor: Positive.

    Raises:
        ValueError: If the schedule is a function, or of a class whose arguments do not tell its rates.
    """
    config, _ = _base(optimizer)
    if config is None:
        raise ValueError("it is a function")
    try:
        base = keras.optimizers.schedules.deserialize(config)
        kind: Any = type(base)
        scaled, is_right = _scale(kind, json.dumps(base.get_config()), factor)
    except Exception as error:  # a person's class may raise anything
        raise ValueError(f"it cannot be made anew ({type(error).__name__})") from error
    if not is_right:
        raise ValueError("its arguments do not tell its rates")
    return scaled


def scale_schedule(optimizer: Any, factor: float) -> None:
    """Make an optimiser follow its schedule times a factor. A step that is compiled already follows the old one.

    Raises:
        ValueError: As `scaled_schedule`.
    """
    base, _ = _base(optimizer)
    optimizer.learning_rate = scaled_schedule(optimizer, factor)
    _scaled[optimizer] = (base, factor, _config(optimizer))


@lru_cache(maxsize=128)  # 30 ms, at each place of a slider, and asked again when it is set
def _scale(kind: Any, config: str, factor: float) -> tuple[Any, bool]:
    """A schedule of the same class with other rates, and whether it is the wanted one at every step that is tried."""
    arguments = json.loads(config)
    base = kind.from_config(arguments)
    rates = {name: _times(arguments[name], factor) for name in ARGUMENTS if arguments.get(name) is not None}
    scaled = kind.from_config({**arguments, **rates})
    return scaled, all(math.isclose(_at(scaled, step), factor * _at(base, step), rel_tol=1e-5) for step in STEPS)


def _base(optimizer: Any) -> tuple[Config, float]:
    config = _config(optimizer)
    base, factor, ours = _scaled.get(optimizer, (config, 1.0, config))
    return (base, factor) if config == ours else (config, 1.0)


def _config(optimizer: Any) -> Config:
    try:
        config = optimizer.get_config()["learning_rate"]
    except Exception:  # as of a function whose source nobody has
        return None
    return config if "config" in config and isinstance(config["config"], dict) else None


def _times(rates: Any, factor: float) -> Any:
    return [factor * float(rate) for rate in rates] if isinstance(rates, list | tuple) else factor * float(rates)


def _at(schedule: Any, step: int) -> float:
    return float(to_numpy(schedule(keras.ops.convert_to_tensor(step, "int64"))))
