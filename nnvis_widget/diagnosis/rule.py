"""What a rule is, what it is asked, and what it answers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from math import isfinite, isnan
from typing import Literal

from nnvis_widget.core.finding import Evidence, Place, Severity
from nnvis_widget.core.look import KernelLook, LayerLook, Look
from nnvis_widget.diagnosis.facts import Facts

Family = Literal["data", "labels", "pairing", "start", "rates", "gradients", "units", "curves", "fitting"]
FAMILIES: tuple[Family, ...] = (
    "data",
    "labels",
    "pairing",
    "start",
    "rates",
    "gradients",
    "units",
    "curves",
    "fitting",
)
Need = Literal["facts", "look", "steps", "end"]
HINDRANCES = frozenset({"rates", "units", "gradients"})
"""Families of what keeps a network from learning: over at the first look that shows it gone from one that learnt."""
MOST_POINTS = 200
ENOUGH_STEPS, LEAST_STEPS = 100, 20


class NotChecked(Exception):  # noqa: N818  it is no error: a rule says why it has nothing to say
    """Raised by a rule that cannot be asked here; its text says why."""


TOO_FEW_LOOKS = "there are too few looks at this training"

MakeEvidence = Callable[[], Evidence]


@dataclass(frozen=True)
class Sign:
    """What a rule sees at one look.

    Attributes:
        place: Where.
        severity: How bad.
        value: The number that was judged.
        threshold: What it was held against.
        words: Which of the rule's texts says it; empty for the one it has.
        says: What stands in the texts beside place, value and threshold.
        evidence: Makes numbers over the steps, once somebody asks for them.
    """

    place: Place
    severity: Severity
    value: float
    threshold: float
    words: str = ""
    says: Mapping[str, object] = field(default_factory=dict)
    evidence: tuple[MakeEvidence, ...] = ()


@dataclass(frozen=True)
class Case:
    """What rules judge: facts, and the looks so far.

    Attributes:
        facts: Known before the first step.
        looks: The oldest first, the newest last; none before the first.
        thresholds: By name.
        best: The smallest loss on the probe so far; infinite where there is none.
        best_validated: The look with the smallest loss on the validation rows; `None` where there is none.
        steepest: The look whose step changed a kernel most so far; `None` where no step was measured.
        is_over: Whether the training has ended.
        others: Names of the rules that stand at this look; for those that speak only when nothing else does.
        since: Which look is the first under the rate that is in force.
    """

    facts: Facts
    looks: Sequence[Look]
    thresholds: Mapping[str, float]
    best: float
    best_validated: Look | None = None
    steepest: Look | None = None
    is_over: bool = False
    others: frozenset[str] = frozenset()
    since: int = 0

    @property
    def now(self) -> Look:
        """The newest look."""
        if not self.looks:
            raise NotChecked("nothing was measured yet")
        return self.looks[-1]

    @property
    def base(self) -> float:
        """L₀, the loss of the best constant answer."""
        if not isfinite(self.facts.base_loss) or self.facts.base_loss <= 0:
            raise NotChecked(self.facts.why_unknown("loss") or "the loss of guessing is not known here")
        return self.facts.base_loss

    @property
    def is_early(self) -> bool:
        """Whether less than a tenth of the planned run is done; 20 steps are too few, 100 always enough."""
        planned = self.facts.planned_steps
        return self.now.step < (ENOUGH_STEPS if planned is None else max(LEAST_STEPS, min(ENOUGH_STEPS, planned / 10)))

    @property
    def hurts(self) -> bool:
        """Whether the network is not much better than guessing although it had time."""
        return not self.is_early and self.best > self.thresholds["hurts"] * self.base

    @property
    def is_learnt(self) -> bool:
        """Whether the network is much better than guessing now; not where that is not known."""
        try:
            return self.now.loss < self.thresholds["hurts"] * self.base
        except NotChecked:
            return False

    @property
    def measured(self) -> Look:
        """The newest look, of a network that was run on the probe."""
        if isnan(self.now.loss) and not self.now.first_bad:
            raise NotChecked("the network cannot be run on the data with a loss")
        return self.now

    @property
    def works(self) -> bool:
        """Whether the run shows that the network does what it is for: classes are told, or numbers well learnt."""
        if not self.looks or self.is_early:
            return False
        recalls = [one for one in self.now.recall if isfinite(one)]
        if recalls:
            return sum(recalls) / len(recalls) >= self.thresholds["works"]
        return isfinite(self.facts.base_loss) and self.best < self.thresholds["learnt"] * self.facts.base_loss

    def last(self, count: int, since_rate: bool = False) -> Sequence[Look]:
        """The last looks, oldest first; fewer than `count` where there are not so many."""
        looks = self.looks[self.since :] if since_rate else self.looks
        return looks[-count:]

    def place(self, layer_id: str, units: Iterable[int] = ()) -> Place:
        """A layer as a place."""
        layer = self.facts.layer(layer_id)
        return Place("layer", layer_id, layer.name if layer else layer_id, tuple(units)[:64])

    def trained(self, look: Look | None = None) -> list[KernelLook]:
        """The kernels of layers that training changes, the first of the model first."""
        fixed = {layer.id for layer in self.facts.layers if not layer.is_trainable}
        return [one for one in (look or self.now).kernels if one.is_trained and one.layer not in fixed]

    def seen(self, layer_id: str, look: Look | None = None) -> LayerLook | None:
        """What a layer put out."""
        return next((one for one in (look or self.now).layers if one.layer == layer_id), None)

    def evidence(self, name: str, value: Callable[[Look], float], threshold: float) -> MakeEvidence:
        """Makes a number over the looks, of many of them evenly chosen ones."""
        return lambda: self._evidence(name, value, threshold)

    def _evidence(self, name: str, value: Callable[[Look], float], threshold: float) -> Evidence:
        every = -(-len(self.looks) // MOST_POINTS) or 1
        chosen = [*self.looks[::-1][::every]][::-1]
        points = [(look.step, float(value(look))) for look in chosen]
        points = [point for point in points if isfinite(point[1])]
        return Evidence(name, tuple(step for step, _ in points), tuple(one for _, one in points), threshold)


Judge = Callable[[Case], Iterable[Sign]]


@dataclass(frozen=True)
class Rule:
    """One rule: a pure function and what it is called.

    Attributes:
        name: Such as `dead_relu`.
        family: Where it is told.
        judge: What it sees in a case, each place at most once; may raise `NotChecked`.
        in_a_row: On how many looks it must be seen before it is told.
        thresholds: What it holds numbers against, by name.
        needs: What it goes by: the facts alone, a look, looks after some steps, or the end of the training.
        is_one: Whether it sees one thing, wherever that is named next.
        refuted: Whether the run shows that a static alarm was false; `None` where it cannot.
        uses: Thresholds of other rules that it goes by too; `None` for whatever it asks for.
        heeds: Whether it goes by what else stands.
    """

    name: str
    family: Family
    judge: Judge
    in_a_row: int = 1
    thresholds: Mapping[str, float] = field(default_factory=dict)
    needs: Need = "look"
    is_one: bool = False
    refuted: Callable[[Case], bool] | None = None
    uses: tuple[str, ...] | None = ()
    heeds: bool = False

    @property
    def is_hindrance(self) -> bool:
        """Whether it is over as soon as the network does not hurt any more."""
        return self.family in HINDRANCES

    def goes_by(self, threshold: str) -> bool:
        """Whether another value of a threshold may change what it says, or when it is over."""
        if threshold == "hurts" and self.is_hindrance:
            return True
        return self.heeds or self.uses is None or threshold in self.thresholds or threshold in self.uses
