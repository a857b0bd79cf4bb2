"""δ by the chain rule, and what a weight's gradient is made of.

Rumelhart, Hinton and Williams 1986, doi:10.1038/323533a0, equations 5 to 7: the share of a unit in the loss is what the
units after it have, through the weights that lead there, times its own slope; that of a weight is δ of its unit times
what came in.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from nnvis_widget.core.words.phrase import phrase
from nnvis_widget.workings.card import Card, Draft, Term
from nnvis_widget.workings.value import Value, dotted, einsum, mean, total


@dataclass(frozen=True)
class Edges:
    """What leads from a unit to a layer after it.

    Attributes:
        layer: Its name.
        weights: Of each edge.
        deltas: δ of the unit that each edge goes to.
        names: Of these units.
    """

    layer: str
    weights: np.ndarray
    deltas: np.ndarray
    names: Sequence[str]


def delta_card(edges: Sequence[Edges], slope: float | None, rest: float | None, rest_told: str) -> Card:
    """δ of a hidden unit.

    Args:
        edges: To every layer after it of which the weights are known.
        slope: f′(z) of the unit; `None` where it has no activation.
        rest: ∂L/∂a by ways of which only autodiff tells; `None` where there are none.
        rest_told: Which ways these are.
    """
    draft = Draft("Backward", "Rumelhart et al. 1986, doi:10.1038/323533a0")
    parts: list[Value] = []
    terms: list[Term] = []
    for number, one in enumerate(edges):
        ending = "" if len(edges) == 1 else f"_{number + 1}"
        w = draft.given(
            f"w_out{ending}", one.weights, phrase("the weights to {layer}", layer=one.layer), rf"w^{{\to}}{ending}"
        )
        d = draft.given(
            f"delta_out{ending}", one.deltas, phrase("δ of {layer}", layer=one.layer), rf"\delta^{{\to}}{ending}"
        )
        parts.append(dotted(w, d))
        terms += [
            Term(name, float(weight * delta), float(weight), float(delta))
            for name, weight, delta in zip(one.names, np.ravel(one.weights), np.ravel(one.deltas), strict=True)
        ]
    if rest is not None:
        parts.append(draft.given("rest", rest, phrase("∂L/∂a {rest}, by autodiff", rest=rest_told), "r"))
        terms.append(Term(rest_told, rest))
    whole = parts[0]
    for part in parts[1:]:
        whole = whole + part
    up = draft.let("da", whole, "∂L/∂a: what all that follows makes of the unit", r"\frac{\partial L}{\partial a}")
    draft.add("da", terms, up)
    if slope is None:
        draft.let("delta", up, "δ: the unit has no activation", r"\delta")
    else:
        draft.let("delta", draft.given("slope", slope, "f'(z) of the unit", "f'(z)") * up, "δ = ∂L/∂z", r"\delta")
    return draft.card()


def plain_delta_card(delta: float, told: str) -> Card:
    """δ of a unit of which only autodiff tells."""
    draft = Draft("Backward", "autodiff")
    draft.notes.append(told)
    draft.given("delta", delta, "δ, by autodiff", r"\delta")
    return draft.card()


def gradient_card(
    deltas: np.ndarray,
    inputs: np.ndarray,
    row: int,
    how: str,
    penalty: np.ndarray | None,
    bias_penalty: float | None,
    has_bias: bool,
    others: tuple[np.ndarray, float] | None = None,
) -> Card:
    """∂L/∂w = δ·a of one unit: of this sample, and of the batch as the step uses it.

    Args:
        deltas: δ of the unit for each sample, `(samples, places)`.
        inputs: What came in, `(samples, places, inputs)`.
        row: Which sample.
        how: `mean` or `sum` of the samples.
        penalty: What regularisers add to each weight, `(inputs,)`.
        bias_penalty: What they add to the bias.
        has_bias: Whether the unit has one.
        others: What other uses of the same weights add, to the weights and to the bias.
    """
    draft = Draft("Gradient", "Rumelhart et al. 1986, doi:10.1038/323533a0")
    own_delta = draft.given("delta", deltas[row], "δ of the unit for this sample, a number for each place", r"\delta")
    own_input = draft.given("x", inputs[row], "what came in for this sample", "x")
    draft.let("dw_sample", einsum("p,pi->i", own_delta, own_input), "∂L/∂w of this sample: δ · a", r"\delta\, a")
    all_deltas = draft.given("deltas", deltas, "δ for every sample of the batch", r"\delta_s")
    all_inputs = draft.given("inputs", inputs, "what came in for every sample", "x_s")
    of_each = einsum("sp,spi->si", all_deltas, all_inputs)
    batch = mean(of_each, 0) if how == "mean" else total(of_each, 0)
    told = (
        phrase("∂L/∂w of the batch: the mean over {count} samples", count=len(deltas))
        if how == "mean"
        else phrase("∂L/∂w of the batch: the sum over {count} samples", count=len(deltas))
    )
    if penalty is not None:
        batch = batch + draft.given("penalty", penalty, "what regularisers add, by autodiff", r"\lambda'")
    if others is not None:
        batch = batch + draft.given("other_uses", others[0], "what other uses of these weights add", r"g'")
    draft.let("dw", batch, told, r"\frac{\partial L}{\partial w}")
    if has_bias:
        draft.let("db_sample", total(own_delta), "∂L/∂b of this sample: δ", r"\frac{\partial l}{\partial b}")
        of_bias = mean(total(all_deltas, 1)) if how == "mean" else total(all_deltas)
        if bias_penalty is not None:
            of_bias = of_bias + draft.given("bias_penalty", bias_penalty, "what regularisers add to it", r"\lambda'_b")
        if others is not None:
            of_bias = of_bias + draft.given("other_uses_b", others[1], "what other uses add to it", r"g'_b")
        draft.let("db", of_bias, "∂L/∂b of the batch", r"\frac{\partial L}{\partial b}")
    return draft.card()
