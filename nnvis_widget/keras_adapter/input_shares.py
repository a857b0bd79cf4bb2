"""What each input of a network gives to its prediction, over a batch: by the slope, and by taking it away."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import keras
import numpy as np

from nnvis_widget.core.task import Task
from nnvis_widget.keras_adapter.arrays import is_number
from nnvis_widget.keras_adapter.contributions import score_tap
from nnvis_widget.keras_adapter.forward import Forward, ready
from nnvis_widget.keras_adapter.samples import as_model_has_it, input_tensors
from nnvis_widget.keras_adapter.stateless import stateless
from nnvis_widget.keras_adapter.taps import OUTPUT, Tap
from nnvis_widget.reduce.shown_output import shown_numbers, stands_among_others

Batch = Sequence[Any]
Parts = Callable[[Batch], Mapping[str, Any]]

SHIFTS = 4
LEAST_SHARE = 1e-30


def lanes_of(forward: Forward, rows: Sequence[int]) -> list[np.ndarray]:
    """What some samples bring to each input, as the model has it, in the order of the graph's inputs."""
    batch, tensors = ready(forward.scenery.batch(rows)), input_tensors(forward.model)
    return list(map(as_model_has_it, tensors, batch)) if len(tensors) == len(batch) else batch


def by_ablation(forward: Forward, lanes: Sequence[np.ndarray]) -> dict[str, float]:
    """For each input how far the shown output moves, on the mean of the samples, when the input is taken away.

    In its place comes its mean over the samples; where numbers have no mean (tokens, categories, texts), what other
    samples bring, as the mean of four ways. Cost: a pass for each of these.

    Args:
        forward: The way through the model.
        lanes: As `lanes_of` gives them, of two samples at least.
    """
    task = forward.scenery.task
    outputs = _outputs(forward, lanes)
    if outputs is None or len(outputs) < 2:
        return {}
    chosen = outputs.argmax(axis=1)
    before = shown_numbers(outputs, chosen, task)
    moved: dict[str, float] = {}
    for place, (layer, lane) in enumerate(zip(forward.graph.inputs, lanes, strict=True)):
        changes = []
        for other in _without(lane):
            after = _outputs(forward, [*lanes[:place], other, *lanes[place + 1 :]])
            if after is not None:
                changes.append(np.abs(shown_numbers(after, chosen, task) - before).mean())
        moved[layer] = float(np.mean(changes)) if changes else float("nan")
    return moved


def slope_parts(forward: Forward, embeddings: Mapping[str, Sequence[str]]) -> Parts | None:
    """A function of samples: for each input Σ slope · input over its numbers, `(samples,)`; of tokens over the vectors
    that they are looked up as.

    The slope is that of the shown output, before a softmax or sigmoid; an input without slopes is left out.

    Args:
        forward: The way through the model.
        embeddings: Ids of the layers that look up the tokens of an input, by its id.
    """
    taps = (score_tap(forward), OUTPUT, *(Tap("activation", one) for own in embeddings.values() for one in own))
    function = forward.function(taps)
    if function is None:
        return None
    make = {"jax": _on_jax, "torch": _on_torch}.get(keras.config.backend(), _on_tensorflow)
    return stateless(make(forward, function, embeddings), forward.model)


