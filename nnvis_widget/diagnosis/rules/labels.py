"""Is there something wrong with what is to come out?"""

from __future__ import annotations

from collections.abc import Iterator
from math import isfinite

from nnvis_widget.core.finding import Place
from nnvis_widget.core.number_text import format_percent
from nnvis_widget.diagnosis.rule import Case, NotChecked, Rule, Sign

LEAST_ROWS = 5


def labels_corrupt(case: Case) -> Iterator[Sign]:
    """Targets that cannot be what the loss takes them for."""
    facts, targets = case.facts, case.facts.targets
    if targets is None:
        raise NotChecked(facts.why_unknown("targets") or "there are no targets, or several")
    if facts.rows > 1 and targets.is_constant:
        yield Sign(Place("data"), "fault", targets.low, 0, "constant")
    elif facts.loss == "sparsecategoricalcrossentropy" and targets.has_fractions:
        yield Sign(Place("data"), "fault", targets.high, 0, "fractions")
    elif targets.counts and facts.output_units > 2:
        there = sum(count > 0 for count in targets.counts)
        limit = facts.output_units / 2
        if there < limit:
            yield Sign(Place("data"), "warning", there, limit, "few", {"outputs": facts.output_units})


def class_imbalance(case: Case) -> Iterator[Sign]:
    """Classes with many and with few rows; a fault where the few are not told."""
    targets = case.facts.targets
    if targets is None or not targets.counts:
        raise NotChecked("the targets are no classes")
    counts = [count for count in targets.counts if count]
    ratio, limit = max(counts) / min(counts), case.thresholds["class_imbalance"]
    if len(counts) < 2 or ratio <= limit:
        return
    rare = min(range(len(targets.counts)), key=lambda one: targets.counts[one] or max(counts))
    says: dict[str, object] = {"of_class": rare, "count": targets.counts[rare]}
    is_told_apart = True
    looks = case.last(5)
    if len(looks) == 5 and not case.is_early and case.facts.probe_rows * min(counts) / sum(counts) >= LEAST_ROWS:
        worst = [min((one for one in look.recall if isfinite(one)), default=1.0) for look in looks]
        is_told_apart = max(worst) >= case.thresholds["rare_recall"]
    if is_told_apart:
        yield Sign(Place("data"), "warning", ratio, limit, says=says)
    else:
        says["recall"] = format_percent(max(worst))
        yield Sign(Place("data"), "fault", ratio, limit, "untold", says)


def labels_random(case: Case) -> Iterator[Sign]:
    """What is learnt of the training rows says nothing of others."""
    facts, now = case.facts, case.now
    if not isfinite(now.validation_loss) or not isfinite(facts.validation_base_loss):
        raise NotChecked("there are no validation rows, or their loss of guessing is not known")
    if now.epoch < 4:
        return
    planned = facts.planned_steps
    is_late = planned is not None and now.step >= planned / 2
    least = case.thresholds["rows_learnt_late" if is_late else "rows_learnt"]
    best = case.best_validated.validation_loss if case.best_validated is not None else now.validation_loss
    limit = case.thresholds["labels_random"] * facts.validation_base_loss
    if best >= limit and case.best < least * case.base:
        evidence = case.evidence("validationLoss", lambda look: look.validation_loss, limit)
        yield Sign(Place("data"), "fault", best / facts.validation_base_loss, limit, evidence=(evidence,))


CORRUPT = (Rule("labels_corrupt", "labels", labels_corrupt, needs="facts"),)
UNTOLD = (
    Rule("class_imbalance", "labels", class_imbalance, thresholds={"class_imbalance": 10.0, "rare_recall": 0.3}),
    Rule(
        "labels_random",
        "labels",
        labels_random,
        in_a_row=3,
        thresholds={"labels_random": 0.98, "rows_learnt": 0.9, "rows_learnt_late": 0.98},
        needs="steps",
    ),
)
