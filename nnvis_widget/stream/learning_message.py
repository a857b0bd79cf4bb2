"""What a unit learns of one sample, as the inspector of a page shows it: texts and whole numbers only.

    {sample, rows: [first, last], place, isMean, isOtherwise, delta, chain, optimizer, shape, weights,
     moves: [{variable, at, label, own, batch, before, after, change, way}], furthest, rule, checked, failed, notes}

`at` is the place of a weight in what of its variable belongs to the unit, `shape` how much of the kernel does; `own` is
∂L/∂w of the sample, `way` 1, 0 or -1. `checked` is how many numbers agree, with what, and by how much they differ, and
empty where nothing was compared; `failed` has both numbers. `notes` say what cannot be told.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from nnvis_widget.core.number_text import format_number, safe_text
from nnvis_widget.stream.weight_moves import Move, before_and_after, moves_of, rule_facts
from nnvis_widget.workings.add_up import ALL_UP_TO, STRONGEST, write_one, write_plain
from nnvis_widget.workings.arithmetic import Arithmetic, Checked
from nnvis_widget.workings.as_page import check_text
from nnvis_widget.workings.card import Card

MOST_NOTE = 500
MOST_PLAIN = 24
"""Of weights that are no terms of a sum, such as all gates of a recurrent unit."""


def learning_message(told: Arithmetic, optimizer: str | None) -> dict[str, Any]:
    """What a page is told.

    Args:
        told: The arithmetic of the unit.
        optimizer: The class of the optimiser; `None` where there is none.
    """
    moves = moves_of(told)
    shown = strongest(moves)
    drawn = [one for one in moves if id(one) in set(map(id, shown))]
    furthest = max(shown, key=lambda one: one.size, default=None)
    update = told.update
    rule = None if update is None or furthest is None or furthest.variable not in update.cards else furthest
    checked = Checked(tuple(check for card in _compared(told) for check in card.checks))
    return {
        "sample": told.sample,
        "rows": [told.batch[0], told.batch[-1]],
        "place": list(told.position),
        "isMean": _is_mean(told),
        "delta": "" if told.delta is None else write_one(told.delta),
        "chain": _chain(told),
        "optimizer": safe_text(optimizer or ""),
        "shape": _shape(told),
        "weights": len(moves),
        "moves": _written(drawn),
        "furthest": "" if rule is None else rule.label,
        "rule": [] if rule is None or update is None else rule_facts(rule, update),
        "checked": figure_of(checked),
        "failed": [safe_text(check_text(check)) for check in checked.checks if not check.is_right],
        "notes": _notes(told),
    }


def strongest(moves: Sequence[Move]) -> list[Move]:
    """All up to twelve, else the six of largest ∂L/∂w of the sample, and what is no kernel beside, such as the bias."""
    if len(moves) <= ALL_UP_TO:
        return list(moves)
    kernels = [one for one in moves if one.variable == "kernel"] or list(moves)
    sized = sorted(kernels, key=lambda one: tuple(-_size(slope) for slope in (one.own, one.batch)))
    rest = [one for one in moves if one.variable != "kernel"]
    return [*sized[:STRONGEST], *(rest if len(rest) <= STRONGEST and len(rest) < len(moves) else ())]


def nothing_told(sample: int, reason: str) -> dict[str, Any]:
    """A message that says only why there is nothing."""
    return {"sample": sample, "notes": [safe_text(reason)[:MOST_NOTE]]}


def _size(slope: float | None) -> float:
    return 0.0 if slope is None else abs(slope) if np.isfinite(slope) else np.inf


def _compared(told: Arithmetic) -> list[Card]:
    """What is told in the section: the sum of the unit is told elsewhere."""
    return [card for name, card in told.cards.items() if name != "forward"] + list(
        told.update.cards.values() if told.update is not None else ()
    )


def _shape(told: Arithmetic) -> list[int]:
    kernel = None if told.gradient is None else told.gradient.batch.get("kernel")
    return [] if kernel is None else list(np.shape(kernel))


def _is_mean(told: Arithmetic) -> bool:
    """Whether the gradient of the batch is the mean of its samples', as far as that is written out."""
    card = told.cards.get("gradient")
    return card is None or any(one.python.startswith("np.mean") for one in card.formulas if one.name == "dw")


def _chain(told: Arithmetic) -> list[list[str]]:
    """What δ is made of: ∂L/∂a and the slope, where they are written out."""
    card = told.cards.get("backward")
    names = {} if card is None else {one.name: one for one in card.formulas}
    if "da" not in names or "slope" not in names:
        return []
    return [["∂L/∂a", write_one(float(names["da"].number))], ["f′(z)", write_plain(float(names["slope"].number))]]


def _written(moves: Sequence[Move]) -> list[dict[str, Any]]:
    rows = []
    for one, (before, after) in zip(moves, before_and_after(moves), strict=True):
        own, batch = one.slopes
        change = "" if one.before is None or one.after is None else write_one(one.after - one.before)
        rows.append(
            {
                "variable": safe_text(one.variable),
                "at": list(one.at),
                "label": one.label,
                "own": own,
                "batch": batch,
                "before": before,
                "after": after,
                "change": change,
                "way": {"▲": 1, "▼": -1}.get(one.arrow, 0),
            }
        )
    return rows


def figure_of(checked: Checked) -> list[str]:
    """How many numbers were compared and agree, with what, and the largest difference; empty where none was."""
    right = Checked(tuple(check for check in checked.checks if check.is_right))
    if not right.checks:
        return []
    against = dict.fromkeys(check.against for check in right.checks)
    figure = format_number(right.difference) if right.difference else "0"
    return [str(len(right.checks)), safe_text(", ".join(against)), figure]


def _notes(told: Arithmetic) -> list[str]:
    of_cards = [note for card in _compared(told) for note in card.notes]
    return [safe_text(note)[:MOST_NOTE] for note in dict.fromkeys((*told.notes, *of_cards))]
