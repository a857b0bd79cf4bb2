"""The windows that a number of the input lies in, seen from that number: what leads from it to what was put out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from nnvis_widget.workings.layers.conv import channels_last, sizes_of, starts, window_of
from nnvis_widget.workings.layers.facts import LayerFacts, NotCoveredError

Ahead = list[tuple[float, tuple[int, ...]]]
"""A weight, and the place of what was put out that it leads to, the map last."""


def weighed_ahead(facts: LayerFacts, place: tuple[int, ...]) -> Ahead:
    """Every edge from one number of the input of a convolution.

    Args:
        facts: Of the convolution.
        place: Of the number in what came in, the map last.
    """
    channels_last(facts)
    kernel = facts.weight("kernel")
    if kernel is None:
        raise NotCoveredError("its kernel is not one plain variable")
    rank, (*window, per_group, units) = kernel.ndim - 2, kernel.shape
    group, within = divmod(place[-1], per_group)
    count = units // (facts.inputs[0].shape[-1] // per_group)
    maps = range(group * count, (group + 1) * count)
    strides = sizes_of(facts.config["strides"], rank)
    dilation = sizes_of(facts.config["dilation_rate"], rank)
    found: Ahead = []
    for tap, at in _windows(facts, place[:-1], window, strides, dilation):
        found += [(float(kernel[(*tap, within, unit)]), (*at, unit)) for unit in maps]
    return found


def pooled_ahead(facts: LayerFacts, place: tuple[int, ...]) -> Ahead:
    """Every window of a pooling that one number of the input lies in, with its share: 1 of the largest, of a mean 1/n.

    Raises:
        NotCoveredError: If two numbers of a window are the largest, of which the backend chooses one.
    """
    channels_last(facts)
    if facts.options.get("mask") is not None:
        raise NotCoveredError("a mask takes part")
    x, unit = np.asarray(facts.sample, np.float64), place[-1]
    rank, is_mean = x.ndim - 1, "Average" in facts.kind
    if facts.kind.startswith("Global"):
        at = (*(0,) * (facts.output.ndim - 2), unit)
        return [(_share(x[..., unit].reshape(-1), x[place], is_mean), at)]
    if not isinstance(facts.config.get("strides"), list | tuple):
        raise NotCoveredError("its windows are not of one size")
    window, strides = sizes_of(facts.config["pool_size"], rank), sizes_of(facts.config["strides"], rank)
    ones, found = (1,) * rank, Ahead()
    for _, at in _windows(facts, place[:-1], window, strides, ones):
        covered, _ = window_of(x, starts(replace(facts, place=at), window, strides, ones), window, ones)
        inside = [one for one in covered if all(0 <= q < size for q, size in zip(one, x.shape, strict=False))]
        values = np.array([x[(*one, unit)] for one in inside])
        found.append((_share(values, x[place], is_mean), (*at, unit)))
    return found


def _share(values: np.ndarray, own: float, is_mean: bool) -> float:
    if is_mean:
        return 1 / values.size
    most = values.max()
    if own == most and (values == most).sum() > 1:
        raise NotCoveredError("two numbers of a window are the largest")
    return float(own == most)


def _windows(
    facts: LayerFacts, place: Sequence[int], window: Sequence[int], strides: Sequence[int], dilation: Sequence[int]
) -> Iterator[tuple[tuple[int, ...], tuple[int, ...]]]:
    """Each tap of the window that meets a place, and where the window then lies in what was put out."""
    begin = starts(replace(facts, place=(0,) * len(window)), window, strides, dilation)
    made = facts.output.shape[1:-1]
    for tap in np.ndindex(*window):
        at = []
        for one, start, offset, step, wide, size in zip(place, begin, tap, strides, dilation, made, strict=True):
            index, left = divmod(one - start - offset * wide, step)
            if left or not 0 <= index < size:
                break
            at.append(index)
        else:
            yield tap, tuple(at)
