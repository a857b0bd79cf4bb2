"""What one place looks at, in one head of attention."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from nnvis_widget.reduce.head_habits import habits_of
from nnvis_widget.stream.frame import Section
from nnvis_widget.stream.shown import Shown


def scores(shown: Shown, layer: str) -> np.ndarray | None:
    """Queries, keys, heads of an attention layer for the shown sample, where the snapshot has them."""
    return shown.put_out("attention", layer, shown.sample)


def score_sections(shown: Shown) -> Iterator[Section]:
    """The scores of the chosen head, as numbers: all that its places look at."""
    chosen, unit = shown.wish.selection or ("", -1)
    layer = next((one for one in shown.graph.layers if one.id == chosen and one.attention is not None), None)
    found = None if layer is None else scores(shown, chosen)
    if layer is None or layer.attention is None or found is None or not 0 <= unit < found.shape[2]:
        return
    head = np.ascontiguousarray(found[:, :, unit], np.float32)
    habits = habits_of(head, layer.attention.is_self) if layer.attention.is_whole else None
    yield Section("scores", head, chosen, "", {"unit": unit, **(habits.named() if habits else {})})
