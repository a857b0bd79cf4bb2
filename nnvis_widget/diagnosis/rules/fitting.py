"""Does it learn too much by heart, or too little?"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import takewhile
from math import isfinite

from nnvis_widget.core.finding import Place
from nnvis_widget.diagnosis.rule import Case, NotChecked, Rule, Sign


def over_regularised(case: Case) -> Iterator[Sign]:
    """What holds the weights small, or leaves units out, weighs more than the data."""
    limit = case.thresholds["dropout"]
    for layer in case.facts.layers:
        if layer.rate > limit:
            yield Sign(case.place(layer.id), "warning", layer.rate, limit, "dropout")
    looks, share = case.last(5), case.thresholds["penalty"]
    if len(looks) < 5 or not all(look.penalty > 0 and isfinite(look.loss) for look in looks):
        return
    least = min(look.penalty / (look.penalty + look.loss) for look in looks)
    if least > share and case.hurts:
        yield Sign(Place("loss"), "warning", least, share, "penalty")


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
    if least <= limit or now.loss > 0.8 * case.looks[0].loss:
        return
    told = [look.validation_accuracy for look in case.looks if isfinite(look.validation_accuracy)]
    lost = max(told, default=0.0) - now.validation_accuracy
    is_fault = lost > 0.03 or least > 0.6 * base
    gap = case.evidence("loss on the validation rows", lambda look: look.validation_loss, limit)
    rows = max(1, case.facts.rows)
    says = {"epoch": f"{best.epoch:.0f}", "per_row": f"{case.facts.trainable_count / rows:.3g}"}
    yield Sign(Place("data"), "fault" if is_fault else "warning", least - top, limit - top, "", says, (gap,))


def too_few_epochs(case: Case) -> Iterator[Sign]:
    """It was still learning when it ended."""
    if not case.is_over:
        return
    looks = [look for look in case.looks if isfinite(look.loss)]
    if len(looks) < 10 or case.others:
        return
    fifth = looks[-1].step - (looks[-1].step - looks[0].step) / 5
    before = min(look.loss for look in looks if look.step <= fifth)
    gain, late = looks[0].loss - case.best, before - case.best
    share = late / gain if gain > 0 else 0.0
    limit = case.thresholds["too_few_epochs"]
    if share <= limit or gain < 0.05 * case.base:
        return
    is_fault = share > case.thresholds["far_too_few"] and case.best > case.thresholds["hurts"] * case.base
    evidence = case.evidence("loss on the probe rows", lambda look: look.loss, before)
    yield Sign(Place("schedule"), "fault" if is_fault else "warning", share, limit, evidence=(evidence,))


def underfit(case: Case) -> Iterator[Sign]:
    """It has stopped learning far from a good answer, and nothing else is wrong."""
    if not case.is_over or case.others or len(case.looks) < 10:
        return
    base, t = case.base, case.thresholds
    if not t["underfit"] * base < case.best < 0.95 * base:
        return
    place = Place("loss")
    yield Sign(place, "warning", case.best / base, t["underfit"])


RULES = (
    Rule("over_regularised", "fitting", over_regularised, thresholds={"dropout": 0.5, "penalty": 0.5}),
    Rule("overfit", "fitting", overfit, thresholds={"overfit": 0.1}, needs="steps"),
    Rule(
        "too_few_epochs",
        "fitting",
        too_few_epochs,
        thresholds={"too_few_epochs": 0.05, "far_too_few": 0.08},
        needs="end",
    ),
    Rule("underfit", "fitting", underfit, thresholds={"underfit": 0.3}, needs="end"),
)
