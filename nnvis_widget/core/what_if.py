"""Changes that are tried on a network without touching it: each one a value, to and from a plain dict."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields
from math import isfinite
from numbers import Real
from operator import index
from typing import Any, ClassVar, Literal

from nnvis_widget.core.argument import shown

MOST_CHANGES = 64
MOST_AXES = 8
LARGEST = 1e30
"""Beyond it a float32 is soon infinite, and what is computed says nothing."""

Held = float | Literal["zero", "mean"]
"""What something is held at: 0, its own mean over the probe batch of the unchanged network, or a number."""


@dataclass(frozen=True)
class Change:
    """The root of all changes.

    Attributes:
        layer: Id of the layer; from Python its name or path is taken, too.
    """

    kind: ClassVar[str]
    example: ClassVar[dict[str, Any]]
    layer: str

    @property
    def place(self) -> tuple[Any, ...]:
        """What it changes: of two changes of the same place the later one counts."""
        return (self.kind, self.layer)

    def to_dict(self) -> dict[str, Any]:
        """As it is written, with plain lists and numbers."""
        written = {one.name: getattr(self, one.name) for one in fields(self)}
        return {"kind": self.kind} | {
            name: list(value) if isinstance(value, tuple) else value for name, value in written.items()
        }


@dataclass(frozen=True)
class SetWeight(Change):
    """One element of a parameter is another number, wherever the layer is used.

    Attributes:
        name: The parameter, such as `kernel` or `bias`.
        index: Where in it, one number an axis.
        value: The number.
    """

    kind: ClassVar[str] = "weight"
    example: ClassVar[dict[str, Any]] = {
        "kind": "weight",
        "layer": "L1",
        "name": "kernel",
        "index": [0, 2],
        "value": 0.5,
    }
    name: str
    index: tuple[int, ...]
    value: float

    @property
    def place(self) -> tuple[Any, ...]:
        """Layer, parameter and where in it."""
        return (self.kind, self.layer, self.name, self.index)


@dataclass(frozen=True)
class SetInput(Change):
    """One number of one sample is another: a feature, a pixel, a token.

    Attributes:
        sample: Which sample of the data.
        unit: Its place in the flattened input.
        value: The number; of tokens a whole one.
    """

    kind: ClassVar[str] = "input"
    example: ClassVar[dict[str, Any]] = {"kind": "input", "layer": "L0", "sample": 0, "unit": 1, "value": -1.0}
    sample: int
    unit: int
    value: float

    @property
    def place(self) -> tuple[Any, ...]:
        """Input, sample and where in it."""
        return (self.kind, self.layer, self.sample, self.unit)


@dataclass(frozen=True)
class HoldUnit(Change):
    """A unit puts out the same whatever comes in: it is ablated (`zero`, `mean`), or clamped (a number).

    Attributes:
        unit: Along the axis of the units: of a map or of a sequence all places are held.
        to: What at.
    """

    kind: ClassVar[str] = "unit"
    example: ClassVar[dict[str, Any]] = {"kind": "unit", "layer": "L1", "unit": 3, "to": "zero"}
    unit: int
    to: Held

    @property
    def place(self) -> tuple[Any, ...]:
        """Layer and unit."""
        return (self.kind, self.layer, self.unit)


@dataclass(frozen=True)
class HoldEdge(Change):
    """What one unit passes to another is the same whatever comes in: nothing, or the weight times the source's mean.

    Attributes:
        source: The unit or map that it comes from, along the kernel's axis of inputs.
        unit: The unit or map of the layer that it leads to.
        to: `zero` or `mean`.
    """

    kind: ClassVar[str] = "edge"
    example: ClassVar[dict[str, Any]] = {"kind": "edge", "layer": "L2", "source": 5, "unit": 3, "to": "zero"}
    source: int
    unit: int
    to: Held

    @property
    def place(self) -> tuple[Any, ...]:
        """Layer and both ends."""
        return (self.kind, self.layer, self.source, self.unit)


@dataclass(frozen=True)
class FreezeLayer(Change):
    """All weights of a layer stay as they are through the next steps, once it is applied to the training."""

    kind: ClassVar[str] = "freeze"
    example: ClassVar[dict[str, Any]] = {"kind": "freeze", "layer": "L1"}


APPLICABLE = (SetWeight, HoldEdge, FreezeLayer)
"""What can be part of a training."""
Changes = tuple[Change, ...]
KINDS: Mapping[str, type[Change]] = {one.kind: one for one in (SetWeight, SetInput, HoldUnit, HoldEdge, FreezeLayer)}


def _text(value: object) -> str:
    if not isinstance(value, str) or not value:
        raise ValueError("a text")
    return value


def _whole(value: object) -> int:
    if isinstance(value, bool) or not hasattr(value, "__index__") or index(value) < 0:
        raise ValueError("a whole number from 0")
    return index(value)


def _places(value: object) -> tuple[int, ...]:
    if not isinstance(value, Sequence) or isinstance(value, str) or len(value) > MOST_AXES:
        raise ValueError("a list of whole numbers, one an axis")
    return tuple(map(_whole, value))


def _number(value: object) -> float:
    words = f"a finite number up to {LARGEST:g}"
    if isinstance(value, bool) or not isinstance(value, Real):
        raise ValueError(words)
    try:
        number = float(value)
    except OverflowError:
        raise ValueError(words) from None
    if not isfinite(number) or abs(number) > LARGEST:
        raise ValueError(words)
    return number


def _held(value: object) -> Held:
    if value == "zero":
        return "zero"
    if value == "mean":
        return "mean"
    try:
        return _number(value)
    except ValueError as error:
        raise ValueError(f"'zero', 'mean' or {error}") from None


_READERS: Mapping[str, Callable[[object], Any]] = {
    "layer": _text,
    "name": _text,
    "index": _places,
    "value": _number,
    "sample": _whole,
    "source": _whole,
    "unit": _whole,
    "to": _held,
}


def read_change(value: object) -> Change:
    """A change as `Change.to_dict` writes it.

    Raises:
        ValueError: If it is none.
    """
    if isinstance(value, Change):
        value = value.to_dict()
    kind = KINDS.get(str(value.get("kind"))) if isinstance(value, Mapping) else None
    if not isinstance(value, Mapping) or kind is None:
        raise ValueError(
            f"Expected a change with kind as one of {', '.join(KINDS)}, got {shown(value)}. "
            f"Write one such as {SetWeight.example!r}."
        )
    names = [one.name for one in fields(kind)]
    if set(value) != {"kind", *names}:
        raise ValueError(
            f"Expected a change of kind {kind.kind!r} with {', '.join(names)}, got {shown(value)}. "
            f"Write one such as {kind.example!r}."
        )
    read: dict[str, Any] = {}
    for name in names:
        try:
            read[name] = _READERS[name](value[name])
        except ValueError as expected:
            raise ValueError(
                f"Expected {name} of a change of kind {kind.kind!r} as {expected}, got {name}={shown(value[name])}. "
                f"Write one such as {kind.example!r}."
            ) from None
    if kind is HoldEdge and read["to"] not in ("zero", "mean"):
        raise ValueError(
            f"Expected an edge to be held at 'zero' or 'mean', got to={read['to']!r}. "
            "To give it another strength change its weight."
        )
    return kind(**read)


def read_changes(values: object) -> Changes:
    """Changes as a list of dicts; of two that change the same the later one stays.

    Raises:
        ValueError: If they are none, or more than 64.
    """
    if not isinstance(values, Sequence) or isinstance(values, str):
        raise ValueError(f"Expected a list of changes, got {shown(values)}. Write one such as [{SetWeight.example!r}].")
    if len(values) > MOST_CHANGES:
        raise ValueError(f"Expected at most {MOST_CHANGES} changes at a time, got {len(values)}. Undo some first.")
    return without_repeats(map(read_change, values))


def without_repeats(changes: Any) -> Changes:
    """Of changes of the same place the last one, in the place of the first."""
    return tuple({change.place: change for change in changes}.values())
