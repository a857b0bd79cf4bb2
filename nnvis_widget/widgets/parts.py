"""What of the front end comes apart from the script of a view: what few networks need, and nobody at first."""

from __future__ import annotations

from collections.abc import Iterator

from nnvis_widget.core.graph import Layer
from nnvis_widget.core.structure import NetworkStructure
from nnvis_widget.core.task import Task

AFTERWARDS = ("extras", "tables", "asked", "learning")
"""Words, files, tables, what is asked for, how a unit learns: every view has them, without a kernel too."""
STEPS = "steps"
"""What a step is gone through with: it comes when one is opened."""
WHAT_IF = "whatIf"
"""What changes are tried with: it comes when somebody wants to."""
FINDINGS = "findings"
"""What is shown of what the doctor has found: it comes with the first of it."""
PARTS = ("levels", "maps", "sequences", "plane", "result", *AFTERWARDS, STEPS, WHAT_IF, FINDINGS)


def parts_of(structure: NetworkStructure, task: Task) -> Iterator[str]:
    """The names of the parts that a network is drawn with, whose outputs mean this."""
    if structure.groups:
        yield "levels"
    cards = structure.cards
    if any(_has_pictures(card) or _has_slices(card) or card.role in ("recurrent", "merge") for card in cards):
        yield "maps"
    if any(card.attention is not None or card.role == "recurrent" or _keeps(card) for card in cards):
        yield "sequences"
    if [structure.layer(one).output_shape for one in structure.inputs] == [((None, 2),)]:
        yield "plane"
    if task.shape:
        yield "result"


def _has_pictures(card: Layer) -> bool:
    return card.picture_shape is not None or card.is_tokens or card.is_text or card.face is not None


def _has_slices(card: Layer) -> bool:
    return len(card.output_shape) == 1 and len(card.output_shape[0]) == 5


def _keeps(card: Layer) -> bool:
    """Whether it may keep states in maps."""
    return any(parameter.kind == "recurrent_kernel" for parameter in card.parameters)
