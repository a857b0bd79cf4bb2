"""What came of a change that was tried beside a training."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import inf, isnan, nan
from typing import Literal

from nnvis_widget.core.finding import Finding, Place
from nnvis_widget.core.number_text import format_number
from nnvis_widget.core.words.say import say

MOST_STEPS = 300
MOST_S = 20.0
CLEAR_SHARE = 0.05
"""By which part one end must be lower than the other to be called better."""

GUESSING = 0.95
"""Below this part of the loss of the best constant answer something is learnt."""

Outcome = Literal["better", "same", "worse", "neither", "cancelled", "refused"]
Measured = Literal["loss", "new_loss", "validation_loss", "balanced_loss"]

_MEASURED: Mapping[Measured, str] = {
    "loss": "trialLoss",
    "new_loss": "trialNewLoss",
    "validation_loss": "trialValidationLoss",
    "balanced_loss": "trialBalancedLoss",
}
_OUTCOMES: Mapping[Outcome, str] = {
    "better": "trialBetter",
    "same": "trialSame",
    "worse": "trialWorse",
    "neither": "trialNeither",
}


@dataclass(frozen=True)
class TrialResult:
    """Two short trainings of clones side by side: one as it is, one with the change that a finding advises.

    Both take the same rows in the same order. What is measured are the same rows for both, without what regularisers
    add and without dropout.

    Attributes:
        rule: The rule of the finding.
        place: Its place.
        outcome: `better`, `same` (less than 5 % apart), `worse`, or `neither` where none of both is better than
            guessing; `cancelled`; `refused` where nothing was tried.
        what: What was changed: a key of the catalogue and what stands in its text.
        code: What keeps the change, where a command cannot; Keras that runs as it stands.
        keeps: What a command sets to keep it, `learning_rate`, `schedule_scale` or `batch_size`, and the value.
        measured: `loss`; `validation_loss`; `new_loss` where the loss itself was changed: then both are judged by the
            new one; `balanced_loss` where classes were weighed: both with all classes counting alike.
        rows: On how many rows it was measured.
        steps: At which steps, from 0.
        as_it_is: The values without the change.
        changed: With it.
        planned_steps: How many steps were asked for.
        seconds: How long it took.
        begins_anew: Whether both began with the weights of the beginning, else with those of then.
        refusal: Why nothing was tried.
    """

    rule: str
    place: Place
    outcome: Outcome
    what: tuple[str, Mapping[str, object]] | None = None
    code: str = ""
    keeps: tuple[str, float] | None = None
    measured: Measured = "loss"
    rows: int = 0
    steps: tuple[int, ...] = ()
    as_it_is: tuple[float, ...] = ()
    changed: tuple[float, ...] = ()
    planned_steps: int = MOST_STEPS
    seconds: float = 0.0
    begins_anew: bool = False
    refusal: str = ""

    @property
    def is_cut(self) -> bool:
        """Whether the time was up before all steps were taken."""
        return self.outcome not in ("cancelled", "refused") and self.steps[-1] < self.planned_steps

    @property
    def what_text(self) -> str:
        """What was changed, in a few words."""
        return say(self.what[0], **self.what[1]) if self.what is not None else ""

    @property
    def measured_text(self) -> str:
        """What was measured, and on how many rows."""
        return say(_MEASURED[self.measured], count=self.rows)

    @property
    def verdict(self) -> str:
        """What came of it, with both numbers: "0.31 instead of 0.69 after 300 steps: it helps"."""
        if self.outcome == "refused":
            return say("trialRefused", why=self.refusal)
        if self.outcome == "cancelled":
            return say("trialCancelled")
        numbers = {"changed": format_number(self.changed[-1], 3), "now": format_number(self.as_it_is[-1], 3)}
        return say("trialVerdict", **numbers, count=self.steps[-1], outcome=say(_OUTCOMES[self.outcome]))

    @property
    def notes(self) -> tuple[str, ...]:
        """What else is to be known: where it began, and that the time was up."""
        if self.outcome in ("refused", "cancelled"):
            return ()
        cut = say("trialCut", seconds=f"{self.seconds:.0f}", done=f"{self.steps[-1]:,}", planned=self.planned_steps)
        return (say("trialAnew" if self.begins_anew else "trialFromNow"), *([cut] if self.is_cut else []))

    def table(self) -> list[dict[str, float]]:
        """A row for each step that was measured: step, as_it_is, changed."""
        rows = zip(self.steps, self.as_it_is, self.changed, strict=True)
        return [{"step": step, "as_it_is": one, "changed": other} for step, one, other in rows]

    def describe(self) -> str:
        """In plain words: what was changed, both numbers, whether it helps, where it began, how to keep it."""
        said = [self.what_text, f"{self.measured_text}: {self.verdict}" if self.steps else self.verdict, *self.notes]
        return "\n".join([*(say("sentence", text=one) for one in said if one), *([self.code] if self.code else [])])


@dataclass(frozen=True)
class Trial:
    """A trial as it stands.

    Attributes:
        rule: The rule of the finding.
        place: What makes its place the same at another step.
        step: Steps done.
        planned_steps: Steps asked for.
        result: What came of it; `None` while it is under way.
    """

    rule: str
    place: tuple[str, str]
    step: int = 0
    planned_steps: int = MOST_STEPS
    result: TrialResult | None = field(default=None)

    def is_of(self, finding: Finding) -> bool:
        """Whether it tries what this finding advises."""
        return (self.rule, self.place) == (finding.rule, finding.place.key)


def outcome_of(as_it_is: float, changed: float, guess: float = nan) -> Outcome:
    """Which of two losses is clearly the lower one; one that is not finite is higher than all others.

    Args:
        as_it_is: Without the change.
        changed: With it.
        guess: That of the best constant answer; NaN where it is not known.
    """
    one, other = (inf if isnan(value) else value for value in (as_it_is, changed))
    if min(one, other) > GUESSING * guess:
        return "neither"
    if one == other or abs(one - other) <= CLEAR_SHARE * max(abs(one), abs(other)) < inf:
        return "same"
    return "better" if other < one else "worse"
