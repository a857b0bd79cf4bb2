"""Asks every rule at every look, and says what stands, now and at any earlier step."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from math import inf

from nnvis_widget.core.finding import Finding
from nnvis_widget.core.findings import Findings, FoundState
from nnvis_widget.core.look import Look
from nnvis_widget.diagnosis.advice import advice_for
from nnvis_widget.diagnosis.blame import blame
from nnvis_widget.diagnosis.course import Course
from nnvis_widget.diagnosis.facts import Facts
from nnvis_widget.diagnosis.history import History, Stood
from nnvis_widget.diagnosis.persistence import Standing
from nnvis_widget.diagnosis.registry import all_rules
from nnvis_widget.diagnosis.rule import FAMILIES, TOO_FEW_LOOKS, Case, Need, Rule

Lane = tuple[tuple[int, FoundState], ...]
COMMON = {"hurts": 0.5, "learnt": 0.1, "works": 0.9}
NOT_LOOKED, NOT_TRAINED = "the network was not run on the data", "no step has been taken yet"
SEEN_TOO_FEW = "it was seen, but not often enough yet to be told"
TOO_EARLY, NOT_ENDED = "it is too early to tell", "the training has not ended"


def default_thresholds(rules: Iterable[Rule] | None = None) -> dict[str, float]:
    """What rules hold numbers against, by name.

    `hurts` and `learnt` are shares of the loss of guessing: above the one it hurts, below the other it learns well.
    `works` is the mean recall of the classes from which on a network does what it is for.
    """
    return COMMON | {name: value for rule in (rules or all_rules()) for name, value in rule.thresholds.items()}


class Doctor:
    """Looks over one training. One thread looks; any thread may ask what was found.

    Args:
        facts: Known before the first step.
        thresholds: Others than those of the rules, by name.
        rules: Causes before symptoms; `None` for all that are registered.
        byte_budget: What the looks may take in memory; over it every second one of the older half goes.
    """

    def __init__(
        self,
        facts: Facts,
        thresholds: Mapping[str, float] | None = None,
        rules: Sequence[Rule] | None = None,
        byte_budget: float = inf,
    ) -> None:
        self.facts = facts
        chosen = tuple(all_rules() if rules is None else rules)
        self._order = {rule.name: place for place, rule in enumerate(chosen)}
        known = default_thresholds(chosen) | dict(thresholds or {})
        self._course = Course(facts, chosen, known, byte_budget)
        self._lanes: tuple[tuple[Course, History, int], dict[str, Lane]] | None = None

    @property
    def looks(self) -> Sequence[Look]:
        """All that are kept."""
        return self._course.history.looks

    @property
    def byte_count(self) -> int:
        """What is kept takes so much in memory, about."""
        return self._course.history.byte_count

    def look(self, look: Look) -> None:
        """Judge another look, of a later step."""
        self._course.look(look)

    def end(self) -> None:
        """The training is over: what is asked of a whole training is asked now."""
        self._course.end()

    def rate_changed(self) -> None:
        """Somebody has changed rate or batch size: earlier looks say nothing of it."""
        self._course.rate_changed()

    def set_threshold(self, name: str, value: float) -> None:
        """Hold numbers against another one, from the first look on; only the rules that go by it are asked anew.

        Raises:
            KeyError: If there is no such threshold.
        """
        course = self._course
        if name not in course.thresholds:
            raise KeyError(name)
        if value == course.thresholds[name]:
            return
        rules = [rule for rule in course.rules if rule.goes_by(name)]
        self._course = course.judged_anew({**course.thresholds, name: value}, rules)

    @property
    def findings(self) -> Findings:
        """What stands, and what stood."""
        course = self._course
        return self._told(course.now, course.history.looks, course.is_over)

    def at(self, step: int) -> Findings:
        """What stood at a step, and the numbers as far as they were known then."""
        course = self._course
        history = course.history
        place = history.index(step)
        if place >= 0 and place == len(history.stood) - 1:
            return self.findings
        stood = history.stood[place] if place >= 0 else course.before
        return self._told(stood, history.looks[: place + 1], is_over=False, until=step)

    def lanes(self) -> dict[str, Lane]:
        """By family of rules, from which step on it was how: in the order of the steps, each change once."""
        course = self._course
        history = course.history
        if self._lanes is not None and self._lanes[0] == (course, history, len(history.stood)):
            return self._lanes[1]
        asked = (course, history, len(history.stood))
        lanes: dict[str, list[tuple[int, FoundState]]] = {family: [] for family in FAMILIES}
        known: dict[frozenset[object], dict[str, FoundState]] = {}
        for place, (look, stood) in enumerate(zip(history.looks, history.stood, strict=False)):
            early = self._early(history.looks[: place + 1], is_over=False)
            key = frozenset({*_shape(stood), *stood.not_checked, *early})
            if key not in known:
                known[key] = self._states(stood, early)
            for family, state in known[key].items():
                lane = lanes[family]
                if not lane or lane[-1][1] != state:
                    lane.append((look.step, state))
        self._lanes = asked, {family: tuple(lane) for family, lane in lanes.items()}
        return self._lanes[1]

    def _states(self, stood: Stood, early: Mapping[str, str]) -> dict[str, FoundState]:
        """How each family of rules is."""
        worst: dict[str, FoundState] = {}
        unasked = stood.not_checked.keys() | early.keys() | self._course.broken.keys()
        pending = _pending(stood)
        for family in FAMILIES:
            rules = [rule.name for rule in self._course.rules if rule.family == family]
            if rules:
                is_open = all(rule in unasked for rule in rules) or any(rule in pending for rule in rules)
                worst[family] = "unchecked" if is_open else "fine"
        found = blame([self._finding(one, None) for one in self._in_order(stood)])
        family_of = {rule.name: rule.family for rule in self._course.rules}
        for one in found:
            if one.is_over or one.severity == "note":
                continue
            family = family_of[one.rule]
            worst[family] = "fault" if "fault" in (one.severity, worst[family]) else "warning"
        return worst

    def _told(self, stood: Stood, looks: Sequence[Look], is_over: bool, until: int | None = None) -> Findings:
        told = self._in_order(stood)
        found = blame([self._finding(one, inf if until is None else until) for one in told])
        pending = dict.fromkeys(_pending(stood), SEEN_TOO_FEW)
        not_checked = {**stood.not_checked, **pending, **self._early(looks, is_over), **self._course.broken}
        silent = {one.rule.name for one in told} | set(not_checked)
        fine = tuple(rule.name for rule in self._course.rules if rule.name not in silent)
        return Findings(found, fine, not_checked, self.facts.probe_rows if looks else 0)

    def _in_order(self, stood: Stood) -> list[Standing]:
        told = [one for one in stood.standing.values() if one.is_told]
        return sorted(told, key=lambda one: self._order[one.rule.name])

    def _early(self, looks: Sequence[Look], is_over: bool) -> dict[str, str]:
        """Rules of which silence says nothing yet."""
        reasons: dict[Need, str] = {} if is_over else {"end": NOT_ENDED}
        case = Case(self.facts, looks, self._course.thresholds, inf)
        if not looks:
            reasons = dict.fromkeys(("look", "steps", "end"), NOT_LOOKED)
        elif case.is_early:
            reasons["steps"] = NOT_TRAINED if not case.now.step else TOO_FEW_LOOKS if is_over else TOO_EARLY
        return {rule.name: reasons[rule.needs] for rule in self._course.rules if rule.needs in reasons}

    def _finding(self, one: Standing, until: float | None) -> Finding:
        """A standing as it is told, with its numbers up to a step; without any where that is `None`."""
        rule, sign = one.rule.name, one.sign
        evidence = () if until is None else tuple(make().until(until) for make in sign.evidence)
        return Finding(
            rule,
            sign.place,
            one.since_step,
            one.last_step,
            sign.severity,
            sign.value,
            sign.threshold,
            sign.words,
            sign.says,
            evidence,
            advice=advice_for(rule, sign.words),
            is_over=one.is_over,
        )


def _pending(stood: Stood) -> frozenset[str]:
    """Rules that see something, but not on enough looks in a row."""
    seen = (one for one in stood.standing.values() if not one.is_told and not one.clean)
    return frozenset(one.rule.name for one in seen)


def _shape(stood: Stood) -> Iterable[tuple[object, ...]]:
    """What of a standing the state of its family goes by."""
    return ((key, one.is_told, one.is_over, one.sign.severity, not one.clean) for key, one in stood.standing.items())


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
