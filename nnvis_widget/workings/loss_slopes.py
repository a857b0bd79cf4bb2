"""δ of an output unit: how the loss of a sample changes with what the unit puts out, in closed form.

Each line is the derivative of the rule of the same name in `losses.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from nnvis_widget.workings.activations import ELEMENTWISE
from nnvis_widget.workings.card import Card, Draft
from nnvis_widget.workings.losses import LossFacts
from nnvis_widget.workings.value import (
    Value,
    exp,
    largest,
    less,
    log,
    magnitude,
    maximum,
    minimum,
    sign,
    tanh,
    total,
    where,
)

Slope = Callable[[LossFacts, Value, Value], Value]


def _smoothed(facts: LossFacts, t: Value, other: float) -> Value:
    smoothing = facts.number("label_smoothing")
    return t * (1 - smoothing) + smoothing * other if smoothing else t


def _sides(t: Value) -> Value:
    return 2 * t - 1 if np.isin(t.number, (0, 1)).all() else t


def _within(facts: LossFacts, y: Value) -> Value:
    """1 where an output is not cut off near 0 or 1."""
    return where(less(facts.epsilon, y), where(less(y, 1 - facts.epsilon), 1, 0), 0)


def _binary(facts: LossFacts, y: Value, t: Value) -> Value:
    wanted = _smoothed(facts, t, 0.5)
    return _within(facts, y) * (y - wanted) / (y * (1 - y))


def _categorical(facts: LossFacts, y: Value, t: Value) -> Value:
    wanted = _smoothed(facts, t, 1 / max(1, t.number.shape[-1]))
    inside = _within(facts, y / total(y)) * wanted
    return total(inside) / total(y) - inside / y


def _huber(facts: LossFacts, y: Value, t: Value) -> Value:
    edge = facts.number("delta", 1.0)
    return minimum(maximum(y - t, -edge), edge)


def _msle(facts: LossFacts, y: Value, t: Value) -> Value:
    ours, theirs = maximum(y, facts.epsilon) + 1, maximum(t, facts.epsilon) + 1
    return where(less(facts.epsilon, y), 2 * (log(ours) - log(theirs)) / ours, 0)


def _kl(facts: LossFacts, y: Value, t: Value) -> Value:
    inside = where(less(facts.epsilon, y), where(less(y, 1), 1, 0), 0)
    return -(inside * minimum(maximum(t, facts.epsilon), 1) / y)


SLOPES: Mapping[str, Slope] = {
    "mean_squared_error": lambda _, y, t: 2 * (y - t),
    "mean_absolute_error": lambda _, y, t: sign(y - t),
    "mean_absolute_percentage_error": lambda facts, y, t: 100 * sign(y - t) / maximum(magnitude(t), facts.epsilon),
    "mean_squared_logarithmic_error": _msle,
    "huber": _huber,
    "log_cosh": lambda _, y, t: tanh(y - t),
    "hinge": lambda _, y, t: where(less(_sides(t) * y, 1), -_sides(t), 0),
    "squared_hinge": lambda _, y, t: -(2 * _sides(t) * maximum(1 - _sides(t) * y, 0)),
    "poisson": lambda facts, y, t: 1 - t / (y + facts.epsilon),
    "kl_divergence": _kl,
    "binary_crossentropy": _binary,
    "categorical_crossentropy": _categorical,
    "sparse_categorical_crossentropy": _categorical,
}
MEANS = (
    "mean_squared_error",
    "mean_absolute_error",
    "mean_absolute_percentage_error",
    "mean_squared_logarithmic_error",
    "huber",
    "log_cosh",
    "hinge",
    "squared_hinge",
    "poisson",
    "binary_crossentropy",
)


def output_delta_card(
    facts: LossFacts,
    unit: int,
    activation: str | None,
    z: np.ndarray | None,
    numbers: Mapping[str, float],
    share: float,
) -> Card | None:
    """δ of an output unit, ∂L/∂z; `None` where no derivative of the loss is written, or none of the activation.

    Args:
        facts: Of the sample's loss.
        unit: Which output.
        activation: Of the output layer.
        z: Of all its units, `(units,)`; `None` without activation.
        numbers: What the activation is made with.
        share: How much of the sample's loss this place has, times its weight.
    """
    rule = SLOPES.get(facts.name)
    if rule is None or (facts.logits is None and activation not in (None, "linear", "softmax", *ELEMENTWISE)):
        return None
    draft = Draft("Backward", f"keras.losses.{facts.name}")
    count = int(np.size(facts.output))
    y = draft.given("y", facts.output, "what the model puts out", "y")
    t = draft.given("t", _one_of_each(facts, count), "what was to come out", "t")
    part = draft.given("share", share / (count if facts.name in MEANS else 1), "how much an output counts", "k")
    if facts.logits is not None:
        logits = draft.given("z", facts.logits, "the logits", "z")
        draft.let(
            "delta",
            part * _of_logits(draft, facts, logits, t)[unit],
            "δ = ∂L/∂z: what came less what was to",
            r"\delta",
        )
        return draft.card()
    dy = draft.let("dy", part * rule(facts, y, t), "∂L/∂y of each output", r"\frac{\partial L}{\partial y}")
    if activation in (None, "linear"):
        draft.let("delta", dy[unit], "δ: the unit has no activation", r"\delta")
    elif activation == "softmax":
        back = y[unit] * (dy[unit] - total(dy * y))
        draft.let("delta", back, "δ = ∂L/∂z, through all shares of the softmax", r"\delta")
    elif z is None:
        return None
    else:
        own = draft.given("z", float(z[unit]), "z of the unit", "z")
        slope = draft.let("slope", ELEMENTWISE[str(activation)](own, numbers)[1], "f'(z) of the unit", "f'(z)")
        draft.let("delta", slope * dy[unit], "δ = ∂L/∂z", r"\delta")
    return draft.card()


def _one_of_each(facts: LossFacts, count: int) -> np.ndarray:
    if not facts.name.startswith("sparse"):
        return np.asarray(facts.target, np.float64)
    return np.asarray(np.arange(count) == int(facts.target), np.float64)


def _of_logits(draft: Draft, facts: LossFacts, z: Value, t: Value) -> Value:
    if facts.name == "binary_crossentropy":
        return 1 / (1 + exp(-z)) - _smoothed(facts, t, 0.5)
    wanted = _smoothed(facts, t, 1 / max(1, t.number.shape[-1]))
    powers = draft.let("powers", exp(z - largest(z)), "the power of each logit", "e^z")
    shares = draft.let("p", powers / total(powers), "softmax of the logits", "p")
    return shares * total(wanted) - wanted
