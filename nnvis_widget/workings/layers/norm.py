"""Normalisation: what comes in, moved and scaled by what is usual there (keras.io/api/layers/normalization_layers)."""

from __future__ import annotations

import numpy as np

from nnvis_widget.core.words.phrase import phrase
from nnvis_widget.workings.card import Draft, Term
from nnvis_widget.workings.layers.facts import Found, LayerFacts, NotCoveredError
from nnvis_widget.workings.value import Value, maximum, mean, sqrt, total


def batch_normalization(draft: Draft, facts: LayerFacts) -> Found:
    """Ioffe and Szegedy 2015, arXiv:1502.03167, algorithm 1: by the batch in training, by moving averages else."""
    axis = int(facts.number("axis", -1)) % facts.inputs[0].ndim
    channel = facts.place[axis - 1]
    epsilon = draft.given("epsilon", facts.number("epsilon"), "epsilon", r"\varepsilon")
    if facts.is_training and facts.config.get("trainable", True) and facts.options.get("training", True):
        if facts.options.get("mask") is not None:
            raise NotCoveredError("a mask takes part in the mean of its batch")
        values = np.moveaxis(np.asarray(facts.inputs[0], np.float64), axis, 0)[channel]
        batch = draft.given("batch", values, "what comes in for this unit, over the batch", "x")
        centre = draft.let("centre", mean(batch), "the mean of this batch", r"\mu")
        variance = draft.let("variance", mean((batch - centre) ** 2), "its variance", r"\sigma^2")
        share = draft.given("momentum", facts.number("momentum"), "what the moving averages keep", "k")
        for name, now, told, kept in (
            ("mean", centre, "moving mean before", "moving mean after"),
            ("variance", variance, "moving variance before", "moving variance after"),
        ):
            old = draft.given(f"moving_{name}_before", _of(facts, f"moving_{name}", channel), told)
            draft.let(f"moving_{name}_after", old * share + now * (1 - share), kept)
    else:
        centre = draft.given("centre", _of(facts, "moving_mean", channel), "the moving mean", r"\mu")
        variance = draft.given("variance", _of(facts, "moving_variance", channel), "the moving variance", r"\sigma^2")
    return _scaled(draft, facts, centre, sqrt(variance + epsilon), channel)


def layer_normalization(draft: Draft, facts: LayerFacts) -> Found:
    """Ba et al. 2016, arXiv:1607.06450, equations 3 and 4: by the sample's own mean and variance."""
    axes, here = _own_axes(facts)
    values = draft.given("own", _along(facts, axes), "what the sample has along the axes that are normalised", "x")
    epsilon = draft.given("epsilon", facts.number("epsilon"), "epsilon", r"\varepsilon")
    if facts.kind == "RMSNormalization" or facts.config.get("rms_scaling"):
        size = draft.let("size", sqrt(mean(values**2) + epsilon), "the root of the mean square", r"\operatorname{rms}")
        return _scaled(draft, facts, None, size, here)
    centre = draft.let("centre", mean(values), "their mean", r"\mu")
    variance = draft.let("variance", mean((values - centre) ** 2), "their variance", r"\sigma^2")
    return _scaled(draft, facts, centre, sqrt(variance + epsilon), here)


def group_normalization(draft: Draft, facts: LayerFacts) -> Found:
    """Wu and He 2018, arXiv:1803.08494, equations 1 to 6: by mean and variance of a group of maps of the sample."""
    axis = int(facts.number("axis", -1)) % facts.inputs[0].ndim
    x = np.moveaxis(np.asarray(facts.sample, np.float64), axis - 1, 0)
    channel, groups = facts.place[axis - 1], int(facts.number("groups"))
    count = len(x) // (len(x) if groups == -1 else groups)
    first = channel // count * count
    values = draft.given("own", x[first : first + count], "what the sample has in this group of maps", "x")
    epsilon = draft.given("epsilon", facts.number("epsilon"), "epsilon", r"\varepsilon")
    centre = draft.let("centre", mean(values), "their mean", r"\mu")
    variance = draft.let("variance", mean((values - centre) ** 2), "their variance", r"\sigma^2")
    return _scaled(draft, facts, centre, sqrt(variance + epsilon), channel)


