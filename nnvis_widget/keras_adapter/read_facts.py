"""What is known of a training before its first step, read from model and data."""

from __future__ import annotations

from dataclasses import dataclass
from math import nan
from typing import Any

import keras
import numpy as np

from nnvis_widget.core.graph import Layer, NetworkGraph
from nnvis_widget.core.scenery import Scenery
from nnvis_widget.diagnosis.facts import (
    Facts,
    InputFacts,
    LayerFacts,
    TargetFacts,
    ValidationFacts,
    bad_numbers,
    base_loss,
    compare_inputs,
    is_plain,
    read_input,
    read_targets,
)
from nnvis_widget.keras_adapter.arrays import is_number
from nnvis_widget.keras_adapter.forward import Forward
from nnvis_widget.keras_adapter.loops.feed import ArrayFeed, StreamFeed
from nnvis_widget.keras_adapter.probes.look import probe_rows, validation_rows
from nnvis_widget.keras_adapter.read.read_task import activation_behind, read_loss
from nnvis_widget.keras_adapter.steering import optimizer_name, rates_of

_LINEAR = (
    "BatchNormalization Normalization Rescaling Dropout SpatialDropout1D SpatialDropout2D SpatialDropout3D "
    "GaussianDropout GaussianNoise AlphaDropout Identity ActivityRegularization Activation Flatten Reshape Permute "
    "RepeatVector ZeroPadding1D ZeroPadding2D ZeroPadding3D Cropping1D Cropping2D Cropping3D UpSampling1D "
    "UpSampling2D UpSampling3D AveragePooling1D AveragePooling2D AveragePooling3D GlobalAveragePooling1D "
    "GlobalAveragePooling2D GlobalAveragePooling3D Add Subtract Average Concatenate"
)
_WEIGHING = ("dense", "conv", "depthwise", "transposed")
_SCALING = ("Normalization", "Rescaling", "BatchNormalization", "LayerNormalization", "GroupNormalization")
_CLOSED = ("group", "opaque")


@dataclass(frozen=True)
class Plan:
    """What a person asked of a training; `None` where that is not known."""

    batch_size: int | None = None
    is_shuffled: bool | None = None
    steps_per_epoch: int | None = None
    epochs: int | None = None

    @property
    def planned_steps(self) -> int | None:
        """Of the whole training."""
        return None if self.epochs is None or not self.steps_per_epoch else self.epochs * self.steps_per_epoch


def plan_of(feed: ArrayFeed | StreamFeed, epochs: int | None, scenery: Scenery) -> Plan:
    """What is asked of a training; of samples that are not its data nobody knows whether they are shuffled."""
    if not isinstance(feed, ArrayFeed):
        return Plan(steps_per_epoch=feed.steps_per_epoch, epochs=epochs)
    is_shuffled = feed.shuffle if scenery.sample_count == feed.sample_count else None
    return Plan(feed.batch_size, is_shuffled, feed.steps_per_epoch, epochs)


def read_facts(forward: Forward, plan: Plan = Plan()) -> Facts:
    """Read the facts; what cannot be read is left unknown, with the reason.

    Cost: one pass over the inputs to find NaN, and at most 10,000 rows of them in float64.
    """
    model, graph, scenery = forward.model, forward.whole_graph, forward.scenery
    loss = read_loss(getattr(model, "loss", None))
    units = _units(graph)
    targets = scenery.targets if scenery.targets is not None and is_number(scenery.targets) else None
    unknown: dict[str, str] = {}
    if not all(map(is_number, scenery.inputs)):
        unknown["inputs"] = "the inputs are no numbers, or rows of different lengths"
    elif not scenery.inputs:
        unknown["inputs"] = "there is no data to look at"
    if targets is None:
        unknown["targets"] = "there are no targets, or several"
    why = _why_unknown_loss(model, loss.name, loss.is_mean, targets)
    if why:
        unknown["loss"] = why
    weights = scenery.sample_weights
    bad_weights = 0 if weights is None or not is_number(weights) else bad_numbers(np.asarray(weights))[0]
    validation = _validation_targets(scenery)
    name = loss.name.lower() or None
    return Facts(
        layers=tuple(_layer(forward, one) for one in graph.layers),
        outputs=tuple(graph.outputs),
        output_units=units,
        output_activation=_output_activation(graph),
        loss=name if not why or loss.name else None,
        from_logits=loss.from_logits,
        base_loss=nan if why or targets is None else _base(name, targets, weights, probe_rows(forward), units),
        validation_base_loss=nan
        if why or validation is None
        else _base(name, validation, None, validation_rows(scenery), units),
        rows=scenery.sample_count,
        probe_rows=len(probe_rows(forward)),
        inputs=_inputs(graph, scenery),
        targets=_targets(targets, scenery, units),
        validation=_compared(graph, scenery),
        has_validation=validation is not None,
        bad_weights=bad_weights,
        optimizer=optimizer_name(model) or "",
        learning_rate=rates_of(model).get("learning_rate", nan),
        batch_size=plan.batch_size,
        is_shuffled=plan.is_shuffled,
        steps_per_epoch=plan.steps_per_epoch,
        epochs=plan.epochs,
        parameter_count=forward.graph.parameter_count,
        trainable_count=forward.graph.trainable_count,
        unknown=tuple(unknown.items()),
    )


