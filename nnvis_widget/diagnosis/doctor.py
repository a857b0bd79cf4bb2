"""Asks every rule at every look, and says what stands."""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from math import inf, isfinite

from nnvis_widget.core.finding import Finding
from nnvis_widget.core.look import Look
from nnvis_widget.core.number_text import safe_text
from nnvis_widget.diagnosis.blame import DOUBTS, blame
from nnvis_widget.diagnosis.facts import Facts
from nnvis_widget.diagnosis.findings import Findings
from nnvis_widget.diagnosis.persistence import Key, Standing, next_standings
from nnvis_widget.diagnosis.registry import all_rules
from nnvis_widget.diagnosis.rule import Case, Need, NotChecked, Rule, Sign
from nnvis_widget.diagnosis.words import words_for

COMMON = {"hurts": 0.5, "learnt": 0.1, "works": 0.9}
MOST_LOOKS = 2_000
NOT_LOOKED, NOT_TRAINED = "the network was not run on the data", "no step has been taken yet"
TOO_EARLY, NOT_ENDED = "it is too early to tell", "the training has not ended"


def default_thresholds(rules: Iterable[Rule] | None = None) -> dict[str, float]:
    """What rules hold numbers against, by name.

    `hurts` and `learnt` are shares of the loss of guessing: above the one it hurts, below the other it learns well.
    `works` is the mean recall of the classes from which on a network does what it is for.
    """
    return COMMON | {name: value for rule in (rules or all_rules()) for name, value in rule.thresholds.items()}


