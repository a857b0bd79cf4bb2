"""A doctor beside a training: when it looks, and what it has found."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from math import isfinite, nan
from statistics import median
from time import perf_counter
from typing import Any

from nnvis_widget.control.allowance import Allowance
from nnvis_widget.core.findings import Findings
from nnvis_widget.core.snapshot import Moment
from nnvis_widget.core.status import FirstBad
from nnvis_widget.diagnosis.facts import Facts
from nnvis_widget.keras_adapter.examination import Examination
from nnvis_widget.keras_adapter.forward import Forward
from nnvis_widget.keras_adapter.read_facts import Plan
from nnvis_widget.run.run import Run

SHARE, SAVED_S = 0.015, 0.1
PAUSE_S = 0.25
LOOKS_SHARE = 1 / 16
"""Of the bytes of the run."""
LOOKS = 40
"""Of a training with an end, where it is short."""
SURE, SURE_S = 12, 0.5
"""So many of them are taken on a busy machine too, which makes each dear, as long as all together took no longer."""
OPENING = (1, 2, 3, 5, 8, 12)
LATELY = 5
"""Looks of which the update is told."""
LAST_SHARE = 0.1
"""Of the steps: a look so long before the end says nothing of it."""
COMPILING = 1
"""Looks that compile: what they cost is owed, and paid back little by little."""

Attempt = Callable[..., Any]


class Checkup:
    """Looks at a training within 1.5 % of the time and 0.1 s saved up, watched or not. Used by the training's thread.

    The first steps are looked at one by one, then 40 of those that are planned, or four a second, as time allows.
    A look is two halves around one step: `begin` before it, `end` after it. What fails is told once and left out.

    Args:
        attempt: Tries what may fail.
        run: Where it is kept what was found.

    Attributes:
        findings: What was found, for any thread.
        thresholds: What a person holds numbers against where the rules hold others, by name; for any thread.
    """

    def __init__(self, attempt: Attempt, run: Run) -> None:
        self._attempt = attempt
        self._run = run
        self.thresholds: Mapping[str, float] = {}
        self.begin_anew()
        self.plan = Plan()

    @property
    def plan(self) -> Plan:
        """What was asked of the training; with another one it begins or goes on, and the time before does not count."""
        return self._plan

    @plan.setter
    def plan(self, plan: Plan) -> None:
        self._plan = plan
        self._allowance.pause()

    @property
    def facts(self) -> Facts | None:
        """What is known of model and data; `None` before the first look."""
        return None if self._examination is None else self._examination.doctor.facts

    @property
    def updates(self) -> tuple[float, float]:
        """By which share a step changes the kernel that it changes most: lately, and the most that was; or NaN."""
        looks = [] if self._examination is None else self._examination.doctor.looks
        greatest = [max((one.update for one in look.kernels if isfinite(one.update)), default=nan) for look in looks]
        known = [one for one in greatest if isfinite(one)]
        return (median(known[-LATELY:]), max(known)) if known else (nan, nan)

    def begin_anew(self) -> None:
        """For another model, or a new beginning."""
        self.findings = Findings()
        self._run.found = None
        self._examination: Examination | None = None
        self._has_failed = False
        self._allowance = Allowance(SHARE, SAVED_S)
        self._taken = 0
        self._cost_s = self._spent_s = 0.0
        self._last_s = float("-inf")
        self._next_step = OPENING[0]
        self._begun: int | None = None
        self._has_seen_bad = False

    def keep(self) -> Callable[[], None]:
        """Note what was found; what is returned brings that back."""
        kept = ("_plan", "thresholds")
        known: Mapping[str, Any] = {name: value for name, value in vars(self).items() if name not in kept}

        def bring_back() -> None:
            vars(self).update(known)
            self._begun = None
            for name, value in self.thresholds.items():
                self.set_threshold(name, value)

        return bring_back

    def is_due(self, step: int, now_s: float, first_bad: FirstBad | None = None) -> bool:
        """Whether the step that comes next is to be looked at."""
        if self._has_failed:
            return False
        if self._examination is None or (first_bad is not None and not self._has_seen_bad):
            return True
        is_turn = step + 1 >= self._next_step or now_s >= self._last_s + PAUSE_S
        return is_turn and (self._allowance.is_there(now_s) or self._is_sure(step))

    def begin(self, forward: Forward, moment: Moment) -> None:
        """Right before a step; before the first one a look is taken too."""

        def act() -> bool:
            if self._examination is None:
                budget = LOOKS_SHARE * self._run.byte_budget
                self._examination = Examination(forward, self.plan, self.thresholds, budget)
                self._run.found = self._examination.doctor
                self._look(moment)
            self._examination.updates.begin()
            return True

        start_s = perf_counter()
        self._begun = moment.step if self._try(act) else None
        self._cost_s = perf_counter() - start_s

    def end(self, moment: Moment, first_bad: FirstBad | None = None) -> None:
        """Right after it, unless that was several."""
        begun, self._begun = self._begun, None
        if begun is None or self._examination is None or moment.step <= begun:
            return
        examination, is_one = self._examination, moment.step == begun + 1

        def act() -> bool:
            updates = examination.updates.end()
            self._look(moment, updates if is_one else ())
            return True

        start_s = perf_counter()
        self._try(act)
        self._has_seen_bad |= first_bad is not None
        self._tell(first_bad)
        self._last_s = perf_counter()
        self._taken += 1
        pay = self._allowance.spend if self._taken > COMPILING else self._allowance.owe
        cost_s = self._cost_s + self._last_s - start_s
        pay(cost_s)
        self._spent_s += cost_s if self._taken > COMPILING else 0.0
        self._next_step = self._step_after(moment.step)

    def finish(self, moment: Moment, first_bad: FirstBad | None = None) -> None:
        """The training is over; how it ended is looked at too where the last look is long ago."""
        if self._examination is not None and not self._has_failed:
            if moment.step - self._examination.doctor.looks[-1].step > LAST_SHARE * moment.step:
                self._try(lambda: self._look(moment))
            self._examination.doctor.end()
            self._tell(first_bad)

    def rate_changed(self) -> None:
        """Somebody has changed rate or batch size."""
        if self._examination is not None:
            self._examination.doctor.rate_changed()
            self._tell(None)

    def set_threshold(self, name: str, value: float, first_bad: FirstBad | None = None) -> None:
        """Hold numbers against another one: what was looked at is judged anew, at once."""
        self.thresholds = {**self.thresholds, name: value}
        if self._examination is not None and not self._has_failed:
            self._examination.doctor.set_threshold(name, value)
            self._tell(first_bad)

    def _is_sure(self, step: int) -> bool:
        """Whether a training with an end has gone on so long without a look that one is taken all the same."""
        planned = self.plan.planned_steps
        if planned is None or self._examination is None or self._spent_s > SURE_S:
            return False
        return step + 1 - self._examination.doctor.looks[-1].step >= planned / SURE

    def _step_after(self, step: int) -> int:
        planned = self.plan.planned_steps
        every = step // 8 if planned is None else planned // LOOKS
        return next((one for one in OPENING if one > step), step + max(1, every))

    def _look(self, moment: Moment, updates: tuple[float, ...] = ()) -> bool:
        assert self._examination is not None
        steps = self.plan.steps_per_epoch
        part = moment.batch / steps if steps else 0.0
        self._examination.look(moment.step, moment.epoch + part, updates)
        self._tell(None)
        return True

    def _try(self, act: Callable[[], bool]) -> bool:
        is_done = bool(self._attempt("looks of the doctor", act, ("take", "taken")))
        self._has_failed = not is_done
        return is_done

    def _tell(self, first_bad: FirstBad | None) -> None:
        if self._examination is None:
            return
        found = self._examination.doctor.findings
        if first_bad is not None:
            dated = (replace(one, since_step=first_bad.moment.step) if one.rule == "nan" else one for one in found)
            found = replace(found, all=tuple(dated))
        self.findings = found
