"""Each family of rules as a lane over the steps: not checked, fine, a warning, a fault."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from nnvis_widget.core.findings import FoundState
from nnvis_widget.core.words.findings import said
from nnvis_widget.core.words.say import say
from nnvis_widget.widgets.panels.figures.style import text

WIDTH, ROW, LEAST = 480, 18, 2.0
STATE_WORDS: Mapping[FoundState, str] = {
    "unchecked": "laneUnchecked",
    "fine": "laneFine",
    "warning": "laneWarning",
    "fault": "laneFault",
}
SIGNS: Mapping[FoundState, str] = {"unchecked": "·", "fine": "✓", "warning": "▲", "fault": "✗"}
# Told apart by their height too.
LOOKS: Mapping[FoundState, tuple[float, str]] = {
    "unchecked": (2, "var(--nv-border)"),
    "fine": (4, "var(--nv-ok)"),
    "warning": (9, "var(--nv-warn)"),
    "fault": (14, "var(--nv-err)"),
}

Lane = Sequence[tuple[int, FoundState]]


def lanes_html(lanes: Mapping[str, Lane], last: int, at: int, ends: tuple[str, str]) -> str:
    """A row for each family: its name, its lane, and how it is at the step that is shown.

    Args:
        lanes: By family, from which step on it was how.
        last: The last step of the training.
        at: The step that is shown.
        ends: What the ends of the lanes are.
    """
    rows = "".join(_row(family, lane, max(1, last), at) for family, lane in lanes.items() if lane)
    names = "".join(f"<span>{text(end)}</span>" for end in ends)
    axis = f'<div><span></span><span class="nnvis-ends">{names}</span></div>'
    return f'<div class="nnvis-lanes"><div role="list">{rows}</div>{axis}</div>' if rows else ""


def state_at(lane: Lane, step: int) -> FoundState:
    """How a family was at a step."""
    known: FoundState = "unchecked"
    for since, state in lane:
        if since > step:
            break
        known = state
    return known


def family_name(family: str) -> str:
    """What a family of rules is called."""
    return said("families", family) or family


def _row(family: str, lane: Lane, last: int, at: int) -> str:
    bars = []
    ends = [since for since, _ in lane[1:]] + [last]
    for (since, state), end in zip(lane, ends, strict=True):
        height, colour = LOOKS[state]
        x, width = since / last * WIDTH, max(LEAST, (end - since) / last * WIDTH)
        bars.append(
            f'<rect x="{min(x, WIDTH - LEAST):.1f}" y="{(ROW - height) / 2:g}" width="{width:.1f}" height="{height:g}" '
            f'fill="{colour}"/>'
        )
    now = min(at, last) / last * WIDTH
    cursor = f'<line x1="{now:.1f}" x2="{now:.1f}" y1="0" y2="{ROW}" stroke="var(--nv-ink)" stroke-dasharray="2 2"/>'
    state = state_at(lane, at)
    name, word = text(family_name(family)), text(say(STATE_WORDS[state]))
    return (
        f'<div role="listitem"><span>{name}</span><svg viewBox="0 0 {WIDTH} {ROW}" preserveAspectRatio="none" '
        f'height="{ROW}" aria-hidden="true">{"".join(bars)}{cursor}</svg><span>{SIGNS[state]} {word}</span></div>'
    )
