"""Other steps: their size, their rows, a limit."""

from __future__ import annotations

from math import isfinite, log10
from typing import Any

from nnvis_widget.keras_adapter.arrays import count_of
from nnvis_widget.keras_adapter.changes.change import Change, NotTriedError, Situation
from nnvis_widget.keras_adapter.steering import optimizer_name, rates_of

FEW_ROWS, ROWS, TIMES = 8, 32, 4
SOUND, STILL_SOUND = 3e-3, 1e-2
"""By which share a step changes the kernels of a network that learns well, about, and at most."""
MOST = 6
"""Powers of ten by which a rate is changed at most."""


def slower(situation: Situation) -> Change:
    """A tenth of the rate, or less where steps are larger still."""
    return _times(situation, -max(1, _powers(situation.most_update, STILL_SOUND)))


def faster(situation: Situation) -> Change:
    """Ten times the rate, or more where steps are smaller still."""
    return _times(situation, max(1, -_powers(situation.update, SOUND)))


def batch_size(situation: Situation) -> Change:
    """More rows a step."""
    before = situation.batch_size
    rows = min(count_of(situation.x), ROWS if before < FEW_ROWS else before * TIMES)
    if rows <= before:
        raise NotTriedError(f"there are no more than {before} rows")
    code = f"model.fit(x, y, batch_size={rows})"
    values = {"new": f"{rows:,}", "now": f"{before:,}"}
    return Change("trialBatch", values, code, ("batch_size", float(rows)), batch_size=rows)


def clipnorm(situation: Situation) -> Change:
    """Gradients that are at most 1 long."""
    name, rates = optimizer_name(situation.model), rates_of(situation.model)
    if "learning_rate" not in rates or hasattr(situation.model.optimizer, "inner_optimizer"):
        raise NotTriedError("the optimiser is not one of Keras' own with one rate")

    def clipped(config: dict[str, Any]) -> dict[str, Any]:
        return {**config, "clipnorm": 1.0, "clipvalue": None, "global_clipnorm": None}

    made = f"keras.optimizers.{name}({rates['learning_rate']:.6g}, clipnorm=1.0)"
    return Change("trialClip", code=f"model.compile({made}, loss=model.loss)", optimizer=clipped)


def _powers(update: float, sound: float) -> int:
    """How many powers of ten steps are larger than is sound; 0 where that is not known."""
    if not isfinite(update) or update <= 0:
        return 0
    return max(-MOST, min(MOST, round(log10(update / sound))))


def _times(situation: Situation, powers: int) -> Change:
    rates = rates_of(situation.model)
    name = "schedule_scale" if "schedule_scale" in rates else "learning_rate"
    if name not in rates:
        raise NotTriedError("the model has no optimiser of Keras, or several")
    before, rate = rates[name], float(f"{rates[name] * 10.0**powers:.6g}")
    values = {"new": f"{rate:.3g}", "now": f"{before:.3g}"}
    key = "trialScale" if name == "schedule_scale" else "trialRate"
    code = f"model.optimizer.learning_rate = {rate:g}" if name == "learning_rate" else ""
    return Change(key, values, code, (name, rate), rate=(name, rate))
