"""Something computed of the kept snapshots of a run, for a drawing over the steps."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar

import numpy as np

from nnvis_widget.core.snapshot import Snapshot
from nnvis_widget.core.words.say import say
from nnvis_widget.run.run import Run

MOST_STEPS = 120

Value = TypeVar("Value")


class OverTime(Generic[Value]):
    """Keeps what was computed of a snapshot as long as that is among those drawn.

    Args:
        compute: Of a snapshot; `None` where it holds nothing to draw.
        most: So many of them, evenly chosen, the first and the last among them.

    Attributes:
        missing: How many of those looked at last hold nothing.
    """

    def __init__(self, compute: Callable[[Snapshot], Value | None], most: int = MOST_STEPS) -> None:
        self._compute = compute
        self._most = most
        self._known: dict[tuple[int, int], Value | None] = {}
        self.missing = 0

    def look(self, run: Run) -> tuple[np.ndarray, list[Value]]:
        """Of a run: the steps of the snapshots that hold something, int64 `(n,)`, and what it is."""
        known: dict[tuple[int, int], Value | None] = {}
        found: dict[int, Value] = {}
        for snapshot in even_snapshots(run, self._most):
            name = (snapshot.step, snapshot.revision)
            known[name] = value = self._known[name] if name in self._known else self._compute(snapshot)
            if value is not None:
                found[snapshot.step] = value
        self._known = known
        self.missing = len(known) - len(found)
        return np.array(list(found), np.int64), list(found.values())

    def forget(self) -> None:
        """Compute everything anew."""
        self._known = {}


def even_snapshots(run: Run, most: int = MOST_STEPS) -> list[Snapshot]:
    """At most so many of the kept snapshots, evenly chosen, in order, with the last."""
    found: dict[int, Snapshot] = {}
    for step in even_steps(run.steps, most).tolist():
        try:
            snapshot = run.at(step)
        except KeyError:  # cleared meanwhile
            break
        found[snapshot.step] = snapshot
    return list(found.values())


def even_steps(steps: np.ndarray, most: int = MOST_STEPS) -> np.ndarray:
    """At most so many of the steps, evenly spread, with the last: as a run grows, those chosen stay until half go.

    So what is computed of a snapshot is computed once, not at every drawing.
    """
    stride = 1
    while -(-len(steps) // stride) > most - 1:
        stride *= 2
    return np.concatenate([steps[:-1:stride], steps[-1:]])


def thinned(drawn: int, run: Run, unseen: int = 0) -> str:
    """How many of the kept snapshots are drawn; empty where all are.

    Args:
        drawn: So many.
        run: Whose.
        unseen: So many were taken while nobody looked at the layer, and hold nothing of it.
    """
    kept = run.kept_count
    why = say("snapshotsUnseen", unseen=unseen) if unseen else ""
    return say("snapshotsDrawn", drawn=drawn, kept=kept) + why if drawn < kept else ""
