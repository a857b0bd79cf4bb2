"""What the chosen layer puts out in slices, or keeps in maps over time."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from nnvis_widget.core.snapshot import TensorKey
from nnvis_widget.reduce.quantize import quantize
from nnvis_widget.stream.frame import Section
from nnvis_widget.stream.shown import Shown


def volume_sections(shown: Shown) -> Iterator[Section]:
    """Pictures of some maps, slice by slice, all on one range."""
    layer, _ = shown.wish.selection or (shown.wish.layer or "", None)
    tensors, sample = shown.snapshot.tensors, shown.sample
    for name in ("", "h", "c"):
        pictures = tensors.get(TensorKey("volume", layer, name, sample))
        if pictures is None:
            continue
        if not pictures.size:
            yield Section("volume_picture", np.zeros((0, 0, 0, 0), np.uint8), layer)
            return
        finite = pictures[np.isfinite(pictures)]
        most = float(np.abs(finite).max(initial=0)) or 1.0
        low = -most if (finite < 0).any() else 0.0
        told = {
            "lo": low,
            "hi": most,
            "maps": tensors[TensorKey("volume_maps", layer, name, sample)].tolist(),
            "size": tensors[TensorKey("volume_shape", layer, name, sample)].tolist(),
        }
        yield Section("volume_picture", quantize(pictures, low, most).codes, layer, name, told)
