"""What a doctor has found: where, since when, by which number, and what to do about it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Severity = Literal["fault", "warning", "note"]
SEVERITIES: tuple[Severity, ...] = ("fault", "warning", "note")
PlaceKind = Literal["data", "layer", "loss", "optimizer", "schedule"]


@dataclass(frozen=True)
class Place:
    """Where something is wrong.

    Attributes:
        kind: What is meant.
        layer: Id of a layer; empty where it is about no single one.
        name: What that layer is called.
        units: Of the layer; at most 64.
        features: Of the data, by number; at most 64.
        rows: Of the data; at most 64.
    """

    kind: PlaceKind
    layer: str = ""
    name: str = ""
    units: tuple[int, ...] = ()
    features: tuple[int, ...] = ()
    rows: tuple[int, ...] = ()

    @property
    def key(self) -> tuple[str, str]:
        """What makes it the same place at another step."""
        return self.kind, self.layer

    @property
    def text(self) -> str:
        """For a person: a layer's name, or what is meant."""
        return repr(self.name) if self.layer else f"the {self.kind.replace('optimizer', 'optimiser')}"


@dataclass(frozen=True)
class Evidence:
    """A number over the steps, as a rule saw it.

    Attributes:
        name: What it is.
        steps: At most 200.
        values: One per step.
        threshold: What it was held against.
    """

    name: str
    steps: tuple[int, ...]
    values: tuple[float, ...]
    threshold: float


@dataclass(frozen=True)
class Advice:
    """What to do.

    Attributes:
        text: In a sentence.
        code: Keras that runs as it stands in a notebook that has `model`, `x` and `y`; empty where there is none.
        change: Which of the changes that may be tried beside the model; empty where none.
    """

    text: str
    code: str = ""
    change: str = ""


@dataclass(frozen=True)
class Finding:
    """One thing that is, or was, wrong.

    Attributes:
        rule: The rule that found it.
        place: Where.
        since_step: The first step at which it was so.
        last_step: The last.
        severity: `fault`, `warning` (it may do harm) or `note`.
        value: The number that was judged.
        threshold: What it was held against.
        title: What is wrong, in a few words, with the number.
        text: The same for a beginner.
        disproof: What would show that it is not so.
        evidence: Numbers over the steps.
        because_of: The rule that names the cause, where this is a consequence; empty where it is a cause.
        advice: What to do, the best first.
        is_over: Whether it is no longer so.
    """

    rule: str
    place: Place
    since_step: int
    last_step: int
    severity: Severity
    value: float
    threshold: float
    title: str
    text: str = ""
    disproof: str = ""
    evidence: tuple[Evidence, ...] = ()
    because_of: str = ""
    advice: tuple[Advice, ...] = ()
    is_over: bool = False
