"""Round numbers to write at an axis."""

from __future__ import annotations

from math import ceil, floor, isfinite, log10

import numpy as np

from nnvis_widget.core.clock import Clock
from nnvis_widget.core.number_text import MINUS

Tick = tuple[float, str]


def step_ticks(low: float, high: float, most: int = 5) -> list[Tick]:
    """As `round_ticks`, whole numbers only, all digits of them: there is no step between two steps."""
    return [(place, f"{round(place):,}") for place, _ in round_ticks(low, high, most, finest=0)]


def time_ticks(low: float, high: float, clock: Clock, most: int = 5) -> list[Tick]:
    """At steps where round numbers of epochs were done; round steps where epochs are not known."""
    first, last = clock.epoch_at(low), clock.epoch_at(high)
    if first is None or last is None:
        return step_ticks(low, high, most)
    return [(clock.step_at(epoch), name) for epoch, name in round_ticks(first, last, most, finest=-1)]


def round_ticks(low: float, high: float, most: int = 5, finest: int = -400) -> list[Tick]:
    """At most so many places that are multiples of 1, 2 or 5 times a power of ten, and how they are written.

    Args:
        low: Where the axis begins.
        high: Where it ends.
        most: How many places.
        finest: The least power of ten.
    """
    if not (isfinite(low) and isfinite(high)) or low >= high:
        return [(low, _written(low, 2))] if isfinite(low) else []
    power = max(finest, floor(log10((high - low) / most)) if high - low > 0 else 0)
    for exponent in (power, power + 1, power + 2):
        for digit in (1, 2, 5):
            pace = digit * 10.0**exponent
            first, last = ceil(low / pace - 1e-9), floor(high / pace + 1e-9)
            if last - first + 1 <= most:
                return [(i * pace, _written(i * pace, max(0, -exponent))) for i in range(first, last + 1)]
    return []


def decade_ticks(low: float, high: float, most: int = 5) -> list[Tick]:
    """Places of an axis of logarithms to base ten: powers of ten, with 2 and 5 between where there is room."""
    for digits in ((1, 2, 5), (1, 3), (1,)):
        found = [
            (exponent + log10(digit), digit, exponent)
            for exponent in range(floor(low) - 1, ceil(high) + 1)
            for digit in digits
            if low - 1e-9 <= exponent + log10(digit) <= high + 1e-9
        ]
        if 2 <= len(found) <= most:
            return [(place, _power(digit, exponent)) for place, digit, exponent in found]
    found = [item for item in found if not item[2] % max(1, -(-len(found) // most))]
    if len(found) >= 2:
        return [(place, _power(digit, exponent)) for place, digit, exponent in found]
    # less than a decade without two round numbers in it
    return [(log10(place), name) for place, name in round_ticks(10**low, 10**high, most - 1) if place > 0]


def index_ticks(edges: np.ndarray, start: int) -> list[Tick]:
    """Indices of a row of cells: every one where there are few, else about five round ones.

    Args:
        edges: `(n + 1,)`: where each cell begins, and the end.
        start: The index at 0.
    """
    count, last = len(edges) - 1, int(edges[-1])
    if count == last and count <= 16:
        return [(i + 0.5, str(start + i)) for i in range(count)]
    pace = next(step for power in range(10) for step in (10**power, 2 * 10**power, 5 * 10**power) if 6 * step >= last)
    chosen = range(-(-start // pace) * pace, start + last, pace)
    return [(float(np.searchsorted(edges, i - start, "right")) - 0.5, str(i)) for i in chosen]


def _written(value: float, decimals: int) -> str:
    magnitude = abs(value)
    if magnitude and (magnitude >= 1e6 or magnitude < 1e-4):
        text = f"{magnitude:.1e}".replace(".0e", "e").replace("e+0", "e").replace("e-0", f"e{MINUS}")
        text = text.replace("e+", "e").replace("e-", f"e{MINUS}")
    else:
        text = f"{magnitude:,.{decimals}f}"
    return f"{MINUS}{text}" if value < 0 and text.strip("0.") else text


def _power(digit: int, exponent: int) -> str:
    value = digit * 10.0**exponent
    return _written(value, max(0, -exponent))
