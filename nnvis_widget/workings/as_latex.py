"""Cards as LaTeX."""

from __future__ import annotations

from collections.abc import Sequence

from nnvis_widget.core.number_text import MINUS
from nnvis_widget.workings.add_up import shorten, write_plain
from nnvis_widget.workings.card import Card, Formula

ESCAPES = {"\\": r"\textbackslash{}", **{one: f"\\{one}" for one in "{}_&%$#"}, "^": r"\^{}", "~": r"\~{}"}
LONGEST = 6


def as_latex(cards: Sequence[Card]) -> str:
    """An `aligned` a card, in `\\[ \\]`: symbol, rule, number; of a short list its numbers."""
    return "\n".join(filter(None, map(_card, cards)))


def _card(card: Card) -> str:
    lines = [_line(formula) for formula in card.formulas]
    if card.sum is not None and card.sum.how == "sum":
        written = shorten(card.sum)
        texts = " ".join(_number_text(row.text, is_first=not place) for place, row in enumerate(written.rows))
        lines.append(f"&= {texts} = {_plain(written.total)}")
    body = " \\\\\n".join(lines)
    return f"% {card.title}\n\\[\\begin{{aligned}}\n{body}\n\\end{{aligned}}\\]" if lines else ""


def _line(formula: Formula) -> str:
    rule = "" if formula.is_given else f" = {formula.rule}"
    number = _number(formula)
    told = f"{rule} = {number}" if number else rule
    words = rf" && \text{{{_escaped(formula.told)}}}"
    return f"{formula.latex} &{told}{words}" if told else f"{formula.latex} &{words}"


def _number(formula: Formula) -> str:
    if formula.number.ndim == 0:
        value = formula.number.item()
        return _plain(write_plain(float(value))) if not isinstance(value, int) else str(value)
    flat = formula.number.reshape(-1)
    if flat.size > LONGEST:
        sizes = " by ".join(map(str, formula.number.shape))
        return rf"\text{{({sizes} numbers)}}"
    numbers = r",\ ".join(_plain(write_plain(float(value))) for value in flat)
    return rf"\left({numbers}\right)"


def _number_text(text: str, is_first: bool) -> str:
    plain = _plain(text)
    if is_first:
        return plain.removeprefix("+")
    return f"{plain[0]} {plain[1:]}" if plain[0] in "+-" else f"+ {plain}"


def _plain(text: str) -> str:
    """A number as it is written elsewhere, in LaTeX's signs."""
    digits, _, power = text.partition("e")
    told = digits.replace(MINUS, "-").replace("∞", r"\infty").replace("NaN", r"\text{NaN}")
    return rf"{told} \cdot 10^{{{int(power)}}}" if power else told


def _escaped(text: str) -> str:
    """Words that mean nothing to LaTeX."""
    return "".join(ESCAPES.get(one, one) for one in text)
