"""What was found, what was checked and is fine, and what could not be checked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from html import escape
from typing import Literal, Protocol, overload

from nnvis_widget.core.finding import Finding, PlaceKind
from nnvis_widget.core.number_text import safe_text
from nnvis_widget.core.words.findings import reason_text, rule_name
from nnvis_widget.core.words.say import capital, say

FoundState = Literal["unchecked", "fine", "warning", "fault"]
SIGNS = {"fault": ("✗", "faultWord"), "warning": ("⚠", "warningWord"), "note": ("·", "noteWord")}
COLUMNS = ("rule", "severity", "place", "since_step", "value", "threshold", "because_of", "is_over", "title")


@dataclass(frozen=True)
class Findings(Sequence[Finding]):
    """Findings of one training, the worst cause first, each followed by its consequences; what is over comes last.

    Attributes:
        all: Every one.
        fine: Names of the rules that were asked and see nothing.
        not_checked: Names of the others, each with the reason in English.
        rows: On how many rows of the data the network was looked at.
    """

    all: tuple[Finding, ...] = ()
    fine: tuple[str, ...] = ()
    not_checked: Mapping[str, str] = field(default_factory=dict)
    rows: int = 0

    @overload
    def __getitem__(self, index: int) -> Finding: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Finding]: ...
    def __getitem__(self, index: int | slice) -> Finding | Sequence[Finding]:
        return self.all[index]

    def __len__(self) -> int:
        return len(self.all)

    @property
    def faults(self) -> tuple[Finding, ...]:
        """Those that do harm now, causes and consequences."""
        return self._of("fault")

    @property
    def warnings(self) -> tuple[Finding, ...]:
        """Those that may do harm."""
        return self._of("warning")

    def describe(self) -> str:
        """In plain lines: what was found, what to do, what is fine, what was not checked."""
        lines = list(self._lines())
        if not lines:
            lines = [_nothing()]
        lines.append(self._checked())
        lines += [_not_checked(reason, names) for reason, names in self._reasons()]
        return "\n".join(lines)

    def table(self) -> list[dict[str, object]]:
        """A row for each finding."""
        return [{name: getattr(one, name) for name in COLUMNS} | {"place": one.place.text} for one in self.all]

    def _repr_html_(self) -> str:
        """A list; all text is escaped."""
        items = "".join(f"<li>{'<br>'.join(escape(line.strip()) for line in lines)}</li>" for lines in self._chains())
        body = f"<ul>{items}</ul>" if items else f"<p>{escape(_nothing())}</p>"
        missing = "".join(f"<li>{escape(_not_checked(reason, names))}</li>" for reason, names in self._reasons())
        count = escape(say("notCheckedCount", count=len(self.not_checked)))
        more = f"<details><summary>{count}</summary><ul>{missing}</ul></details>"
        return f'<div class="nnvis-findings">{body}<p>{escape(self._checked())}</p>{more if missing else ""}</div>'

    def _reasons(self) -> list[tuple[str, list[str]]]:
        reasons = dict.fromkeys(self.not_checked.values())
        return [(why, [name for name, reason in self.not_checked.items() if reason == why]) for why in reasons]

    def _of(self, severity: str) -> tuple[Finding, ...]:
        return tuple(one for one in self.all if one.severity == severity and not one.is_over)

    def _checked(self) -> str:
        fine = _names(self.fine) or say("nothingYet")
        said = say("checkedNot", rows=f"{self.rows:,}", list=fine) if self.rows else say("checkedUnread", list=fine)
        return f"✓ {say('sentence', text=capital(said))}"

    def _lines(self) -> Iterator[str]:
        for lines in self._chains():
            yield from lines

    def _chains(self) -> Iterator[list[str]]:
        lines: list[str] = []
        for one in self.all:
            title = safe_text(one.title)
            if one.because_of and lines:
                lines.append(f"    → {title}")
                continue
            if lines:
                yield lines
            sign, word = SIGNS[one.severity]
            since = [say("sinceStep", step=f"{one.since_step:,}")] if one.since_step else []
            over = [say("lastSeen", step=f"{one.last_step:,}")] if one.is_over else []
            notes = say("comma").join([*since, *over])
            told = say("noted", text=title, note=notes) if notes else title
            head = say("nameIs", name=f"{sign} {say(word)}", value=told)
            lines = [say("gap").join(filter(None, [say("sentence", text=head), one.text]))]
            lines += [f"    {say('tryThis')} {one.advice[0].text}"] if one.advice and not one.is_over else []
        if lines:
            yield lines


def wrong_at(found: Sequence[Finding], *kinds: PlaceKind) -> list[Finding]:
    """Of what was found the faults and warnings that stand at places of these kinds, in the same order."""
    return [one for one in found if one.place.kind in kinds and not one.is_over and one.severity != "note"]


class Chronicle(Protocol):
    """What was found in a training, step by step. Any thread may ask."""

    @property
    def byte_count(self) -> int:
        """What it takes in memory."""

    def at(self, step: int) -> Findings:
        """As it stood at a step."""

    def lanes(self) -> Mapping[str, tuple[tuple[int, FoundState], ...]]:
        """By family of rules, from which step on it was how."""


def _nothing() -> str:
    return say("sentence", text=capital(say("nothingWrong")))


def _not_checked(reason: str, names: Sequence[str]) -> str:
    return say("notCheckedFor", list=_names(names), why=safe_text(reason_text(reason)))


def _names(rules: Sequence[str]) -> str:
    return say("comma").join(map(rule_name, rules))
