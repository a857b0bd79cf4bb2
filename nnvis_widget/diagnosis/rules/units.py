"""Do the units still answer to what they are given?"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from nnvis_widget.core.look import LayerLook, Look
from nnvis_widget.diagnosis.rule import Case, Rule, Sign


def dead_relu(case: Case) -> Iterator[Sign]:
    """Units that put out 0 for every row: no slope goes through them."""
    for seen in case.measured.layers:
        is_output = seen.layer in case.facts.outputs
        limit = 0.99 if is_output else case.thresholds["dead_relu"]
        yield from _too_many(case, seen, seen.dead_count, seen.dead, limit, lambda one: one.dead_count)


def saturation(case: Case) -> Iterator[Sign]:
    """Units that sit at an end of their range: hardly any slope goes through them."""
    for seen in case.measured.layers:
        if seen.layer not in case.facts.outputs:
            limit = case.thresholds["saturation"]
            yield from _too_many(
                case, seen, seen.saturated_count, seen.saturated, limit, lambda one: one.saturated_count
            )


def _too_many(
    case: Case, seen: LayerLook, count: int, units: tuple[int, ...], limit: float, of: Callable[[LayerLook], int]
) -> Iterator[Sign]:
    share = count / max(1, seen.units)
    if share <= limit or not case.hurts:
        return

    def over_time(look: Look) -> float:
        then = case.seen(seen.layer, look)
        return of(then) / max(1, then.units) if then else float("nan")

    says = {"count": count, "units": seen.units}
    evidence = case.evidence("unitShare", over_time, limit)
    yield Sign(case.place(seen.layer, units), "fault", share, limit, says=says, evidence=(evidence,))


RULES = (
    Rule("dead_relu", "units", dead_relu, in_a_row=3, thresholds={"dead_relu": 0.5}, needs="steps"),
    Rule("saturation", "units", saturation, in_a_row=3, thresholds={"saturation": 0.5}, needs="steps"),
)
