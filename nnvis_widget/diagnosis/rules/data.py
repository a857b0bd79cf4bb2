"""Is there something wrong with the inputs?"""

from __future__ import annotations

from collections.abc import Iterator

from nnvis_widget.core.finding import Place
from nnvis_widget.diagnosis.facts import InputFacts
from nnvis_widget.diagnosis.rule import Case, NotChecked, Rule, Sign


def nan_input(case: Case) -> Iterator[Sign]:
    """NaN or infinity in inputs, targets or weights."""
    facts = case.facts
    targets = facts.targets
    parts = [("inputs", one.bad_count, one.bad_rows) for one in facts.inputs]
    if targets is not None:
        parts.append(("targets", targets.bad_count, targets.bad_rows))
    parts.append(("weights", facts.bad_weights, ()))
    if not facts.inputs:
        raise NotChecked(facts.why_unknown("inputs") or "there is no data to look at")
    bad = [part for part in parts if part[1]]
    if bad:
        what, count, rows = bad[0]
        yield Sign(Place("data", rows=rows), "fault", count, 0, what)


def input_not_normalised(case: Case) -> Iterator[Sign]:
    """Inputs far from the range that layers are made for."""
    known = [one for one in _inputs(case) if not one.is_normalised]
    for one in known:
        value, limit, words = _scale(one, case)
        if words:
            yield Sign(Place("data", features=one.features), "warning", value, limit, words)
            return


def val_mismatch(case: Case) -> Iterator[Sign]:
    """Validation inputs that are scaled, or distributed, otherwise than those of the training."""
    val = case.facts.validation
    if val is None:
        raise NotChecked("there are no validation inputs to compare")
    shift = case.thresholds["val_shift"] + 4 / max(val.rows, 1) ** 0.5
    spread = case.thresholds["val_spread"]
    place = Place("data")
    if not 1 / spread <= val.spread <= spread:
        yield Sign(place, "fault", val.spread, spread, "spread")
    elif val.shift > shift:
        yield Sign(place, "fault", val.shift, shift, "shift")
    elif val.features_off > case.thresholds["val_features"] and val.rows >= 16:
        yield Sign(place, "fault", val.features_off, case.thresholds["val_features"], "features")


def unshuffled(case: Case) -> Iterator[Sign]:
    """Rows sorted by their class, given in that order."""
    facts, targets = case.facts, case.facts.targets
    if facts.is_shuffled is None:
        raise NotChecked("whether the rows are shuffled is not known here")
    if facts.is_shuffled:
        return
    if targets is None or not targets.counts:
        raise NotChecked("the targets are no classes")
    total = sum(targets.counts)
    chance = sum((count / total) ** 2 for count in targets.counts)
    limit = max(case.thresholds["unshuffled"], chance + 0.3)
    if targets.next_alike > limit:
        yield Sign(Place("data"), "fault", targets.next_alike, limit)


def target_scale(case: Case) -> Iterator[Sign]:
    """Targets of a regression that are far from 0 or spread widely."""
    facts, targets = case.facts, case.facts.targets
    if targets is None or targets.counts or facts.loss not in ("meansquarederror", "meanabsoluteerror"):
        return
    limit = case.thresholds["target_std"]
    if targets.std > limit:
        yield Sign(Place("data"), "warning", targets.std, limit, "spread")
    elif abs(targets.mean) > 10 * targets.std > 0 and abs(targets.mean) > limit:
        yield Sign(Place("data"), "warning", abs(targets.mean) / targets.std, 10, "offset")


def _validates(case: Case) -> bool:
    """Whether the validation rows are told as well as those of the training."""
    now, base = case.now, case.facts.validation_base_loss
    return now.validation_loss < 0.5 * base and now.validation_loss < 1.5 * now.loss + 0.1 * base


def _learns(case: Case) -> bool:
    return case.best < case.thresholds["hurts"] * case.base


def _inputs(case: Case) -> list[InputFacts]:
    plain = [one for one in case.facts.inputs if one.is_plain]
    if not plain:
        raise NotChecked(case.facts.why_unknown("inputs") or "the inputs are no numbers to be scaled")
    return plain


def _scale(one: InputFacts, case: Case) -> tuple[float, float, str]:
    for value, name, words in (
        (one.largest, "input_largest", "largest"),
        (one.largest_std, "input_std", "spread"),
        (one.largest_offset, "input_offset", "offset"),
    ):
        if value > case.thresholds[name]:
            return value, case.thresholds[name], words
    return 0.0, 0.0, ""


RULES = (
    Rule("nan_input", "data", nan_input, needs="facts"),
    Rule(
        "input_not_normalised",
        "data",
        input_not_normalised,
        thresholds={"input_std": 10.0, "input_largest": 50.0, "input_offset": 5.0},
        needs="facts",
    ),
    Rule("target_scale", "data", target_scale, thresholds={"target_std": 10.0}, needs="facts"),
    Rule(
        "val_mismatch",
        "data",
        val_mismatch,
        thresholds={"val_shift": 0.6, "val_spread": 2.5, "val_features": 0.5},
        needs="facts",
        refuted=_validates,
    ),
    Rule(
        "unshuffled",
        "data",
        unshuffled,
        thresholds={"unshuffled": 0.9},
        needs="facts",
        refuted=_learns,
        uses=("hurts",),
    ),
)
