"""What the chosen recurrent layer has kept for its next batch."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from nnvis_widget.reduce.signed_picture import signed_picture
from nnvis_widget.stream.frame import Section
from nnvis_widget.stream.shown import Shown

MOST_ROWS = 8


def kept_sections(shown: Shown) -> Iterator[Section]:
    """A picture of each state, a row for each sample of a batch; of a chosen unit its numbers."""
    layer, unit = shown.wish.selection or (shown.wish.layer or "", None)
    for key, values in shown.snapshot.tensors.items():
        if key.quantity != "kept_state" or key.layer != layer or not values.size:
            continue
        rows, size = values.shape
        picture = signed_picture(values)
        told = {"rows": rows, "size": size, "lo": picture.low, "hi": picture.high}
        yield Section("kept_picture", picture.codes, layer, key.name, told)
        if unit is not None and 0 <= unit < size:
            numbers = np.ascontiguousarray(values[:MOST_ROWS, unit])
            yield Section("kept_unit", numbers, layer, key.name, {"unit": unit, "rows": rows})