def unit_normalization(draft: Draft, facts: LayerFacts) -> Found:
    """The sample is made one long."""
    axes, _ = _own_axes(facts)
    values = draft.given("own", _along(facts, axes), "what the sample has along the axes that are normalised", "x")
    length = draft.let("length", sqrt(maximum(total(values**2), 1e-12)), "their length", r"\lVert x \rVert")
    return _scaled(draft, facts, None, length, ())


def normalization(draft: Draft, facts: LayerFacts) -> Found:
    """By a mean and a variance that were adapted to data before."""
    centre, variance = facts.weight("mean"), facts.weight("variance")
    if centre is None or variance is None or facts.config.get("invert"):
        raise NotCoveredError("it has a mean and a variance that are no variables, or it goes backwards")
    axis = facts.config.get("axis", -1)
    axes = sorted(
        one % facts.inputs[0].ndim for one in (axis if isinstance(axis, list | tuple) else [axis]) if one is not None
    )
    here = tuple(facts.place[one - 1] for one in axes)
    of_mean = draft.given(
        "centre", centre.reshape(centre.shape[-len(here) :] if here else ())[here], "the mean", r"\mu"
    )
    spread = draft.given(
        "variance", variance.reshape(variance.shape[-len(here) :] if here else ())[here], "the variance", r"\sigma^2"
    )
    return _scaled(draft, facts, of_mean, maximum(sqrt(spread), 1e-7), ())


def _scaled(draft: Draft, facts: LayerFacts, centre: Value | None, size: Value, here: int | tuple[int, ...]) -> Found:
    """γ (x − μ) / σ + β, as far as the layer has them."""
    x = draft.given("x", float(facts.sample[facts.place]), "what comes in at this place", "x_i")
    value = (x if centre is None else x - centre) / size
    gamma, beta = _of(facts, "gamma", here, "scale"), _of(facts, "beta", here)
    normal = draft.let("normal", value, "the same, normalised", r"\hat x")
    share = float(1 / size.number) if gamma is None else float(gamma / size.number)
    terms = [Term(facts.name(facts.place), float(x.number) * share, share, float(x.number))]
    if centre is not None:
        terms.append(Term(phrase("mean"), -float(centre.number) * share, -share, float(centre.number)))
    result = normal if gamma is None else draft.given("gamma", gamma, "the scale of the unit", r"\gamma") * normal
    if beta is not None:
        result = result + draft.given("beta", beta, "the shift of the unit", r"\beta")
        terms.append(Term(phrase("shift"), beta))
    z = draft.let("z", result, "what the unit puts out", "z")
    draft.add("z", terms, z)
    return Found(z)


def _of(facts: LayerFacts, name: str, here: int | tuple[int, ...], other: str = "") -> float | None:
    values = facts.weight(name) if facts.weight(name) is not None else facts.weight(other)
    if values is None or (not isinstance(here, int) and not here):
        return None
    place = here if isinstance(here, tuple) else (here,)
    return (
        float(values.reshape([size for size in values.shape if size != 1] or [1])[place])
        if values.size > 1
        else float(values.reshape(-1)[0])
    )


def _own_axes(facts: LayerFacts) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """The axes of the sample that are normalised together, and where in them this place lies."""
    axis = facts.config.get("axis", -1)
    rank = facts.inputs[0].ndim
    axes = tuple(sorted(int(one) % rank - 1 for one in (axis if isinstance(axis, list | tuple) else [axis])))
    return axes, tuple(facts.place[one] for one in axes)


def _along(facts: LayerFacts, axes: tuple[int, ...]) -> np.ndarray:
    at = tuple(slice(None) if axis in axes else place for axis, place in enumerate(facts.place))
    return np.asarray(facts.sample[at], np.float64)
