"""What was found, what was checked and is fine, and what could not be checked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from html import escape
from typing import overload

from nnvis_widget.core.finding import Finding
from nnvis_widget.core.number_text import safe_text

MARKS = {"fault": "✗ Fault", "warning": "⚠ Warning", "note": "· Note"}
COLUMNS = ("rule", "severity", "place", "since_step", "value", "threshold", "because_of", "is_over", "title")


@dataclass(frozen=True)
class Findings(Sequence[Finding]):
    """Findings of one training, the worst cause first, each followed by its consequences; what is over comes last.

    Attributes:
        all: Every one.
        fine: Names of the rules that were asked and see nothing.
        not_checked: Names of the others, each with the reason.
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
            lines = ["Nothing wrong was found."]
        lines.append(self._checked())
        lines += [f"Not checked: {', '.join(names)}: {safe_text(reason)}." for reason, names in self._reasons()]
        return "\n".join(lines)

    def table(self) -> list[dict[str, object]]:
        """A row for each finding."""
        return [{name: getattr(one, name) for name in COLUMNS} | {"place": one.place.text} for one in self.all]

    def _repr_html_(self) -> str:
        """A list; all text is escaped."""
        items = "".join(f"<li>{'<br>'.join(escape(line.strip()) for line in lines)}</li>" for lines in self._chains())
        body = f"<ul>{items}</ul>" if items else "<p>Nothing wrong was found.</p>"
        missing = "".join(
            f"<li>{escape(', '.join(names))}: {escape(safe_text(reason))}</li>" for reason, names in self._reasons()
        )
        more = f"<details><summary>Not checked: {len(self.not_checked)}</summary><ul>{missing}</ul></details>"
        return f'<div class="nnvis-findings">{body}<p>{escape(self._checked())}</p>{more if missing else ""}</div>'

    def _reasons(self) -> list[tuple[str, list[str]]]:
        reasons = dict.fromkeys(self.not_checked.values())
        return [(why, [name for name, reason in self.not_checked.items() if reason == why]) for why in reasons]

    def _of(self, severity: str) -> tuple[Finding, ...]:
        return tuple(one for one in self.all if one.severity == severity and not one.is_over)

    def _checked(self) -> str:
        on = f" on {self.rows:,} rows" if self.rows else ""
        return f"✓ Checked{on} and fine: {', '.join(self.fine) or 'nothing yet'}."

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
            over = f" It is over since step {one.last_step:,}." if one.is_over else ""
            since = f" (since step {one.since_step:,})" if one.since_step else ""
            lines = [f"{MARKS[one.severity]}: {title}{since}. {one.text}{over}".strip()]
            lines += [f"    Try: {one.advice[0].text}"] if one.advice and not one.is_over else []
        if lines:
            yield lines
