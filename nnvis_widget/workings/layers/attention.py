"""Attention for one query: scores, mask, softmax row, weighted sum (keras.io/api/layers/attention_layers).

Vaswani et al. 2017, arXiv:1706.03762, equation 1; Luong et al. 2015, arXiv:1508.04025; Bahdanau et al. 2014,
arXiv:1409.0473; groups of heads: Ainslie et al. 2023, arXiv:2305.13245.
"""

from __future__ import annotations

import numpy as np

from nnvis_widget.core.words.phrase import phrase
from nnvis_widget.workings.card import Draft, Term
from nnvis_widget.workings.layers.facts import Found, LayerFacts, NotCoveredError
from nnvis_widget.workings.value import Value, einsum, exp, tanh, total


def multi_head(draft: Draft, facts: LayerFacts) -> Found:
    """One query in every head; what all heads found is weighed once more."""
    if facts.is_training and facts.number("dropout") and facts.options.get("training") is not False:
        raise NotCoveredError("it drops scores in training")
    if facts.config.get("attention_axes") not in (None, [1], (1,)) or len(facts.place) != 2:
        raise NotCoveredError("it attends along several axes")
    if facts.config.get("use_gate") or facts.config.get("sliding_window") is not None:
        raise NotCoveredError("it has a gate or a window")
    query, value, key = _inputs(facts)
    x = draft.given("x", query[facts.place[0]], "what comes in where it is asked", "x_q")
    keys = draft.given("keys", key, "what comes in where it may look, for the keys", "x_k")
    values = keys if value is key else draft.given("values", value, "the same for the values", "x_v")
    q = draft.let("q", _projected(draft, facts, "query", "d,dnh->nh", x), "the query of each head", "q")
    k = draft.let("k", _projected(draft, facts, "key", "sd,dnh->snh", keys), "the keys of each head", "k")
    v = draft.let("v", _projected(draft, facts, "value", "sd,dnh->snh", values), "the values of each head", "v")
    heads, groups = q.number.shape[0], k.number.shape[1]
    if heads != groups:
        k = draft.let("k_shared", _repeated(k, heads // groups), "keys that heads share", "k'")
        v = draft.let("v_shared", _repeated(v, heads // groups), "values that heads share", "v'")
    scale = draft.given("scale", float(1 / np.sqrt(q.number.shape[1])), "1/√(size of a head)", r"\frac{1}{\sqrt{d}}")
    scores = draft.let("scores", einsum("nh,snh->ns", q, k) * scale, "how well each key fits, by head", "s")
    weights = _shares(draft, scores, _mask(facts, len(key)))
    found = draft.let("context", einsum("ns,snh->nh", weights, v), "what each head found", "c")
    out = facts.weight("attention_output/kernel")
    if out is None:
        raise NotCoveredError("its last projection is not one plain variable")
    w = draft.given("w", out[..., facts.unit], "the weights into the unit", "w")
    whole = einsum("nh,nh->", w, found)
    terms = [
        Term(phrase("head {head}", head=head), float(part))
        for head, part in enumerate((w.number * found.number).sum(-1).tolist())
    ]
    bias = facts.weight("attention_output/bias")
    if bias is not None:
        whole = whole + draft.given("b", float(bias[facts.unit]), "the bias of the unit", "b")
        terms.append(Term(phrase("bias"), float(bias[facts.unit])))
    z = draft.let("z", whole, "what the heads found, weighed", "z")
    draft.add("z", terms, z)
    return Found(z)


def attention(draft: Draft, facts: LayerFacts) -> Found:
    """Attention and AdditiveAttention, which have no heads: the weighted sum of the values."""
    if facts.is_training and facts.number("dropout") and facts.options.get("training") is not False:
        raise NotCoveredError("it drops scores in training")
    if any(one is not None for one in np.ravel(np.asarray(facts.options.get("mask"), object))):
        raise NotCoveredError("a mask takes part")
    query, value, key = _inputs(facts)
    q = draft.given("q", query[facts.place[0]], "the query", "q")
    k = draft.given("k", key, "the keys", "k")
    scale = facts.weight("scale")
    of = None if scale is None else draft.given("scale", scale, "the scale", "g")
    if facts.kind == "AdditiveAttention" or facts.config.get("score_mode") == "concat":
        bent = tanh(_together(q, k) if of is None or of.number.ndim else of * _together(q, k))
        if facts.kind == "AdditiveAttention":
            told = total(bent, 1) if of is None else einsum("sd,d->s", bent, of)
        else:
            weight = facts.weight("concat_score_weight")
            share = draft.given("share", 1.0 if weight is None else weight, "the weight of the scores", "g_s")
            told = share * total(bent, 1)
    else:
        told = einsum("d,sd->s", q, k)
        told = told if of is None else told * of
    scores = draft.let("scores", told, "how well each key fits", "s")
    seen = _causal(facts, len(key))
    weights = _shares(draft, scores, seen)
    own = draft.given("v", value[:, facts.unit], "this unit's number of each value", "v")
    z = draft.let("z", einsum("s,s->", weights, own), "the values, weighed", "z")
    rows = zip(weights.number.tolist(), own.number.tolist(), strict=True)
    draft.add("z", [Term(phrase("place {at}", at=at), w * x, w, x) for at, (w, x) in enumerate(rows)], z)
    return Found(z)


def _inputs(facts: LayerFacts) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Query, value and key of the sample."""
    named = [facts.options.get(name) for name in ("value", "key")]
    arrays = [*facts.inputs, *(one for one in named if isinstance(one, np.ndarray))]
    own = [np.asarray(one[facts.row], np.float64) for one in arrays[:3]]
    if len(own) < 2:
        raise NotCoveredError("its inputs are not a query and a value")
    return own[0], own[1], own[2] if len(own) > 2 else own[1]


def _projected(draft: Draft, facts: LayerFacts, name: str, rule: str, x: Value) -> Value:
    kernel, bias = facts.weight(f"{name}/kernel"), facts.weight(f"{name}/bias")
    if kernel is None:
        raise NotCoveredError(phrase("its projection of the {name} is not one plain variable", name=phrase(name)))
    result = einsum(
        rule,
        x,
        draft.given(f"w_{name}", kernel, phrase("the weights of the {name}", name=phrase(name)), f"W_{{{name}}}"),
    )
    if bias is None:
        return result
    return result + draft.given(
        f"b_{name}", bias, phrase("the biases of the {name}", name=phrase(name)), f"b_{{{name}}}"
    )


def _repeated(value: Value, times: int) -> Value:
    number = np.repeat(value.number, times, axis=1)
    return Value(number, f"np.repeat({value.python}, {times}, axis=1)", value.latex)


def _together(q: Value, k: Value) -> Value:
    return Value(q.number + k.number, f"({q.python} + {k.python})", f"({q.latex} + {k.latex})")


def _shares(draft: Draft, scores: Value, seen: np.ndarray | None) -> Value:
    """The softmax of each row, over the places that may be seen."""
    if seen is not None:
        mask = draft.given("mask", np.where(seen, 0.0, -1e9), "0 where it may look, else far below all", "m")
        scores = draft.let("masked", scores + mask, "the scores with the mask", "s'")
    if scores.number.ndim == 1:
        top = draft.let(
            "most", Value(scores.number.max(), f"np.max({scores.python})", rf"\max {scores.latex}"), "the largest", "m"
        )
        powers = draft.let("powers", exp(scores - top), "the power of each score", "e")
        return draft.let("weights", powers / total(powers), "how much of each value: together 1", r"\alpha")
    number = scores.number.max(axis=1, keepdims=True)
    text = f"np.max({scores.python}, axis=1, keepdims=True)"
    top = draft.let("most", Value(number, text, rf"\max {scores.latex}"), "the largest score of each head", "m")
    powers = draft.let("powers", exp(scores - top), "the power of each score", "e")
    sums = powers.number.sum(axis=1, keepdims=True)
    whole = Value(sums, f"np.sum({powers.python}, axis=1, keepdims=True)", rf"\sum {powers.latex}")
    return draft.let("weights", powers / whole, "how much of each value, by head: together 1", r"\alpha")


def _mask(facts: LayerFacts, count: int) -> np.ndarray | None:
    """Which places the query may see, by an argument of the call, by causality, by masks of the inputs."""
    seen = _causal(facts, count)
    given = facts.options.get("attention_mask")
    if given is not None:
        array = np.asarray(given)
        own = array[facts.row if len(array) > 1 else 0]
        row = own[..., facts.place[0], :] if own.ndim > 1 else own
        seen = row.astype(bool) if seen is None else row.astype(bool) & seen
    if any(facts.options.get(f"{name}_mask") is not None for name in ("query", "value", "key")):
        for name in ("value", "key"):
            own_mask = facts.options.get(f"{name}_mask")
            if own_mask is not None:
                row = np.asarray(own_mask)[facts.row].astype(bool)
                seen = row if seen is None else row & seen
        of_query = facts.options.get("query_mask")
        if of_query is not None and not np.asarray(of_query)[facts.row][facts.place[0]]:
            raise NotCoveredError("the query is masked")
    return seen


def _causal(facts: LayerFacts, count: int) -> np.ndarray | None:
    return np.arange(count) <= facts.place[0] if facts.options.get("use_causal_mask") else None
