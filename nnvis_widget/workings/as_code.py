"""Cards as Python that runs by itself."""

from __future__ import annotations

from collections.abc import Sequence

from nnvis_widget.core.number_text import safe_text
from nnvis_widget.workings.card import Card


def as_code(title: str, cards: Sequence[Card]) -> str:
    """A function a card, each called with nothing; `results` has what they give, by the card's place and title."""
    lines = [
        f"# {safe_text(title)}",
        "import math",
        "",
        "import numpy as np",
        "",
        "np.seterr(all='ignore')",
        "results = {}",
    ]
    head = len(lines)
    for place, card in enumerate(cards):
        name = f"card_{place + 1}"
        lines += ["", "", f"def {name}():", f"    # {safe_text(card.title)} ({safe_text(card.source)})"]
        for formula in card.formulas:
            lines.append(f"    {formula.name} = {formula.python}  # {safe_text(formula.told)}")
        lines += ["    return {name: value for name, value in locals().items()}", "", ""]
        lines.append(f"results[{f'{place + 1} {card.title}'!r}] = {name}()")
    if any("base64." in line for line in lines[head:]):
        lines.insert(1, "import base64")
    return "\n".join(lines) + "\n"
