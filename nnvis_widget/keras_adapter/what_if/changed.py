"""A model with changes, beside the one that trains: values for its variables, and another way through it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, NamedTuple

import keras
import numpy as np

from nnvis_widget.core.drawings import is_drawn
from nnvis_widget.core.fit_changes import edge_kernel
from nnvis_widget.core.graph import Layer
from nnvis_widget.core.number_text import safe_text
from nnvis_widget.core.scenery import Scenery
from nnvis_widget.core.structure import NetworkStructure
from nnvis_widget.core.what_if import Changes, HoldEdge, HoldUnit, SetInput, SetWeight
from nnvis_widget.errors import ModelError
from nnvis_widget.keras_adapter.arrays import is_number
from nnvis_widget.keras_adapter.forward import Forward
from nnvis_widget.keras_adapter.past_weights import Pairs
from nnvis_widget.keras_adapter.probes.activations import probe_rows
from nnvis_widget.keras_adapter.read.parameter_names import named_variables
from nnvis_widget.keras_adapter.taps import Tap
from nnvis_widget.keras_adapter.to_numpy import to_numpy
from nnvis_widget.keras_adapter.what_if.held_units import Held

MOST_INPUT_BYTES = 256 * 2**20


class Changed(NamedTuple):
    """The model with changes.

    Attributes:
        forward: The way through it, within `units_held`.
        units: The units that are held, by the layer.
        pairs: Its variables, those that changes are in with their new values.
        held: What each unit or edge is held at, by its place in the changes.
        was: What each weight or input was, likewise.
    """

    forward: Forward
    units: Mapping[str, Held]
    pairs: Pairs
    held: dict[int, float]
    was: dict[int, float]


def present(model: Any) -> Pairs:
    """The weights of a model as they are, for a pass of the same kind as one with changes."""
    return [(variable, _detached(variable.value)) for variable in model.weights]


def changed(forward: Forward, structure: NetworkStructure, changes: Changes) -> Changed:
    """The model with changes.

    Args:
        forward: The way through the model as it is.
        structure: It at every depth.
        changes: Those that fit it.

    Raises:
        ModelError: If one cannot be tried on this model, in words for a person.
    """
    held = _means(forward, structure, changes)
    weights = _weights(forward.operations, structure, changes, held)
    units: dict[str, Held] = {}
    for place, change in enumerate(changes):
        if isinstance(change, HoldUnit):
            layer = structure.layer(change.layer)
            before = units.get(change.layer)
            own = {**(before.values if before else {}), change.unit: held[place]}
            units[change.layer] = Held(_unit_axis(layer), layer.units or 0, own)
    values = {id(named_variables(forward.operations[layer])[name]): value for (layer, name), value in weights.items()}
    pairs = [
        (variable, keras.ops.convert_to_tensor(values[id(variable)], dtype=variable.dtype))
        if id(variable) in values
        else (variable, value)
        for variable, value in present(forward.model)
    ]
    scenery = _with_inputs(forward, structure, changes)
    way = Forward(forward.model, forward.graph, forward.operations, scenery, structure)
    return Changed(way, units, pairs, held, _before(forward, structure, changes))


def weights_with(forward: Forward, structure: NetworkStructure, changes: Changes) -> dict[tuple[str, str], np.ndarray]:
    """As `_weights`, of a model as it is now."""
    return _weights(forward.operations, structure, changes, _means(forward, structure, changes))


def _weights(
    operations: Mapping[str, Any], structure: NetworkStructure, changes: Changes, held: Mapping[int, float]
) -> dict[tuple[str, str], np.ndarray]:
    """The parameters that changes are in, by layer and name, with the changes in them.

    Edges come after weights, whatever their order: an edge at its mean passes on the weight that is set.

    Raises:
        ModelError: If a number is none in the parameter's own type.
    """
    weights: dict[tuple[str, str], np.ndarray] = {}

    def parameter(layer: str, name: str) -> np.ndarray:
        if (layer, name) not in weights:
            found = named_variables(operations[layer]).get(name) if layer in operations else None
            if found is None:
                raise ModelError(
                    f"Expected the parameter {safe_text(name)!r} of {safe_text(structure.layer(layer).name)!r}, which "
                    "the model has no longer. Undo the change."
                )
            weights[layer, name] = np.array(to_numpy(found))
        return weights[layer, name]

    for change in changes:
        if isinstance(change, SetWeight):
            values = parameter(change.layer, change.name)
            with np.errstate(over="ignore"):
                values[change.index] = change.value
            if not np.isfinite(values[change.index]):
                raise ModelError(
                    f"Expected a number that is finite in {values.dtype}, got value={change.value:g}. Choose a smaller."
                )
    for place, change in enumerate(changes):
        if isinstance(change, HoldEdge):
            own = edge_kernel(structure.layer(change.layer))
            assert own is not None  # as `fit_changes` has seen
            kernel = parameter(change.layer, own.name)
            if change.to == "mean":
                parameter(change.layer, "bias")[change.unit] += kernel[change.source, change.unit] * held[place]
            kernel[..., change.source, change.unit] = 0
    return weights


def _before(forward: Forward, structure: NetworkStructure, changes: Changes) -> dict[int, float]:
    was: dict[int, float] = {}
    for place, change in enumerate(changes):
        if isinstance(change, SetWeight):
            variable = named_variables(forward.operations[change.layer])[change.name]
            was[place] = float(np.array(to_numpy(variable))[change.index])
        elif isinstance(change, SetInput):
            values = forward.scenery.inputs[structure.inputs.index(change.layer)]
            was[place] = float(values[change.sample].reshape(-1)[change.unit])
    return was


def _means(forward: Forward, structure: NetworkStructure, changes: Changes) -> dict[int, float]:
    """What units and edges are held at: numbers as they are, means over the probe batch of the model as it is."""
    held: dict[int, float] = {}
    taps: dict[int, Tap] = {}
    for place, change in enumerate(changes):
        if isinstance(change, HoldUnit | HoldEdge):
            is_edge = isinstance(change, HoldEdge)
            if change.to == "mean":
                taps[place] = Tap("input" if is_edge else "activation", change.layer)
            else:
                held[place] = 0.0 if change.to == "zero" else float(change.to)
    if not taps:
        return held
    rows = probe_rows(forward)
    outputs = forward.run(sorted(set(taps.values())), forward.scenery.batch(rows)) if rows else None
    for place, tap in taps.items():
        if outputs is None or tap not in outputs:
            name = safe_text(structure.layer(tap.layer).name)
            raise ModelError(
                f"Expected samples and a layer whose outputs can be reached for a mean, got {name!r}. "
                "Hold it at 'zero', or pass data to the view."
            )
        change, values = changes[place], outputs.value(tap).astype(np.float64)
        assert isinstance(change, HoldUnit | HoldEdge)
        axis = -1 if isinstance(change, HoldEdge) else _unit_axis(structure.layer(tap.layer))
        unit = change.source if isinstance(change, HoldEdge) else change.unit
        held[place] = float(np.take(values, unit, axis).mean())
        if not np.isfinite(held[place]):
            raise ModelError(
                f"Expected finite outputs for a mean, got {held[place]} of "
                f"{safe_text(structure.layer(tap.layer).name)!r}. Hold it at 'zero'."
            )
    return held


def _unit_axis(layer: Layer) -> int:
    return 1 if layer.channels == "first" and len(layer.output_shape[0]) > 2 else -1


def _with_inputs(forward: Forward, structure: NetworkStructure, changes: Changes) -> Scenery:
    own = [change for change in changes if isinstance(change, SetInput)]
    scenery = forward.scenery
    if not own:
        return scenery
    arrays = list(scenery.inputs)
    if len(arrays) != len(structure.inputs):
        raise ModelError(
            "Expected samples with one array for each input of the network. Pass data to the view: data=(x, y)."
        )
    for at in {structure.inputs.index(change.layer) for change in own}:
        if not is_number(arrays[at]) or arrays[at].nbytes > MOST_INPUT_BYTES:
            raise ModelError(
                f"Expected an input of numbers of at most {MOST_INPUT_BYTES >> 20} MB to change one of, got "
                f"{arrays[at].dtype} of {arrays[at].nbytes >> 20} MB. Look at fewer samples: pass them as data."
            )
        arrays[at] = arrays[at].copy()
    for change in own:
        values = arrays[structure.inputs.index(change.layer)]
        if is_drawn(change.sample) or change.sample >= len(values):
            raise ModelError(
                f"Expected one of {len(values):,} samples of the data, got sample={change.sample}. "
                "What is drawn by hand is changed by drawing."
            )
        row = values[change.sample].reshape(-1)
        if change.unit >= row.size:
            raise ModelError(f"Expected a place below {row.size:,} in the input, got unit={change.unit}.")
        _expect_token(forward, structure.layer(change.layer), change, values.dtype)
        row[change.unit] = change.value
        values[change.sample] = row.reshape(values[change.sample].shape)
    return replace(scenery, inputs=tuple(arrays))


def _expect_token(forward: Forward, layer: Layer, change: SetInput, dtype: np.dtype[Any]) -> None:
    """See that a number of an input of tokens, or of whole numbers, is one."""
    if not layer.is_tokens:
        if dtype.kind in "iub" and (change.value != round(change.value) or not _fits(change.value, dtype)):
            raise ModelError(f"Expected a whole number of {dtype} for this input, got value={change.value:g}.")
        return
    sizes = [
        parameter.shape[0]
        for target in forward.graph.targets_of(layer.id)
        for parameter in forward.graph.layer(target).parameters
        if forward.graph.layer(target).role == "embedding" and parameter.kind == "embeddings"
    ]
    most = min(sizes, default=None)
    if change.value != round(change.value) or change.value < 0 or (most is not None and change.value >= most):
        known = "a whole number from 0" if most is None else f"a whole number from 0 to {most - 1:,}"
        raise ModelError(f"Expected the number of a token, {known}, got value={change.value:g}.")


def _fits(value: float, dtype: np.dtype[Any]) -> bool:
    if dtype.kind == "b":
        return value in (0, 1)
    limits = np.iinfo(dtype)
    return bool(limits.min <= value <= limits.max)


def _detached(value: Any) -> Any:
    """What a variable holds, as a tensor of its own: what asks for its slope leaves the model's alone."""
    return value.detach() if keras.config.backend() == "torch" else keras.ops.convert_to_tensor(value)
