"""What a snapshot holds of layers with maps."""

from __future__ import annotations

import numpy as np

from nnvis_widget.core.graph import Layer
from nnvis_widget.core.snapshot import TensorKey
from nnvis_widget.reduce.map_kernels import NAMES
from nnvis_widget.stream.shown import Shown


def kernels_of(shown: Shown, layer: Layer, quantity: str = "weight") -> dict[str, np.ndarray]:
    """The kernels of a layer, or their gradients, as far as the snapshot has them."""
    found = {name: shown.snapshot.tensors.get(TensorKey(quantity, layer.id, name)) for name in NAMES}
    return {name: kernel for name, kernel in found.items() if kernel is not None}


def measured(shown: Shown, layer: str, shape: tuple[int, ...]) -> np.ndarray | None:
    """What a layer put out for the shown sample, where the snapshot has it."""
    for quantity in ("activation", "map"):
        values = shown.put_out(quantity, layer, shown.sample)
        if values is not None and values.size == np.prod(shape):
            return values.reshape(shape)
    return None


def what_feeds(shown: Shown, layer: str) -> np.ndarray | None:
    """Rows, columns, maps of what goes into a layer that has one before it."""
    sources = shown.graph.sources_of(layer)
    shape = shown.graph.layer(sources[0]).output_shape if len(sources) == 1 else ()
    sizes = shape[0][1:] if len(shape) == 1 else ()
    return None if len(sizes) != 3 or None in sizes else measured(shown, sources[0], tuple(size or 0 for size in sizes))
