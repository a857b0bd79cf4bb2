"""What a snapshot holds of layers with maps."""

from __future__ import annotations

import numpy as np

from nnvis_widget.core.graph import Layer
from nnvis_widget.core.snapshot import TensorKey
from nnvis_widget.reduce.map_kernels import NAMES
from nnvis_widget.stream.shown import Shown


def kernels_of(shown: Shown, layer: Layer, quantity: str = "weight") -> dict[str, np.ndarray]:
    """The kernels of a layer, or their gradients, as far as the snapshot has them.

    Over sequences they have one row, over slices the rows of each slice one below the other.
    """
    found = {name: shown.snapshot.tensors.get(TensorKey(quantity, layer.id, name)) for name in NAMES}
    return {name: _in_a_plane(one) for name, one in found.items() if one is not None}


def _in_a_plane(kernel: np.ndarray) -> np.ndarray:
    if kernel.ndim == 3:
        return kernel[None]
    return kernel.reshape(-1, *kernel.shape[2:]) if kernel.ndim == 5 else kernel


def measured(shown: Shown, layer: Layer) -> np.ndarray | None:
    """What a layer put out for the shown sample, `(rows, columns, maps)`, where the snapshot has it."""
    shape = layer.grid_shape
    for quantity in ("activation", "map") if shape is not None else ():
        values = shown.put_out(quantity, layer.id, shown.sample)
        if shape is not None and values is not None and values.size == np.prod(shape):
            return as_pictures(values, layer)
    return None


def as_pictures(values: np.ndarray, layer: Layer) -> np.ndarray:
    """Numbers in the order in which a layer puts them out, as `(rows, columns, maps)`.

    Raises:
        ValueError: If they are not as many as it puts out.
    """
    if layer.mosaic is not None:
        return layer.mosaic.lay_out(values)
    rows, columns, maps = layer.grid_shape or (1, 1, values.size)
    if layer.channels == "first":
        return np.moveaxis(values.reshape(maps, rows, columns), 0, -1)
    return values.reshape(rows, columns, maps)


def what_feeds(shown: Shown, layer: str) -> np.ndarray | None:
    """Rows, columns, maps of what goes into a layer that has one before it."""
    sources = shown.graph.sources_of(layer)
    return measured(shown, shown.graph.layer(sources[0])) if len(sources) == 1 else None
