"""Whether changes fit a network: its layers, their parameters, units and inputs."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from nnvis_widget.core.graph import Layer, Parameter
from nnvis_widget.core.number_text import safe_text
from nnvis_widget.core.structure import NetworkStructure
from nnvis_widget.core.what_if import (
    Change,
    Changes,
    FreezeLayer,
    HoldEdge,
    HoldUnit,
    SetInput,
    SetWeight,
    without_repeats,
)

MOST_NAMES = 8


def fit_changes(changes: Iterable[Change], structure: NetworkStructure) -> Changes:
    """The changes with ids in the place of names and paths.

    Raises:
        ValueError: If the network has no such layer, parameter, element, unit or input.
    """
    return without_repeats(_fit(change, structure) for change in changes)


def _fit(change: Change, structure: NetworkStructure) -> Change:
    layer = _layer(change, structure)
    fitted: Any = replace(change, layer=layer.id)
    match change:
        case SetWeight():
            _expect_element(change, layer)
        case SetInput():
            _expect_input(change, layer, structure)
        case HoldUnit():
            _expect_unit(change, layer, structure)
        case HoldEdge():
            _expect_edge(change, layer)
        case FreezeLayer() if not layer.parameters:
            raise ValueError(
                f"Expected a layer with weights to freeze, got {_named(layer)}, which has none. Choose another."
            )
    return fitted  # type: ignore[no-any-return]


def edge_kernel(layer: Layer) -> Parameter | None:
    """The parameter whose last two axes are the units that a layer's edges come from and lead to; `None` of none."""
    found = [one for one in layer.parameters if one.name == "kernel" and layer.axes_of(one)[-2:] == ("in", "out")]
    return found[0] if found and layer.role in ("dense", "conv") else None


def _layer(change: Change, structure: NetworkStructure) -> Layer:
    if structure.has(change.layer):
        return structure.layer(change.layer)
    found = [one for one in structure.cards if change.layer in (one.path, one.name)]
    exact = [one for one in found if one.path == change.layer] or found
    if len(exact) == 1:
        return exact[0]
    names = ", ".join(repr(safe_text(one.path or one.name)) for one in structure.cards[:MOST_NAMES])
    came = f"{len(exact)} of that name" if exact else "none of that name"
    raise ValueError(
        f"Expected a layer of {structure.name!r} by its id, name or path, such as {names}, got "
        f"layer={safe_text(change.layer)!r}, and there is {came}."
    )


def _expect_element(change: SetWeight, layer: Layer) -> None:
    parameter = next((one for one in layer.parameters if one.name == change.name), None)
    if parameter is None:
        names = ", ".join(repr(one.name) for one in layer.parameters[:MOST_NAMES]) or "none"
        raise ValueError(
            f"Expected a parameter of {_named(layer)}, which has {names}, got name={safe_text(change.name)!r}."
        )
    is_within = len(change.index) == len(parameter.shape) and all(
        place < size for place, size in zip(change.index, parameter.shape, strict=True)
    )
    if not is_within:
        raise ValueError(
            f"Expected an index within {parameter.name!r} of {_named(layer)}, whose shape is {parameter.shape}, got "
            f"index={list(change.index)}. Give one number an axis, from 0."
        )


def _expect_input(change: SetInput, layer: Layer, structure: NetworkStructure) -> None:
    if layer.id not in structure.inputs:
        raise ValueError(f"Expected an input of the network, got {_named(layer)}. Hold its unit instead: kind='unit'.")
    if layer.element_count and change.unit >= layer.element_count:
        raise ValueError(
            f"Expected a unit of {_named(layer)} below {layer.element_count:,}, got unit={change.unit}. "
            "It is the place in the flattened input, from 0."
        )


def _expect_unit(change: HoldUnit, layer: Layer, structure: NetworkStructure) -> None:
    if layer.id in structure.inputs:
        raise ValueError(f"Expected a layer that computes, got the input {_named(layer)}. Use kind='input'.")
    if structure.is_group(layer.id) or layer.units is None or len(layer.output_shape) != 1:
        raise ValueError(
            f"Expected a layer with units, got {_named(layer)}, whose units are not known. Choose a layer within it, "
            "or one that puts out a single array."
        )
    if change.unit >= layer.units:
        raise ValueError(
            f"Expected a unit of {_named(layer)} below {layer.units:,}, got unit={change.unit}. The first one is 0."
        )


def _expect_edge(change: HoldEdge, layer: Layer) -> None:
    kernel = edge_kernel(layer)
    if kernel is None:
        raise ValueError(
            f"Expected a dense layer or a convolution, got {_named(layer)}, whose edges are not single weights. "
            "Change a weight instead: kind='weight'."
        )
    sources, units = kernel.shape[-2:]
    if change.source >= sources or change.unit >= units:
        raise ValueError(
            f"Expected an edge of {_named(layer)} from one of {sources:,} to one of {units:,}, got "
            f"source={change.source}, unit={change.unit}. The first ones are 0."
        )
    if change.to == "mean" and layer.role != "dense":
        raise ValueError(
            f"Expected an edge of {_named(layer)} to be held at 'zero', got to='mean': at the rim of a picture there "
            "is no such sum. Hold the map that it comes from at its mean: kind='unit'."
        )
    if change.to == "mean" and not any(one.name == "bias" for one in layer.parameters):
        raise ValueError(
            f"Expected a layer with a bias for an edge at its mean, got {_named(layer)}, which has none. "
            "Hold it at 'zero'."
        )


def _named(layer: Layer) -> str:
    return f"layer {safe_text(layer.name)!r}"
