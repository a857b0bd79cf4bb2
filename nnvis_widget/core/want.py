"""What somebody wants to be measured."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Literal

from nnvis_widget.core.quantity import QUANTITIES

Grain = Literal["whole", "top", "moments"]


@dataclass(frozen=True)
class Want:
    """One thing that a watcher wants to see; a set of them says all.

    Attributes:
        quantity: A row of `core.quantity`.
        layer: The layer's id; `None` for every layer.
        unit: One unit of it; `None` for all.
        sample: Index of the sample, where the quantity is of one.
        grain: How fine: `whole` (of more than 2 million links their bundles), `top` (the strongest links of such a
            kernel), or `moments` (count, mean, … instead of the values).
        place: Row and column in a map; `None` for the middle.
        language: In which it is told, of what is told in words; empty for English, and of numbers.

    Raises:
        ValueError: If there is no such quantity.
    """

    quantity: str
    layer: str | None = None
    unit: int | None = None
    sample: int | None = None
    grain: Grain = "whole"
    place: tuple[int, int] | None = None
    language: str = ""

    def __post_init__(self) -> None:
        if self.quantity not in QUANTITIES:
            raise ValueError(f"Expected one of {', '.join(QUANTITIES)}, got quantity={self.quantity!r}.")

    @property
    def name(self) -> str:
        """Of the unit in a key: `3`, `3 5,7` at a place of its map, `3 zh` in another language; empty of no unit."""
        place = "" if self.place is None else " {},{}".format(*self.place)
        language = f" {self.language}" if self.language else ""
        return "" if self.unit is None else f"{self.unit}{place}{language}"

    def is_of(self, layer: str) -> bool:
        """Whether it is about this layer, or about every layer."""
        return self.layer is None or self.layer == layer


Wants = frozenset[Want]


def samples_of(wants: Iterable[Want]) -> tuple[int, ...]:
    """The samples that wants are about, each once, in order."""
    return tuple(sorted({want.sample for want in wants if want.sample is not None}))


def about(wants: Iterable[Want]) -> Callable[[str], bool]:
    """Says of a layer's id whether any of the wants is about it."""
    layers = {want.layer for want in wants}
    return (lambda _: True) if None in layers else layers.__contains__
