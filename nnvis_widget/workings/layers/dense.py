"""Dense, EinsumDense and Embedding (keras.io/api/layers/core_layers)."""

from __future__ import annotations

from math import prod

import numpy as np

from nnvis_widget.core.words.phrase import phrase
from nnvis_widget.workings.card import Draft, Term
from nnvis_widget.workings.layers.facts import Found, LayerFacts, NotCoveredError
from nnvis_widget.workings.layers.weigh import weigh

LETTERS = "ABCDEFGH"


def dense(draft: Draft, facts: LayerFacts) -> Found:
    """Every unit of the last axis weighs all that comes in at its place."""
    kernel, before = facts.weight("kernel"), facts.place[:-1]
    if kernel is None or kernel.ndim != 2:
        raise NotCoveredError("its kernel is not one plain variable of inputs and units")
    x = facts.sample[before]
    names = [facts.name((*before, place)) for place in range(len(x))]
    return weigh(draft, facts, kernel, x, names, facts.weight("bias"), facts.unit)


def einsum_dense(draft: Draft, facts: LayerFacts) -> Found:
    """The letters of the equation that are not put out are summed over."""
    kernel, bias = facts.weight("kernel"), facts.weight("bias")
    if kernel is None:
        raise NotCoveredError("its kernel is not one plain variable")
    given, of_kernel, put_out = letters(str(facts.config["equation"]), facts.inputs[0].ndim)
    at = dict(zip(put_out[1:], facts.place, strict=True))
    if given[0] != put_out[0] or put_out[-1] not in of_kernel or (facts.needs_all and put_out[-1] in given):
        raise NotCoveredError("its equation has no axis of samples in front or no axis of units at the end")
    x = facts.sample[tuple(at.get(letter, slice(None)) for letter in given[1:])]
    unit = put_out[-1]
    w = kernel[tuple(slice(None) if letter == unit else at.get(letter, slice(None)) for letter in of_kernel)]
    left = [letter for letter in given[1:] if letter not in at]
    kept = [letter for letter in of_kernel if letter not in at or letter == unit]
    if sorted(left) != sorted(letter for letter in kept if letter != unit):
        raise NotCoveredError("its equation sums over an axis that only one of input and kernel has")
    w = np.transpose(w, [kept.index(letter) for letter in (*left, unit)])
    places = np.ndindex(*x.shape)
    names = [facts.name(_place(given[1:], at, dict(zip(left, place, strict=True)))) for place in places]
    flat = None if bias is None else _bias_at(bias, str(facts.config.get("bias_axes") or ""), at, put_out)
    return weigh(draft, facts, w.reshape(prod(x.shape), -1), x.reshape(-1), names, flat, facts.unit)


def letters(equation: str, rank: int) -> tuple[str, str, str]:
    """The three parts of an equation, with letters of its own for an ellipsis."""
    inputs, put_out = equation.replace(" ", "").split("->")
    given, of_kernel = inputs.split(",")
    missing = rank - len(given.replace("...", ""))
    filled = LETTERS[:missing]
    return given.replace("...", filled), of_kernel.replace("...", ""), put_out.replace("...", filled)


def _place(given: str, at: dict[str, int], summed: dict[str, int]) -> tuple[int, ...]:
    return tuple(at[letter] if letter in at else summed[letter] for letter in given)


def _bias_at(bias: np.ndarray, axes: str, at: dict[str, int], put_out: str) -> np.ndarray:
    """The biases of all units at this place; its axes of one element stand for those that have none."""
    own = [letter for letter in put_out if letter in axes]
    sized = bias.reshape([size for size in bias.shape if size != 1] or [1]) if bias.ndim != len(own) else bias
    if sized.ndim != len(own):
        raise NotCoveredError("its bias has other axes than its bias_axes name")
    taken = sized[tuple(slice(None) if letter == put_out[-1] else at[letter] for letter in own)]
    return taken if put_out[-1] in own else np.full(at[put_out[-1]] + 1, float(taken))


def embedding(draft: Draft, facts: LayerFacts) -> Found:
    """The row of the table that a token stands for."""
    table = facts.weight("embeddings")
    if table is None:
        raise NotCoveredError("its table is not one plain variable")
    token = int(facts.sample[facts.place[:-1]])
    known = draft.given("token", token, "the token", "k")
    column = draft.given("table", table[:, facts.unit], "this unit's number for every token", "E")
    z = draft.let("z", column[int(known.number)], "the number of this token", "z")
    draft.add("z", [Term(phrase("token {token}", token=token), float(z.number))], z)
    return Found(z)
