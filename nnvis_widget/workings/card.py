"""Terms, sums, formulas and the cards that hold them: what any arithmetic is told in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from nnvis_widget.core.words.phrase import phrase
from nnvis_widget.workings.value import Value, literal

How = Literal["sum", "mean", "max", "min", "product"]


@dataclass(frozen=True)
class Term:
    """One part of a sum.

    Attributes:
        name: What it comes from, such as `dense unit 3`.
        value: What it adds.
        weight: What its input is multiplied by; `None` where nothing is.
        input: What comes in; `None` of a bias.
    """

    name: str
    value: float
    weight: float | None = None
    input: float | None = None


@dataclass(frozen=True)
class Sum:
    """Terms and what they come to.

    Attributes:
        symbol: What it is called in formulas, such as `z`.
        terms: All of them.
        total: What they come to: computed from the terms.
        how: In which manner: a sum, a mean, the largest, the smallest, a product.
    """

    symbol: str
    terms: tuple[Term, ...]
    total: float
    how: How = "sum"

    @property
    def first_bad(self) -> Term | None:
        """The first term that is NaN or infinite; `None` where all are numbers."""
        return next((term for term in self.terms if not np.isfinite(term.value)), None)

    @property
    def spread(self) -> float:
        """√Σ of the squared terms, to which rounding of a sum adds up."""
        return float(np.sqrt(np.sum(np.square([term.value for term in self.terms])))) if self.terms else 0.0


@dataclass(frozen=True)
class Formula:
    """A line of a card: a name, what it is, and how it is found.

    Attributes:
        name: Its name in numpy.
        told: What it is, in words.
        latex: Its symbol.
        number: A scalar or an array, float64.
        expression: The numpy that gives it; empty of a number that was measured.
        rule: The LaTeX of that; likewise.
    """

    name: str
    told: str
    latex: str
    number: np.ndarray = field(compare=False)
    expression: str = ""
    rule: str = ""

    @property
    def is_given(self) -> bool:
        """Whether it was measured, not computed here."""
        return not self.expression

    @property
    def python(self) -> str:
        """The expression that gives it; of a number that was measured, its digits. Cost: those of a large array."""
        return self.expression or literal(self.number)


@dataclass(frozen=True)
class Check:
    """A number of ours beside the same one from elsewhere.

    Attributes:
        what: Which number.
        against: Where the other one comes from, such as `a forward pass`.
        ours: The largest difference is here.
        theirs: And this is what the other says.
        difference: The largest difference, relative to the largest number or term that takes part.
        limit: How much the precision of the layer allows.
    """

    what: str
    against: str
    ours: float
    theirs: float
    difference: float
    limit: float

    @property
    def is_right(self) -> bool:
        """Whether they agree; numbers that are not finite agree where both are the same."""
        return self.difference <= self.limit


@dataclass(frozen=True)
class Card:
    """One step of the arithmetic, in the order in which it is computed.

    Attributes:
        title: Such as `Forward`.
        formulas: What is given, and what follows.
        sum: The terms, where there are any.
        source: Where the rule is written down.
        notes: What is to be known beside, a sentence each.
        checks: What it was compared with.
    """

    title: str
    formulas: tuple[Formula, ...] = ()
    sum: Sum | None = None
    source: str = ""
    notes: tuple[str, ...] = ()
    checks: tuple[Check, ...] = ()

    @property
    def is_right(self) -> bool:
        """Whether nothing contradicts it."""
        return all(check.is_right for check in self.checks)

    def number(self, name: str) -> np.ndarray:
        """What a formula of this name gives; `KeyError` where there is none."""
        for formula in reversed(self.formulas):
            if formula.name == name:
                return formula.number
        raise KeyError(name)


class Draft:
    """A card that is being written: what is given, and one formula after the other."""

    def __init__(self, title: str, source: str = "") -> None:
        self.title = title
        self.source = source
        self.sum: Sum | None = None
        self.notes: list[str] = []
        self._formulas: dict[str, Formula] = {}

    def given(self, name: str, number: object, told: str, latex: str = "") -> Value:
        """A number or an array that was measured."""
        array = np.asarray(number)
        kept = array if array.dtype.kind in "iub" else array.astype(np.float64)
        return self._note(Formula(name, phrase(told), latex or name, kept))

    def let(self, name: str, value: Value, told: str, latex: str = "") -> Value:
        """A number that follows from those before."""
        return self._note(Formula(name, phrase(told), latex or name, value.number, value.python, value.latex))

    def number(self, name: str) -> np.ndarray:
        """What was told under a name."""
        return self._formulas[name].number

    def add(self, symbol: str, terms: Sequence[Term], result: Value, how: How = "sum") -> None:
        """The terms behind a number that was told."""
        self.sum = Sum(symbol, tuple(terms), float(result.number), how)

    def card(self) -> Card:
        """What was written."""
        notes = tuple(map(phrase, self.notes))
        return Card(self.title, tuple(self._formulas.values()), self.sum, self.source, notes)

    def _note(self, formula: Formula) -> Value:
        assert formula.name not in self._formulas, formula.name
        self._formulas[formula.name] = formula
        return Value(formula.number, formula.name, formula.latex)


def compare(what: str, against: str, ours: object, theirs: object, limit: float, spread: float = 0.0) -> Check:
    """Two numbers or arrays side by side.

    Args:
        what: Which number.
        against: Where the other comes from.
        ours: What was computed here.
        theirs: The same from elsewhere, of that shape.
        limit: The largest relative difference that precision allows.
        spread: The size of the terms behind it: a small sum of large terms is known to their rounding only.
    """
    what, against = phrase(what), phrase(against)
    one, other = np.broadcast_arrays(np.asarray(ours, np.float64), np.asarray(theirs, np.float64))
    if not one.size:
        return Check(what, against, 0.0, 0.0, 0.0, limit)
    finite = other[np.isfinite(other)]
    largest = max(float(np.abs(finite).max(initial=0.0)), spread if np.isfinite(spread) else 0.0, 1e-30)
    with np.errstate(invalid="ignore"):
        gaps = np.abs(one - other) / largest
    is_same = (one == other) | (np.isnan(one) & np.isnan(other))
    gaps = np.where(is_same, 0.0, np.where(np.isfinite(gaps), gaps, np.inf))
    place = np.unravel_index(int(gaps.argmax()), gaps.shape)
    return Check(what, against, float(one[place]), float(other[place]), float(gaps[place]), limit)