class Doctor:
    """Looks over one training. Used by one thread.

    Args:
        facts: Known before the first step.
        thresholds: Others than those of the rules, by name.
        rules: Causes before symptoms; `None` for all that are registered.

    Attributes:
        facts: As given.
        looks: All so far.
    """

    def __init__(
        self, facts: Facts, thresholds: Mapping[str, float] | None = None, rules: Sequence[Rule] | None = None
    ) -> None:
        self.facts = facts
        self.looks: list[Look] = []
        self._rules = tuple(all_rules() if rules is None else rules)
        self._thresholds = default_thresholds(self._rules) | dict(thresholds or {})
        self._standing: dict[Key, Standing] = {}
        self._not_checked: dict[str, str] = {}
        self._broken: dict[str, str] = {}
        self._best = inf
        self._best_validated: Look | None = None
        self._since = 0
        self._is_over = False
        self._ask([rule for rule in self._rules if rule.needs == "facts"], self._case(), 0)

    def look(self, look: Look) -> None:
        """Judge another look, of a later step."""
        self._go_on()
        self.looks.append(look)
        if isfinite(look.loss):
            self._best = min(self._best, look.loss)
        before = self._best_validated
        if isfinite(look.validation_loss) and (before is None or look.validation_loss < before.validation_loss):
            self._best_validated = look
        case = self._case()
        self._ask([rule for rule in self._rules if rule.refuted is None], case, look.step)
        self._refute(case)

    def end(self) -> None:
        """The training is over: what is asked of a whole training is asked now."""
        if self.looks:
            case = replace(self._case(), is_over=True)
            self._ask([rule for rule in self._rules if rule.needs == "end"], case, case.now.step)
        self._is_over = True

    def _go_on(self) -> None:
        """What was said of the whole is over when it trains on; of very many looks every second old one stays."""
        if self._is_over:
            self._is_over = False
            for key, one in self._standing.items():
                if one.rule.needs == "end":
                    self._standing[key] = replace(one, is_over=True)
        if len(self.looks) >= MOST_LOOKS:
            self.looks[: MOST_LOOKS // 2] = self.looks[: MOST_LOOKS // 2 : 2]
            self._since = max(0, self._since - MOST_LOOKS // 4)

    def rate_changed(self) -> None:
        """Somebody has changed rate or batch size: earlier looks say nothing of it."""
        self._since = len(self.looks)
        rates = {rule.name for rule in self._rules if rule.family == "rates"}
        for key, one in self._standing.items():
            if one.rule.name in rates and one.is_told:
                self._standing[key] = replace(one, is_over=True)

    @property
    def findings(self) -> Findings:
        """What stands, and what stood."""
        order = {rule.name: place for place, rule in enumerate(self._rules)}
        told = [one for one in self._standing.values() if one.is_told]
        told.sort(key=lambda one: order[one.rule.name])
        found = blame([self._finding(one) for one in told])
        not_checked = self._not_checked | self._early() | self._broken
        silent = {one.rule.name for one in told} | set(not_checked)
        fine = tuple(rule.name for rule in self._rules if rule.name not in silent)
        return Findings(found, fine, not_checked, self.facts.probe_rows if self.looks else 0)

    def _early(self) -> dict[str, str]:
        """Rules of which silence says nothing yet."""
        case = self._case()
        reasons: dict[Need, str] = {} if self._is_over else {"end": NOT_ENDED}
        if not self.looks:
            reasons = dict.fromkeys(("look", "steps", "end"), NOT_LOOKED)
        elif case.is_early and not self._is_over:
            reasons["steps"] = TOO_EARLY if case.now.step else NOT_TRAINED
        return {rule.name: reasons[rule.needs] for rule in self._rules if rule.needs in reasons}

    def _case(self) -> Case:
        others = frozenset(
            one.rule.name
            for one in self._standing.values()
            if one.stands
            and one.sign.severity != "note"
            and one.rule.name not in DOUBTS
            and one.rule.name != "underfit"
        )
        return Case(
            self.facts, self.looks, self._thresholds, self._best, self._best_validated, others=others, since=self._since
        )

    def _ask(self, rules: Iterable[Rule], case: Case, step: int) -> None:
        for rule in rules:
            if rule.name in self._broken:
                continue
            signs: list[Sign] = []
            try:
                signs = list(rule.judge(case))
                self._not_checked.pop(rule.name, None)
            except NotChecked as reason:
                self._not_checked[rule.name] = str(reason)
            except Exception as error:
                self._broken[rule.name] = f"the rule has failed: {error}"
                warnings.warn(
                    f"nnvis_widget goes on without the rule {rule.name!r}: {type(error).__name__}: {error}",
                    RuntimeWarning,
                    stacklevel=3,
                )
            known = {key: one for key, one in self._standing.items() if key[0] == rule.name}
            for key in known:
                del self._standing[key]
            self._standing |= next_standings(known, rule, signs, step)

    def _refute(self, case: Case) -> None:
        for key, one in self._standing.items():
            if one.rule.refuted is None or one.is_over or not one.is_told:
                continue
            try:
                if one.rule.refuted(case):
                    self._standing[key] = replace(one, is_over=True, last_step=case.now.step)
            except NotChecked:
                pass

    def _finding(self, one: Standing) -> Finding:
        sign, words = one.sign, words_for(one.rule.name, one.sign.words)
        says = {"place": sign.place.text, "value": _Number(sign.value), "threshold": _Number(sign.threshold)}
        says |= {name: safe_text(value) if isinstance(value, str) else value for name, value in sign.says.items()}
        return Finding(
            one.rule.name,
            sign.place,
            one.since_step,
            one.last_step,
            sign.severity,
            sign.value,
            sign.threshold,
            words.title.format_map(says),
            words.text.format_map(says),
            words.disproof,
            tuple(make() for make in sign.evidence),
            advice=words.advice,
            is_over=one.is_over,
        )


class _Number(float):
    """Written with three digits where a text does not say how."""

    def __format__(self, how: str) -> str:
        if not isfinite(self):
            return str(float(self))
        return super().__format__(how or (".0f" if self.is_integer() and abs(self) < 1e6 else ".3g"))


def judge(
    facts: Facts,
    looks: Iterable[Look],
    is_over: bool = False,
    thresholds: Mapping[str, float] | None = None,
    rules: Sequence[Rule] | None = None,
) -> Findings:
    """What a doctor says of looks that were kept; the same numbers give the same findings."""
    doctor = Doctor(facts, thresholds, rules)
    for look in looks:
        doctor.look(look)
    if is_over:
        doctor.end()
    return doctor.findings
