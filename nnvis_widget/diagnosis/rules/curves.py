"""Does it learn at all?"""

from __future__ import annotations

from collections.abc import Iterator
from math import isfinite, sqrt

import numpy as np

from nnvis_widget.core.finding import Place
from nnvis_widget.diagnosis.rule import ENOUGH_STEPS, Case, MakeEvidence, NotChecked, Rule, Sign

LOSS = Place("loss")


def constant_output(case: Case) -> Iterator[Sign]:
    """The same answer whatever is asked."""
    targets, now = case.facts.targets, case.measured
    if targets is None:
        raise NotChecked("there are no targets, or several")
    if not isfinite(now.output_spread) or now.step < 5 or targets.is_constant:
        return
    spread = targets.std if not targets.counts or case.facts.output_units < 2 else 0.5
    limit = case.thresholds["constant_output"] * spread
    if now.output_spread < limit:
        evidence = case.evidence("outputSpread", lambda look: look.output_spread, limit)
        yield Sign(LOSS, "fault", now.output_spread, limit, evidence=(evidence,))


def plateau(case: Case) -> Iterator[Sign]:
    """No better than the best constant answer, although it had time."""
    planned = case.facts.planned_steps
    least = ENOUGH_STEPS if planned is None else max(ENOUGH_STEPS / 2, min(ENOUGH_STEPS, planned / 2))
    limit = case.thresholds["plateau"] * case.base
    if case.now.step >= least and isfinite(case.best) and case.best >= limit and not _falls(case):
        yield Sign(LOSS, "fault", case.best / case.base, case.thresholds["plateau"], evidence=(_losses(case, limit),))


def _falls(case: Case) -> bool:
    """Whether the loss, wherever it began, still comes down: that is slow, but no rest."""
    earlier = [look.loss for look in case.looks[: len(case.looks) // 2] if isfinite(look.loss)]
    return bool(earlier) and min(earlier) - case.best > case.thresholds["still_falls"] * case.base


def loss_metric_disagree(case: Case) -> Iterator[Sign]:
    """A loss that falls while the classes are told no better than by chance."""
    recalls = [one for one in case.measured.recall if isfinite(one)]
    if len(recalls) < 2:
        raise NotChecked("no classes are told")
    if case.is_early:
        return
    chance, now = 1 / len(recalls), case.now.loss
    error = sqrt(chance * (1 - chance) / max(1, case.facts.probe_rows))
    off = abs(float(np.mean(recalls)) - chance)
    is_down = now < 0.7 * case.base and now < 0.7 * case.looks[0].loss
    if is_down and off < max(case.thresholds["loss_metric_disagree"], 0.5 * error):
        yield Sign(LOSS, "fault", off, case.thresholds["loss_metric_disagree"], evidence=(_losses(case, case.base),))


def _losses(case: Case, limit: float) -> MakeEvidence:
    return case.evidence("probeLoss", lambda look: look.loss, limit)


RULES = (
    Rule("constant_output", "curves", constant_output, in_a_row=3, thresholds={"constant_output": 1e-4}, needs="steps"),
    Rule("plateau", "curves", plateau, in_a_row=5, thresholds={"plateau": 0.98, "still_falls": 0.05}, needs="steps"),
    Rule("loss_metric_disagree", "curves", loss_metric_disagree, 5, {"loss_metric_disagree": 0.02}, needs="steps"),
)
