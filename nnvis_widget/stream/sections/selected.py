"""What is shown of the selected unit alone."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from nnvis_widget.core.snapshot import TensorKey
from nnvis_widget.reduce.kernel_groups import fed_layers
from nnvis_widget.stream.frame import Section
from nnvis_widget.stream.sections.edges import kernel_of
from nnvis_widget.stream.shown import Shown, has_pictures

HISTOGRAM_BINS = 32


def selected_sections(shown: Shown) -> Iterator[Section]:
    """The selected unit's own links, and how its pre-activations spread over the probe batch."""
    if shown.wish.selection is None:
        return
    snapshot, graph = shown.snapshot, shown.graph
    layer_id, unit = shown.wish.selection
    if has_pictures(graph, layer_id):  # a map is no single number: it has no links and no pre-activation of its own
        return
    attributes = {"unit": unit}
    z_batch = snapshot.tensors.get(TensorKey("z_batch", layer_id, str(unit)))
    if z_batch is not None:
        yield _histogram(z_batch, layer_id, unit)
    fed = set(fed_layers(graph, layer_id))
    for layer in graph.layers:
        if layer.id == layer_id:
            for quantity in ("weight", "gradient"):
                kernel = kernel_of(snapshot, layer, quantity)
                links = snapshot.tensors.get(TensorKey("incoming", layer.id, f"{quantity} {unit}"))
                if kernel is not None and unit < kernel.shape[1]:
                    links = kernel[:, unit]
                if links is not None:
                    yield Section("incoming", links, layer.id, quantity, attributes)
        elif layer.id in fed:
            kernel = kernel_of(snapshot, layer, "weight")
            links = snapshot.tensors.get(TensorKey("outgoing", layer.id, f"weight {unit}"))
            if kernel is not None and unit < len(kernel):
                links = kernel[unit]
            if links is not None:
                yield Section("outgoing", links, layer.id, "weight", {**attributes, "source": layer_id})


def _histogram(values: np.ndarray, layer: str, unit: int) -> Section:
    finite = values[np.isfinite(values)].astype(np.float64)
    counts, edges = np.histogram(finite, HISTOGRAM_BINS) if len(finite) else (np.zeros(HISTOGRAM_BINS), (0.0, 1.0))
    attributes = {"lo": float(edges[0]), "hi": float(edges[-1]), "count": len(values), "unit": unit}
    return Section("z_histogram", counts.astype(np.float32), layer, attributes=attributes)