def _without(lane: np.ndarray) -> Iterator[np.ndarray]:
    if lane.dtype.kind == "f":
        mean = lane.mean(axis=0, keepdims=True, dtype=np.float64).astype(lane.dtype)
        yield np.broadcast_to(mean, lane.shape).copy()
        return
    for part in range(1, min(SHIFTS, len(lane) - 1) + 1):
        yield np.roll(lane, max(1, part * len(lane) // (SHIFTS + 1)), axis=0)


def _outputs(forward: Forward, lanes: Sequence[np.ndarray]) -> np.ndarray | None:
    tap = score_tap(forward)
    found = forward.run((tap, OUTPUT), lanes)
    if found is None or (tap not in found and OUTPUT not in found):
        return None
    values = found.value(tap if tap in found else OUTPUT).astype(np.float64)
    if tap in found or not forward.scenery.task.is_share:
        return np.asarray(values)
    logarithm = np.log(np.maximum(values, LEAST_SHARE))
    return logarithm if values.shape[1] > 1 else logarithm - np.log(np.maximum(1 - values, LEAST_SHARE))


def _shown(found: Mapping[Tap, Any], tap: Tap, task: Task) -> Any:
    """Of each sample the number it is judged by."""
    values = found[tap if tap in found else OUTPUT]
    if tap not in found and task.is_share:
        values = keras.ops.log(keras.ops.maximum(values, LEAST_SHARE))
    largest = keras.ops.max(values, axis=-1)
    return largest - keras.ops.mean(values, axis=-1) if stands_among_others(values, task) else largest


def _on_tensorflow(forward: Forward, function: Any, embeddings: Mapping[str, Sequence[str]]) -> Parts:
    import tensorflow as tf

    tap, task = score_tap(forward), forward.scenery.task

    def find(batch: Batch) -> Mapping[str, Any]:
        with tf.GradientTape() as tape:
            tape.watch([array for array in batch if array.dtype.is_floating])
            found = function(batch)
            value = tf.reduce_sum(_shown(found, tap, task))
        along = _along(forward, batch, found, embeddings, [array.dtype.is_floating for array in batch])
        slopes = tape.gradient(value, along)
        return _summed({lane: list(zip(slopes[lane], own, strict=True)) for lane, own in along.items()})

    return find


def _on_torch(forward: Forward, function: Any, embeddings: Mapping[str, Sequence[str]]) -> Parts:
    import torch

    tap, task = score_tap(forward), forward.scenery.task

    def find(batch: Batch) -> Mapping[str, Any]:
        with torch.enable_grad():
            given = [one.detach().requires_grad_() if one.is_floating_point() else one for one in batch]
            found = function(given)
            value = _shown(found, tap, task).sum()
            along = _along(forward, given, found, embeddings, [one.is_floating_point() for one in given])
            flat = [one for own in along.values() for one in own]
            slopes = iter(torch.autograd.grad(value, flat, allow_unused=True) if flat and value.requires_grad else ())
        pairs = {lane: [(next(slopes, None), one) for one in own] for lane, own in along.items()}
        return {lane: one.detach() for lane, one in _summed(pairs).items()}

    return find


def _on_jax(forward: Forward, function: Any, embeddings: Mapping[str, Sequence[str]]) -> Parts:
    """Forwards: the slope along an input, or along the table that its tokens are looked up in, is asked at once."""
    import jax

    tap, task = score_tap(forward), forward.scenery.task
    tables = {
        lane: [forward.operations[one].embeddings for one in own if hasattr(forward.operations[one], "embeddings")]
        for lane, own in embeddings.items()
    }

    def find(arrays: Batch) -> Mapping[str, Any]:
        parts: dict[str, Any] = {}
        batch = [jax.numpy.asarray(array) for array in arrays]
        for place, layer in enumerate(forward.graph.inputs):
            variables = tables.get(layer, [])

            def along(own: Any, place: int = place, variables: Sequence[Any] = variables) -> Any:
                if not variables:
                    return _shown(function([*batch[:place], own, *batch[place + 1 :]]), tap, task)
                with keras.StatelessScope(list(zip(variables, own, strict=True))):
                    return _shown(function(batch), tap, task)

            if variables:
                given: Any = [jax.numpy.asarray(variable.value) for variable in variables]
            elif jax.numpy.issubdtype(batch[place].dtype, jax.numpy.floating):
                given = batch[place]
            else:
                continue
            parts[layer] = jax.jvp(along, (given,), (given,))[1]
        return parts

    return find


def _along(
    forward: Forward,
    batch: Batch,
    found: Mapping[Tap, Any],
    embeddings: Mapping[str, Sequence[str]],
    is_floating: Sequence[bool],
) -> dict[str, list[Any]]:
    """What the slopes are along, by input."""
    along: dict[str, list[Any]] = {}
    for layer, array, has_slope in zip(forward.graph.inputs, batch, is_floating, strict=True):
        taps = [Tap("activation", one) for one in embeddings.get(layer, ())]
        if taps and all(tap in found for tap in taps):
            along[layer] = [found[tap] for tap in taps]
        elif not taps and has_slope:
            along[layer] = [array]
    return along


def _summed(pairs: Mapping[str, Sequence[tuple[Any, Any]]]) -> dict[str, Any]:
    """Σ slope · value of each sample; an input that the output does not depend on gives 0."""
    summed: dict[str, Any] = {}
    for layer, own in pairs.items():
        known = [(slope, value) for slope, value in own if slope is not None]
        if not known and own:
            summed[layer] = 0 * keras.ops.sum(own[0][1], axis=tuple(range(1, len(own[0][1].shape))))
        for slope, value in known:
            part = keras.ops.sum(slope * value, axis=tuple(range(1, len(value.shape))))
            summed[layer] = summed[layer] + part if layer in summed else part
    return summed


def is_askable(lanes: Sequence[np.ndarray]) -> bool:
    """Whether all inputs are arrays of numbers, of which slopes may be asked."""
    return all(is_number(lane) for lane in lanes)
