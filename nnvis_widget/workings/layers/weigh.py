"""z = Σ w·a + b with every term: what dense layers and convolutions have in common."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from nnvis_widget.core.words.phrase import phrase
from nnvis_widget.workings.card import Draft, Term
from nnvis_widget.workings.layers.facts import Found, LayerFacts
from nnvis_widget.workings.value import dotted, einsum


def weigh(
    draft: Draft,
    facts: LayerFacts,
    kernel: np.ndarray,
    inputs: np.ndarray,
    names: Sequence[str],
    bias: np.ndarray | None,
    unit: int,
) -> Found:
    """The weighted sum of one unit; of all units too, where the activation takes them together.

    Args:
        draft: The card.
        facts: Of the layer.
        kernel: `(inputs, units)`.
        inputs: `(inputs,)`.
        names: One for each input.
        bias: `(units,)`, or `None`.
        unit: Which of the units.
    """
    weights, inputs = np.asarray(kernel[:, unit], np.float64), np.asarray(inputs, np.float64)
    w, x = draft.given("w", weights, "the weights into the unit", "w"), draft.given("x", inputs, "what comes in", "x")
    value = dotted(w, x)
    with np.errstate(all="ignore"):
        products = (weights * inputs).tolist()
    terms = [
        Term(name, *numbers) for name, *numbers in zip(names, products, weights.tolist(), inputs.tolist(), strict=True)
    ]
    if bias is not None:
        value = value + draft.given("b", float(bias[unit]), "the bias of the unit", "b")
        terms.append(Term(phrase("bias"), float(bias[unit])))
    z = draft.let("z", value, "the weighted sum", "z")
    draft.add("z", terms, z)
    if not facts.needs_all:
        return Found(z)
    of_all = einsum("i,io->o", x, draft.given("kernel", kernel, "the weights into all units", "W"))
    if bias is not None:
        of_all = of_all + draft.given("bias", bias, "the biases of all units", r"\vec b")
    return Found(z, draft.let("z_all", of_all, "the weighted sums of all units", r"\vec z"))
