"""How strongly layers are pushed, and how far they move."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress

import numpy as np

from nnvis_widget.core.graph import Layer
from nnvis_widget.core.snapshot import Snapshot, TensorKey
from nnvis_widget.reduce.flow_of_gradients import joint_norm, update_ratio
from nnvis_widget.reduce.moments import Moments
from nnvis_widget.run.run import Run
from nnvis_widget.widgets.panels.reading.over_time import even_snapshots

NORM, SHARE, MOVE = range(3)


class Flow:
    """Of some layers at the kept snapshots the norm of the gradient, its share of that of the weights, and the move.

    What was computed of a snapshot is kept as long as that is among those looked at.

    Args:
        layers: Whose.

    Attributes:
        layers: They.
        steps: Of the snapshots, float64 `(n,)`.
        values: Float64 `(n, layers, 3)`: by `NORM`, `SHARE` and `MOVE` (since the snapshot before, a step, as a share
            of the weights); NaN where not measured, a gradient that is not finite is infinite.
    """

    def __init__(self, layers: Sequence[Layer]) -> None:
        self.layers = tuple(layers)
        self._trained = [(layer.id, [one.name for one in layer.parameters if one.is_trainable]) for layer in layers]
        self._known: dict[tuple[int, int], np.ndarray] = {}
        self.steps = np.zeros(0)
        self.values = np.zeros((0, len(self.layers), 3))

    def look(self, run: Run) -> None:
        """Take what a run holds now, of at most 120 of its snapshots."""
        snapshots = even_snapshots(run)
        known: dict[tuple[int, int], np.ndarray] = {}
        for snapshot in snapshots:
            name = (snapshot.step, snapshot.revision)
            found = self._known.get(name)
            known[name] = self._of(snapshot, run) if found is None else found
        self._known = known
        self.steps = np.array([snapshot.step for snapshot in snapshots], np.float64)
        self.values = np.array(list(known.values())).reshape(len(known), len(self.layers), 3)

    def at(self, snapshot: Snapshot | None) -> np.ndarray:
        """Those at a snapshot, or at the last one before it that is drawn: `(layers, 3)`; NaN where there is none."""
        if not len(self.steps):
            return np.full((len(self.layers), 3), np.nan)
        if snapshot is None:
            return np.asarray(self.values[-1])
        return np.asarray(self.values[max(0, int(np.searchsorted(self.steps, snapshot.step, "right")) - 1)])

    def _of(self, snapshot: Snapshot, run: Run) -> np.ndarray:
        before: Snapshot | None = None
        with suppress(KeyError):  # cleared meanwhile
            before = run.neighbour(snapshot.step, -1)
        if before is not None and before.step >= snapshot.step:
            before = None
        rows = np.full((len(self._trained), 3), np.nan)
        for row, (layer, names) in zip(rows, self._trained, strict=True):
            row[NORM] = _norm(snapshot, layer, names, "gradient")
            weights = _norm(snapshot, layer, names, "weight")
            if weights > 0:
                row[SHARE] = row[NORM] / weights if np.isfinite(weights) else np.nan
            now = _tensors(snapshot, layer, names, "weight")
            then = None if before is None else _tensors(before, layer, names, "weight")
            if now is not None and then is not None and before is not None:
                row[MOVE] = update_ratio(then, now, snapshot.step - before.step)
        return rows


def _tensors(snapshot: Snapshot, layer: str, names: Sequence[str], quantity: str) -> list[np.ndarray] | None:
    """All trained tensors of a layer; `None` where one was not measured, or is kept as bundles only."""
    found = [snapshot.tensors.get(TensorKey(quantity, layer, name)) for name in names]
    known = [tensor for tensor in found if tensor is not None]
    return known if known and len(known) == len(found) else None


def _norm(snapshot: Snapshot, layer: str, names: Sequence[str], quantity: str) -> float:
    """The norm of all trained tensors together, from themselves or their moments; NaN where not measured."""
    whole = _tensors(snapshot, layer, names, quantity)
    if whole is not None:
        norm = joint_norm(whole)
        return norm if np.isfinite(norm) else np.inf
    found = [snapshot.tensors.get(TensorKey("moments", layer, f"{quantity} {name}")) for name in names]
    known = [Moments(*row) for row in found if row is not None]
    if not known or len(known) != len(found):
        return np.nan
    return float(np.linalg.norm([one.norm for one in known])) if all(one.is_finite for one in known) else np.inf
