"""One look of the doctor: a forward and a backward pass of fixed rows, in small numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import isfinite, nan
from typing import Any

import keras
import numpy as np

from nnvis_widget.core.graph import Layer
from nnvis_widget.core.look import KernelLook, LayerLook, Look
from nnvis_widget.core.scenery import Scenery
from nnvis_widget.diagnosis.facts import MOST_LOOKED_AT, MOST_PLACES
from nnvis_widget.keras_adapter.arrays import is_number
from nnvis_widget.keras_adapter.forward import Forward, ready
from nnvis_widget.keras_adapter.probes.predictions import products
from nnvis_widget.keras_adapter.read.nodes import has_own_call
from nnvis_widget.keras_adapter.read.parameter_names import named_variables
from nnvis_widget.keras_adapter.slopes import slopes_beside
from nnvis_widget.keras_adapter.taps import OUTPUT, Tap, first
from nnvis_widget.keras_adapter.to_numpy import to_numpy
from nnvis_widget.reduce.confusion import confuse, predicted_classes, true_classes

MOST_ROWS, FEW_ROWS = MOST_LOOKED_AT, 64
FEW_FROM = 10**8
"""Products of a weight and an input from which on fewer rows are looked at."""
MOST_LAYERS = 64
MOST_OUTPUTS = 4_096
ENDS = {"sigmoid": (0.0067, 0.9933), "tanh": (-0.99, 0.99)}
SEED = 7


def probe_rows(forward: Forward) -> np.ndarray:
    """The rows that are looked at, drawn by a fixed seed; as many as the model insists on, where it does."""
    count = forward.scenery.sample_count
    is_dear = products(forward.whole_graph) * MOST_ROWS > FEW_FROM
    most = forward.batch_size or (FEW_ROWS if is_dear else MOST_ROWS)
    if forward.batch_size and count < forward.batch_size:
        return np.zeros(0, int)
    return _drawn(count, most)


def validation_rows(scenery: Scenery) -> np.ndarray:
    """Those of the validation data, at most 256."""
    return _drawn(len(scenery.validation_inputs[0]) if scenery.validation_inputs else 0, MOST_ROWS)


def _drawn(count: int, most: int) -> np.ndarray:
    return np.sort(np.random.default_rng(SEED).choice(count, min(count, most), replace=False))


class LookProbe:
    """Takes looks at a compiled model with one target. Used by one thread.

    Nothing of the model is changed. A model with batch normalisation is differentiated as it trains, with the
    statistics of the batch, because those that it keeps lag behind; all others in inference mode.

    Args:
        forward: The way through the model.
    """

    def __init__(self, forward: Forward) -> None:
        self.forward = forward
        self.rows = probe_rows(forward)
        self._variables = kernels_of(forward)
        self._layers = _answering(forward)
        self._batch = self._make_batch()
        self._validation = self._make_validation()
        trained = [variable for _, _, variable in self._variables if variable.trainable]
        self._is_trained = [variable.trainable for _, _, variable in self._variables]
        self._pass = slopes_beside(forward, trained, self._function(), _reduced, at_once=True) if self._batch else None

    def take(self, step: int = 0, epoch: float = 0.0, updates: Sequence[float] = (), rate: float = nan) -> Look:
        """Measure now.

        Args:
            step: Optimiser steps done.
            epoch: Epochs done, with the part of the running one.
            updates: By which share a step has changed each kernel, as `Updates` gives them.
            rate: The learning rate in force.

        Cost: one forward and one backward pass of at most 256 rows, and one forward pass of the validation rows.
        """
        if self._pass is None or self._batch is None:
            weights = to_numpy(_weights([variable for _, _, variable in self._variables]))
            return Look(step, epoch, kernels=self._kernels(weights, None, updates), learning_rate=rate)
        found, beside = self._pass([*self._batch, *self._validation])
        told = {name: to_numpy(value) for name, value in beside.items()}
        loss, penalty = float(told["loss"]), float(told["penalty"])
        kernels = self._kernels(told["weights"], to_numpy(found), updates)
        scenery = self.forward.scenery
        recall, accuracy = self._recall(told.get("output"), scenery.targets, self.rows)
        validated = self._recall(told.get("validation output"), scenery.validation_targets, validation_rows(scenery))
        return Look(
            step,
            epoch,
            loss,
            penalty,
            float(told.get("validation loss", nan)),
            kernels,
            self._seen(told),
            float(told["spread"]) if "spread" in told else nan,
            recall,
            accuracy,
            validated[1],
            rate,
            next((one.layer for one in kernels if not isfinite(one.mean)), "" if isfinite(loss + penalty) else "loss"),
        )

    def _make_batch(self) -> list[np.ndarray] | None:
        scenery, rows = self.forward.scenery, self.rows
        is_compiled = getattr(self.forward.model, "compiled", False)
        if not len(rows) or scenery.targets is None or not is_compiled or not is_number(scenery.targets):
            return None
        if not all(map(is_number, scenery.inputs)):
            return None
        batch = [*ready([array[rows] for array in scenery.inputs]), np.asarray(scenery.targets[rows])]
        weights = scenery.sample_weights
        return batch if weights is None or len(weights) != len(scenery.targets) else [*batch, np.asarray(weights[rows])]

    def _make_validation(self) -> list[np.ndarray]:
        scenery, rows = self.forward.scenery, validation_rows(self.forward.scenery)
        targets = scenery.validation_targets
        if not len(rows) or targets is None or not is_number(targets) or self.forward.batch_size or not self._batch:
            return []
        return [*ready([array[rows] for array in scenery.validation_inputs]), np.asarray(targets[rows])]

    def _function(self) -> Any:
        forward, model, count = self.forward, self.forward.model, len(self.forward.scenery.inputs)
        is_training = any(layer.type == "BatchNormalization" for layer in forward.whole_graph.layers)
        whole, validate = forward.whole(is_training), forward.whole()
        size = len(self._batch or ())
        # A chain of layers puts out what it does on the same way; any other model goes through once more.
        is_chain = isinstance(model, keras.Sequential) and not has_own_call(model) and not is_training
        taps = (*((OUTPUT,) if is_chain else ()), *(Tap("activation", layer.id) for layer in self._layers))
        inner = forward.function(taps) if taps else None
        variables = [variable for _, _, variable in self._variables]

        def function(batch: Sequence[Any]) -> tuple[Any, dict[str, Any]]:
            x, targets, weights = forward.pack(batch[:count]), batch[count], (*batch[count + 1 : size], None)[0]
            found = inner(batch[:count]) if inner is not None and is_chain else {}
            output = found.pop(OUTPUT) if found else whole(x)
            total = model.compute_loss(x, targets, output, weights, training=is_training)
            beside = _told(total, _penalty(model), first(output)) | {"weights": _weights(variables)}
            if len(batch) > size:
                x, targets = forward.pack(batch[size:-1]), batch[-1]
                output = validate(x)
                later = model.compute_loss(x, targets, output, None, training=False)
                told = _told(later, _penalty(model), first(output))
                beside |= {f"validation {name}": value for name, value in told.items()}
            if inner is not None and not is_chain:
                found = inner(batch[:count])
            beside |= {tap.layer: _of_units(self._layer(tap.layer), value) for tap, value in found.items()}
            return total, beside

        return function

    def _layer(self, layer_id: str) -> Layer:
        return next(layer for layer in self._layers if layer.id == layer_id)

    def _recall(
        self, output: np.ndarray | None, targets: np.ndarray | None, rows: np.ndarray
    ) -> tuple[tuple[float, ...], float]:
        task = self.forward.scenery.task
        if output is None or output.ndim != 2 or targets is None or not task.has_classes:
            return (), nan
        units = output.shape[1]
        true = true_classes(np.asarray(targets[rows]), units, task)
        if true is None:
            return (), nan
        counted = confuse(true, predicted_classes(output, task), max(units, 2))
        return tuple(counted.accuracies.tolist()), counted.accuracy

    def _kernels(
        self, weights: np.ndarray, found: np.ndarray | None, updates: Sequence[float]
    ) -> tuple[KernelLook, ...]:
        slopes = iter(found if found is not None else ())
        kernels = []
        for place, (layer, name, variable) in enumerate(self._variables):
            mean, norm = next(slopes) if self._is_trained[place] and found is not None else (nan, nan)
            update = updates[place] if place < len(updates) else nan
            fan_in = int(np.prod(variable.shape[:-1]))
            size, std = map(float, weights[place])
            trained = self._is_trained[place]
            numbers = (size, std, float(mean), float(norm), float(update))
            kernels.append(KernelLook(layer, name, fan_in, *numbers, trained, int(variable.shape[-1])))
        return tuple(kernels)

    def _seen(self, told: Mapping[str, np.ndarray]) -> tuple[LayerLook, ...]:
        seen = []
        for layer in self._layers:
            if layer.id not in told:
                continue
            places = np.flatnonzero(told[layer.id])
            first_ones, units = tuple(places[:MOST_PLACES].tolist()), len(told[layer.id])
            is_dead = layer.activation not in ENDS
            dead, saturated = ((first_ones, len(places)), ((), 0)) if is_dead else (((), 0), (first_ones, len(places)))
            seen.append(LayerLook(layer.id, units, *dead, *saturated))
        return tuple(seen)


class Updates:
    """By which share a step changes each kernel."""

    def __init__(self, forward: Forward) -> None:
        self._variables = [variable for _, _, variable in kernels_of(forward)]
        self._before: list[Any] = []

    def begin(self) -> None:
        """Right before a step. Copies of the kernels are kept where they are computed with."""
        self._before = [keras.ops.copy(keras.ops.convert_to_tensor(variable)) for variable in self._variables]

    def end(self) -> tuple[float, ...]:
        """Right after it: mean of |Δw| by mean of |w| before; infinite where all were 0."""
        pairs = zip(self._variables, self._before, strict=True)
        shares = [_share(keras.ops.convert_to_tensor(now), before) for now, before in pairs]
        self._before = []
        return tuple(to_numpy(keras.ops.stack(shares)).tolist()) if shares else ()


def kernels_of(forward: Forward) -> list[tuple[str, str, Any]]:
    """Layer, name and variable of each kernel of fractions, the first of the model first; a shared one once."""
    known: set[int] = set()
    found = []
    for layer in forward.whole_graph.layers:
        operation = forward.operations.get(layer.id)
        if operation is None or isinstance(operation, keras.Model):
            continue
        for name, variable in named_variables(operation).items():
            is_kernel = len(variable.shape) > 1 and "bias" not in name  # those of heads and of gates have two axes too
            if is_kernel and "float" in str(variable.dtype) and id(variable) not in known:
                known.add(id(variable))
                found.append((layer.id, name, variable))
    return found


def _answering(forward: Forward) -> list[Layer]:
    """Layers whose units can be dead or saturated."""
    layers = [
        layer
        for layer in forward.whole_graph.layers
        if (layer.activation in ENDS or layer.activation in ("relu", "relu6")) and forward.has(layer.id)
    ]
    return [layer for layer in layers if 0 < (layer.units or 0) <= MOST_OUTPUTS][:MOST_LAYERS]


def _of_units(layer: Layer, value: Any) -> Any:
    """Of each unit whether it is dead, or saturated."""
    ops, rank = keras.ops, len(value.shape)
    axis = 1 if layer.channels == "first" and rank > 2 else rank - 1
    others = tuple(place for place in range(rank) if place != axis)
    if layer.activation not in ENDS:
        return ops.all(ops.equal(value, ops.cast(0, value.dtype)), axis=others)
    low, high = ENDS[layer.activation or ""]
    is_end = ops.logical_or(value < low, value > high)
    return ops.mean(ops.cast(is_end, "float32"), axis=others) > 0.9


def _told(total: Any, penalty: Any, output: Any) -> dict[str, Any]:
    ops = keras.ops
    total, penalty = ops.cast(total, "float32"), ops.cast(penalty, "float32")
    told = {"loss": total - penalty, "penalty": penalty}
    if len(output.shape) > 1 and "float" in str(output.dtype):
        told["spread"] = ops.max(ops.std(ops.cast(output, "float32"), axis=0))
    if len(output.shape) == 2 and output.shape[1] is not None and output.shape[1] <= MOST_OUTPUTS:
        told["output"] = output
    return told


def _penalty(model: Any) -> Any:
    """What is added to the loss of the data; to be asked within the scope of the pass."""
    parts = [keras.ops.sum(keras.ops.cast(one, "float32")) for one in model.losses]
    return sum(parts[1:], parts[0]) if parts else keras.ops.zeros(())


def _weights(variables: Sequence[Any]) -> Any:
    """`(kernels, 2)`: mean of |w|, standard deviation."""
    ops = keras.ops
    values = [ops.cast(ops.convert_to_tensor(variable), "float32") for variable in variables]
    rows = [ops.stack([ops.mean(ops.abs(one)), ops.std(one)]) for one in values]
    return ops.stack(rows) if rows else ops.zeros((0, 2))


def _reduced(found: Sequence[Any]) -> Any:
    """`(kernels, 2)`: mean of |∂L/∂w| and its norm; NaN where the loss does not reach a kernel."""
    ops = keras.ops
    rows = []
    for one in found:
        if one is None:
            rows.append(ops.convert_to_tensor([nan, nan], "float32"))
            continue
        slope = ops.cast(one, "float32")
        rows.append(ops.stack([ops.mean(ops.abs(slope)), ops.sqrt(ops.sum(ops.square(slope)))]))
    return ops.stack(rows) if rows else ops.zeros((0, 2))


def _share(now: Any, before: Any) -> Any:
    ops = keras.ops
    now, before = ops.cast(now, "float32"), ops.cast(before, "float32")
    return ops.mean(ops.abs(now - before)) / ops.mean(ops.abs(before))
