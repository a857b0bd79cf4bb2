"""Where a layer is in its model, the same each time the same code makes it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

MOST_LETTERS = 80


def parts_of_paths(named: Iterable[tuple[str, str]], taken: set[str] | None = None) -> Iterator[str]:
    """The last parts of the paths of what lies side by side.

    Keras numbers the names that it gives over all that a process has made: `dense_7` is the first of its model when a
    cell is run again. So these count from the start among their neighbours: `dense`, `dense[1]`, as do equal names.

    Args:
        named: Name and class of each, in an order that the code decides.
        taken: Parts that are taken already; those that are given here are added.
    """
    known = taken if taken is not None else set()
    numbers: dict[str, int] = {}
    for name, kind in named:
        given = _given_by_keras(name, kind)
        own = given[1] if given else _shortened(name)
        number = numbers.get(own, 0)
        part = own if number == 0 else f"{own}[{number}]"
        while part in known:
            number += 1
            part = f"{own}[{number}]"
        numbers[own] = number + 1
        known.add(part)
        yield part


def is_of_keras(name: str, kind: str) -> bool:
    """Whether a layer of that class may have its name from Keras."""
    return _given_by_keras(name, kind) is not None


def _given_by_keras(name: str, kind: str) -> re.Match[str] | None:
    return re.fullmatch(rf"((?:forward_|backward_)?{re.escape(name_by_keras(kind))})(?:_\d+)?", name)


def name_by_keras(kind: str) -> str:
    """The name that Keras gives the first layer of a class: `conv2d` for `Conv2D`."""
    name = re.sub(r"\W+", "", kind)
    name = re.sub(r"(.)([A-Z][a-z]+)", r"\1_\2", name)
    return re.sub(r"([a-z])([A-Z])", r"\1_\2", name).lower()


def _shortened(name: str) -> str:
    plain = name.replace("/", "\u2215")
    return plain if len(plain) <= MOST_LETTERS else f"{plain[: MOST_LETTERS - 1]}…"