def _layer(forward: Forward, layer: Layer) -> LayerFacts:
    operation, graph = forward.operations.get(layer.id), forward.whole_graph
    kernels = [one for one in layer.parameters if len(one.shape) > 1]
    rate = getattr(operation, "rate", 0.0) if "Dropout" in type(operation).__name__ else 0.0
    return LayerFacts(
        layer.id,
        layer.name,
        layer.role,
        layer.activation,
        _is_linear(operation, layer),
        any(one.is_trainable for one in kernels) if kernels else True,
        bool(kernels),
        float(rate) if isinstance(rate, int | float) else 0.0,
        graph.sources_of(layer.id),
    )


def _is_linear(operation: Any, layer: Layer) -> bool | None:
    if layer.role in _WEIGHING or layer.role == "input":
        return True
    known = tuple(getattr(keras.layers, name) for name in _LINEAR.split() if hasattr(keras.layers, name))
    return True if isinstance(operation, known) else None


def _units(graph: NetworkGraph) -> int:
    if len(graph.outputs) != 1:
        return 0
    output = graph.layer(graph.outputs[0])
    return (output.output_shape[0][-1] or 0) if output.output_shape and len(output.output_shape[0]) > 1 else 0


def _output_activation(graph: NetworkGraph) -> str | None:
    if len(graph.outputs) != 1:
        return None
    layer = graph.layer(graph.outputs[0])
    name = activation_behind(graph, layer)
    if name is not None:
        return name
    while layer.role in ("reshape", "elementwise") and not layer.parameters and layer.type in _PASSING:
        sources = graph.sources_of(layer.id)
        if len(sources) != 1:
            return None
        layer = graph.layer(sources[0])
    return "linear" if layer.role in _WEIGHING else None


_PASSING = ("Flatten", "Reshape", "Dropout", "Identity")


def _why_unknown_loss(model: Any, name: str, is_mean: bool, targets: np.ndarray | None) -> str:
    if not getattr(model, "compiled", False):
        return "the model is not compiled"
    own = type(model)
    if own.compute_loss is not keras.Model.compute_loss or own.train_step is not keras.Model.train_step:
        return "the model has a training step or a loss of your own"
    if getattr(model, "loss", None) is None:
        return "the model was compiled without a loss"
    if not name:
        return "the loss is your own, or there are several"
    if targets is None:
        return "there are no targets, or several"
    return "" if is_mean else "the loss smooths labels, leaves some out or sums up, so that of guessing is not known"


def _base(loss: str | None, targets: np.ndarray, weights: np.ndarray | None, rows: np.ndarray, units: int) -> float:
    if not len(rows):
        return nan
    chosen = np.asarray(weights)[rows] if weights is not None and len(weights) == len(targets) else None
    return base_loss(loss, np.asarray(targets)[rows], units, chosen)


def _inputs(graph: NetworkGraph, scenery: Scenery) -> tuple[InputFacts, ...]:
    found = []
    for place, array in enumerate(scenery.inputs):
        is_known = len(graph.inputs) == len(scenery.inputs)
        layer = graph.layer(graph.inputs[place]) if is_known else None
        if not is_number(array):
            found.append(InputFacts(is_plain=False))
        elif layer is not None and (layer.is_tokens or _goes_to(graph, layer.id, ("embedding",))):
            count, rows = bad_numbers(array)
            found.append(InputFacts(bad_count=count, bad_rows=rows, is_plain=False))
        else:
            found.append(read_input(array, layer is None or _is_scaled(graph, layer.id)))
    return tuple(found)


def _goes_to(graph: NetworkGraph, layer: str, roles: tuple[str, ...]) -> bool:
    return any(graph.layer(target).role in roles for target in graph.targets_of(layer))


def _is_scaled(graph: NetworkGraph, layer: str) -> bool:
    """Whether what takes an input first scales it, or may do so where nobody sees it."""
    ahead = list(graph.targets_of(layer))
    while ahead:
        target = graph.layer(ahead.pop())
        if (
            target.type in _SCALING
            or target.role in _CLOSED
            or (target.role == "elementwise" and target.type not in _PASSING)
        ):
            return True
        if target.role in _WEIGHING and is_plain(target.activation):
            behind = [graph.layer(one).type for one in graph.targets_of(target.id)]
            if behind and all(one == "BatchNormalization" for one in behind):  # which takes any scale away
                return True
        if target.role == "reshape" or target.type in (*_PASSING, "ZeroPadding1D", "ZeroPadding2D"):
            ahead += graph.targets_of(target.id)
    return False


def _targets(targets: np.ndarray | None, scenery: Scenery, units: int) -> TargetFacts | None:
    return None if targets is None or not len(targets) else read_targets(np.asarray(targets), scenery.task, units)


def _validation_targets(scenery: Scenery) -> np.ndarray | None:
    found = scenery.validation_targets
    return found if scenery.validation_inputs and found is not None and is_number(found) and len(found) else None


def _compared(graph: NetworkGraph, scenery: Scenery) -> ValidationFacts | None:
    for place, (one, other) in enumerate(zip(scenery.inputs, scenery.validation_inputs, strict=False)):
        if not is_number(one) or not is_number(other) or one.shape[1:] != other.shape[1:]:
            continue
        if len(graph.inputs) == len(scenery.inputs) and _goes_to(graph, graph.inputs[place], ("embedding",)):
            continue
        return compare_inputs(one, other)
    return None
