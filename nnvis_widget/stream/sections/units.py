"""What the units of a snapshot hold."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from nnvis_widget.core.graph import UNIT_LIMIT, Layer
from nnvis_widget.core.limits import MOST_LINES
from nnvis_widget.core.snapshot import TensorKey
from nnvis_widget.reduce.input_picture import input_picture, picture_shape
from nnvis_widget.reduce.quantize import Quantized
from nnvis_widget.reduce.spectrogram import spectrogram
from nnvis_widget.stream.frame import Section
from nnvis_widget.stream.sections.of_maps import as_pictures
from nnvis_widget.stream.shown import Shown, last_folded

MOST_BESIDE = 1_024
"""Of what is not drawn unit by unit no more numbers are sent, but of the layer that is chosen."""


def unit_sections(shown: Shown) -> Iterator[Section]:
    """Activation, pre-activation and bias of the units of every layer."""
    snapshot, sample = shown.snapshot, shown.sample
    for layer in shown.layers:
        yield from _told(shown, layer)
        for quantity in ("activation", "z"):
            values = shown.put_out(quantity, layer.id, sample)
            picture = None if values is None else _picture(shown, layer, values)
            if picture is not None:
                yield Section("picture", picture.codes, layer.id, "", {"lo": picture.low, "hi": picture.high})
            # Slices are drawn side by side, and told in their own order.
            is_beside = picture is not None and (layer.mosaic is None or picture.codes.size > UNIT_LIMIT)
            if values is not None and not is_beside and (values.size <= MOST_BESIDE or _has_units(shown, layer)):
                yield Section(quantity, values, layer.id)
            if quantity == "activation" and values is not None:
                yield from _sound(shown, layer, values)
        bias = snapshot.tensors.get(TensorKey("weight", layer.id, "bias"))
        if bias is not None:
            yield Section("weight", bias, layer.id, "bias")


def _has_units(shown: Shown, layer: Layer) -> bool:
    """Whether it is drawn unit by unit, not in pictures or as a card, or its page is open."""
    chosen, _ = shown.wish.selection or ("", -1)
    graph = shown.graph
    if graph.has(chosen) and layer.id in (chosen, last_folded(graph, graph.layer(chosen)).id):
        return layer.attention is None
    return layer.id in graph.inputs or len(layer.output_shape) != 1 or len(layer.output_shape[0]) < 3


def _told(shown: Shown, layer: Layer) -> Iterator[Section]:
    """What somebody has told to draw, where that are no pictures, and to measure."""
    view = shown.snapshot.tensors.get(TensorKey("view", layer.id, sample=shown.sample))
    if view is not None and layer.face is not None and layer.face.pictures is None:
        yield Section("view", view, layer.id)
    for name in layer.numbers:
        number = shown.snapshot.tensors.get(TensorKey("number", layer.id, name))
        if number is not None:
            yield Section("number", number, layer.id, name)


def _sound(shown: Shown, layer: Layer, values: np.ndarray) -> Iterator[Section]:
    """The spectrogram of an input that is drawn as lines, where it is known to be sound."""
    grid = layer.grid_shape if layer.id in shown.graph.inputs and layer.channels != "" else None
    if shown.scenery.sample_rate is None or grid is None or len(layer.output_shape[0]) != 3 or grid[2] > MOST_LINES:
        return
    if np.prod(grid) == values.size:
        found = spectrogram(as_pictures(values, layer)[0])
        if found is not None:
            yield Section("spectrogram", found.codes, layer.id, "", {"lo": found.low, "hi": found.high})


def _picture(shown: Shown, layer: Layer, values: np.ndarray) -> Quantized | None:
    """An input picture with more numbers than any column has units, with the channels first, in slices, or a sequence
    whose maps are drawn: a row for each of its channels. `None` of all else."""
    if layer.id not in shown.graph.inputs or len(layer.output_shape) != 1:
        return None
    is_sequence = layer.channels != "" and len(layer.output_shape[0]) == 3
    is_told = layer.grid_shape is not None and np.prod(layer.grid_shape) == values.size
    if is_sequence and layer.grid_shape is not None and layer.grid_shape[2] <= MOST_LINES and values.size <= UNIT_LIMIT:
        return None
    if is_told and (is_sequence or layer.channels == "first" or layer.mosaic is not None):
        picture = as_pictures(values, layer)
        return input_picture(np.moveaxis(picture, 0, -1).swapaxes(0, 1) if is_sequence else picture)
    shape = picture_shape(layer.output_shape[0][1:]) if values.size > UNIT_LIMIT else None
    return input_picture(values.reshape(shape)) if shape is not None and np.prod(shape) == values.size else None
