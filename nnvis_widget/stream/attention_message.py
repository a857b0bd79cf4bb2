"""How one place of a sequence comes to look at others, as the inspector of a page shows it: texts and whole numbers.

    {sample, query, scale, keys: [{place, score, isHidden, power, share}], more: [count, share], found: [text],
     width, checked, failed, notes}

`score` is q·k with the scale of the layer, `power` e^(score − largest score), `share` that in parts of their sum; a
place is hidden where a mask keeps it from sight. `found` is Σ share·v, its first numbers of `width`; empty of a layer
without heads. `checked` and `failed` as in `stream/learning_message.py`.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from nnvis_widget.core.number_text import safe_text
from nnvis_widget.stream.learning_message import figure_of, nothing_told
from nnvis_widget.workings.add_up import write_one, write_plain
from nnvis_widget.workings.arithmetic import Arithmetic, Checked
from nnvis_widget.workings.as_page import check_text

MOST_KEYS = 12
MOST_FOUND = 8


def attention_message(told: Arithmetic, head: int) -> dict[str, Any]:
    """What a page is told.

    Args:
        told: The arithmetic of a unit of the layer, at the place that looks.
        head: The head that is chosen; 0 of a layer without heads.
    """
    card = told.cards["forward"]
    numbers = {one.name: one.number for one in card.formulas}
    if "weights" not in numbers:
        return nothing_told(told.sample, " ".join((*told.notes, *card.notes)))
    row = {name: numbers[name][head] if numbers[name].ndim == 2 else numbers[name] for name in ("scores", "powers")}
    shares = np.atleast_2d(numbers["weights"])[head if numbers["weights"].ndim == 2 else 0]
    hidden = np.asarray(numbers["mask"]) < 0 if "mask" in numbers else np.zeros(len(shares), bool)
    listed = np.sort(np.argsort(-shares, kind="stable")[:MOST_KEYS])
    found = numbers["context"][head] if "context" in numbers else np.empty(0)
    checked = Checked(card.checks)
    rest = len(shares) - len(listed)
    return {
        "sample": told.sample,
        "query": int(told.position[0]),
        "scale": write_plain(float(numbers["scale"])) if numbers.get("scale", np.empty(2)).ndim == 0 else "",
        "keys": [
            {
                "place": int(key),
                "score": write_one(float(row["scores"][key])),
                "isHidden": bool(hidden[key]),
                "power": write_plain(float(row["powers"][key])),
                "share": write_plain(float(shares[key])),
            }
            for key in listed
        ],
        "more": [str(rest), write_plain(float(1 - shares[listed].sum()))] if rest else [],
        "found": [write_one(float(one)) for one in found[:MOST_FOUND]],
        "width": len(found),
        "checked": figure_of(checked),
        "failed": [safe_text(check_text(check)) for check in checked.checks if not check.is_right],
        "notes": [safe_text(note) for note in card.notes],
    }
