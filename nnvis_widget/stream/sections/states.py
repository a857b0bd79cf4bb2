"""What the chosen recurrent layer, or a unit of it, keeps from step to step."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from nnvis_widget.core.anatomy import SERIES
from nnvis_widget.core.snapshot import Snapshot, TensorKey
from nnvis_widget.reduce.state_pictures import gate_shares, state_picture
from nnvis_widget.stream.frame import Section
from nnvis_widget.stream.shown import Shown


def states(snapshot: Snapshot, layer: str, sample: int) -> dict[str, np.ndarray]:
    """States and gates of a recurrent layer for a sample, each `(steps, units)`, as far as the snapshot has them."""
    found = {name: snapshot.tensors.get(TensorKey("state", layer, name, sample)) for name in SERIES}
    return {name: values for name, values in found.items() if values is not None}


def state_sections(shown: Shown) -> Iterator[Section]:
    """Of a unit its series as numbers, of a layer a picture of each; which places are read, and how open gates are."""
    layer, unit = shown.wish.selection or (shown.wish.layer or "", None)
    found = states(shown.snapshot, layer, shown.sample)
    places = shown.snapshot.tensors.get(TensorKey("read_place", layer, sample=shown.sample))
    if TensorKey("state", layer, sample=shown.sample) in shown.snapshot.tensors:
        yield Section("read_place", np.zeros(0, np.float32), layer)
    if not found or places is None:
        return
    names = {"names": list(found)}
    yield Section("read_place", places, layer)
    yield Section("gate_share", gate_shares(found), layer, "", names)
    if unit is None:
        pictures = [state_picture(values, places >= 0, name) for name, values in found.items()]
        ranges = {"lo": [one.low for one in pictures], "hi": [one.high for one in pictures]}
        yield Section("state_picture", np.stack([one.codes for one in pictures]), layer, "", names | ranges)
    elif unit < next(iter(found.values())).shape[1]:
        values = np.stack([values[:, unit] for values in found.values()])
        yield Section("unit_state", np.ascontiguousarray(values, np.float32), layer, "", names | {"unit": unit})
