"""What a doctor has found: where, since when, by which number, and what to do about it."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from math import isfinite
from typing import Literal

from nnvis_widget.core.number_text import format_count, format_number, format_percent, safe_text
from nnvis_widget.core.words.findings import rule_name, said
from nnvis_widget.core.words.say import say

Severity = Literal["fault", "warning", "note"]
SEVERITIES: tuple[Severity, ...] = ("fault", "warning", "note")
_PLACES = {"data": "placeData", "layer": "placeModel", "loss": "placeLoss", "optimizer": "placeOptimizer"} | {
    "schedule": "placeSchedule"
}
_SIGNS: Mapping[Severity, str] = {"fault": "✗", "warning": "▲", "note": "·"}
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
        return say("placeLayer", name=safe_text(self.name)) if self.layer else say(_PLACES[self.kind])


@dataclass(frozen=True)
class Evidence:
    """A number over the steps, as a rule saw it.

    Attributes:
        words: What it is: a key of `findings.en.json`, or that itself.
        steps: At most 200.
        values: One per step.
        threshold: What it was held against.
    """

    words: str
    steps: tuple[int, ...]
    values: tuple[float, ...]
    threshold: float

    @property
    def name(self) -> str:
        """What it is, for a person."""
        return said("evidence", self.words) or self.words

    def until(self, step: float) -> Evidence:
        """As it was known at a step."""
        count = bisect_right(self.steps, step)
        return replace(self, steps=self.steps[:count], values=self.values[:count])


@dataclass(frozen=True)
class Advice:
    """What to do.

    Attributes:
        words: Which text says it: a key of `findings.en.json`.
        code: Keras that runs as it stands in a notebook that has `model`, `x` and `y`; empty where there is none.
        change: Which of the changes that may be tried beside the model; empty where none.
    """

    words: str
    code: str = ""
    change: str = ""

    @property
    def text(self) -> str:
        """In a sentence."""
        return said("advice", self.words) or self.words


@dataclass(frozen=True)
class Finding:
    """One thing that is, or was, wrong. Its texts are in the language that is spoken when they are read.

    Attributes:
        rule: The rule that found it.
        place: Where.
        since_step: The first step at which it was so.
        last_step: The last.
        severity: `fault`, `warning` (it may do harm) or `note`.
        value: The number that was judged.
        threshold: What it was held against.
        kind: Which of the rule's texts says it; empty for the one it has.
        says: What stands in the texts beside place, value and threshold.
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
    kind: str = ""
    says: Mapping[str, object] = field(default_factory=dict, hash=False)
    evidence: tuple[Evidence, ...] = ()
    because_of: str = ""
    advice: tuple[Advice, ...] = ()
    is_over: bool = False

    @property
    def title(self) -> str:
        """What is wrong, in a few words, with the number."""
        return self._text("title") or say("ownRule", rule=self.rule, value=_short(self.value), place=self.place.text)

    @property
    def text(self) -> str:
        """The same for a beginner; empty of a rule of a person's own."""
        return self._text("text")

    @property
    def badge(self) -> str:
        """What is wrong in two or three words, for a small place beside a name."""
        return self._text("badge") or rule_name(self.rule)

    @property
    def pill(self) -> str:
        """The same with its sign: `✗ 31/64 dead`."""
        return f"{_SIGNS[self.severity]} {self.badge}"

    @property
    def disproof(self) -> str:
        """What would show that it is not so."""
        return self._text("disproof")

    def _text(self, part: str) -> str:
        texts = said("texts", f"{self.rule}.{self.kind}") or said("texts", self.rule)
        if texts is None:
            return ""
        told = {"place": self.place.text, "percent": format_percent(self.value)}
        numbers = {"value": _short(self.value), "threshold": _short(self.threshold)}
        return texts[part].format_map(told | numbers | {name: _short(one) for name, one in self.says.items()})


def _short(value: object) -> str:
    """A number as a person writes it; a text that is not ours made safe."""
    if isinstance(value, (int, float)):
        is_whole = isfinite(value) and float(value).is_integer() and abs(value) < 1e6
        return format_count(value) if is_whole else format_number(value)
    return safe_text(str(value))
