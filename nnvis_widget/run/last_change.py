"""For how long weights have been as they are."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from nnvis_widget.core.graph import Layer
from nnvis_widget.core.snapshot import Snapshot, TensorKey
from nnvis_widget.run.run import Run


def steps_unchanged(run: Run, snapshot: Snapshot, layers: Sequence[Layer]) -> np.ndarray:
    """For how many steps, at least, each layer's parameters have been what they are at a snapshot.

    Told of snapshots 1, 2, 4, 8, … before it, and the first: 0 where one differs in the last, at least half of the true
    time else. Of a large network eight exact numbers of each parameter are compared.

    Returns:
        Float32 `(layers,)`; NaN of layers without parameters, of what was not recorded, and where nothing is before.
    """
    found = np.full(len(layers), np.nan, np.float32)
    steps = run.steps
    steps = steps[steps < snapshot.step]
    if not len(steps):
        return found
    waiting = {place: keys for place, layer in enumerate(layers) if (keys := _keys(snapshot, layer)) is not None}
    for place in waiting:
        found[place] = 0
    back = 1
    while waiting and back <= len(steps):
        try:
            before = run.at(int(steps[-back]))
        except KeyError:  # cleared meanwhile
            break
        waiting = {place: keys for place, keys in waiting.items() if _is_same(snapshot, before, keys)}
        for place in waiting:
            found[place] = snapshot.step - before.step
        back = len(steps) if back < len(steps) < 2 * back else 2 * back
    return found


def _keys(snapshot: Snapshot, layer: Layer) -> list[TensorKey] | None:
    """What tells the layer's parameters: they, or their moments; `None` where that is not recorded of each."""
    keys = []
    for parameter in layer.parameters:
        whole = TensorKey("weight", layer.id, parameter.name)
        key = whole if whole in snapshot.tensors else TensorKey("moments", layer.id, f"weight {parameter.name}")
        if key not in snapshot.tensors:
            return None
        keys.append(key)
    return keys or None


def _is_same(snapshot: Snapshot, before: Snapshot, keys: Sequence[TensorKey]) -> bool:
    return all(
        key in before.tensors and np.array_equal(snapshot.tensors[key], before.tensors[key], equal_nan=True)
        for key in keys
    )
