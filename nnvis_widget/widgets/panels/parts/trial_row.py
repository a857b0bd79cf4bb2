"""A change that is tried, below the card of its finding: how it stands, and what came of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import isfinite
from typing import Any

import ipywidgets

from nnvis_widget.core.trial import Trial, TrialResult
from nnvis_widget.core.words.say import say
from nnvis_widget.widgets.panels.figures.style import text

WIDTH, HEIGHT, LINE = 220, 64, 14
NAMES = 70
"""Pixels for the names of the curves, right of them."""
MOST_TIMES = 3
"""A curve that climbs is shown up to so many times the value that it begins with."""


class TrialRow:
    """Progress and a button to cancel; then two curves, the verdict, and a button to keep the change, or its code.

    Args:
        on_cancel: Called where somebody cancels it.
        on_keep: Called with the name and value of what is to be set.
    """

    def __init__(self, on_cancel: Callable[[], object], on_keep: Callable[[str, float], object]) -> None:
        self._result: TrialResult | None = None
        self._text = ipywidgets.HTML(layout={"flex": "1 1 280px", "min_width": "0"})
        self.cancel_button = ipywidgets.Button(layout={"width": "auto", "flex": "0 0 auto", "display": "none"})
        self.keep_button = ipywidgets.Button(layout={"width": "auto", "flex": "0 0 auto", "display": "none"})
        self.cancel_button.on_click(lambda _: on_cancel())
        self.keep_button.on_click(
            lambda _: on_keep(*self._result.keeps) if self._result is not None and self._result.keeps else None
        )
        parts = [self._text, self.cancel_button, self.keep_button]
        self.box = ipywidgets.HBox(parts, layout={"flex": "1 1 100%", "display": "none"})
        self.box.add_class("nnvis-trial")

    def show(self, trial: Trial | None, is_kept: bool = False) -> None:
        """Show how a trial stands; nothing where there is none."""
        result = self._result = None if trial is None else trial.result
        put(self.box.layout, "display", None if trial is not None else "none")
        if trial is None:
            return
        put(self._text, "value", _progress(trial) if result is None else _told(result, is_kept))
        can_keep = result is not None and bool(result.keeps) and result.outcome not in ("cancelled", "refused")
        for button, key, is_there in (
            (self.cancel_button, "cancelTrial", result is None),
            (self.keep_button, "keepTrial", can_keep and not is_kept),
        ):
            put(button, "description", say(key))
            put(button.layout, "display", None if is_there else "none")
        put(self.keep_button, "tooltip", say("keepTrialHint"))


def put(widget: Any, name: str, value: object) -> None:
    """Set a trait that is not so already: setting it sends a message."""
    if getattr(widget, name) != value:
        setattr(widget, name, value)


def _progress(trial: Trial) -> str:
    said = say("trialStep", step=f"{trial.step:,}", planned=f"{trial.planned_steps:,}")
    bar = f'<progress max="{trial.planned_steps}" value="{trial.step}" aria-label="{say("trialProgress")}"></progress>'
    return f'<div class="nnvis-evidence">{bar}<span>{text(said)}</span></div>'


def _told(result: TrialResult, is_kept: bool) -> str:
    tone = {"better": "nnvis-good", "worse": "nnvis-bad"}.get(result.outcome, "")
    sign = {"better": "✓ ", "worse": "✗ "}.get(result.outcome, "")
    what = f"<b>{text(result.what_text)}</b> " if result.what is not None else ""
    verdict = f'<div>{what}<span class="{tone}">{sign}{text(result.verdict)}</span></div>'
    curves = f'<div class="nnvis-evidence">{_curves(result)}<span>{text(result.measured_text)}</span></div>'
    notes = "".join(f"<div>{text(say('sentence', text=one))}</div>" for one in result.notes)
    kept = f"<div>✓ {text(say('trialKept'))}</div>" if is_kept else ""
    is_by_code = bool(result.code) and not result.keeps
    code = f"<div>{text(say('trialKeepByCode'))}</div><pre>{text(result.code)}</pre>" if is_by_code else ""
    return verdict + (curves if len(result.steps) > 1 else "") + notes + kept + code


def _curves(result: TrialResult) -> str:
    """Both over the steps, each named at its end; the one without the change is dashed."""
    both = (*result.as_it_is, *result.changed)
    known = [value for value in both if isfinite(value)]
    if not known:
        return ""
    first = next((one for one in both if isfinite(one)), 0.0)
    low, high = min(known), min(max(known), max(MOST_TIMES * abs(first), min(known)))
    lines, ends = [], []
    for values, color, dash in ((result.as_it_is, "ink-2", "4 3"), (result.changed, "info", "")):
        points = [
            (step / result.steps[-1] * (WIDTH - NAMES - 4) + 2, _height(value, low, high))
            for step, value in zip(result.steps, values, strict=True)
            if isfinite(value)
        ]
        ends.append(points[-1][1] if points else 0.0)
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
        lines.append(
            f'<polyline points="{path}" fill="none" stroke="var(--nv-{color})" stroke-width="2" '
            f'stroke-dasharray="{dash}"/>'
        )
    names = zip(_apart(ends), ("curveAsItIs", "curveChanged"), ("ink-2", "info"), strict=True)
    labels = "".join(
        f'<text x="{WIDTH - NAMES + 4}" y="{y:.1f}" fill="var(--nv-{color})" font-size="12">{text(say(key))}</text>'
        for y, key, color in names
    )
    return f'<svg width="{WIDTH}" height="{HEIGHT}" aria-hidden="true">{"".join(lines)}{labels}</svg>'


def _height(value: float, low: float, high: float) -> float:
    return HEIGHT - 6 - (min(value, high) - low) / ((high - low) or 1.0) * (HEIGHT - 12)


def _apart(ends: Sequence[float]) -> list[float]:
    """Where two names stand: at the ends of their curves, a line apart at least, and within the picture."""
    one, other = (min(max(end + 4, 12.0), HEIGHT - 4.0) for end in ends)
    if abs(one - other) >= LINE:
        return [one, other]
    above = min(max((one + other - LINE) / 2, 12.0), HEIGHT - 4.0 - LINE)
    return [above, above + LINE] if one <= other else [above + LINE, above]
