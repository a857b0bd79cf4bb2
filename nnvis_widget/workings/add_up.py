"""Sums as the page writes them. Its twin is js/src/ui/inspector/addUp.ts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import floor, isfinite, log10

from nnvis_widget.core.number_text import MINUS, format_number, format_signed
from nnvis_widget.core.words.phrase import phrase
from nnvis_widget.workings.card import Sum, Term

ALL_UP_TO = 12
STRONGEST = 6
SUM_DECIMALS = 3
FACTOR_DECIMALS = ((2, 0.5), (3, 0.5), (3, 1), (4, 1))
"""Decimals, and within how many units of the product's last digit a row checks with them; the best first."""


@dataclass(frozen=True)
class Row:
    """A line of a sum: a term, or what several others come to.

    Attributes:
        name: Of the term; of several what they have in common.
        value: What it adds.
        text: The same as it is written.
        term: The term itself, `None` of several.
    """

    name: str
    value: float
    text: str
    term: Term | None = None


@dataclass(frozen=True)
class WrittenSum:
    """A sum as it is written: rows that add up to the total within one unit of the last digit."""

    rows: tuple[Row, ...]
    total: str


def shorten(whole: Sum) -> WrittenSum:
    """All terms up to twelve, else the six largest in their order and the rest by sign.

    Of what is no sum, such as the largest of several, there is no rest by sign: it is counted.
    """
    shown = whole.terms if len(whole.terms) <= ALL_UP_TO else _strongest(whole.terms)
    kept = set(map(id, shown))
    rest = [term for term in whole.terms if id(term) not in kept]
    rows: list[tuple[str, float, Term | None]] = [(term.name, term.value, term) for term in shown]
    if whole.how == "sum":
        for sign, told in ((1, "{count} more, positive"), (-1, "{count} more, negative")):
            of_sign = [term.value for term in rest if term.value * sign > 0]
            if of_sign:
                rows.append((phrase(told, count=f"{len(of_sign):,}"), float(sum(of_sign)), None))
        texts, total = write_sum([value for _, value, _ in rows], whole.total)
    else:
        texts, total = [write_one(value) for _, value, _ in rows], write_one(whole.total)
    made = [Row(name, value, text, term) for (name, value, term), text in zip(rows, texts, strict=True)]
    return WrittenSum(tuple(made), total)


def write_sum(parts: Sequence[float], total: float) -> tuple[list[str], str]:
    """Three decimals, and one power of ten for all where the largest would not be written plainly."""
    sizes = [abs(value) for value in (*parts, total) if isfinite(value)]
    most = max(sizes, default=0.0)
    power = 0 if most == 0 or 1e-3 <= most < 1e4 else floor(log10(most))
    scale = 10.0**power

    def write(value: float) -> str:
        if not isfinite(value):
            return format_signed(value)
        rounded = _round(value * 10**SUM_DECIMALS) / 10**SUM_DECIMALS
        ending = "" if power == 0 or rounded == 0 else f"e{power}"
        return f"{format_signed(rounded, SUM_DECIMALS)}{ending}"

    scaled = [value / scale for value in parts]
    return [write(value) for value in round_to_add_up(scaled, SUM_DECIMALS, total / scale)], write(total / scale)


def write_one(value: float) -> str:
    """One number as a sum would write it."""
    return write_sum([], value)[1]


def write_plain(value: float) -> str:
    """The same without a plus."""
    return write_one(value).removeprefix("+")


def factors_text(term: Term, product: str) -> str:
    """`−1.83 × 0.74`, a weight times what comes in; empty where there is nothing but the value.

    With as many decimals as it takes for what is written to give the product that is written beside it, or, where the
    row was rounded for the sum's sake, that but for one unit of its last digit; `≈` where none of them do.
    """
    weight, given = term.weight, term.input
    if weight is None or given is None:
        return ""

    def write(decimals: int) -> tuple[str, str]:
        return format_signed(weight, decimals), format_number(given, decimals)

    unit = 10.0**-SUM_DECIMALS * 10.0 ** int(product.partition("e")[2] or 0)
    for decimals, units in FACTOR_DECIMALS:
        one, other = write(decimals)
        if abs(_read(one) * _read(other) - _read(product)) < (units + 0.001) * unit:
            return f"{one} × {other}"
    one, other = write(2)
    return f"{'≈ ' if isfinite(weight * given) else ''}{one} × {other}"


def round_to_add_up(values: Sequence[float], decimals: int, total: float) -> list[float]:
    """Rounded so that they add up to the rounded total within one unit of the last digit.

    Where plain rounding drifts further, those that lost most by it are moved by one unit.
    """
    unit = 10**decimals
    exact = [value * unit for value in values]
    if not isfinite(total) or not all(isfinite(value) and abs(value) < 2**53 for value in exact):
        return list(values)
    rounded = [_round(value) for value in exact]
    drift = sum(rounded) - _round(total * unit)
    by_loss = sorted(range(len(rounded)), key=lambda place: rounded[place] - exact[place], reverse=drift > 0)
    for place in by_loss:
        if abs(drift) <= 1:
            break
        move = -1 if drift > 0 else 1
        rounded[place] += move
        drift += move
    return [value / unit for value in rounded]


def _read(text: str) -> float:
    return float(text.replace(MINUS, "-").replace("∞", "inf"))


def _round(value: float) -> int:
    """As JavaScript's Math.round: halves upwards."""
    return floor(value + 0.5)


def _strongest(terms: Sequence[Term]) -> list[Term]:
    places = [place for place, term in enumerate(terms) if term.value != 0]
    sized = sorted(places, key=lambda place: -abs(terms[place].value) if isfinite(terms[place].value) else -1e308)
    return [terms[place] for place in sorted(sized[:STRONGEST])]
