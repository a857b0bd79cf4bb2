"""How a layer is drawn of which somebody has told what to read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, get_args

FaceKind = Literal["units", "strip", "maps", "matrix", "text", "card"]
FACES: tuple[FaceKind, ...] = get_args(FaceKind)

AXES: Mapping[FaceKind, tuple[tuple[str, ...], ...]] = {
    "units": (("units",),),
    "strip": (("steps", "units"),),
    "maps": (("rows", "columns", "maps"),),
    "matrix": (("rows", "columns"), ("rows", "columns", "matrices")),
    "text": (("places",),),
    "card": (("numbers",),),
}
"""What the axes behind the samples count, of what is read for each face."""


OF_OUTPUTS: tuple[FaceKind, ...] = ("units", "strip", "text")
"""As which the numbers that a layer puts out are drawn where they are; the others take a place beside them."""


@dataclass(frozen=True)
class Face:
    """What is drawn in place of what a layer puts out.

    Attributes:
        kind: `units` side by side, `strip`s over steps, `maps` and `matrix` as pictures, numbers of tokens as `text`,
            or a `card` with a row for each number.
        shape: Rows, columns and number of the pictures; of what are no pictures 1, 1 and how many there are.
        title: What it shows; empty where nobody said.
        names: What they are called, a text each; empty where they have none.
        is_output: Whether that is what the layer puts out, so that links lead from it to the layers behind.
    """

    kind: FaceKind
    shape: tuple[int, int, int]
    title: str = ""
    names: tuple[str, ...] = ()
    is_output: bool = False

    @property
    def pictures(self) -> tuple[int, int, int] | None:
        """Rows, columns and number of its pictures; `None` where it has none."""
        return self.shape if self.kind in ("strip", "maps", "matrix") else None

    def to_json(self) -> dict[str, Any]:
        """Plain lists and strings."""
        return {
            "kind": self.kind,
            "shape": list(self.shape),
            "title": self.title,
            "output": self.is_output,
        }


def shape_of(kind: FaceKind, sizes: tuple[int, ...]) -> tuple[int, int, int]:
    """Rows, columns and number of what is read for one sample, which has the axes of its face."""
    if kind == "strip":
        return 1, sizes[0], sizes[1]
    if kind in ("maps", "matrix"):
        return sizes[0], sizes[1], sizes[2] if len(sizes) == 3 else 1
    return 1, 1, sizes[0]
