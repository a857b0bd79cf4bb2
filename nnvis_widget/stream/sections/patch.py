"""How one place of a map comes about: patch times kernel, map by map."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

import numpy as np

from nnvis_widget.core.snapshot import TensorKey
from nnvis_widget.core.window import Window
from nnvis_widget.stream.frame import Section
from nnvis_widget.stream.shown import Shown

CLOSE = 1e-4
"""What is shown and what was measured differ by no more of their size: float32 sums in another order."""

ACTIVATIONS: Mapping[str | None, Callable[[np.ndarray], np.ndarray]] = {
    None: lambda z: z,
    "linear": lambda z: z,
    "relu": lambda z: np.maximum(z, 0),
    "tanh": np.tanh,
    "sigmoid": lambda z: 1 / (1 + np.exp(-z)),
    "elu": lambda z: np.where(z > 0, z, np.expm1(z)),
}


def patch_sections(shown: Shown) -> Iterator[Section]:
    """The inputs in the window of the chosen place of a map, and the kernel over them.

    Only where activation(Σ patch · kernel + bias) is what the layer was measured to put out there.
    """
    selection, place = shown.wish.selection, shown.wish.place
    layer = next((one for one in shown.graph.layers if selection is not None and one.id == selection[0]), None)
    if selection is None or place is None or layer is None or layer.map_shape is None or layer.window is None:
        return
    kernel = shown.snapshot.tensors.get(TensorKey("weight", layer.id, "kernel"))
    source, output = _source(shown, layer.id), measured(shown, layer.id, layer.map_shape)
    unit, rule = selection[1], ACTIVATIONS.get(layer.activation)
    if kernel is None or source is None or output is None or rule is None or layer.role != "conv":
        return
    is_inside = unit < output.shape[2] and place[0] < output.shape[0] and place[1] < output.shape[1]
    if kernel.ndim != 4 or kernel.shape[2] != source.shape[2] or not is_inside:
        return
    own = np.moveaxis(kernel[..., unit], -1, 0)
    patch = np.moveaxis(cut(source, layer.window, place), -1, 0)
    biases = shown.snapshot.tensors.get(TensorKey("weight", layer.id, "bias"))
    bias = 0.0 if biases is None else float(biases[unit])
    z = float((patch.astype(np.float64) * own).sum()) + bias
    size = float(np.abs(patch.astype(np.float64) * own).sum()) + abs(bias)
    value = float(output[place[0], place[1], unit])
    if not abs(float(rule(np.array(z))) - value) <= CLOSE * max(1.0, size):  # also of NaN
        return
    attributes = {"unit": unit, "row": place[0], "column": place[1], "z": z, "bias": bias, "a": value}
    yield Section("patch", np.ascontiguousarray(patch, np.float32), layer.id, "", attributes)
    yield Section("patch_kernel", np.ascontiguousarray(own), layer.id, "", {"has_bias": biases is not None})


def cut(values: np.ndarray, window: Window, place: tuple[int, int]) -> np.ndarray:
    """What a window reads, zero in the padding: `(rows, columns, maps)`."""
    rows, columns = (np.array(window.places(place, axis)) for axis in (0, 1))
    is_row, is_column = (rows >= 0) & (rows < len(values)), (columns >= 0) & (columns < values.shape[1])
    patch = np.zeros((len(rows), len(columns), values.shape[2]), values.dtype)
    patch[np.ix_(is_row, is_column)] = values[np.ix_(rows[is_row], columns[is_column])]
    return patch


def measured(shown: Shown, layer: str, shape: tuple[int, ...]) -> np.ndarray | None:
    """What a layer put out for the shown sample, where the snapshot has it."""
    for quantity in ("activation", "map"):
        values = shown.put_out(quantity, layer, shown.sample)
        if values is not None and values.size == np.prod(shape):
            return values.reshape(shape)
    return None


def _source(shown: Shown, layer: str) -> np.ndarray | None:
    sources = shown.graph.sources_of(layer)
    shape = shown.graph.layer(sources[0]).output_shape if len(sources) == 1 else ()
    sizes = shape[0][1:] if len(shape) == 1 else ()
    return None if len(sizes) != 3 or None in sizes else measured(shown, sources[0], tuple(size or 0 for size in sizes))
