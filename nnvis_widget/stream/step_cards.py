"""The arithmetic of one unit in a step as tables for a page: sum, activation, loss, δ, update."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from nnvis_widget.core.number_text import safe_text
from nnvis_widget.core.steps import Phase
from nnvis_widget.core.words.phrase import phrase
from nnvis_widget.core.words.say import say
from nnvis_widget.stream.weight_moves import Move, before_and_after, moves_of, rule_facts
from nnvis_widget.workings.add_up import factors_text, shorten, write_one
from nnvis_widget.workings.arithmetic import Arithmetic, Update
from nnvis_widget.workings.as_page import MOST_SHOWN, check_text, number_text
from nnvis_widget.workings.card import Card

MOST_ROWS = 12
MOST_NOTE = 500
OF_SUM = ("w", "x", "b", "z", "a", "slope", "beta")
PLOTTED = ("z", "a", "slope")


def cards_message(told: Arithmetic, activation: str | None, losses: tuple[str, str]) -> list[dict[str, Any]]:
    """The cards of a unit, in the order of the phases.

    Args:
        told: Its arithmetic.
        activation: Of its layer, as Keras names it.
        losses: Of the batch, before and after the step; empty where they are not told.
    """
    forward = told.cards["forward"]
    cards = [_sum(forward), _activation(forward, activation)]
    cards += [_loss(told, card) for card in told.losses]
    if "backward" in told.cards:
        cards.append(_backward(told.cards["backward"], told.delta))
    if told.update is not None and told.update.cards:
        cards += _update(told, told.update, losses)
    return [card for card in cards if card is not None]


def _card(phase: Phase, title: str, card: Card, **parts: Any) -> dict[str, Any]:
    return {
        "phase": phase,
        "title": title,
        "heads": [],
        "rows": [],
        "total": [],
        "facts": [],
        "plot": None,
        "notes": [safe_text(note)[:MOST_NOTE] for note in card.notes],
        "checks": [[check.is_right, safe_text(check_text(check))] for check in card.checks],
        **parts,
    }


def _rows(card: Card, least: int = 2) -> tuple[list[list[Any]], str]:
    """Each term as `[name, weight, input, value, share]`, and the total; none of fewer terms than `least`."""
    if card.sum is None or len(card.sum.terms) < least:
        return [], ""
    written = shorten(card.sum)
    largest = max((abs(row.value) for row in written.rows if np.isfinite(row.value)), default=0.0)
    rows: list[list[Any]] = []
    for row in written.rows:
        factors = "" if row.term is None else factors_text(row.term, row.text)
        weight, _, given = factors.removeprefix("≈ ").partition(" × ")
        share = None if not np.isfinite(row.value) else round(100 * row.value / largest) if largest else 0
        rows.append([safe_text(row.name), weight, given, row.text, share])
    return rows, written.total


def _sum(card: Card) -> dict[str, Any]:
    rows, total = _rows(card)
    symbol = card.sum.symbol if card.sum is not None else "a"
    name = f"{symbol} = Σ w·a + b" if rows and any(row[1] for row in rows) else symbol
    return _card(
        "forward",
        say("stepsSumCard"),
        card,
        heads=[say("stepsFromHead"), "w", "a", "w·a"],
        rows=rows,
        total=[name, total] if rows else [],
        facts=_facts(card, skip=OF_SUM),
    )


def _activation(card: Card, activation: str | None) -> dict[str, Any] | None:
    known = {one.name: one for one in card.formulas}
    if "z" not in known or "a" not in known or activation in (None, "linear"):
        return None
    facts = [
        [f"{one.latex if name == 'slope' else name}", number_text(one)]
        for name, one in known.items()
        if name in PLOTTED
    ]
    numbers = [
        float(known[name].number) if name in known and known[name].number.ndim == 0 else np.nan for name in PLOTTED
    ]
    plot = [repr(number) for number in numbers] if all(map(np.isfinite, numbers)) else None
    return _card(
        "forward",
        say("stepsActivationCard"),
        Card(card.title),
        caption=safe_text(str(activation)),
        facts=facts,
        plot=None if plot is None else [safe_text(str(activation)), *plot],
    )


def _loss(told: Arithmetic, card: Card) -> dict[str, Any] | None:
    """That of the batch only where it is more than the mean of its samples'."""
    if card is not told.cards.get("loss_of_batch"):
        title = say("stepsLossCard") if "loss" in told.cards else safe_text(card.title)
        return _plain("loss", title, card, say("stepsOutputHead"))
    if card.sum is None or (len(card.sum.terms) == 1 and card.sum.terms[0].weight is None):
        return None
    shown = _plain("loss", phrase(card.title), card, say("stepsOutputHead"), least=1)
    return {**shown, "heads": [say("stepsOutputHead"), "k", "l\u0304", "L"]}


