"""One finding with its consequences, as a card."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import isfinite

import ipywidgets
import numpy as np

from nnvis_widget.core.finding import Evidence, Finding
from nnvis_widget.core.number_text import format_number
from nnvis_widget.core.words.findings import rule_name
from nnvis_widget.core.words.say import say
from nnvis_widget.widgets.panels.figures.style import text
from nnvis_widget.widgets.panels.parts.trial_row import TrialRow, put

TONES = {"fault": ("✗", "nnvis-bad"), "warning": ("▲", "nnvis-warn"), "note": ("·", "")}
WIDTH, HEIGHT = 120, 28


class FindingCard:
    """A cause, what follows from it, the number that was judged, and what to do.

    Args:
        on_show: Called with the finding where somebody wants to see its place.
        on_try: Called with it where somebody wants its advice tried.
        trial: What is told below it of a trial.
    """

    def __init__(self, on_show: Callable[[Finding], None], on_try: Callable[[Finding], None], trial: TrialRow) -> None:
        self._finding: Finding | None = None
        self.trial = trial
        self._text = ipywidgets.HTML(layout={"flex": "1 1 280px", "min_width": "0"})
        self.show_button = ipywidgets.Button(layout={"width": "auto", "flex": "0 0 auto"})
        self.show_button.on_click(lambda _: on_show(self._finding) if self._finding is not None else None)
        self.try_button = ipywidgets.Button(layout={"width": "auto", "flex": "0 0 auto"})
        self.try_button.on_click(lambda _: on_try(self._finding) if self._finding is not None else None)
        self.box = ipywidgets.HBox([self._text, self.show_button, self.try_button, trial.box])
        self.box.add_class("nnvis-finding")

    def show(self, chain: Sequence[Finding], can_try: bool = False) -> None:
        """Show a cause and its consequences, and whether its advice can be tried; nothing where there is none."""
        self._finding = chain[0] if chain else None
        put(self.box.layout, "display", None if chain else "none")
        if not chain:
            return
        cause = chain[0]
        put(self._text, "value", _card(chain))
        put(self.show_button, "description", say("showPlace"))
        put(self.show_button, "tooltip", say("showPlaceHint", place=cause.place.text))
        can_show = bool(cause.place.layer) or cause.since_step > 0
        put(self.show_button.layout, "display", None if can_show else "none")
        put(self.try_button, "description", say("tryIt"))
        put(self.try_button, "tooltip", say("tryItHint"))
        put(self.try_button.layout, "display", None if can_try and not cause.is_over else "none")


def _card(chain: Sequence[Finding]) -> str:
    cause = chain[0]
    sign, tone = TONES[cause.severity]
    kind = say({"fault": "faultWord", "warning": "warningWord", "note": "noteWord"}[cause.severity])
    over = f" · {say('lastSeen', step=f'{cause.last_step:,}')}" if cause.is_over else ""
    since = f" · {say('sinceStep', step=f'{cause.since_step:,}')}" if cause.since_step else ""
    head = f'<b class="{tone}">{sign} {kind}</b> <b>{text(cause.title)}</b><span>{since}{over}</span>'
    steps = "".join(f"<li>{text(one.title)}</li>" for one in chain[1:])
    follows = f"<div>{say('thenFollow')}</div><ol>{steps}</ol>" if steps else ""
    lines = "".join(_line(one) for one in cause.evidence[:2])
    first = cause.advice[0] if cause.advice and not cause.is_over else None
    advice = f"<div><b>{say('tryThis')}</b> {text(first.text)}</div>" if first is not None else ""
    return f"<div>{head}</div><div>{text(cause.text)}</div>{lines}{follows}{advice}{_why(cause)}"


def _why(cause: Finding) -> str:
    """By which rule, what would disprove it, and code that runs as it stands."""
    value, threshold = _number(cause.value), _number(cause.threshold)
    parts = [say("ruleSays", rule=rule_name(cause.rule), value=value, threshold=threshold)]
    if cause.disproof:
        parts.append(say("disprovedBy", text=cause.disproof))
    codes = "".join(f"<pre>{text(one.code)}</pre>" for one in cause.advice if one.code)
    said = "".join(f"<p>{text(part)}</p>" for part in parts)
    return f"<details><summary>{say('whyWord')}</summary>{said}{codes}</details>"


def _line(evidence: Evidence) -> str:
    """A number over the steps, with the threshold dashed; nothing where fewer than two are known."""
    values = np.array(evidence.values, float)
    steps = np.array(evidence.steps, float)
    is_known = np.isfinite(values)
    if is_known.sum() < 2:
        return ""
    steps, values = steps[is_known], values[is_known]
    ends = [*values, *([evidence.threshold] if isfinite(evidence.threshold) else [])]
    low, high = min(ends), max(ends)
    size = (high - low) or 1.0
    x = (steps - steps[0]) / ((steps[-1] - steps[0]) or 1.0) * (WIDTH - 4) + 2
    y = HEIGHT - 3 - (values - low) / size * (HEIGHT - 6)
    points = " ".join(f"{one:.1f},{other:.1f}" for one, other in zip(x, y, strict=True))
    level = HEIGHT - 3 - (evidence.threshold - low) / size * (HEIGHT - 6) if isfinite(evidence.threshold) else -9.0
    told = say(
        "evidenceSays",
        name=evidence.name,
        first=_number(float(values[0])),
        last=_number(float(values[-1])),
        threshold=_number(evidence.threshold),
    )
    return (
        f'<div class="nnvis-evidence"><svg width="{WIDTH}" height="{HEIGHT}" aria-hidden="true">'
        f'<line x1="0" x2="{WIDTH}" y1="{level:.1f}" y2="{level:.1f}" stroke="var(--nv-ink-3)" stroke-dasharray="3 3"/>'
        f'<polyline points="{points}" fill="none" stroke="var(--nv-info)" stroke-width="1.5"/></svg>'
        f"<span>{text(told)}</span></div>"
    )


def _number(value: float) -> str:
    return format_number(value, 3)
