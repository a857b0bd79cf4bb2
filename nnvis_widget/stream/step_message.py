"""A step that is gone through as a page shows it: texts and whole numbers only, so that nothing in it can be NaN.

    {number, phase, isTaken, untaken, sample, count, called, moment, loss, lossAfter, legend, note, chosen,
     columns: [{layer, name, symbol, units: [[unit, text, exact, share]], more, place}],
     edges: [[from, to, [share of each unit there, for each unit here] | null]],
     cards: [{phase, title, caption, heads, rows, total, facts, notes, checks, plot}]}

`untaken` says why it cannot be taken, and is empty where it can. `share` is a number's place on its ramp, from -100 to
100, and `null` of one that is not finite.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import floor, log10
from typing import Any

import numpy as np

from nnvis_widget.core.number_text import MINUS, format_signed, safe_text
from nnvis_widget.core.steps import Phase

SYMBOLS: Mapping[Phase, str] = {"init": "b", "forward": "a", "loss": "a", "backward": "δ", "update": "Δb"}
EDGE_SYMBOLS: Mapping[Phase, str] = {"init": "w", "forward": "w·a", "loss": "w·a", "backward": "δ·a", "update": "Δw"}
RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
FULL = 100
DECIMALS = 3


@dataclass(frozen=True)
class Column:
    """A layer of the small picture.

    Attributes:
        layer: Its id.
        name: Its name.
        units: Which units are drawn.
        values: The number of each; `None` where the phase has none for this layer.
        count: How many units there are.
        place: Where in maps or sequences the numbers are from.
        is_input: Whether it is an input of the network.
    """

    layer: str
    name: str
    units: tuple[int, ...]
    values: np.ndarray | None
    count: int
    place: tuple[int, ...]
    is_input: bool


@dataclass(frozen=True)
class Edges:
    """What joins two columns: a number from each drawn unit to each, or `None` where there are no such weights."""

    source: int
    target: int
    values: np.ndarray | None


def picture_message(columns: Sequence[Column], edges: Sequence[Edges], phase: Phase) -> dict[str, Any]:
    """Columns, edges and the legend of both."""
    is_gradient = phase in ("backward", "update")
    # What lowers the loss: δ above 0 calls for less, and is drawn as such.
    turned = -1.0 if phase == "backward" else 1.0
    units = _largest([one.values for one in columns if one.values is not None and _is_told(one, phase)])
    inputs = [one.values for one in columns if one.values is not None and one.is_input]
    lines = _largest([one.values for one in edges if one.values is not None])
    return {
        "columns": [_column(one, phase, units, turned, _power(units)) for one in columns],
        "edges": [
            [one.source, one.target, None if one.values is None else _shares(one.values * turned, lines)]
            for one in edges
        ],
        "legend": {
            "isGradient": is_gradient,
            "units": _scale(SYMBOLS[phase], units),
            "edges": _scale(EDGE_SYMBOLS[phase], lines),
            "inputs": None if _is_input_told(phase) else _scale("x", _largest(inputs)),
        },
    }


def short_text(value: float) -> str:
    """At most four characters, for a circle: `.11`, `−.08`, `1.5`, `12`, `3e4`."""
    if not np.isfinite(value):
        return "NaN" if np.isnan(value) else "∞" if value > 0 else f"{MINUS}∞"
    size = abs(value)
    if size < 0.995:
        text = f"{size:.2f}"[1:]
    elif size < 9.95:
        text = f"{size:.1f}"
    else:
        text = f"{size:.0f}" if size < 999.5 else f"{size:.0e}".replace("e+0", "e").replace("e+", "e")
    return f"{MINUS}{text}" if value < 0 and text.strip(".0") else text


def _column(one: Column, phase: Phase, largest: float, turned: float, power: int) -> dict[str, Any]:
    is_told = _is_told(one, phase)
    own = largest if is_told else _largest([one.values] if one.values is not None else [])
    power, turned = (power, turned) if is_told else (_power(own), 1.0)
    values = [None] * len(one.units) if one.values is None else one.values.tolist()
    symbol = "x" if one.is_input else SYMBOLS[phase]
    return {
        "layer": one.layer,
        "name": safe_text(one.name),
        "symbol": "" if one.values is None else symbol if power == 0 else f"{symbol} / 10{_raised(power)}",
        "isInput": one.is_input,
        "units": [
            [unit, "", "", 0]
            if value is None
            else [
                unit,
                short_text(value / 10.0**power),
                format_signed(value, DECIMALS),
                _share(value * turned, own),
            ]
            for unit, value in zip(one.units, values, strict=True)
        ],
        "more": one.count - len(one.units),
        "place": ", ".join(map(str, one.place)),
    }


def _power(largest: float) -> int:
    """Of ten, by which numbers are divided that would not be read in a circle."""
    return 0 if largest == 0 or 0.0995 <= largest < 99.5 else floor(log10(largest))


def _raised(power: int) -> str:
    return str(power).translate(RAISED)


def _is_told(one: Column, phase: Phase) -> bool:
    """Whether its numbers are those of the phase; an input has what came in."""
    return not one.is_input or _is_input_told(phase)


def _is_input_told(phase: Phase) -> bool:
    return phase in ("forward", "loss")


def _largest(values: Sequence[np.ndarray]) -> float:
    finite = [np.abs(one[np.isfinite(one)]) for one in values]
    return max((float(one.max(initial=0.0)) for one in finite), default=0.0)


def _share(value: float, largest: float) -> int | None:
    if not np.isfinite(value):
        return None
    return 0 if largest == 0 else round(FULL * value / largest)


def _shares(values: np.ndarray, largest: float) -> list[int | None]:
    return [_share(float(value), largest) for value in values.reshape(-1)]


def _scale(symbol: str, largest: float) -> list[str]:
    return [symbol, format_signed(-largest, DECIMALS), format_signed(largest, DECIMALS)]
