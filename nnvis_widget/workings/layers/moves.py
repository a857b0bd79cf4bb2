"""Layers that hand numbers on: reshaping, merging, dropping, scaling.

The rules of keras.io/api/layers/reshaping_layers, merging_layers and regularization_layers.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from nnvis_widget.core.words.phrase import phrase
from nnvis_widget.workings.card import Draft, How, Term
from nnvis_widget.workings.layers.conv import channels_last, sizes_of
from nnvis_widget.workings.layers.facts import Found, LayerFacts, NotCoveredError
from nnvis_widget.workings.value import Value, dotted, largest, maximum, mean, minimum, product, smallest, total


def same(draft: Draft, facts: LayerFacts) -> Found:
    """What comes in at this place, and nothing else; with what all units bring, for a softmax."""
    x = np.asarray(facts.sample, np.float64)
    z = draft.given("z", float(x[facts.place]), "what comes in", "z")
    draft.add("z", [Term(facts.name(facts.place), float(z.number))], z)
    if not facts.needs_all:
        return Found(z)
    if facts.config.get("axis", -1) not in (-1, x.ndim):
        raise NotCoveredError("its activation is not along the last axis")
    return Found(z, draft.given("z_all", x[facts.place[:-1]], "what comes in for all units", r"\vec z"))


def rescaling(draft: Draft, facts: LayerFacts) -> Found:
    """x · scale + offset"""
    if not isinstance(facts.config.get("scale"), int | float) or not isinstance(
        facts.config.get("offset"), int | float
    ):
        raise NotCoveredError("its scale or offset is not one number")
    x = draft.given("x", float(facts.sample[facts.place]), "what comes in", "x")
    scale = draft.given("scale", facts.number("scale"), "the scale", "s")
    offset = draft.given("offset", facts.number("offset"), "the offset", "o")
    z = draft.let("z", x * scale + offset, "scaled", "z")
    name = facts.name(facts.place)
    terms = [Term(name, float(x.number * scale.number), float(scale.number), float(x.number))]
    draft.add("z", [*terms, Term(phrase("offset"), float(offset.number))], z)
    return Found(z)


def dropout(draft: Draft, facts: LayerFacts) -> Found:
    """Srivastava et al. 2014, jmlr.org/papers/v15/srivastava14a: kept and made larger, or 0; in inference as it is."""
    rate = facts.number("rate")
    if not facts.is_training or not rate or facts.options.get("training") is False:
        draft.notes.append("In inference nothing is dropped.")
        return same(draft, facts)
    if not facts.sample[facts.place]:
        draft.notes.append("What comes in is 0, and stays so whether it is dropped or not.")
        return same(draft, facts)
    x = draft.given("x", float(facts.sample[facts.place]), "what comes in", "x")
    is_kept = float(facts.output[(facts.row, *facts.place)] != 0)
    kept = draft.given("kept", is_kept, "the mask at this place: 1 kept, 0 dropped, as the layer drew it", "k")
    share = draft.given("rate", rate, "the share that is dropped", "r")
    z = draft.let("z", x * kept / (1 - share), "kept and made larger, or 0", "z")
    factor = is_kept / (1 - rate)
    draft.add("z", [Term(facts.name(facts.place), float(z.number), factor, float(x.number))], z)
    return Found(z)


def noise(draft: Draft, facts: LayerFacts) -> Found:
    """GaussianNoise, GaussianDropout, AlphaDropout: in inference what comes in; in training drawn numbers take part."""
    if facts.is_training and facts.options.get("training") is not False:
        raise NotCoveredError("numbers that it draws take part in training")
    return same(draft, facts)


def moved(draft: Draft, facts: LayerFacts) -> Found:
    """Flatten, Reshape, Permute, ZeroPadding, Cropping, UpSampling, RepeatVector: a number from another place, or 0."""
    given = np.asarray(facts.sample)
    source = int(_places(facts, np.arange(1, given.size + 1).reshape(given.shape))[facts.place])
    if not source:
        z = draft.let("z", Value(np.asarray(0.0), "0.0", "0"), "padding: there is nothing at this place", "z")
        draft.add("z", [Term(phrase("padding"), 0.0)], z)
        return Found(z)
    place = tuple(int(at) for at in np.unravel_index(source - 1, given.shape))
    z = draft.given("z", float(given[place]), phrase("what comes in at {place}", place=", ".join(map(str, place))), "z")
    draft.add("z", [Term(facts.name(place), float(z.number))], z)
    return Found(z)


def _places(facts: LayerFacts, numbers: np.ndarray) -> np.ndarray:
    config, kind = facts.config, facts.kind
    if kind == "Flatten":
        channels_last(facts)
        return numbers.reshape(-1)
    if kind == "Reshape":
        return numbers.reshape(facts.output.shape[1:])
    if kind == "Permute":
        return np.transpose(numbers, [axis - 1 for axis in sizes_of(config["dims"], 1)])
    if kind == "RepeatVector":
        return np.repeat(numbers[None], facts.output.shape[1], axis=0)
    channels_last(facts)
    rank = numbers.ndim - 1
    if kind.startswith("UpSampling"):
        if config.get("interpolation", "nearest") != "nearest":
            raise NotCoveredError("it interpolates")
        for axis, size in enumerate(sizes_of(config["size"], rank)):
            numbers = np.repeat(numbers, size, axis=axis)
        return numbers
    name = "padding" if kind.startswith("ZeroPadding") else "cropping"
    sides = _sides(config[name], rank)
    if name == "padding":
        return np.pad(numbers, [*sides, (0, 0)])
    cut = tuple(slice(before, size - after) for (before, after), size in zip(sides, numbers.shape, strict=False))
    return numbers[cut]


def _sides(given: Any, rank: int) -> list[tuple[int, int]]:
    """Before and after on each axis, however a layer was told."""
    if rank == 1 and isinstance(given, list | tuple) and not isinstance(given[0], list | tuple):
        return [(int(given[0]), int(given[1]))]
    many = given if isinstance(given, list | tuple) else (given,) * rank
    return [(int(one[0]), int(one[1])) if isinstance(one, list | tuple) else (int(one), int(one)) for one in many]


MERGED: dict[str, tuple[How, str]] = {
    "Add": ("sum", "the sum"),
    "Average": ("mean", "the mean"),
    "Maximum": ("max", "the largest"),
    "Minimum": ("min", "the smallest"),
    "Multiply": ("product", "the product"),
}


def merged(draft: Draft, facts: LayerFacts) -> Found:
    """Add, Subtract, Average, Maximum, Minimum, Multiply: what all inputs bring at this place."""
    values, names = [], []
    for source, array in enumerate(facts.inputs):
        place = _broadcast(array, facts)
        values.append(float(array if not array.ndim else array[(facts.row if len(array) > 1 else 0, *place)]))
        names.append(facts.name(place, source))
    x = draft.given("x", values, "what each input brings", "x")
    if facts.kind == "Subtract":
        z = draft.let("z", x[0] - x[1], "the difference", "z")
        draft.add("z", [Term(names[0], values[0], 1.0, values[0]), Term(names[1], -values[1], -1.0, values[1])], z)
        return Found(z)
    how, told = MERGED[facts.kind]
    ways = {"sum": total, "mean": mean, "max": largest, "min": smallest, "product": product}
    z = draft.let("z", ways[how](x), told, "z")
    draft.add("z", [Term(name, value) for name, value in zip(names, values, strict=True)], z, how)
    return Found(z)


def _broadcast(array: np.ndarray, facts: LayerFacts) -> tuple[int, ...]:
    """This place in an input that has fewer axes or elements."""
    rank = array.ndim - 1
    if rank < 0:
        return ()
    last = facts.place[len(facts.place) - rank :] if rank else ()
    return tuple(0 if size == 1 else at for at, size in zip(last, array.shape[1:], strict=True))


def concatenated(draft: Draft, facts: LayerFacts) -> Found:
    """The inputs one after the other along an axis."""
    rank = facts.output.ndim
    axis = int(facts.number("axis", -1)) % rank - 1
    at = facts.place[axis]
    for source, array in enumerate(facts.inputs):
        size = array.shape[axis + 1]
        if at < size:
            place = (*facts.place[:axis], at, *facts.place[axis + 1 :])
            z = draft.given(
                "z", float(array[(facts.row, *place)]), phrase("what input {number} brings", number=source + 1), "z"
            )
            draft.add("z", [Term(facts.name(place, source), float(z.number))], z)
            return Found(z)
        at -= size
    raise NotCoveredError("its inputs do not reach this place")


def dot(draft: Draft, facts: LayerFacts) -> Found:
    """Σ of the products of two inputs along an axis of each."""
    if facts.config.get("normalize"):
        raise NotCoveredError("it normalises its inputs first")
    axes, (one, other) = facts.config["axes"], facts.inputs
    along = tuple(axes) if isinstance(axes, list | tuple) else (axes, axes)
    first, second = int(along[0]) % one.ndim - 1, int(along[1]) % other.ndim - 1
    left, right = np.asarray(one[facts.row], np.float64), np.asarray(other[facts.row], np.float64)
    place = list(facts.place if left.ndim + right.ndim > 2 else ())
    of_left, of_right = place[: left.ndim - 1], place[left.ndim - 1 :]
    of_left.insert(first, slice(None))  # type: ignore[arg-type]
    of_right.insert(second, slice(None))  # type: ignore[arg-type]
    ours, theirs = left[tuple(of_left)], right[tuple(of_right)]
    a, b = draft.given("x", ours, "from the first input", "x"), draft.given("y", theirs, "from the second input", "y")
    z = draft.let("z", dotted(a, b), "the sum of the products", "z")
    rows = enumerate(zip(ours.tolist(), theirs.tolist(), strict=True))
    draft.add("z", [Term(phrase("pair {place}", place=place), p * q, p, q) for place, (p, q) in rows], z)
    return Found(z)


def leaky_per_unit(draft: Draft, facts: LayerFacts) -> Found:
    """PReLU (He et al. 2015, arXiv:1502.01852): a slope below 0 that is learned."""
    alpha = facts.weight("alpha")
    if alpha is None:
        raise NotCoveredError("its slopes are not one plain variable")
    x = draft.given("x", float(facts.sample[facts.place]), "what comes in", "x")
    place = tuple(0 if size == 1 else at for at, size in zip(facts.place, alpha.shape, strict=True))
    slope = draft.given("alpha", float(alpha[place]), "the slope below 0", r"\alpha")
    z = draft.let("z", maximum(x, 0) + slope * minimum(x, 0), "as it is above 0, a share below", "z")
    draft.add("z", [Term(facts.name(facts.place), float(z.number))], z)
    return Found(z)
