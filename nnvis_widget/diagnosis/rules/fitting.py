"""Does it learn too much by heart, or too little?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import takewhile
from math import isfinite

from nnvis_widget.core.finding import Place
from nnvis_widget.diagnosis.rule import TOO_FEW_LOOKS, Case, NotChecked, Rule, Sign

MOST_OF_LAST = 0.3
"""Of the steps: looks so far apart do not tell what the last fifth of them has brought."""


def over_regularised(case: Case) -> Iterator[Sign]:
    """What holds the weights small, or leaves units out, weighs more than the data."""
    limit = case.thresholds["dropout"]
    for layer in case.facts.layers:
        if layer.rate > limit:
            yield Sign(case.place(layer.id), "warning", layer.rate, limit, "dropout")
    if not case.looks or not case.looks[0].penalty > 0 or not case.hurts:
        return
    looks, limit = case.last(5), case.thresholds["penalty"]
    shares = [look.penalty / (look.penalty + look.loss) for look in looks if look.loss > 0]
    left = _left_of_weights(case)
    if len(shares) == 5 and min(shares) > limit:
        yield Sign(Place("loss"), "warning", min(shares), limit, "penalty")
    elif left < case.thresholds["weights_left"]:
        yield Sign(Place("loss"), "warning", left, case.thresholds["weights_left"], "collapsed")


def _left_of_weights(case: Case) -> float:
    """What has been left of the size of the weights, of half of the kernels no more."""
    pairs = zip(case.looks[0].kernels, case.now.kernels, strict=False)
    parts = sorted(now.mean / first.mean for first, now in pairs if first.mean > 0)
    return parts[len(parts) // 2] if parts else 1.0


def overfit(case: Case) -> Iterator[Sign]:
    """It gets better on the rows it learns from, and worse on others."""
    now, base = case.now, case.base
    best = case.best_validated
    if best is None or not isfinite(now.validation_loss):
        raise NotChecked("there are no validation rows")
    if now.epoch - best.epoch < 3:
        return
    recent = takewhile(lambda look: look.epoch > now.epoch - 3, reversed(case.looks))
    least = min(look.validation_loss for look in recent if isfinite(look.validation_loss))
    top = best.validation_loss
    limit = max(top + case.thresholds["overfit"] * base, 1.15 * top, 1.5 * now.loss)
    rows = max(1, case.facts.rows)
    says = {"epoch": f"{best.epoch:.0f}", "per_row": case.facts.trainable_count / rows}
    if least <= limit or now.loss > 0.8 * case.looks[0].loss:
        yield from _by_heart(case, least, says)
        return
    told = [look.validation_accuracy for look in case.looks if isfinite(look.validation_accuracy)]
    lost = max(told, default=0.0) - now.validation_accuracy
    is_fault = lost > 0.03 + 0.5 / max(1, case.facts.validation_rows) ** 0.5 or least > 0.6 * base
    gap = case.evidence("validationLoss", lambda look: look.validation_loss, limit)
    yield Sign(Place("data"), "fault" if is_fault else "warning", least - top, limit - top, "", says, (gap,))


def _by_heart(case: Case, validated: float, says: Mapping[str, object]) -> Iterator[Sign]:
    """Nothing is left to learn of the training rows, and others are not told."""
    base, share = case.facts.validation_base_loss, case.thresholds["not_told"]
    if isfinite(base) and case.now.loss < 0.02 * case.base and validated > share * base:
        yield Sign(Place("data"), "warning", validated / base, share, "heart", says)


def too_few_epochs(case: Case) -> Iterator[Sign]:
    """It was still learning when it ended."""
    share, before = _late_gain(case)
    limit = case.thresholds["too_few_epochs"]
    if share <= limit or case.others:
        return
    is_fault = share > case.thresholds["far_too_few"] and case.best > case.thresholds["hurts"] * case.base
    evidence = case.evidence("probeLoss", lambda look: look.loss, before)
    yield Sign(Place("schedule"), "fault" if is_fault else "warning", share, limit, evidence=(evidence,))


def underfit(case: Case) -> Iterator[Sign]:
    """It has stopped learning far from a good answer, and nothing else is wrong."""
    limit = case.thresholds["underfit"]
    is_flat = _late_gain(case)[0] <= case.thresholds["too_few_epochs"]
    if is_flat and not case.others and limit * case.base < case.best < 0.95 * case.base:
        yield Sign(Place("loss"), "warning", case.best / case.base, limit)


def _late_gain(case: Case) -> tuple[float, float]:
    """Which share of all that was gained the last fifth of the steps has brought, and the loss before it."""
    looks = [look for look in case.looks if isfinite(look.loss)]
    if not case.is_over or len(looks) < 10:
        raise NotChecked(TOO_FEW_LOOKS)
    steps = looks[-1].step - looks[0].step
    earlier = [look for look in looks if look.step <= looks[-1].step - steps / 5]
    if looks[-1].step - earlier[-1].step > MOST_OF_LAST * steps:
        raise NotChecked(TOO_FEW_LOOKS)
    before = min(look.loss for look in earlier)
    gain = looks[0].loss - case.best
    return ((before - case.best) / gain, before) if gain > 0.02 * case.base else (0.0, before)


HELD = (
    Rule(
        "over_regularised",
        "fitting",
        over_regularised,
        thresholds={"dropout": 0.5, "penalty": 0.5, "weights_left": 0.05},
        uses=("hurts",),
    ),
)
RULES = (
    Rule("overfit", "fitting", overfit, thresholds={"overfit": 0.1, "not_told": 0.4}, needs="steps"),
    Rule(
        "too_few_epochs",
        "fitting",
        too_few_epochs,
        thresholds={"too_few_epochs": 0.05, "far_too_few": 0.08},
        needs="end",
        heeds=True,
    ),
    Rule(
        "underfit", "fitting", underfit, thresholds={"underfit": 0.3}, needs="end", uses=("too_few_epochs",), heeds=True
    ),
)
