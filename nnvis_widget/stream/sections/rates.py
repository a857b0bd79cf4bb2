"""How large the gradient of each layer is beside its weights, for a look at a whole deep network."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from nnvis_widget.core.graph import Layer
from nnvis_widget.core.listing import MOST_LISTED, layers_in_order
from nnvis_widget.core.snapshot import Snapshot, TensorKey
from nnvis_widget.reduce.moments import Moments
from nnvis_widget.stream.frame import Section
from nnvis_widget.stream.shown import Shown


def rate_sections(shown: Shown) -> Iterator[Section]:
    """`rates`: float32, for each layer of the page's list √Σg² / √Σw² over what is trained of it; NaN where not known.

    None where nobody wants gradients, and of a network without groups.
    """
    if shown.structure is None or not shown.structure.groups or shown.wish.edges != "gradient":
        return
    layers = layers_in_order(shown.structure)[:MOST_LISTED]
    rates = np.array([_rate(shown.snapshot, layer) for layer in layers], np.float32)
    if not np.isnan(rates).all():
        yield Section("rates", rates, name="gradient")


def _rate(snapshot: Snapshot, layer: Layer) -> float:
    names = [parameter.name for parameter in layer.parameters if parameter.is_trainable]
    gradients = [_square(snapshot, layer, "gradient", name) for name in names]
    weights = [_square(snapshot, layer, "weight", name) for name in names]
    known = [pair for pair in zip(gradients, weights, strict=True) if None not in pair]
    if not known:
        return np.nan
    gradient, weight = (sum(part) for part in zip(*known, strict=True))
    return float(np.sqrt(gradient / weight)) if weight > 0 else np.nan


def _square(snapshot: Snapshot, layer: Layer, quantity: str, name: str) -> float | None:
    """Σ x², from all of it or from its moments; NaN where an element is not finite."""
    values = snapshot.tensors.get(TensorKey(quantity, layer.id, name))
    if values is not None:
        return float(np.square(values, dtype=np.float64).sum())
    row = snapshot.tensors.get(TensorKey("moments", layer.id, f"{quantity} {name}"))
    if row is None:
        return None
    told = Moments(*row.tolist())
    return told.size * (told.mean**2 + told.deviation**2) if told.is_finite else np.nan
