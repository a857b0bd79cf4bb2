"""What is tried on a network as a page and a description tell it: texts only, so that nothing in it can be NaN.

    {changes: [[text, change]], isPending, applicable, frozen: [[layer, name]], problem, step, count, sample,
     rows: [[name, before, after, difference]], outputs: [[name, before, after, difference]],
     flips, flipped: [[sample, before, after, truth]]}

`change` is as `Change.to_dict` writes it; `flips` is `null` where answers are no classes.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from nnvis_widget.core.number_text import format_count, format_number, format_signed, safe_text
from nnvis_widget.core.structure import NetworkStructure
from nnvis_widget.core.token_words import TokenNames, token_name
from nnvis_widget.core.what_if import APPLICABLE, Change, Changes, FreezeLayer, HoldEdge, HoldUnit, SetInput, SetWeight
from nnvis_widget.core.what_if_answer import Flip, WhatIfAnswer
from nnvis_widget.core.words.kept_text import anew
from nnvis_widget.core.words.say import say

NO_NAMES: TokenNames = {}
DECIMALS = 4
MOST_TOLD = 12


def what_if_message(
    structure: NetworkStructure,
    wanted: Changes,
    answer: WhatIfAnswer | None,
    is_pending: bool,
    frozen: Sequence[str] = (),
    can_apply: bool = False,
    names: TokenNames = NO_NAMES,
) -> dict[str, Any]:
    """What a page shows of it; empty where nothing is tried and nothing frozen.

    Args:
        structure: The network at every depth.
        wanted: What is tried.
        answer: What it answers, if it has yet.
        is_pending: Whether a newer answer is to come.
        frozen: Ids of frozen layers.
        can_apply: Whether there is a training that takes changes.
        names: What tokens are called.
    """
    if not wanted and answer is None and not frozen:
        return {}
    applicable = sum(isinstance(change, APPLICABLE) for change in wanted) if can_apply else 0
    told = answer if answer is not None and answer.changes == wanted else WhatIfAnswer(wanted)
    return {
        "changes": [
            [change_text(change, structure, told, place, names), change.to_dict()]
            for place, change in enumerate(wanted)
        ],
        "isPending": is_pending,
        "applicable": applicable,
        "frozen": [[layer, _name(layer, structure)] for layer in frozen],
        "problem": "" if answer is None else answer.problem,
        "step": None if answer is None else answer.moment.step,
        "count": 0 if answer is None else answer.rows,
        "sample": 0 if answer is None else answer.sample,
        "rows": [] if answer is None else list(_rows(answer)),
        "outputs": [] if answer is None else _outputs(answer),
        "flips": None if answer is None else answer.flip_count,
        "flipped": [] if answer is None else [_flip(one) for one in answer.flips],
    }


def what_if_lines(structure: NetworkStructure, answer: WhatIfAnswer, names: TokenNames = NO_NAMES) -> Iterator[str]:
    """It in sentences, for a description."""
    texts = [change_text(change, structure, answer, place, names) for place, change in enumerate(answer.changes)]
    yield say("listed", what=say("whatIfChanges", count=len(texts)), list=say("semicolon").join(texts))
    if answer.problem:
        yield say("problemIs", problem=answer.problem)
        return
    rows = [say("nameIs", name=name, value=f"{before} → {after}") for name, before, after, _ in _rows(answer)]
    if rows:
        what = say("whatIfOnSamples", count=answer.rows)
        yield say("listed", what=what, list=say("semicolon").join(rows))
    if answer.flip_count is not None:
        yield say("sentence", text=say("whatIfFlips", count=answer.flip_count, rows=format_count(answer.rows)))


def change_text(
    change: Change, structure: NetworkStructure, answer: WhatIfAnswer, place: int, names: TokenNames = NO_NAMES
) -> str:
    """A change in a line: `dense · unit 3 is held at its mean, +0.412`."""
    layer = _name(change.layer, structure)
    was, held = answer.was.get(place), answer.held.get(place)
    match change:
        case SetWeight(name=name, index=index, value=value):
            at = f"{safe_text(name)}[{', '.join(map(str, index))}]"
            return _changed(layer, at, value, was)
        case SetInput(sample=sample, unit=unit, value=value):
            at = say("whatIfInput", unit=format_count(unit), sample=format_count(sample))
            return _changed(layer, at, value, was, names.get(change.layer))
        case HoldUnit(unit=unit, to=to):
            return say("whatIfHeld", layer=layer, what=say("unitNumber", unit=unit), to=_to(to, held))
        case HoldEdge(source=source, unit=unit, to=to):
            what = say("whatIfEdge", source=format_count(source), unit=format_count(unit))
            return say("whatIfHeld", layer=layer, what=what, to=_to(to, held))
        case FreezeLayer():
            return say("whatIfFrozen", layer=layer)
    raise TypeError(f"Expected a kind of change that is known, got {type(change).__name__}.")


def _name(layer: str, structure: NetworkStructure) -> str:
    return safe_text(structure.layer(layer).name if structure.has(layer) else layer)


def _changed(layer: str, at: str, value: float, was: float | None, names: Sequence[str] | None = None) -> str:
    def written(number: float) -> str:
        return safe_text(token_name(number, names)) or format_signed(number, 3)

    if was is None:
        return say("whatIfSet", layer=layer, what=at, value=written(value))
    return say("whatIfSetFrom", layer=layer, what=at, value=written(value), was=written(was))


def _to(to: float | str, held: float | None) -> str:
    if to == "zero":
        return "0"
    if to == "mean":
        return say("whatIfMean") if held is None else say("whatIfMeanIs", value=format_signed(held, 3))
    return format_signed(float(to), 3)


def _rows(answer: WhatIfAnswer) -> Iterator[list[str]]:
    if answer.loss is not None:
        yield _row(say("loss"), *answer.loss)
    for name, pair in answer.metrics.items():
        yield _row(say("whatIfRight") if name == "right" else safe_text(name), *pair)


def _outputs(answer: WhatIfAnswer) -> list[list[str]]:
    """In their order; of many those that change most."""
    order = sorted(
        range(len(answer.outputs)), key=lambda at: -abs(answer.outputs[at].after - answer.outputs[at].before)
    )
    shown = [answer.outputs[at] for at in sorted(order[:MOST_TOLD])]
    return [_row(anew(one.name), one.before, one.after) for one in shown]


def _flip(one: Flip) -> list[Any]:
    return [one.sample, anew(one.before), anew(one.after), anew(one.truth)]


def _row(name: str, before: float, after: float) -> list[str]:
    return [
        name,
        format_number(before, DECIMALS),
        format_number(after, DECIMALS),
        format_signed(after - before, DECIMALS),
    ]
