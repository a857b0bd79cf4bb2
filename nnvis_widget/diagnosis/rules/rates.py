"""Are the steps too large, or too small?"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from math import isfinite, log
from statistics import median

from nnvis_widget.core.finding import Place
from nnvis_widget.diagnosis.rule import TOO_FEW_LOOKS, Case, MakeEvidence, NotChecked, Rule, Sign

FIRST_STEP = 10
SYMPTOMS = frozenset({"dead_relu", "saturation", "constant_output", "nan"})
PLACE = Place("optimizer")


def lr_too_high(case: Case) -> Iterator[Sign]:
    """Steps that throw the weights about, or a loss that climbs by them."""
    t = case.thresholds
    looks = [look for look in case.last(3, since_rate=True) if look.step >= FIRST_STEP]
    updates = [look.typical_update for look in looks]
    limit = t["update_high"] if isfinite(case.facts.base_loss) else t["update_jump"]
    if len(looks) == 3 and min(updates, default=0.0) > limit and not case.is_learnt:
        yield _of_updates(case, min(updates), limit, "updates")
        return
    climbing = _climbing(case)
    if climbing is not None:
        yield climbing
        return
    if case.others & SYMPTOMS and not case.is_learnt:
        steepest, limit = case.steepest, t["update_jump"]
        if steepest is not None and steepest.largest_update > limit:
            says = {"step": steepest.step}
            yield Sign(PLACE, "fault", steepest.largest_update, limit, "jump", says, (_evidence(case, limit),))
            return
    if len(looks) < 3:
        raise NotChecked(TOO_FEW_LOOKS)


def lr_too_low(case: Case) -> Iterator[Sign]:
    """Steps so small that weights hardly move, while there is much to learn."""
    limit = case.thresholds["update_low"]
    looks = [look for look in case.last(5, since_rate=True) if look.step >= FIRST_STEP]
    updates = [look.largest_update for look in looks]
    if len(looks) < 5:
        raise NotChecked(TOO_FEW_LOOKS)
    if max(updates) >= limit or not all(map(isfinite, updates)) or not case.hurts:
        return
    if max(updates) > 0 and any(kernel.gradient > 0 for kernel in case.trained()):
        yield _of_updates(case, max(updates), limit, "")


def oscillation(case: Case) -> Iterator[Sign]:
    """A loss on always the same rows that jumps up and down."""
    looks = case.last(11, since_rate=True)
    losses = [look.loss for look in looks]
    _ = case.measured
    if len(looks) < 11:
        raise NotChecked(TOO_FEW_LOOKS)
    if min(losses) <= 0 or not all(map(isfinite, losses)):
        return
    jumps = [log(loss) - log(before) for before, loss in pairwise(losses)]
    value, limit = median(map(abs, jumps)), case.thresholds["oscillation"]
    if value > limit and 3 <= sum(jump > 0 for jump in jumps) <= 7 and case.now.loss > 0.3 * case.base:
        yield Sign(PLACE, "fault", value, limit, evidence=(_losses(case, case.base),))


def _climbing(case: Case) -> Sign | None:
    try:
        base = case.base
    except NotChecked:
        return None
    looks, first = case.last(5, since_rate=True), case.looks[0].loss if case.looks else float("nan")
    losses = [look.loss for look in looks]
    t = case.thresholds
    if len(losses) == 5 and min(losses) > max(t["loss_climbed"] * case.best, 0.3 * base) and looks[0].step > 0:
        return Sign(PLACE, "fault", min(losses) / case.best, t["loss_climbed"], "climbed", {}, (_losses(case, base),))
    worst = t["loss_worse"] * max(first, base)
    if len(losses) >= 3 and isfinite(worst) and min(losses[-3:]) > worst and looks[-3].step > 0:
        return Sign(
            PLACE, "fault", min(losses[-3:]) / max(first, base), t["loss_worse"], "worse", {}, (_losses(case, worst),)
        )
    return None


def _of_updates(case: Case, value: float, limit: float, words: str) -> Sign:
    return Sign(PLACE, "fault", value, limit, words, evidence=(_evidence(case, limit),))


def _evidence(case: Case, limit: float) -> MakeEvidence:
    return case.evidence("updateShare", lambda look: look.typical_update, limit)


def _losses(case: Case, limit: float) -> MakeEvidence:
    return case.evidence("probeLoss", lambda look: look.loss, limit)


RULES = (
    Rule(
        "lr_too_high",
        "rates",
        lr_too_high,
        thresholds={"update_high": 0.1, "update_jump": 0.3, "loss_climbed": 2.0, "loss_worse": 1.5},
        needs="steps",
        heeds=True,
    ),
    Rule("lr_too_low", "rates", lr_too_low, thresholds={"update_low": 3e-4}, needs="steps"),
    Rule("oscillation", "rates", oscillation, in_a_row=3, thresholds={"oscillation": 0.25}, needs="steps"),
)
