"""Convolutions at one place of what they put out: patch times kernel, map by map.

The rules of keras.io/api/layers/convolution_layers; padding `same` as TensorFlow has it
(tensorflow.org/api_docs/python/tf/nn#notes_on_padding_2): of an odd number of zeros the last side has one more.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from nnvis_widget.core.words.phrase import phrase
from nnvis_widget.workings.card import Draft, Term
from nnvis_widget.workings.layers.facts import Found, LayerFacts, NotCoveredError
from nnvis_widget.workings.layers.weigh import weigh
from nnvis_widget.workings.value import einsum, largest, mean

Sizes = Sequence[int]


def sizes_of(config: Any, rank: int) -> tuple[int, ...]:
    """A number or one for each axis, as numbers for each axis."""
    many = tuple(config) if isinstance(config, list | tuple) else (config,) * rank
    return tuple(int(size) for size in many)


def channels_last(facts: LayerFacts) -> None:
    """See that the last axis counts the maps."""
    if facts.config.get("data_format", "channels_last") != "channels_last":
        raise NotCoveredError("its maps are not on the last axis (data_format='channels_first')")


def starts(facts: LayerFacts, window: Sizes, strides: Sizes, dilation: Sizes) -> list[int]:
    """Where the window lies in the input, axis by axis; negative where it begins in the padding."""
    padding, given = str(facts.config.get("padding", "valid")), facts.inputs[0].shape[1:-1]
    found = []
    for place, size, step, wide, length in zip(facts.place, window, strides, dilation, given, strict=False):
        reach = (size - 1) * wide + 1
        before = 0
        if padding == "same":
            before = max((-(-length // step) - 1) * step + reach - length, 0) // 2
        elif padding == "causal":
            before = reach - 1
        found.append(place * step - before)
    return found


def window_of(x: np.ndarray, start: Sizes, window: Sizes, dilation: Sizes) -> tuple[list[tuple[int, ...]], np.ndarray]:
    """The places under a window, and the values there `(places, maps)`; zeros where it lies outside."""
    places = [
        tuple(begin + step * wide for begin, step, wide in zip(start, offset, dilation, strict=True))
        for offset in np.ndindex(*window)
    ]
    inside = [all(0 <= at < size for at, size in zip(place, x.shape, strict=False)) for place in places]
    zeros = np.zeros(x.shape[-1])
    values = [x[place] if is_in else zeros for place, is_in in zip(places, inside, strict=True)]
    return places, np.asarray(values, np.float64)


def convolution(draft: Draft, facts: LayerFacts) -> Found:
    """Conv1D, Conv2D, Conv3D: groups of maps have kernels of their own."""
    kernel = _kernel(facts, "kernel")
    window, rank = kernel.shape[:-2], kernel.ndim - 2
    places, patch = _patch(facts, window, rank)
    per_group = kernel.shape[-2]
    first = facts.unit // (kernel.shape[-1] // (patch.shape[1] // per_group)) * per_group
    if facts.needs_all and per_group != patch.shape[1]:
        raise NotCoveredError("its activation takes all maps together, which are in groups")
    patch = patch[:, first : first + per_group]
    names = _names(facts, places, range(first, first + per_group))
    flat = kernel.reshape(-1, kernel.shape[-1])
    return weigh(draft, facts, flat, patch.reshape(-1), names, facts.weight("bias"), facts.unit)


def depthwise(draft: Draft, facts: LayerFacts) -> Found:
    """Each map has a kernel of its own, or several."""
    kernel = _kernel(facts, "kernel")
    window, rank = kernel.shape[:-2], kernel.ndim - 2
    places, patch = _patch(facts, window, rank)
    if facts.needs_all:
        raise NotCoveredError("its activation takes all maps together, each of which has its own kernel")
    source, which = divmod(facts.unit, kernel.shape[-1])
    flat = kernel[..., source, which].reshape(-1, 1)
    bias = facts.weight("bias")
    own = None if bias is None else bias[facts.unit : facts.unit + 1]
    return weigh(draft, facts, flat, patch[:, source], _names(facts, places, [source]), own, 0)


def separable(draft: Draft, facts: LayerFacts) -> Found:
    """A depthwise kernel for each map, then a weighted sum of what these give."""
    deep, wide = _kernel(facts, "depthwise_kernel"), _kernel(facts, "pointwise_kernel")
    window, rank = deep.shape[:-2], deep.ndim - 2
    places, patch = _patch(facts, window, rank)
    given = draft.given("patch", patch, "what lies under the kernel, map by map", "p")
    own = draft.given("depthwise", deep.reshape(len(places), *deep.shape[-2:]), "the kernel of each map", "K")
    between = draft.let("between", einsum("pc,pcm->cm", given, own), "what each kernel gives", "q")
    names = [phrase("depthwise {place}", place=place) for place in range(between.number.size)]
    return weigh(
        draft,
        facts,
        wide.reshape(-1, wide.shape[-1]),
        between.number.reshape(-1),
        names,
        facts.weight("bias"),
        facts.unit,
    )


def transposed(draft: Draft, facts: LayerFacts) -> Found:
    """Each place of the input spreads its kernel; what reaches this place is added (Dumoulin and Visin 2016,
    arXiv:1603.07285, section 4)."""
    kernel = _kernel(facts, "kernel")
    if facts.config.get("output_padding") is not None:
        raise NotCoveredError("it has an output_padding")
    window, rank, x = kernel.shape[:-2], kernel.ndim - 2, facts.sample
    strides, dilation = sizes_of(facts.config["strides"], rank), sizes_of(facts.config["dilation_rate"], rank)
    reached = []
    for offset in np.ndindex(*window):
        place = []
        for axis, (at, tap, step, wide, size) in enumerate(
            zip(facts.place, offset, strides, dilation, window, strict=False)
        ):
            reach, given, made = (size - 1) * wide + 1, x.shape[axis], facts.output.shape[axis + 1]
            before = max((given - 1) * step + reach - made, 0) // 2 if facts.config["padding"] == "same" else 0
            source, left = divmod(at + before - tap * wide, step)
            if left or not 0 <= source < given:
                break
            place.append(source)
        else:
            reached.append((offset, tuple(place)))
    if not reached:
        raise NotCoveredError("no place of the input reaches this place, which has its bias only")
    flat = np.stack([kernel[offset] for offset, _ in reached])  # (taps, units, maps)
    flat = np.moveaxis(flat, 1, 2).reshape(-1, kernel.shape[-2])
    inputs = np.stack([x[place] for _, place in reached]).reshape(-1)
    names = _names(facts, [place for _, place in reached], range(x.shape[-1]))
    return weigh(draft, facts, flat, inputs, names, facts.weight("bias"), facts.unit)


def pool(draft: Draft, facts: LayerFacts) -> Found:
    """The largest or the mean of what lies under a window, of one map; padding is left out."""
    channels_last(facts)
    x, unit = np.asarray(facts.sample, np.float64), facts.unit
    rank = x.ndim - 1
    if facts.kind.startswith("Global"):
        mask = facts.options.get("mask")
        places = [at for at in np.ndindex(*x.shape[:-1]) if mask is None or np.asarray(mask)[facts.row][at[0]]]
        if not places:
            raise NotCoveredError("every step is masked")
    else:
        window = sizes_of(facts.config["pool_size"], rank)
        strides, ones = sizes_of(facts.config["strides"], rank), (1,) * rank
        covered, _ = window_of(x, starts(facts, window, strides, ones), window, ones)
        places = [p for p in covered if all(0 <= at < size for at, size in zip(p, x.shape, strict=False))]
    values = [float(x[(*place, unit)]) for place in places]
    given = draft.given("x", values, "what lies under the window", "x")
    is_mean = "Average" in facts.kind
    told = "the mean of it" if is_mean else "the largest of it"
    z = draft.let("z", mean(given) if is_mean else largest(given), told, "z")
    terms = [Term(facts.name((*place, unit)), value) for place, value in zip(places, values, strict=True)]
    draft.add("z", terms, z, "mean" if is_mean else "max")
    return Found(z)


def patches(facts: LayerFacts) -> np.ndarray:
    """What lies under the kernel of a plain convolution, at every place: `(samples, places, taps and maps)`.

    The maps are those of the group that the unit belongs to; behind a depthwise kernel the one that it is for.
    """
    kernel = _kernel(facts, "kernel")
    window, rank, per_group = kernel.shape[:-2], kernel.ndim - 2, kernel.shape[-2]
    strides = sizes_of(facts.config["strides"], rank)
    dilation = sizes_of(facts.config["dilation_rate"], rank)
    begin = starts(replace(facts, place=(0,) * rank), window, strides, dilation)
    x = np.asarray(facts.inputs[0], np.float64)
    if facts.kind.startswith("Depthwise"):
        first, per_group = facts.unit // kernel.shape[-1], 1
    else:
        first = facts.unit // (kernel.shape[-1] // (x.shape[-1] // per_group)) * per_group
    x = x[..., first : first + per_group]
    for axis in range(rank):
        made = np.arange(facts.output.shape[axis + 1])[:, None] * strides[axis] + begin[axis]
        taken = made + np.arange(window[axis]) * dilation[axis]
        is_in = (taken >= 0) & (taken < facts.inputs[0].shape[axis + 1])
        x = np.take(x, np.where(is_in, taken, 0), axis=1 + 2 * axis)
        x = x * is_in.reshape((1,) * (1 + 2 * axis) + is_in.shape + (1,) * (x.ndim - 3 - 2 * axis))
    x = x.transpose(0, *range(1, 1 + 2 * rank, 2), *range(2, 2 + 2 * rank, 2), 1 + 2 * rank)
    return x.reshape(len(x), int(np.prod(x.shape[1 : 1 + rank])), -1)


def _patch(facts: LayerFacts, window: Sizes, rank: int) -> tuple[list[tuple[int, ...]], np.ndarray]:
    channels_last(facts)
    strides = sizes_of(facts.config.get("strides", 1), rank)
    dilation = sizes_of(facts.config.get("dilation_rate", 1), rank)
    return window_of(facts.sample, starts(facts, window, strides, dilation), window, dilation)


def _kernel(facts: LayerFacts, name: str) -> np.ndarray:
    channels_last(facts)
    kernel = facts.weight(name)
    if kernel is None:
        raise NotCoveredError(phrase("its {name} is not one plain variable", name=name))
    return kernel


def _names(facts: LayerFacts, places: Sequence[tuple[int, ...]], maps: Sequence[int]) -> list[str]:
    sizes = facts.inputs[0].shape[1:-1]

    def name(place: tuple[int, ...], which: int) -> str:
        is_in = all(0 <= at < size for at, size in zip(place, sizes, strict=True))
        return facts.name((*place, which)) if is_in else phrase("padding")

    return [name(place, which) for place in places for which in maps]