def _plain(phase: Phase, title: str, card: Card, head: str, least: int = 2) -> dict[str, Any]:
    rows, total = _rows(card, least)
    name = card.sum.symbol if card.sum is not None else ""
    return _card(
        phase,
        title,
        card,
        caption=safe_text(card.source.partition(",")[0]) if card.source else "",
        heads=[head, "", "", name],
        rows=rows,
        total=[name, total] if rows else [],
        facts=_facts(card),
    )


def _backward(card: Card, delta: float | None) -> dict[str, Any]:
    rows, total = _rows(card, least=1)
    told = _card(
        "backward",
        say("stepsBackwardCard"),
        card,
        caption="δ = Σ w·δ · f′(z)" if rows else "",
        heads=[say("stepsToHead"), "w", "δ", "w·δ"],
        rows=rows,
        total=["∂L/∂a", total] if rows else [],
        facts=[fact for fact in _facts(card, skip=("delta", "da")) if not fact[0].startswith(("w_out", "delta_out"))],
    )
    if delta is not None:
        told["facts"].append(["δ", write_one(delta)])
    return told


def _facts(card: Card, skip: Sequence[str] = ()) -> list[list[str]]:
    """What is told beside the terms; arrays of more than a few numbers are among these."""
    return [
        [f"{one.name}: {safe_text(one.told)}", number_text(one)]
        for one in card.formulas
        if one.name not in skip and one.number.size <= MOST_SHOWN
    ]


def _update(told: Arithmetic, update: Update, losses: tuple[str, str]) -> list[dict[str, Any]]:
    """The weights with sample gradient, batch gradient, before and after; and the rule for the one that moves most."""
    moves = moves_of(told)
    shown = moves if len(moves) <= MOST_ROWS else sorted(moves, key=lambda one: -one.size)[:MOST_ROWS]
    kept = set(map(id, shown))
    drawn = [one for one in moves if id(one) in kept]
    rest = len(moves) - len(shown)
    checks = [
        replace(check, what=f"{name}: {check.what}") for name, one in update.cards.items() for check in one.checks
    ]
    source = next(iter(update.cards.values())).source
    card = _card(
        "update",
        say("stepsUpdateCard"),
        Card("", notes=(say("stepsMoreWeights", count=rest),) if rest else (), checks=tuple(checks)),
        caption=safe_text(source.rpartition(".")[2]),
        heads=[
            say("stepsWeightHead"),
            say("stepsSampleHead"),
            say("stepsBatchHead"),
            say("stepsBefore"),
            "",
            say("stepsAfter"),
        ],
        rows=[
            [one.label, *one.slopes, before, one.arrow, after]
            for one, (before, after) in zip(drawn, before_and_after(drawn), strict=True)
        ],
        facts=[[say("stepsBatchLoss"), " → ".join(filter(None, losses))]] if losses[0] else [],
    )
    strongest = max(moves, key=lambda one: one.size, default=None)
    return [card] if strongest is None else [card, _rule(strongest, update)]


def _rule(move: Move, update: Update) -> dict[str, Any]:
    """Every line of the optimiser's rule, for one weight."""
    notes = update.cards[move.variable].notes
    return _card(
        "update", say("stepsRuleCard"), Card("", notes=notes), caption=move.label, facts=rule_facts(move, update)
    )
