"""What each map adds to the output that is shown: the slope of that along the map, times the map."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import keras

from nnvis_widget.keras_adapter.forward import Forward
from nnvis_widget.keras_adapter.jax_programs import slopes_along
from nnvis_widget.keras_adapter.stateless import stateless
from nnvis_widget.keras_adapter.taps import OUTPUT, Tap

Batch = Sequence[Any]
Contributions = Callable[[Batch], Mapping[str, Any]]
SQUASHING = ("softmax", "sigmoid")
"""Behind these a sure output has no slope: what they are put on is taken."""


def contributions(forward: Forward, layers: Sequence[str]) -> Contributions | None:
    """A function of samples: for each layer Σ over the places of a map of slope · activation, `(samples, maps)`.

    The slope is that of the shown output: the largest of several, before a softmax or sigmoid at the end. Nothing of
    the model is changed, the gradients that torch keeps beside the weights neither.

    Args:
        forward: The way through the model.
        layers: Ids of layers with maps.

    Returns:
        `None` where nothing can be derived. The function leaves out layers that are not reached.
    """
    make = {"jax": _on_jax, "torch": _on_torch}.get(keras.config.backend(), _on_tensorflow)
    score = score_tap(forward)
    function = forward.function((*(Tap("activation", layer) for layer in layers), score, OUTPUT))
    if function is None:
        return None

    def shown(found: Mapping[Tap, Any]) -> Any:
        values = next(found[tap] for tap in (score, OUTPUT) if tap in found)
        return keras.ops.sum(keras.ops.max(values, axis=-1))

    return stateless(make(forward, layers, function, shown), forward.model)


def _on_tensorflow(forward: Forward, layers: Sequence[str], function: Any, shown: Any) -> Contributions:
    import tensorflow as tf

    def find(batch: Batch) -> Mapping[str, Any]:
        with tf.GradientTape() as tape:
            tape.watch([array for array in batch if array.dtype.is_floating])
            found = function(batch)
            value = shown(found)
        maps = {layer: found[Tap("activation", layer)] for layer in layers if Tap("activation", layer) in found}
        slopes = tape.gradient(value, maps)
        return {
            layer: _summed(forward, layer, slopes[layer], maps[layer]) for layer in maps if slopes[layer] is not None
        }

    return find


def _on_torch(forward: Forward, layers: Sequence[str], function: Any, shown: Any) -> Contributions:
    import torch

    def find(batch: Batch) -> Mapping[str, Any]:
        with torch.enable_grad():
            found = function([one.detach().requires_grad_() if one.is_floating_point() else one for one in batch])
            maps = {layer: found[Tap("activation", layer)] for layer in layers if Tap("activation", layer) in found}
            slopes = torch.autograd.grad(shown(found), list(maps.values()), allow_unused=True)
        return {
            layer: _summed(forward, layer, slope, maps[layer]).detach()
            for layer, slope in zip(maps, slopes, strict=True)
            if slope is not None
        }

    return find


def _on_jax(forward: Forward, layers: Sequence[str], function: Any, shown: Any) -> Contributions:
    def find(batch: Batch) -> Mapping[str, Any]:
        reached: list[str] = []

        def on_the_way(given: Batch) -> tuple[Any, list[Any]]:
            found = function(given)
            reached[:] = [layer for layer in layers if Tap("activation", layer) in found]
            return shown(found), [found[Tap("activation", layer)] for layer in reached]

        maps, slopes = slopes_along(on_the_way, list(batch))
        return {layer: _summed(forward, layer, *pair) for layer, *pair in zip(reached, slopes, maps, strict=True)}

    return find


def _summed(forward: Forward, layer: str, slope: Any, maps: Any) -> Any:
    """Over the places."""
    space = tuple(range(2, len(maps.shape))) if forward.layer(layer).channels == "first" else None
    return keras.ops.sum(slope * maps, axis=space or tuple(range(1, len(maps.shape) - 1)))


def score_tap(forward: Forward) -> Tap:
    """Where the number is that a sample is judged by: the output, before a softmax or sigmoid at the end."""
    last = forward.graph.outputs[0]
    layer = forward.graph.layer(last)
    if layer.activation in SQUASHING and last not in forward.graph.inputs:
        if forward.has_pre_activation(last):
            return Tap("z", last)
        if layer.role == "elementwise":
            return Tap("input", last)
    return Tap("activation", last)
