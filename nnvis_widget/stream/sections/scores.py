"""What one place looks at, in one head of attention."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

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
    if found is not None and 0 <= unit < found.shape[2]:
        yield Section("scores", np.ascontiguousarray(found[:, :, unit], np.float32), chosen, "", {"unit": unit})
