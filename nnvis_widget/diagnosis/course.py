"""Rules asked look after look: what stands, what is not checked, and what was before."""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from math import inf, isfinite

from nnvis_widget.core.look import Look
from nnvis_widget.diagnosis.blame import DOUBTS
from nnvis_widget.diagnosis.facts import Facts
from nnvis_widget.diagnosis.history import History, Stood, place_after
from nnvis_widget.diagnosis.persistence import CLEAN_LOOKS, Standing, next_standings
from nnvis_widget.diagnosis.rule import Case, NotChecked, Rule, Sign

RATE, END = "rate", "end"


class Course:
    """The course of one training under some rules and thresholds. Used by one thread; others may read its attributes.

    Args:
        facts: Known before the first step.
        rules: Causes before symptoms.
        thresholds: By name.
        byte_budget: What the looks may take; over it every second one of the older half goes.

    Attributes:
        facts: As given.
        rules: As given.
        thresholds: As given.
        history: What was seen so far.
        before: What stood before the first look.
        now: What stands.
        broken: Rules that have failed, each with why.
        is_over: Whether the training has ended.
    """

    def __init__(
        self, facts: Facts, rules: Sequence[Rule], thresholds: Mapping[str, float], byte_budget: float = inf
    ) -> None:
        self.facts = facts
        self.rules = tuple(rules)
        self.thresholds = thresholds
        self.history = History()
        self.broken: dict[str, str] = {}
        self.is_over = False
        self._byte_budget = byte_budget
        self._standing: dict[tuple[str, str, str], Standing] = {}
        self._not_checked: dict[str, str] = {}
        self._best = inf
        self._best_validated: Look | None = None
        self._steepest: Look | None = None
        self._since = 0
        self._ask([rule for rule in self.rules if rule.needs == "facts"], self._case(), 0)
        self.before = self.now = self._noted()

    def _noted(self) -> Stood:
        """What stands, as it stays for those who read it on another thread."""
        self.now = Stood(dict(self._standing), dict(self._not_checked))
        return self.now

    def _case(self) -> Case:
        others = frozenset(
            one.rule.name
            for one in self._standing.values()
            if one.stands
            and one.sign.severity != "note"
            and one.rule.name not in DOUBTS
            and one.rule.name != "underfit"
        )
        known = (self._best, self._best_validated, self._steepest)
        return Case(self.facts, self.history.looks, self.thresholds, *known, others=others, since=self._since)

    def look(self, look: Look, given: Stood | None = None) -> None:
        """Judge another look.

        Args:
            look: Of a later step.
            given: What stood after it of the rules that are not asked here.
        """
        self._go_on()
        if self.history.is_full(self._byte_budget):
            self._since = place_after(self._since, len(self.history.looks) // 4 * 2)
            self.history = self.history.thinned()
        self.history.looks.append(look)
        if isfinite(look.loss):
            self._best = min(self._best, look.loss)
        before = self._best_validated
        if isfinite(look.validation_loss) and (before is None or look.validation_loss < before.validation_loss):
            self._best_validated = look
        if look.largest_update > (self._steepest.largest_update if self._steepest is not None else -inf):
            self._steepest = look
        case = self._case()
        self._ask([rule for rule in self.rules if rule.refuted is None and rule.needs != "end"], case, look.step)
        self._refute(case)
        if given is not None:
            self._take(given)
        self.history.append(look, self._noted())

    def end(self) -> None:
        """The training is over: what is asked of a whole training is asked now."""
        if self.history.looks:
            case = replace(self._case(), is_over=True)
            self._ask([rule for rule in self.rules if rule.needs == "end"], case, case.now.step)
            self._turn(END)
        self.is_over = True
        self._noted()

    def rate_changed(self) -> None:
        """Somebody has changed rate or batch size: earlier looks say nothing of it."""
        self._since = len(self.history.looks)
        for key, one in self._standing.items():
            if one.rule.family == "rates" and one.is_told:
                self._standing[key] = replace(one, is_over=True)
        self._turn(RATE)
        self._noted()

    def judged_anew(self, thresholds: Mapping[str, float], rules: Sequence[Rule]) -> Course:
        """The same course under other thresholds.

        Args:
            thresholds: All of them, by name.
            rules: Those that are asked anew; what stood of the others stands.
        """
        course = Course(self.facts, rules, thresholds, self._byte_budget)
        asked = {rule.name for rule in rules}
        course._take(_without(self.before, asked))
        course.before = course._noted()
        past = list(zip(self.history.looks, self.history.stood, strict=True))
        for place in range(len(past) + 1):
            for kind in [kind for at, kind in self.history.turns if at == place]:
                if kind == RATE:
                    course.rate_changed()
                else:
                    course.end()
            if place < len(past):
                look, stood = past[place]
                course.look(look, _without(stood, asked))
        course._take(_without(self.now, asked))
        course._noted()
        course.rules, course.is_over = self.rules, self.is_over
        course.broken = course.broken | {name: why for name, why in self.broken.items() if name not in asked}
        return course

    def _turn(self, kind: str) -> None:
        self.history.turns.append((len(self.history.looks), kind))

    def _take(self, given: Stood) -> None:
        """What stands of rules that are not asked here."""
        if not given.standing and not given.not_checked:
            return
        names = {rule.name for rule in self.rules}
        own = {key: one for key, one in self._standing.items() if key[0] in names}
        reasons = {name: why for name, why in self._not_checked.items() if name in names}
        self._standing, self._not_checked = {**given.standing, **own}, {**given.not_checked, **reasons}

    def _go_on(self) -> None:
        """What was said of the whole is over when it trains on."""
        if self.is_over:
            self.is_over = False
            for key, one in self._standing.items():
                if one.rule.needs == "end":
                    self._standing[key] = replace(one, is_over=True, clean=1)

    def _ask(self, rules: Iterable[Rule], case: Case, step: int) -> None:
        seen = {name for name, *_ in self._standing}
        for rule in rules:
            if rule.name in self.broken:
                continue
            signs: list[Sign] = []
            try:
                signs = list(rule.judge(case))
                self._not_checked.pop(rule.name, None)
            except NotChecked as reason:
                self._not_checked[rule.name] = str(reason)
            except Exception as error:
                self.broken = {**self.broken, rule.name: f"the rule has failed: {error}"}
                warnings.warn(
                    f"nnvis_widget goes on without the rule {rule.name!r}: {type(error).__name__}: {error}",
                    RuntimeWarning,
                    stacklevel=4,
                )
            if not signs and rule.name not in seen:
                continue
            known = {key: one for key, one in self._standing.items() if key[0] == rule.name}
            for key in known:
                del self._standing[key]
            looks = 1 if rule.is_hindrance and case.is_learnt else CLEAN_LOOKS
            self._standing |= next_standings(known, rule, signs, step, clean_looks=looks)

    def _refute(self, case: Case) -> None:
        for key, one in self._standing.items():
            if one.rule.refuted is None or one.is_over or not one.is_told:
                continue
            try:
                if one.rule.refuted(case):
                    self._standing[key] = replace(one, is_over=True, last_step=case.now.step)
            except NotChecked:
                pass


def _without(stood: Stood, names: Iterable[str]) -> Stood:
    """What stood of all rules but these."""
    left = frozenset(names)
    standing = {key: one for key, one in stood.standing.items() if key[0] not in left}
    return Stood(standing, {name: why for name, why in stood.not_checked.items() if name not in left})
