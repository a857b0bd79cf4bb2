"""What an activation makes of z, and how steeply: f(z) and f′(z) in closed form.

The rules are those of `keras.activations` (keras.io/api/layers/activations); where a paper brought one, its line says
so. At a kink the slope is the one that the derivative has on the left, as TensorFlow, JAX and torch take it for `relu`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from nnvis_widget.core.words.phrase import phrase
from nnvis_widget.workings.card import Draft
from nnvis_widget.workings.value import (
    Value,
    at_most,
    constant,
    exp,
    largest,
    less,
    log,
    log1p,
    magnitude,
    maximum,
    minimum,
    normal_cdf,
    sqrt,
    tanh,
    total,
    where,
)

Pair = tuple[Value, Value]
Rule = Callable[[Value, Mapping[str, float]], Pair]
Numbers = Mapping[str, float]

SELU_SCALE, SELU_ALPHA = 1.0507009873554805, 1.6732632423543772
"""Klambauer et al. 2017, arXiv:1706.02515, equation 14."""


def _sigmoid(z: Value) -> Value:
    return 1 / (1 + exp(-z))


def _soft_plus(z: Value) -> Value:
    """ln(1 + eᶻ) without overflow."""
    return maximum(z, 0) + log1p(exp(-magnitude(z)))


def _between(low: float, z: Value, high: float) -> Value:
    """1 within, 0 outside."""
    return where(less(low, z), where(less(z, high), 1, 0), 0)


def linear(z: Value, _: Numbers) -> Pair:
    """z"""
    return z, constant(1) + 0 * z


def relu(z: Value, of: Numbers) -> Pair:
    """max(z, 0) (Nair and Hinton 2010); with a slope below a threshold, and a largest value."""
    below, threshold, most = of.get("negative_slope", 0.0), of.get("threshold", 0.0), of.get("max_value")
    is_plain = below == 0 and threshold == 0
    value = maximum(z, 0) if is_plain else where(less(z, threshold), below * (z - threshold), z)
    slope = where(less(threshold, z), 1, below)
    if most is not None:
        value, slope = minimum(value, most), where(less(z, most), slope, 0)
    return value, slope


def relu6(z: Value, _: Numbers) -> Pair:
    """min(max(z, 0), 6) (Krizhevsky 2010)."""
    return minimum(maximum(z, 0), 6), _between(0, z, 6)


def leaky_relu(z: Value, of: Numbers) -> Pair:
    """z above 0, a share of it below (Maas et al. 2013)."""
    below = of.get("negative_slope", 0.2)
    return where(less(0, z), z, below * z), where(less(0, z), 1, below)


def elu(z: Value, of: Numbers) -> Pair:
    """z above 0, α(eᶻ − 1) below (Clevert et al. 2015, arXiv:1511.07289)."""
    alpha = of.get("alpha", 1.0)
    small = minimum(z, 0)
    return where(less(0, z), z, alpha * (exp(small) - 1)), where(less(0, z), 1, alpha * exp(small))


def selu(z: Value, _: Numbers) -> Pair:
    """λ z above 0, λ α(eᶻ − 1) below (Klambauer et al. 2017, arXiv:1706.02515)."""
    value, slope = elu(z, {"alpha": SELU_ALPHA})
    return SELU_SCALE * value, SELU_SCALE * slope


def celu(z: Value, of: Numbers) -> Pair:
    """max(z, 0) + min(α(e^{z/α} − 1), 0) (Barron 2017, arXiv:1704.07483)."""
    alpha = of.get("alpha", 1.0)
    small = minimum(z, 0)
    return maximum(z, 0) + alpha * (exp(small / alpha) - 1), where(less(0, z), 1, exp(small / alpha))


def sigmoid(z: Value, _: Numbers) -> Pair:
    """1 / (1 + e⁻ᶻ)"""
    value = _sigmoid(z)
    return value, value * (1 - value)


def tanh_(z: Value, _: Numbers) -> Pair:
    """tanh z"""
    return tanh(z), 1 - tanh(z) ** 2


def softplus(z: Value, _: Numbers) -> Pair:
    """ln(1 + eᶻ)"""
    return _soft_plus(z), _sigmoid(z)


def softsign(z: Value, _: Numbers) -> Pair:
    """z / (1 + |z|)"""
    return z / (1 + magnitude(z)), 1 / (1 + magnitude(z)) ** 2


def exponential(z: Value, _: Numbers) -> Pair:
    """eᶻ"""
    return exp(z), exp(z)


def hard_sigmoid(z: Value, _: Numbers) -> Pair:
    """z/6 + 1/2, cut off at 0 and 1."""
    return minimum(maximum(z / 6 + 0.5, 0), 1), _between(-3, z, 3) / 6


def log_sigmoid(z: Value, _: Numbers) -> Pair:
    """−ln(1 + e⁻ᶻ)"""
    return -_soft_plus(-z), _sigmoid(-z)


def silu(z: Value, _: Numbers) -> Pair:
    """z σ(z) (Ramachandran et al. 2017, arXiv:1710.05941)."""
    share = _sigmoid(z)
    return z * share, share + z * share * (1 - share)


def hard_silu(z: Value, _: Numbers) -> Pair:
    """z times the hard sigmoid (Howard et al. 2019, arXiv:1905.02244)."""
    share, slope = hard_sigmoid(z, {})
    return z * share, share + z * slope


def gelu(z: Value, of: Numbers) -> Pair:
    """z Φ(z) (Hendrycks and Gimpel 2016, arXiv:1606.08415), or its approximation by tanh."""
    if not of.get("approximate", 0.0):
        share = normal_cdf(z)
        return z * share, share + z * exp(-(z**2) / 2) / float(np.sqrt(2 * np.pi))
    root = float(np.sqrt(2 / np.pi))
    bent = tanh(root * (z + 0.044715 * z**3))
    return 0.5 * z * (1 + bent), 0.5 * (1 + bent) + 0.5 * z * (1 - bent**2) * root * (1 + 3 * 0.044715 * z**2)


def mish(z: Value, _: Numbers) -> Pair:
    """z tanh(softplus z) (Misra 2019, arXiv:1908.08681)."""
    bent = tanh(_soft_plus(z))
    return z * bent, bent + z * (1 - bent**2) * _sigmoid(z)


def squareplus(z: Value, of: Numbers) -> Pair:
    """(z + √(z² + b)) / 2 (Barron 2021, arXiv:2112.11687)."""
    root = sqrt(z**2 + of.get("b", 4.0))
    return (z + root) / 2, (1 + z / root) / 2


def soft_shrink(z: Value, of: Numbers) -> Pair:
    """z drawn towards 0 by a threshold, 0 within."""
    edge = of.get("threshold", 0.5)
    outside = maximum(z - edge, 0) + minimum(z + edge, 0)
    return outside, where(less(edge, magnitude(z)), 1, 0)


def hard_shrink(z: Value, of: Numbers) -> Pair:
    """z, and 0 within a threshold."""
    is_outside = less(of.get("threshold", 0.5), magnitude(z))
    return where(is_outside, z, 0), where(is_outside, 1, 0)


def hard_tanh(z: Value, _: Numbers) -> Pair:
    """z, cut off at −1 and 1."""
    return minimum(maximum(z, -1), 1), _between(-1, z, 1)


def tanh_shrink(z: Value, _: Numbers) -> Pair:
    """z − tanh z"""
    return z - tanh(z), tanh(z) ** 2


def sparse_plus(z: Value, _: Numbers) -> Pair:
    """0 below −1, z above 1, (z + 1)² / 4 between."""
    inside = (z + 1) ** 2 / 4
    value = where(at_most(z, -1), 0, where(less(z, 1), inside, z))
    return value, where(at_most(z, -1), 0, where(less(z, 1), (z + 1) / 2, 1))


def sparse_sigmoid(z: Value, _: Numbers) -> Pair:
    """(z + 1) / 2, cut off at 0 and 1."""
    return minimum(maximum((z + 1) / 2, 0), 1), _between(-1, z, 1) / 2


ELEMENTWISE: Mapping[str, Rule] = {
    "linear": linear,
    "relu": relu,
    "relu6": relu6,
    "leaky_relu": leaky_relu,
    "elu": elu,
    "selu": selu,
    "celu": celu,
    "sigmoid": sigmoid,
    "tanh": tanh_,
    "softplus": softplus,
    "softsign": softsign,
    "exponential": exponential,
    "hard_sigmoid": hard_sigmoid,
    "log_sigmoid": log_sigmoid,
    "silu": silu,
    "swish": silu,
    "hard_silu": hard_silu,
    "hard_swish": hard_silu,
    "gelu": gelu,
    "mish": mish,
    "squareplus": squareplus,
    "soft_shrink": soft_shrink,
    "hard_shrink": hard_shrink,
    "hard_tanh": hard_tanh,
    "tanh_shrink": tanh_shrink,
    "sparse_plus": sparse_plus,
    "sparse_sigmoid": sparse_sigmoid,
}
OF_ALL = ("softmax", "log_softmax", "sparsemax")
"""Those of which each unit's share depends on all units' z."""

KNOWN = (*ELEMENTWISE, *OF_ALL)


def activate(draft: Draft, name: str, z: Value, unit: int, of: Numbers | None = None) -> Value:
    """Write what an activation makes of one unit's z, and how steeply.

    Args:
        draft: The card; it gets `a` and, where the unit's own z decides alone, `slope`.
        name: One of `KNOWN`.
        z: Of the unit; of all units that are taken together where the name is one of `OF_ALL`.
        unit: Which of them it is.
        of: Numbers that the activation is made with.

    Returns:
        What the unit puts out.
    """
    if name in ELEMENTWISE:
        value, slope = ELEMENTWISE[name](z, of or {})
        put_out = draft.let("a", value, phrase("what the unit puts out: {name}(z)", name=name), "a")
        draft.let("slope", slope, phrase("how steeply {name} rises at z", name=name), "f'(z)")
        return put_out
    if name == "sparsemax":
        threshold = draft.let("tau", _threshold(z), "so that what is above it adds up to 1", r"\tau")
        shares = maximum(z - threshold, 0)
        draft.let("shares", shares, "what each unit puts out", "p")
        return draft.let("a", maximum(z[unit] - threshold, 0), "what the unit puts out: sparsemax", "a")
    top = draft.let("most", largest(z), "the largest z, taken off so that no power overflows", r"z_{\max}")
    powers = draft.let("powers", exp(z - top), "the power of each unit", "e")
    if name == "softmax":
        draft.let("shares", powers / total(powers), "the share of each unit; together 1", "p")
        return draft.let("a", powers[unit] / total(powers), "what the unit puts out: its share", "a")
    draft.let("shares", z - top - log(total(powers)), "the logarithm of each unit's share", r"\ln p")
    return draft.let("a", z[unit] - top - log(total(powers)), "what the unit puts out: the logarithm of its share", "a")


def pull_back(
    name: str, z: np.ndarray, put_out: np.ndarray, slopes: np.ndarray, of: Numbers | None = None
) -> np.ndarray:
    """∂L/∂z from ∂L/∂a: by the slope, or by the whole table of slopes where each unit depends on all.

    Args:
        name: One of `KNOWN`.
        z: `(…, units)`.
        put_out: What the activation made of it.
        slopes: ∂L/∂a.
        of: Numbers that the activation is made with.
    """
    if name in ELEMENTWISE:
        return np.asarray(ELEMENTWISE[name](Value(np.asarray(z, np.float64), "z", "z"), of or {})[1].number * slopes)
    if name == "softmax":
        return np.asarray(put_out * (slopes - (slopes * put_out).sum(-1, keepdims=True)))
    if name == "log_softmax":
        return np.asarray(slopes - np.exp(put_out) * slopes.sum(-1, keepdims=True))
    inside = put_out > 0
    count = np.maximum(inside.sum(-1, keepdims=True), 1)
    return np.asarray(inside * (slopes - (inside * slopes).sum(-1, keepdims=True) / count))


def _threshold(z: Value) -> Value:
    """τ of sparsemax (Martins and Astudillo 2016, arXiv:1602.02068, algorithm 1)."""
    ordered = np.sort(z.number)[::-1]
    sums, places = np.cumsum(ordered), np.arange(1, len(ordered) + 1)
    count = int((1 + places * ordered > sums).sum())
    is_in = at_most(float(ordered[count - 1]), z)
    return (total(where(is_in, z, 0)) - 1) / count
