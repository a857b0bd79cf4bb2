"""The loss of one sample from what came out and what was to come out.

The rules are those of `keras.losses` (keras.io/api/losses) for the last axis; where a paper brought one, its line says
so.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from nnvis_widget.core.words.phrase import phrase
from nnvis_widget.workings.card import Card, Draft, Term
from nnvis_widget.workings.value import (
    Value,
    at_most,
    equal,
    exp,
    largest,
    log,
    log1p,
    magnitude,
    maximum,
    mean,
    minimum,
    sqrt,
    total,
    where,
)

LONGEST_LIST = 1_000


@dataclass(frozen=True)
class LossFacts:
    """What a loss is told.

    Attributes:
        name: Of one of `keras.losses`, such as `mean_squared_error`.
        output: What the model put out for the sample, `(…, units)`.
        target: What was to come out, of the same shape; class numbers `(…,)` of a sparse loss.
        logits: z behind a sigmoid or softmax where Keras uses that, of the same shape as `output`; else `None`.
        config: The numbers that the loss was made with.
        weight: By how much the sample counts.
        epsilon: Keras' fuzz factor.
    """

    name: str
    output: np.ndarray
    target: np.ndarray
    logits: np.ndarray | None = None
    config: Mapping[str, object] = field(default_factory=dict)
    weight: float | None = None
    epsilon: float = 1e-7

    def number(self, name: str, otherwise: float = 0.0) -> float:
        """A number that the loss was made with."""
        value = self.config.get(name, otherwise)
        return float(value) if isinstance(value, int | float) else otherwise


Rule = Callable[[Draft, LossFacts, Value, Value], Value]


def _mse(draft: Draft, _: LossFacts, y: Value, t: Value) -> Value:
    return draft.let("each", (t - y) ** 2, "the squared error of each output", "e")


def _mae(draft: Draft, _: LossFacts, y: Value, t: Value) -> Value:
    return draft.let("each", magnitude(t - y), "the error of each output", "e")


def _mape(draft: Draft, facts: LossFacts, y: Value, t: Value) -> Value:
    share = magnitude((t - y) / maximum(magnitude(t), facts.epsilon))
    return draft.let("each", 100 * share, "the error of each output in percent of its target", "e")


def _msle(draft: Draft, facts: LossFacts, y: Value, t: Value) -> Value:
    ours, theirs = log(maximum(y, facts.epsilon) + 1), log(maximum(t, facts.epsilon) + 1)
    return draft.let("each", (ours - theirs) ** 2, "the squared error of each logarithm", "e")


def _huber(draft: Draft, facts: LossFacts, y: Value, t: Value) -> Value:
    """Huber 1964, doi:10.1214/aoms/1177703732."""
    edge = facts.number("delta", 1.0)
    error = draft.let("error", y - t, "the error of each output", "r")
    bent = where(at_most(magnitude(error), edge), 0.5 * error**2, edge * magnitude(error) - 0.5 * edge**2)
    return draft.let("each", bent, "squared where small, straight where large", "e")


def _log_cosh(draft: Draft, _: LossFacts, y: Value, t: Value) -> Value:
    error = draft.let("error", y - t, "the error of each output", "r")
    size = magnitude(error)
    return draft.let("each", size + log1p(exp(-2 * size)) - float(np.log(2)), "ln cosh of each error", "e")


def _hinge_targets(draft: Draft, t: Value) -> Value:
    if not np.isin(t.number, (0, 1)).all():
        return t
    return draft.let("sides", 2 * t - 1, "0 and 1 as -1 and 1", "s")


def _hinge(draft: Draft, _: LossFacts, y: Value, t: Value) -> Value:
    """Cortes and Vapnik 1995, doi:10.1007/BF00994018."""
    return draft.let("each", maximum(1 - _hinge_targets(draft, t) * y, 0), "how far within the margin", "e")


def _squared_hinge(draft: Draft, _: LossFacts, y: Value, t: Value) -> Value:
    return draft.let("each", maximum(1 - _hinge_targets(draft, t) * y, 0) ** 2, "the same, squared", "e")


def _poisson(draft: Draft, facts: LossFacts, y: Value, t: Value) -> Value:
    return draft.let("each", y - t * log(y + facts.epsilon), "y - t ln y of each output", "e")


def _kl(draft: Draft, facts: LossFacts, y: Value, t: Value) -> Value:
    """Kullback and Leibler 1951, doi:10.1214/aoms/1177729694."""
    shares = draft.let("p", minimum(maximum(y, facts.epsilon), 1), "the outputs, kept off 0", "p")
    wanted = draft.let("q", minimum(maximum(t, facts.epsilon), 1), "the targets, kept off 0", "q")
    return draft.let("each", wanted * log(wanted / shares), "q ln(q / p) of each output", "e")


def _smoothed(draft: Draft, facts: LossFacts, t: Value, other: float) -> Value:
    """Szegedy et al. 2015, arXiv:1512.00567, section 7."""
    smoothing = facts.number("label_smoothing")
    if not smoothing:
        return t
    return draft.let("soft", t * (1 - smoothing) + smoothing * other, "the targets with label smoothing", "q")


def _cross_entropy_of_logits(draft: Draft, z: Value, t: Value) -> Value:
    each = maximum(z, 0) - z * t + log1p(exp(-magnitude(z)))
    return draft.let("each", each, "-t ln σ(z) - (1 - t) ln(1 - σ(z)), written so that no power overflows", "e")


def _kept_off(draft: Draft, facts: LossFacts, y: Value) -> Value:
    inside = minimum(maximum(y, facts.epsilon), 1 - facts.epsilon)
    return draft.let("p", inside, "the outputs, kept off 0 and 1", "p")


def _binary(draft: Draft, facts: LossFacts, y: Value, t: Value) -> Value:
    wanted = _smoothed(draft, facts, t, 0.5)
    if facts.logits is not None:
        return _cross_entropy_of_logits(draft, _logits(draft, facts), wanted)
    return _two_sided(draft, _kept_off(draft, facts, y), wanted)


def _two_sided(draft: Draft, p: Value, t: Value) -> Value:
    return draft.let("each", -(t * log(p) + (1 - t) * log(1 - p)), "-t ln p - (1 - t) ln(1 - p) of each output", "e")


def _binary_focal(draft: Draft, facts: LossFacts, y: Value, t: Value) -> Value:
    """Lin et al. 2017, arXiv:1708.02002, equation 4."""
    wanted = _smoothed(draft, facts, t, 0.5)
    shares = draft.let("share", 1 / (1 + exp(-y)), "σ(z)", "y") if facts.config.get("from_logits") else y
    if facts.logits is not None and not facts.config.get("from_logits"):
        plain = _cross_entropy_of_logits(draft, _logits(draft, facts), wanted)
    else:
        plain = _two_sided(draft, _kept_off(draft, facts, shares), wanted)
    right = draft.let("right", wanted * shares + (1 - wanted) * (1 - shares), "the share of what is true", "p_t")
    focal = (1 - right) ** facts.number("gamma", 2.0) * plain
    if facts.config.get("apply_class_balancing"):
        alpha = facts.number("alpha", 0.25)
        focal = (wanted * alpha + (1 - wanted) * (1 - alpha)) * focal
    return draft.let("focal", focal, "less where it is right already", "f")


def _categorical(draft: Draft, facts: LossFacts, y: Value, t: Value) -> Value:
    wanted = _smoothed(draft, facts, t, 1 / max(1, t.number.shape[-1]))
    return draft.let("each", -wanted * _log_shares(draft, facts, y), "-t ln p of each class", "e")


def _categorical_focal(draft: Draft, facts: LossFacts, y: Value, t: Value) -> Value:
    """Lin et al. 2017, arXiv:1708.02002, equation 5."""
    wanted = _smoothed(draft, facts, t, 1 / max(1, t.number.shape[-1]))
    if facts.config.get("from_logits"):
        powers = draft.let("powers", exp(y - largest(y)), "the power of each logit", "e^z")
        y = draft.let("share", powers / total(powers), "softmax of the logits", "y")
    shares = _kept_off(draft, facts, y / total(y))
    weight = facts.number("alpha", 0.25) * (1 - shares) ** facts.number("gamma", 2.0)
    return draft.let("each", weight * (-wanted * log(shares)), "-α (1 - p)^γ t ln p of each class", "e")


def _sparse(draft: Draft, facts: LossFacts, y: Value, t: Value) -> Value:
    count = y.number.shape[-1]
    classes = draft.given("classes", np.arange(count), "the numbers of the classes", "c")
    wanted = draft.let("wanted", where(equal(classes, t), 1, 0), "1 for the true class", "q")
    return draft.let("each", -wanted * _log_shares(draft, facts, y), "-ln p of the true class", "e")


def _categorical_hinge(draft: Draft, _: LossFacts, y: Value, t: Value) -> Value:
    right = draft.let("right", total(t * y), "what the true class got", "y_t")
    wrong = draft.let("wrong", largest((1 - t) * y), "the most that another got", "y_f")
    return draft.let("each", maximum(wrong - right + 1, 0), "how far within the margin", "e")


def _cosine(draft: Draft, _: LossFacts, y: Value, t: Value) -> Value:
    ours = draft.let("size", sqrt(maximum(total(y**2), 1e-12)), "the length of the output", r"\lVert y \rVert")
    theirs = draft.let("wanted", sqrt(maximum(total(t**2), 1e-12)), "the length of the target", r"\lVert t \rVert")
    return draft.let("each", -(t * y) / (ours * theirs), "- what both have in common", "e")


def _logits(draft: Draft, facts: LossFacts) -> Value:
    return draft.given("z", facts.logits, "the logits, which Keras uses in place of the shares", "z")


def _log_shares(draft: Draft, facts: LossFacts, y: Value) -> Value:
    if facts.logits is not None:
        z = _logits(draft, facts)
        top = draft.let("most", largest(z), "the largest of them", r"z_{\max}")
        return draft.let("log_p", z - top - log(total(exp(z - top))), "ln softmax(z)", r"\ln p")
    return log(_kept_off(draft, facts, y / total(y)))


RULES: Mapping[str, tuple[Rule, str]] = {
    "mean_squared_error": (_mse, "mean"),
    "mean_absolute_error": (_mae, "mean"),
    "mean_absolute_percentage_error": (_mape, "mean"),
    "mean_squared_logarithmic_error": (_msle, "mean"),
    "huber": (_huber, "mean"),
    "log_cosh": (_log_cosh, "mean"),
    "hinge": (_hinge, "mean"),
    "squared_hinge": (_squared_hinge, "mean"),
    "poisson": (_poisson, "mean"),
    "binary_crossentropy": (_binary, "mean"),
    "binary_focal_crossentropy": (_binary_focal, "mean"),
    "kl_divergence": (_kl, "sum"),
    "categorical_crossentropy": (_categorical, "sum"),
    "categorical_focal_crossentropy": (_categorical_focal, "sum"),
    "sparse_categorical_crossentropy": (_sparse, "sum"),
    "categorical_hinge": (_categorical_hinge, "sum"),
    "cosine_similarity": (_cosine, "sum"),
}


def loss_card(facts: LossFacts, title: str = "") -> Card:
    """The loss of a sample, from its outputs and targets along the last axis.

    Args:
        facts: Of one place of the output: `output` is `(units,)`.
        title: What the card is called; empty for `Loss`.

    Returns:
        A card whose last formula is `loss`.
    """
    rule, how = RULES[facts.name]
    draft = Draft(title or "Loss", f"keras.losses.{facts.name}")
    y = draft.given("y", facts.output, "what the model puts out", "y")
    t = draft.given("t", facts.target, "what was to come out", "t")
    each = rule(draft, facts, y, t)
    whole = mean(each) if how == "mean" else total(each)
    plain = draft.let("plain" if facts.weight is not None else "loss", whole, "the loss of this sample", "l")
    values = np.atleast_1d(each.number)
    if values.size <= LONGEST_LIST:
        terms = [
            Term(phrase("output {place}", place=place), float(value)) for place, value in enumerate(values.reshape(-1))
        ]
        draft.add("l", terms, plain, "mean" if how == "mean" else "sum")
    if facts.weight is not None:
        weight = draft.given("weight", facts.weight, "by how much this sample counts", "w_s")
        draft.let("loss", weight * plain, "the weighted loss of this sample", "l_w")
    return draft.card()


@dataclass(frozen=True)
class Part:
    """What an output has in the loss of a batch.

    Attributes:
        name: Of the output; empty of the only one.
        losses: Of each sample.
        how: Whether its samples' losses go into that of the batch as their `mean` or their `sum`.
        weights: By how much each sample counts; `None` where all count alike.
        share: The loss weight of the output; `None` where it has none.
    """

    name: str
    losses: np.ndarray
    how: str
    weights: np.ndarray | None = None
    share: float | None = None


def batch_loss_card(parts: Sequence[Part], added: float | None) -> Card:
    """The loss of a batch, which a step lowers: that of each output times its weight, and what is added.

    Args:
        parts: Of the outputs.
        added: By regularisers and by layers themselves; `None` where there is none.

    Returns:
        A card whose last formula is `loss`.
    """
    draft = Draft("Loss of the batch", "keras.Model.compute_loss")
    values: list[Value] = []
    terms: list[Term] = []
    for number, part in enumerate(parts):
        ending = "" if len(parts) == 1 else f"_{number + 1}"
        each = draft.given(f"l{ending}", part.losses, _told("the loss of each sample", part.name), f"l{ending}")
        if part.weights is not None:
            symbol = "w_s" if len(parts) == 1 else f"w_{{s,{number + 1}}}"
            each = draft.given(f"w_s{ending}", part.weights, "by how much each sample counts", symbol) * each
        value = draft.let(
            f"of_batch{ending}",
            mean(each) if part.how == "mean" else total(each),
            _told("the mean of these" if part.how == "mean" else "the sum of these", part.name),
            rf"\bar{{l}}{ending}",
        )
        plain = float(value.number)
        if part.share is not None:
            value = draft.given(f"k{ending}", part.share, "the weight of this loss", f"k{ending}") * value
        values.append(value)
        name = part.name or phrase("the mean of these" if part.how == "mean" else "the sum of these")
        terms.append(Term(name, float(value.number), part.share, None if part.share is None else plain))
    if added is not None:
        told = "what regularisers and layers add"
        values.append(draft.given("added", added, told, "r"))
        terms.append(Term(phrase(told), added))
    whole = values[0]
    for value in values[1:]:
        whole = whole + value
    draft.add("L", terms, draft.let("loss", whole, "the loss of the batch, which the step lowers", "L"))
    return draft.card()


def _told(what: str, name: str) -> str:
    return phrase("{what}, of {layer}", what=phrase(what), layer=name) if name else phrase(what)
