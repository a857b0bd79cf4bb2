"""∂L/∂w of the weights into a unit: δ · a for each sample, compared with autodiff."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from nnvis_widget.core.anatomy import kernel_axes
from nnvis_widget.core.words.phrase import phrase
from nnvis_widget.keras_adapter.one_batch.batch_pass import BatchPass
from nnvis_widget.keras_adapter.one_batch.call_record import Call
from nnvis_widget.keras_adapter.one_batch.facts_of_layer import facts_of, first_of
from nnvis_widget.keras_adapter.one_batch.limits import AUTODIFF, limit_of
from nnvis_widget.keras_adapter.read.parameter_names import named_variables
from nnvis_widget.keras_adapter.read.roles import keras_kind, role_of
from nnvis_widget.workings.arithmetic import Gradient
from nnvis_widget.workings.backward import gradient_card
from nnvis_widget.workings.card import Card, compare
from nnvis_widget.workings.layers.conv import patches
from nnvis_widget.workings.layers.facts import LayerFacts, NotCoveredError

MOST_PRODUCTS = 1_000_000
CONVOLUTIONS = ("Conv1D", "Conv2D", "Conv3D", "DepthwiseConv1D", "DepthwiseConv2D")


def gradient_of(
    batch: BatchPass, operation: Any, call: Call, facts: LayerFacts, notes: list[str]
) -> tuple[Gradient | None, Card | None]:
    """The gradients of a unit's weights, and how they come about where that is written out."""
    found = trained(operation, batch)
    if not found:
        return None, None
    unit, units = facts.unit, facts.output.shape[-1]
    batch_wide = {
        name: np.asarray(batch.passed.gradients[id(variable)], np.float64)[
            part_of(operation, name, variable, unit, units)
        ]
        for name, variable in found.items()
        if id(variable) in batch.passed.gradients
    }
    if "kernel" not in found or id(found["kernel"]) not in batch.passed.gradients:
        return Gradient({}, batch_wide), None
    made = [
        _parts(batch, one, replace_place(one, facts, batch))
        for one in batch.passed.calls
        if one.operation is operation and one.put_out is not None
    ]
    own = _parts(batch, call, facts)
    if own is None or any(one is None for one in made):
        notes.append(phrase("The gradient is by autodiff of the batch: no formula of it is shown for this layer."))
        return Gradient({}, batch_wide), None
    deltas, inputs = own
    others = None
    if len(made) > 1:
        dw = sum(np.einsum("sp,spi->i", *one) for one in made if one is not None) - np.einsum("sp,spi->i", *own)
        db = sum(float(one[0].sum()) for one in made if one is not None) - float(deltas.sum())
        share = 1 / len(batch.rows) if batch.how == "mean" else 1.0
        others = (np.asarray(dw * share), float(db * share))
    card = gradient_card(
        deltas,
        inputs,
        batch.row,
        batch.how,
        _penalty(batch, operation, found["kernel"], "kernel", facts),
        None if "bias" not in found else _scalar(_penalty(batch, operation, found["bias"], "bias", facts)),
        "bias" in found,
        others,
    )
    limit = limit_of(call)
    checks = [
        compare(
            "∂L/∂w of the batch", AUTODIFF, card.number("dw"), batch_wide["kernel"].reshape(-1), limit, _spread(own)
        )
    ]
    sample = {"kernel": card.number("dw_sample").reshape(batch_wide["kernel"].shape)}
    if "bias" in batch_wide and "bias" in found:
        spread = float(np.sqrt(np.square(deltas).sum()) / len(batch.rows))
        checks.append(compare("∂L/∂b of the batch", AUTODIFF, card.number("db"), batch_wide["bias"], limit, spread))
        sample["bias"] = card.number("db_sample")
    return Gradient(sample, batch_wide), replace(card, checks=tuple(checks))


def trained(operation: Any, batch: BatchPass) -> dict[str, Any]:
    """The variables of a layer that a step changes, by name."""
    trainable = {id(variable) for variable in batch.model.trainable_variables}
    return {name: one for name, one in named_variables(operation).items() if id(one) in trainable}


def part_of(operation: Any, name: str, variable: Any, unit: int, units: int) -> Any:
    """An index of what of a variable belongs to a unit: its column of a kernel, its bias; else all of it."""
    shape = tuple(int(size) for size in variable.shape)
    kind = keras_kind(operation)
    if name == "kernel" and kind.startswith("DepthwiseConv"):
        return (..., *divmod(unit, shape[-1]))
    if name == "kernel" and kind.endswith("Transpose"):
        return (..., unit, slice(None))
    axes = kernel_axes(role_of(operation), name, len(shape))
    if "out" in axes and axes[-1] == "out" and shape[-1] == units:
        return (..., unit)
    if "gate" in axes and shape[-1] % units == 0:
        return (..., slice(unit, None, units))
    if len(shape) == 1 and shape[0] == units:
        return (unit,)
    return ...


def replace_place(call: Call, facts: LayerFacts, batch: BatchPass) -> LayerFacts:
    """The same unit in another call of the layer."""
    rank = len(first_of(call.put_out).shape) - 2
    return facts_of(call, batch.row, (*(0,) * rank, facts.unit), tuple(facts.names), batch.is_training)


def _parts(batch: BatchPass, call: Call, facts: LayerFacts) -> tuple[np.ndarray, np.ndarray] | None:
    """δ of the unit `(samples, places)` and what came in `(samples, places, inputs)`; `None` where that is too much."""
    tensor = call.z if call.z is not None else first_of(call.put_out)
    slopes = batch.passed.slopes.get(id(tensor))
    if facts.kind not in ("Dense", *CONVOLUTIONS):
        return None
    count = len(batch.rows)
    if slopes is None:
        slopes = np.zeros(facts.output.shape)
    deltas = np.asarray(slopes, np.float64)[..., facts.unit].reshape(count, -1) * batch.scale
    kernel = facts.weight("kernel")
    if kernel is None or deltas.size * int(np.prod(kernel.shape[:-1])) > MOST_PRODUCTS:
        return None
    if facts.kind == "Dense":
        return deltas, np.asarray(facts.inputs[0], np.float64).reshape(count, deltas.shape[1], -1)
    try:
        return deltas, patches(facts)
    except NotCoveredError:
        return None


def _penalty(batch: BatchPass, operation: Any, variable: Any, name: str, facts: LayerFacts) -> np.ndarray | None:
    if variable.regularizer is None or id(variable) not in batch.passed.penalties:
        return None
    whole = np.asarray(batch.passed.penalties[id(variable)], np.float64)
    return np.asarray(whole[part_of(operation, name, variable, facts.unit, facts.output.shape[-1])]).reshape(-1)


def _scalar(values: np.ndarray | None) -> float | None:
    return None if values is None else float(values.reshape(-1)[0])


def _spread(parts: tuple[np.ndarray, np.ndarray]) -> float:
    """√Σ of the squared products, as the rounding of a sum adds up, of the largest weight."""
    deltas, inputs = parts
    squares = np.einsum("sp,spi->i", np.square(deltas), np.square(inputs))
    return float(np.sqrt(squares.max(initial=0.0)) / max(1, len(deltas)))
