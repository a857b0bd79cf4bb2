"""How one place of a map comes about: patch times kernel, map by map."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

import numpy as np

from nnvis_widget.core.snapshot import TensorKey
from nnvis_widget.reduce.map_kernels import map_kernel
from nnvis_widget.stream.frame import Section
from nnvis_widget.stream.sections.of_maps import kernels_of, measured, what_feeds
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
    source, output = what_feeds(shown, layer.id), measured(shown, layer)
    unit, rule = selection[1], ACTIVATIONS.get(layer.activation)
    if source is None or output is None or rule is None:
        return
    is_inside = unit < output.shape[2] and place[0] < output.shape[0] and place[1] < output.shape[1]
    kernels = kernels_of(shown, layer)
    found = map_kernel(layer.role, kernels, unit, source.shape[2]) if is_inside else None
    if found is None or source.shape[2] % len(found[0]) or len(found[0]) + found[1] > source.shape[2]:
        return
    own, first = found
    reads = layer.window.reads(place, 0), layer.window.reads(place, 1)
    own = own[:, [tap for _, tap in reads[0]]][:, :, [tap for _, tap in reads[1]]]
    rows, columns = ([at for at, _ in each] for each in reads)
    patch = np.moveaxis(cut(source[:, :, first : first + len(own)], rows, columns), -1, 0)
    biases = shown.snapshot.tensors.get(TensorKey("weight", layer.id, "bias"))
    bias = 0.0 if biases is None else float(biases[unit])
    z = float((patch.astype(np.float64) * own).sum()) + bias
    size = float(np.abs(patch.astype(np.float64) * own).sum()) + abs(bias)
    value = float(output[place[0], place[1], unit])
    if not abs(float(rule(np.array(z))) - value) <= CLOSE * max(1.0, size):  # also of NaN
        return
    attributes = {"unit": unit, "row": place[0], "column": place[1], "first": first, "z": z, "bias": bias, "a": value}
    yield Section("patch", np.ascontiguousarray(patch, np.float32), layer.id, "", attributes)
    told = {"has_bias": biases is not None, "is_product": "pointwise_kernel" in kernels}
    yield Section("patch_kernel", np.ascontiguousarray(own, np.float32), layer.id, "", told)


def cut(values: np.ndarray, at_rows: Sequence[int], at_columns: Sequence[int]) -> np.ndarray:
    """Some rows and columns, zero in the padding: `(rows, columns, maps)`."""
    rows, columns = np.array(at_rows, int), np.array(at_columns, int)
    is_row, is_column = (rows >= 0) & (rows < len(values)), (columns >= 0) & (columns < values.shape[1])
    patch = np.zeros((len(rows), len(columns), values.shape[2]), values.dtype)
    patch[np.ix_(is_row, is_column)] = values[np.ix_(rows[is_row], columns[is_column])]
    return patch
