"""Are the pictures over the plane of two inputs what the model puts out there?"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from nnvis_widget.stream.frame import Frame, Section

from .numbers_shown import Numbers
from .reference import Reference
from .vocabulary import Head


def faults_of_fields(numbers: Numbers, extent: list[float] | None, head: Head) -> Iterator[str]:
    """Hold each field, and the prediction, against the model on the centres of the cells.

    Args:
        numbers: Knows the frame and the operations of the reference.
        extent: `x0, x1, y0, y1` as the page has it.
        head: What the model puts out.
    """
    frame, model = numbers.frame, numbers.reference.model
    if extent is None:
        if any(section.quantity in ("field", "prediction") for section in frame.sections):
            yield "shown: a field without a plane"
        return
    x = np.asarray(numbers.reference.x, np.float64)
    if not (x.min(axis=0) > [extent[0], extent[2]]).all() or not (x.max(axis=0) < [extent[1], extent[3]]).all():
        yield f"shown: a plane of {extent} around {x.min(axis=0)} to {x.max(axis=0)}"
    coarse = Reference(model, _centres(extent, 28))
    for layer, name in numbers.names.items():
        section, operation = frame.find("field", layer), numbers.operation(layer)
        calls = coarse.calls_of(operation)
        if section is None:
            if len(calls) == 1 and calls[0].put_out.shape[1] <= 16:
                yield f"shown: no field of {name}"
        elif len(calls) == 1:
            right = calls[0].put_out.T.reshape(-1, 28, 28)
            if not _is_as(section, right, numbers.tolerance):
                yield f"shown: another field of {name}"
    if len(coarse.outputs) == 1:
        yield from _prediction(frame, numbers, head, Reference(model, _centres(extent, 72)).outputs[0])


def _prediction(frame: Frame, numbers: Numbers, head: Head, outputs: np.ndarray) -> Iterator[str]:
    value, chosen, sure = (frame.find("prediction", name=name, layer=numbers.graph["outputs"][0]) for name in _NAMES)
    is_logits = head.kind == "class" and "from_logits" in head.loss
    if outputs.shape[1] == 1:
        right = 1 / (1 + np.exp(-outputs)) if is_logits else outputs
        if value is None or not _is_as(value, right.reshape(72, 72), numbers.tolerance):
            yield "shown: another prediction over the plane"
    elif head.kind == "class":
        powers = np.exp(outputs - outputs.max(axis=1, keepdims=True))
        shares = powers / powers.sum(axis=1, keepdims=True) if is_logits else outputs
        if chosen is None or sure is None or not _is_as(sure, shares.max(axis=1).reshape(72, 72), numbers.tolerance):
            yield "shown: another confidence over the plane"
        else:
            said = np.take_along_axis(shares, chosen.values.reshape(-1, 1).astype(int), axis=1)[:, 0]
            if not (said > shares.max(axis=1) - 0.01 - numbers.tolerance).all():
                yield "shown: other classes over the plane"
    elif any((value, chosen, sure)):
        yield "shown: a prediction over the plane of what is no class and no single number"


_NAMES = ("value", "class", "confidence")


def _centres(extent: list[float], points: int) -> np.ndarray:
    """Of cells, the top row first."""
    x0, x1, y0, y1 = extent
    wide, high = (x1 - x0) / points, (y1 - y0) / points
    rows = [(x0 + (c + 0.5) * wide, y1 - (r + 0.5) * high) for r in range(points) for c in range(points)]
    return np.array(rows, np.float32)


def _is_as(section: Section, right: np.ndarray, tolerance: float) -> bool:
    low, high = section.attributes["lo"], section.attributes["hi"]
    shown = low + (section.values.astype(np.float64) - 1) / 254 * (high - low)
    limit = 0.6 * (high - low) / 254 + tolerance * (0.1 + np.abs(right).max())
    return shown.shape == right.shape and bool(np.allclose(shown, right, rtol=0, atol=limit))
