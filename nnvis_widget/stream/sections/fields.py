"""What units and outputs make of the input plane."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np

from nnvis_widget.stream.frame import Section
from nnvis_widget.stream.shown import Shown, is_beside


def field_sections(shown: Shown) -> Iterator[Section]:
    """The outputs of small layers over the plane, and what the model predicts there."""
    for layer in shown.layers:
        codes = shown.put_out("field", layer.id)
        if codes is not None and not is_beside(layer):
            yield Section("field", codes, layer.id, attributes=_range(shown, "field_range", layer.id))
        codes = shown.put_out("prediction", layer.id)
        if codes is not None:
            yield from _prediction(codes, layer.id, _range(shown, "prediction_range", layer.id))


def _prediction(codes: np.ndarray, layer: str, attributes: Mapping[str, float]) -> Iterator[Section]:
    if len(codes) == 1:
        yield Section("prediction", codes[0], layer, "value", attributes)
    elif len(codes) == 2:
        yield Section("prediction", codes[1], layer, "value", attributes)
    else:
        yield Section("prediction", codes.argmax(axis=0).astype(np.uint8), layer, "class")
        yield Section("prediction", codes.max(axis=0), layer, "confidence", attributes)


def _range(shown: Shown, quantity: str, layer: str) -> dict[str, float]:
    ends = shown.put_out(quantity, layer)
    low, high = (0.0, 0.0) if ends is None else ends.tolist()
    return {"lo": low, "hi": high}
