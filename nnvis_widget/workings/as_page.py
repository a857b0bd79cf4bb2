"""Cards as plain text and as a table of a notebook; all text is escaped."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from nnvis_widget.core.number_text import format_count, format_number, safe_text
from nnvis_widget.core.words.phrase import phrase
from nnvis_widget.workings.add_up import factors_text, shorten, write_plain
from nnvis_widget.workings.card import Card, Check, Formula

MOST_SHOWN = 4
WAYS = {
    "sum": "{symbol}, the sum of {count}",
    "mean": "{symbol}, the mean of {count}",
    "max": "{symbol}, the max of {count}",
    "min": "{symbol}, the min of {count}",
    "product": "{symbol}, the product of {count}",
}


def as_text(title: str, cards: Sequence[Card], notes: Sequence[str] = ()) -> str:
    """A few lines a card: terms, formulas, what they were compared with."""
    lines = [safe_text(title)]
    for card in cards:
        lines += ["", f"{phrase(card.title)}  {_mark(card)}".rstrip()]
        lines += [f"  {' '.join(filter(None, cells))}" for cells in _rows(card)]
        lines += [f"  {check_text(check)}" for check in card.checks]
        lines += [f"  {safe_text(note)}" for note in card.notes]
    return "\n".join([*lines, *(["", *map(safe_text, notes)] if notes else [])])


def as_html(title: str, cards: Sequence[Card], notes: Sequence[str] = ()) -> str:
    """A table a card, with a caption; colours are those of the page around it."""
    parts = [f"<h4>{_escaped(title)}</h4>"]
    for card in cards:
        body = "".join(_html_row(cells) for cells in _rows(card))
        after = "".join(f"<li>{_escaped(text)}</li>" for text in (*map(check_text, card.checks), *card.notes))
        mark = f" {_escaped(_mark(card))}" if card.checks else ""
        parts.append(
            f'<table><caption style="text-align:left;font-weight:600">{_escaped(phrase(card.title))}{mark}</caption>'
            f"<tbody>{body}</tbody></table>" + (f"<ul>{after}</ul>" if after else "")
        )
    parts += [f"<p>{_escaped(note)}</p>" for note in notes]
    return f'<div class="nnvis-arithmetic">{"".join(parts)}</div>'


def check_text(check: Check) -> str:
    """`✓ what the unit puts out: as a forward pass has it, 3.1e-8 apart`, or both numbers where they differ."""
    if check.is_right:
        gap = _gap(check.difference)
        return phrase("✓ {what}: as {against} has it, {gap}", what=check.what, against=check.against, gap=gap)
    ours, theirs = write_plain(check.ours), write_plain(check.theirs)
    told = "✗ {what}: {ours} here, {theirs} by {against}"
    return phrase(told, what=check.what, ours=ours, theirs=theirs, against=check.against)


def _gap(difference: float) -> str:
    if not difference:
        return phrase("to the last digit")
    return phrase("{difference} apart", difference=format_number(difference))


def number_text(formula: Formula) -> str:
    """A number, a few of them, or how many there are."""
    flat = formula.number.reshape(-1)
    if flat.size > MOST_SHOWN:
        return phrase("{count} numbers", count=format_count(flat.size))
    if formula.number.dtype.kind in "iub":
        return ", ".join(map(str, flat.tolist()))
    return ", ".join(write_plain(float(value)) for value in flat)


def _mark(card: Card) -> str:
    if not card.checks:
        return ""
    return phrase("✓ checked") if card.is_right else phrase("✗ contradicted")


def _rows(card: Card) -> list[tuple[str, str, str]]:
    """Name, how, number: the terms first, then every formula."""
    rows = []
    if card.sum is not None and len(card.sum.terms) > 1:
        written = shorten(card.sum)
        rows += [
            (safe_text(row.name), "" if row.term is None else factors_text(row.term, row.text), row.text)
            for row in written.rows
        ]
        rows.append(
            (
                phrase(WAYS[card.sum.how], symbol=card.sum.symbol, count=format_count(len(card.sum.terms))),
                "",
                written.total,
            )
        )
    rows += [(f"{one.name}: {safe_text(one.told)}", "", number_text(one)) for one in card.formulas]
    return rows


def _html_row(cells: tuple[str, str, str]) -> str:
    name, how, number = map(_escaped, cells)
    return (
        f'<tr><th scope="row" style="text-align:left;font-weight:400">{name}</th><td>{how}</td>'
        f'<td style="text-align:right;font-variant-numeric:tabular-nums">{number}</td></tr>'
    )


def _escaped(text: str) -> str:
    return escape(safe_text(text), quote=True)
