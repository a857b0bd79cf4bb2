"""What colours the layers of a deep network, for a look at all of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

import numpy as np

from nnvis_widget.core.graph import Layer
from nnvis_widget.core.listing import MOST_LISTED, layers_in_order
from nnvis_widget.core.snapshot import Snapshot, TensorKey
from nnvis_widget.reduce.moments import Moments
from nnvis_widget.run.last_change import steps_unchanged
from nnvis_widget.stream.frame import Section
from nnvis_widget.stream.shown import Shown


def color_sections(shown: Shown) -> Iterator[Section]:
    """`rates`: float32, a number for each layer of the page's list, named for what colours it; NaN where not known.

    `gradient`: √Σg² / √Σw² over what is trained of it. `dead`: the share of units that are 0 for all samples of a
    probe, with `samples`, how many these were. `change`: steps since its parameters last changed, at least. None of a
    network without groups, and where nothing is known.
    """
    if shown.structure is None or not shown.structure.groups or shown.wish.layer_color not in COLORS:
        return
    layers = layers_in_order(shown.structure)[:MOST_LISTED]
    rates = COLORS[shown.wish.layer_color](shown, layers)
    if not np.isnan(rates).all():
        yield Section("rates", rates, name=shown.wish.layer_color)
        counts = [values[2] for key, values in shown.snapshot.tensors.items() if key.quantity == "dead"]
        if shown.wish.layer_color == "dead" and counts:
            yield Section("rates", np.array([max(counts)], np.float32), name="samples")


def _gradient(shown: Shown, layers: Sequence[Layer]) -> np.ndarray:
    return np.array([_rate(shown.snapshot, layer) for layer in layers], np.float32)


def _dead(shown: Shown, layers: Sequence[Layer]) -> np.ndarray:
    found = [shown.snapshot.tensors.get(TensorKey("dead", layer.id)) for layer in layers]
    return np.array([np.nan if one is None else one[0] / one[1] for one in found], np.float32)


def _change(shown: Shown, layers: Sequence[Layer]) -> np.ndarray:
    return steps_unchanged(shown.run, shown.snapshot, layers)


COLORS: Mapping[str, Callable[[Shown, Sequence[Layer]], np.ndarray]] = {
    "gradient": _gradient,
    "dead": _dead,
    "change": _change,
}


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
