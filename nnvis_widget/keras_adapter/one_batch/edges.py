"""Which layers a unit leads to, and how much of each comes back to it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import keras
import numpy as np

from nnvis_widget.keras_adapter.one_batch.call_record import Call
from nnvis_widget.keras_adapter.one_batch.facts_of_layer import (
    activation_facts,
    facts_of,
    first_of,
    kind_of_call,
)
from nnvis_widget.keras_adapter.one_batch.slopes import Pass, on_host
from nnvis_widget.keras_adapter.past_weights import value_of
from nnvis_widget.workings.activations import ELEMENTWISE, pull_back
from nnvis_widget.workings.backward import Edges
from nnvis_widget.workings.layers.facts import NotCoveredError, unit_name
from nnvis_widget.workings.layers.windows import pooled_ahead, weighed_ahead

CONVOLUTIONS = ("Conv1D", "Conv2D", "Conv3D")
HANDS_ON = ("Flatten", "Reshape", "Identity", "ActivityRegularization")


@dataclass(frozen=True)
class Ahead:
    """What follows a unit.

    Attributes:
        edges: To layers of which the weights are known.
        others: Names of those of which only autodiff tells.
    """

    edges: tuple[Edges, ...]
    others: tuple[str, ...]


def look_ahead(passed: Pass, call: Call, row: int, place: tuple[int, ...], scale: float) -> Ahead:
    """Every layer that takes what a unit puts out.

    Args:
        passed: The pass.
        call: Of the unit's layer.
        row: The sample's place in the batch.
        place: The unit's place in what the sample gave.
        scale: By how much δ of a sample is larger than its share in the loss of the batch.
    """
    tensor = first_of(call.put_out)
    takers = [one for one in passed.calls if one is not call and any(given is tensor for given in one.tensors)]
    takers = [one for one in takers if not isinstance(one.operation, keras.layers.InputLayer)]
    takers = [one for one in takers if not _only_holds(one, takers)]
    found: list[Edges] = []
    others: list[str] = []
    for taker in takers:
        edges = _edges(passed, taker, tensor, row, place, scale)
        if edges is None:
            others.append(str(taker.operation.name))
        else:
            found.append(edges)
    return Ahead(tuple(found), tuple(others))


def slope_of(passed: Pass, tensor: Any, row: int, scale: float) -> np.ndarray | None:
    """∂L/∂ of a tensor for one sample; `None` where the loss does not depend on it, or it has no axis of samples."""
    slope = passed.slopes.get(id(tensor))
    return None if slope is None or not slope.ndim or row >= len(slope) else np.asarray(slope[row], np.float64) * scale


def _only_holds(one: Call, takers: Sequence[Call]) -> bool:
    """Whether it is a model around another taker, and takes nothing itself."""
    return isinstance(one.operation, keras.Model) and any(
        _is_within(other, one) for other in takers if other is not one
    )


def _is_within(inner: Call, outer: Call) -> bool:
    around = inner.around
    while around is not None:
        if around is outer:
            return True
        around = around.around
    return False


def _edges(passed: Pass, taker: Call, tensor: Any, row: int, place: tuple[int, ...], scale: float) -> Edges | None:
    operation, kind = taker.operation, kind_of_call(taker.operation)
    name, put_out = str(operation.name), first_of(taker.put_out)
    if sum(given is tensor for given in taker.tensors) != 1 or put_out is tensor:
        return None
    activation, numbers = activation_facts(operation)
    if kind == "Dense" and (activation in (None, "linear") or taker.z is not None):
        after = slope_of(passed, put_out if taker.z is None else taker.z, row, scale)
        kernel = getattr(operation, "kernel", None)
        if after is None or kernel is None or len(kernel.shape) != 2:
            return None
        deltas = after[place[:-1]]
        names = [unit_name(name, (unit,)) for unit in range(len(deltas))]
        return Edges(name, on_host(value_of(kernel))[place[-1]].astype(np.float64), deltas, names)
    if kind in CONVOLUTIONS and (activation in (None, "linear") or taker.z is not None):
        after = slope_of(passed, put_out if taker.z is None else taker.z, row, scale)
        return None if after is None else _of_windows(taker, after, row, place)
    after = slope_of(passed, put_out, row, scale)
    if after is None:
        return None
    if "Pooling" in kind:
        return _of_windows(taker, after, row, place)
    if kind in HANDS_ON and (kind != "Flatten" or operation.data_format == "channels_last"):
        flat = int(np.ravel_multi_index(place, tensor.shape[1:]))
        return _one(name, 1.0, after.reshape(-1)[flat])
    if kind == "Add" and tuple(tensor.shape) == tuple(put_out.shape):
        return _one(name, 1.0, after[place])
    if activation in ELEMENTWISE and kind in ("Activation", "ReLU", "LeakyReLU", "ELU"):
        z = on_host(tensor)[row][place]
        return _one(name, float(pull_back(str(activation), z, z, np.asarray(1.0), numbers)), after[place])
    if kind == "Dropout":
        came, went = float(on_host(tensor)[row][place]), float(on_host(put_out)[row][place])
        return _one(name, went / came, after[place]) if came else None
    return None


def _of_windows(taker: Call, after: np.ndarray, row: int, place: tuple[int, ...]) -> Edges | None:
    """Every window of a convolution or a pooling that the unit lies in."""
    facts = facts_of(taker, row, (0,) * len(after.shape), (), is_training=True)
    name = str(taker.operation.name)
    try:
        found = pooled_ahead(facts, place) if "Pooling" in facts.kind else weighed_ahead(facts, place)
    except NotCoveredError:
        return None
    weights, places = np.array([weight for weight, _ in found]), [at for _, at in found]
    deltas = np.array([after[at] for at in places])
    return Edges(name, weights, deltas, [unit_name(name, at) for at in places])


def _one(name: str, weight: float, delta: float) -> Edges:
    return Edges(name, np.array([weight]), np.array([float(delta)]), [name])
