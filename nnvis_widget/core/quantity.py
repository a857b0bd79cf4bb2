"""The quantities that are measured of a network and sent of it: one table, a row each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

ANY = "…"
"""An axis that stands for all axes of a parameter."""


@dataclass(frozen=True)
class Quantity:
    """One kind of numbers.

    Attributes:
        name: What a `TensorKey`, a `Want` and a section of a frame call it.
        axes: What each axis counts; `…` for all the axes that a parameter has.
        dtype: Element type; on the wire it is the same.
        meaning: What one number is, and what the key's `name` says.
        made_by: The probe that measures it (a module of `keras_adapter.probes`), or the part of `stream` that derives
            it of what was measured.
        is_sent: Whether frames of a snapshot carry it.
    """

    name: str
    axes: tuple[str, ...]
    dtype: str
    meaning: str
    made_by: str
    is_sent: bool = True


_ROWS = (
    Quantity("weight", (ANY,), "float32", "values of the parameter `name`", "weights"),
    Quantity("gradient", (ANY,), "float32", "slope of the probe batch's loss along the parameter `name`", "gradients"),
    Quantity(
        "moments",
        ("moment",),
        "float64",
        "count, zeros, NaN, infinities, mean, deviation, minimum, maximum of `weight kernel`, `gradient bias`, …",
        "moments",
        is_sent=False,
    ),
    Quantity("activation", ("units",), "float32", "output for a sample; of an input the sample itself", "activations"),
    Quantity("z", ("units",), "float32", "pre-activation for a sample, where it is not the activation", "activations"),
    Quantity("map", ("units",), "float32", "activations of a layer with more than 4,096 units", "maps", is_sent=False),
    Quantity("attention", ("queries", "keys", "heads"), "float32", "scores for a sample", "attention", False),
    Quantity("lane", ("rows", "heads", "size"), "float32", "query, key or value `name` of places", "attention", False),
    Quantity("view", ("units",), "float32", "what somebody has told to draw, for a sample; pictures flat", "views"),
    Quantity("number", ("one",), "float64", "`name`, told by somebody: its mean over the probe batch", "views"),
    Quantity("embedding", ("places", "width"), "float32", "rows that a sample looks up", "embeddings", False),
    Quantity("embedding_index", ("places",), "int32", "numbers of these rows, of tokens", "embeddings", False),
    Quantity("neighbours", ("rows",), "float32", "cosines to the row of place `name`", "embeddings", False),
    Quantity("neighbours_index", ("rows",), "int32", "numbers of these rows", "embeddings", False),
    Quantity("state", ("steps", "units"), "float32", "state or gate `name` of a layer for a sample", "states", False),
    Quantity(
        "volume", ("maps", "slices", "row", "column"), "float32", "slices, or state `name` over time", "volumes", False
    ),
    Quantity("volume_maps", ("maps",), "int32", "which maps these are", "volumes", False),
    Quantity("volume_shape", ("slices, rows, columns, maps",), "int32", "how many there are of each", "volumes", False),
    Quantity("kept_state", ("rows", "numbers"), "float32", "state `name` for the next batch, by sample", "kept", False),
    Quantity("read_place", ("steps",), "float32", "which place of a sample a step reads, -1 of a masked one", "states"),
    Quantity(
        "contribution",
        ("maps",),
        "float32",
        "slope of the shown output along a map, times the map, summed over its places",
        "contributions",
        is_sent=False,
    ),
    Quantity("picture", ("row", "column", "channel"), "uint8", "an input of more than 4,096 pixels", "stream"),
    Quantity("spectrogram", ("frequency", "time"), "uint8", "power of an input of sound, in dB", "stream"),
    Quantity("map_picture", ("maps", "row", "column"), "uint8", "what maps put out, each on its own range", "stream"),
    Quantity("map_thumb", ("maps", "row", "column"), "uint8", "maps of a layer that is chosen as a whole", "stream"),
    Quantity("map_index", ("maps",), "int32", "which of a layer's maps are drawn, where that are not all", "stream"),
    Quantity("map_moments", ("maps", "least, greatest, mean"), "float32", "of every map of the layer", "stream"),
    Quantity("map_link", ("sources", "targets"), "float32", "norm or sum of what joins maps, or units", "stream"),
    Quantity("result", (ANY,), "uint8", "what came out, and was to; of classes by place int32", "stream"),
    Quantity("scores", ("queries", "keys"), "float32", "of the chosen head", "stream"),
    Quantity("lane_picture", ("rows", "columns"), "uint8", "query, key or value of the chosen head", "stream"),
    Quantity("lane_row", ("numbers",), "float32", "the first numbers of one of these, of the chosen place", "stream"),
    Quantity("unit_state", ("series", "steps"), "float32", "states and gates of the chosen unit", "stream"),
    Quantity("state_picture", ("series", "units", "steps"), "uint8", "of the chosen layer; 0 is not known", "stream"),
    Quantity("volume_picture", ("maps", "slices", "row", "column"), "uint8", "of the chosen layer", "stream"),
    Quantity("kept_picture", ("rows", "numbers"), "uint8", "kept state `name` of the chosen layer", "stream"),
    Quantity("kept_unit", ("rows",), "float32", "of the chosen unit", "stream"),
    Quantity("gate_share", ("series", "mean, below, above"), "float32", "of all units and steps read", "stream"),
    Quantity("patch", ("inputs", "row", "column"), "float32", "inputs in the window of a place of a map", "stream"),
    Quantity("patch_kernel", ("inputs", "row", "column"), "float32", "the kernel over them", "stream"),
    Quantity("map_kernel", ("maps", "row", "column", "inputs"), "float32", "kernels over one input or three", "stream"),
    Quantity("signal", ("inputs", "units"), "float32", "weight times activation: `bundle`, `top`", "links", False),
    Quantity("bundle", ("groups", "units"), "float32", "signed sums; `name`: weight, signal, gradient", "links"),
    Quantity("top", ("links",), "float32", "the strongest links, strongest first; `name` as for `bundle`", "links"),
    Quantity("top_index", ("links", "end"), "int32", "input and unit of each of these links", "links"),
    Quantity("incoming", ("inputs",), "float32", "links into a unit; measured of large kernels (`weight 7`)", "links"),
    Quantity("outgoing", ("units",), "float32", "links out of a unit, into a layer after it (`weight 7`)", "links"),
    Quantity("z_batch", ("samples",), "float32", "pre-activations of unit `name` over the probe batch", "units", False),
    Quantity("z_layer", ("samples", "units"), "float32", "pre-activations over the probe batch", "activations", False),
    Quantity("learning", ("bytes",), "uint8", "what unit `name` learns of a sample, as JSON in UTF-8", "learning"),
    Quantity("latex", ("bytes",), "uint8", "the arithmetic of unit `name` for a sample, in UTF-8", "learning"),
    Quantity("numpy", ("bytes",), "uint8", "the same as Python", "learning"),
    Quantity("field", ("units", "row", "column"), "uint8", "output over the plane of two inputs; 0 is NaN", "field"),
    Quantity("field_range", ("end",), "float32", "values of the codes 1 and 255", "field", is_sent=False),
    Quantity("prediction", ("units", "row", "column"), "uint8", "outputs over a finer plane; 0 is NaN", "field"),
    Quantity("prediction_range", ("end",), "float32", "values of the codes 1 and 255", "field", is_sent=False),
    Quantity(
        "predictions",
        ("whose", "samples"),
        "int16",
        "true and predicted class, -1 for none; `name`: validation or sample",
        "predictions",
        is_sent=False,
    ),
    Quantity(
        "input_share",
        ("one",),
        "float64",
        "how far the shown output moves by the input, over the probe batch; `name`: ablation or gradient",
        "shares",
        is_sent=False,
    ),
    Quantity("probe_loss", ("one",), "float64", "of the probe batch, before an epoch has ended", "probe_loss", False),
    Quantity("z_histogram", ("bins",), "float32", "how often each z of the chosen unit came", "stream"),
    Quantity("rates", ("layers",), "float32", "what colours layers: `gradient`, `dead`, `change`", "stream"),
    Quantity("dead", ("dead, units, samples",), "float32", "units that put out 0 for all samples", "dead", False),
    Quantity("scalars", ("metrics",), "float64", "metrics, in the order of the header", "stream"),
    Quantity("hyperparameters", ("names",), "float64", "values in force, in the order of the header", "stream"),
    Quantity("curve", ("points", "step, low, high, mean"), "float32", "the metric `name` over the run", "stream"),
    Quantity("kept", ("snapshots",), "float32", "steps that can be looked at", "stream"),
    Quantity("headline", ("metrics", "epoch, before, so far"), "float64", "of the scalars, in their order", "stream"),
    Quantity("clock", ("changes", "step, epoch, steps an epoch"), "float64", "which epoch a step belongs to", "stream"),
    Quantity("change", ("changes", "step, before, since"), "float64", "where `name` changed by hand", "stream"),
)

QUANTITIES: Mapping[str, Quantity] = {row.name: row for row in _ROWS}
