"""The weights into a unit in a step: the gradient of each, and how the optimiser moves it, as they are written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from nnvis_widget.core.number_text import format_signed, safe_text
from nnvis_widget.core.words.phrase import phrase
from nnvis_widget.workings.add_up import write_one, write_plain
from nnvis_widget.workings.arithmetic import Arithmetic, Update
from nnvis_widget.workings.as_page import number_text
from nnvis_widget.workings.card import Formula

MOST_DECIMALS = 6


@dataclass(frozen=True)
class Move:
    """A weight in the step.

    Attributes:
        variable: The name of its variable.
        at: Its place in what of that belongs to the unit.
        flat: The same counted through.
        label: What it is called.
        own: ∂L/∂w of the sample; `None` where only the batch's is told.
        batch: Of the batch; likewise.
        before: The weight; `None` where no step is told.
        after: What the step makes of it.
    """

    variable: str
    at: tuple[int, ...]
    flat: int
    label: str
    own: float | None
    batch: float | None
    before: float | None
    after: float | None

    @property
    def size(self) -> float:
        """How far it moves; what is not finite moves furthest."""
        size = 0.0 if self.before is None or self.after is None else abs(self.after - self.before)
        return size if np.isfinite(size) else np.inf

    @property
    def arrow(self) -> str:
        """Which way."""
        if self.before is None or self.after is None:
            return ""
        return "▲" if self.after > self.before else "▼" if self.after < self.before else ""

    @property
    def slopes(self) -> tuple[str, str]:
        """∂L/∂w of the sample and of the batch, written; empty where it is not told."""
        own, batch = ("" if one is None else write_one(one) for one in (self.own, self.batch))
        return own, batch


def moves_of(told: Arithmetic) -> list[Move]:
    """Every weight into the unit that a step may move, in the order of its variables."""
    terms = [term.name for term in told.terms]
    update, gradient = told.update, told.gradient
    names = list(update.cards if update is not None else gradient.batch if gradient is not None else ())
    moves: list[Move] = []
    for name in names:
        slopes = [None, None] if gradient is None else [gradient.sample.get(name), gradient.batch.get(name)]
        arrays = [*slopes, *([None, None] if update is None else [update.before[name], update.after[name]])]
        shape = next(np.shape(one) for one in arrays if one is not None)
        count = int(np.prod(shape))
        columns = [[None] * count if one is None else np.ravel(one).tolist() for one in arrays]
        named = terms[:count] if name == "kernel" and len(terms) in (count, count + 1) else []
        for flat, numbers in enumerate(zip(*columns, strict=True)):
            label = named[flat] if named else phrase(name) if count == 1 else f"{name} {flat}"
            at = tuple(int(one) for one in np.unravel_index(flat, shape))
            moves.append(Move(name, at, flat, safe_text(label), *numbers))
    return moves


def before_and_after(moves: Sequence[Move]) -> list[tuple[str, str]]:
    """Each weight before and after, of one precision: so many decimals as tell them apart, at most six."""
    pairs = [(one.before, one.after) for one in moves]
    known = [(old, new) for old, new in pairs if old is not None and new is not None]
    decimals = 3
    while decimals < MOST_DECIMALS and any(
        format_signed(old, decimals) == format_signed(new, decimals) for old, new in known if old != new
    ):
        decimals += 1
    return [
        ("", "") if old is None or new is None else (format_signed(old, decimals), format_signed(new, decimals))
        for old, new in pairs
    ]


def rule_facts(move: Move, update: Update) -> list[list[str]]:
    """Every line of the optimiser's rule for one weight, its slots before and after among them."""
    card, shape = update.cards[move.variable], np.shape(update.before[move.variable])
    return [[f"{one.name}: {safe_text(one.told)}", _number_at(one, shape, move.flat)] for one in card.formulas]


def _number_at(one: Formula, shape: tuple[int, ...], flat: int) -> str:
    if one.number.shape == shape and one.number.ndim:
        return write_plain(float(np.ravel(one.number)[flat]))
    return number_text(one)
