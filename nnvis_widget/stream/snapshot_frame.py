"""A snapshot as one view wants to see it. The sections are listed in README.md beside this file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import isfinite
from typing import Any

import numpy as np

from nnvis_widget.core.graph import Layer, NetworkGraph
from nnvis_widget.core.scenery import Scenery
from nnvis_widget.core.snapshot import Snapshot, TensorKey
from nnvis_widget.core.status import Status
from nnvis_widget.reduce.bundles import group_inputs, signed_bundles
from nnvis_widget.run.run import Run
from nnvis_widget.stream.frame import Section, encode_frame

STROKE_LIMIT = 4_000
CURVE_POINTS = 400
MOST_CHANGES = 100
HISTOGRAM_BINS = 32
PROBLEM_CHARACTERS = 20_000
CURVES = ("loss", "val_loss")


@dataclass(frozen=True)
class Wish:
    """What a view wants to see.

    Attributes:
        edges: `weight`, `signal` or `gradient`.
        sample: Index of the chosen sample.
        selection: `(layer id, unit)`, or `None`.
        is_following: Whether the playhead follows the training.
    """

    edges: str = "weight"
    sample: int = 0
    selection: tuple[str, int] | None = None
    is_following: bool = True


def snapshot_frame(
    snapshot: Snapshot, run: Run, graph: NetworkGraph, scenery: Scenery, status: Status, wish: Wish
) -> bytes:
    """Encode what one view shows of a snapshot.

    Kernels of at most 4,000 links travel whole; larger ones as at most 2,048 exact signed sums over groups of inputs,
    plus the selected unit's own links. Cost for a 784-64-10 network: some 0.5 ms and 25 kB.
    """
    sample = wish.sample if wish.sample in snapshot.samples else next(iter(snapshot.samples), 0)
    header = _header(snapshot, run, status, wish, sample, scenery)
    sections = [
        *_scalars(header, snapshot, run),
        *_units(snapshot, graph, sample),
        *_edges(snapshot, graph, scenery, wish.edges, sample),
        *_selected(snapshot, graph, wish),
        *_fields(snapshot, graph),
    ]
    return encode_frame(header, sections)


def _header(snapshot: Snapshot, run: Run, status: Status, wish: Wish, sample: int, scenery: Scenery) -> dict[str, Any]:
    target = scenery.target(sample) if scenery.sample_count else None
    problem, bad = status.problem, status.first_bad
    return {
        "kind": "snapshot",
        "generation": status.generation,
        "state": status.state,
        "step": snapshot.moment.step,
        "epoch": snapshot.moment.epoch,
        "batch": snapshot.moment.batch,
        "revision": snapshot.revision,
        "sample": sample,
        "target": target if target is not None and isfinite(target) else None,
        "latest_step": status.moment.step,
        "latest_epoch": status.moment.epoch,
        "epochs": status.epochs,
        "is_following": wish.is_following,
        "kept_count": run.kept_count,
        "seen_count": run.seen_count,
        "steps_per_epoch": status.steps_per_epoch,
        "optimizer": status.optimizer,
        "commands": list(status.commands),
        "problem": None
        if problem is None
        else {"title": problem.title[:500], "text": problem.text[-PROBLEM_CHARACTERS:]},
        "first_bad": None
        if bad is None
        else {
            "what": bad.what[:256],
            "step": bad.moment.step,
            "epoch": bad.moment.epoch,
            "batch": bad.moment.batch,
            "last_good_step": bad.last_good_step,
            "sound_step": bad.sound_step,
            "metric": None if bad.metric is None else bad.metric[:256],
            "is_nan": bad.is_nan,
        },
        "scalar_names": list(snapshot.scalars),
        "hyperparameter_names": list(snapshot.hyperparameters),
    }


def _scalars(header: Mapping[str, Any], snapshot: Snapshot, run: Run) -> Iterator[Section]:
    yield Section("scalars", np.array(list(snapshot.scalars.values()), np.float64))
    yield Section("hyperparameters", np.array(list(snapshot.hyperparameters.values()), np.float64))
    for name in CURVES:
        if name in run.scalar_names:
            yield Section("curve", run.curve(name, CURVE_POINTS), name=name)
    steps = run.steps
    if len(steps) > CURVE_POINTS:
        steps = steps[np.linspace(0, len(steps) - 1, CURVE_POINTS).astype(int)]
    yield Section("kept", steps.astype(np.float32))
    for name, changes in run.hyperparameter_changes.items():
        yield Section("change", changes[-MOST_CHANGES:], name=name, attributes={"count": len(changes)})


def _units(snapshot: Snapshot, graph: NetworkGraph, sample: int) -> Iterator[Section]:
    for layer in graph.layers:
        for quantity in ("activation", "z"):
            values = snapshot.tensors.get(TensorKey(quantity, layer.id, sample=sample))
            if values is not None:
                yield Section(quantity, values, layer.id)
        bias = snapshot.tensors.get(TensorKey("weight", layer.id, "bias"))
        if bias is not None:
            yield Section("weight", bias, layer.id, "bias")


def _edges(snapshot: Snapshot, graph: NetworkGraph, scenery: Scenery, quantity: str, sample: int) -> Iterator[Section]:
    for layer in graph.layers:
        kernel = _kernel(snapshot, layer, "weight")
        if kernel is None:
            continue
        gradient = _kernel(snapshot, layer, "gradient") if quantity == "gradient" else None
        if kernel.size <= STROKE_LIMIT:
            yield Section("weight", kernel, layer.id, "kernel")
            if gradient is not None:
                yield Section("gradient", gradient, layer.id, "kernel")
            continue
        shown = _shown(snapshot, graph, layer, kernel, gradient, quantity, sample)
        if shown is None:
            continue
        groups = group_inputs(len(kernel), _image_shape(graph, layer, scenery), units=kernel.shape[1])
        attributes = {
            "group_kind": groups.kind,
            "group_size": groups.size,
            "input_count": len(kernel),
            "edge_count": kernel.size,
        }
        yield Section("bundle", signed_bundles(shown, groups), layer.id, quantity, attributes)


def _shown(
    snapshot: Snapshot,
    graph: NetworkGraph,
    layer: Layer,
    kernel: np.ndarray,
    gradient: np.ndarray | None,
    quantity: str,
    sample: int,
) -> np.ndarray | None:
    if quantity == "gradient":
        return gradient
    if quantity == "weight":
        return kernel
    source = next(iter(graph.sources_of(layer.id)), "")
    inputs = snapshot.tensors.get(TensorKey("activation", source, sample=sample))
    return None if inputs is None or inputs.size != len(kernel) else kernel * inputs.reshape(-1, 1)


def _kernel(snapshot: Snapshot, layer: Layer, quantity: str) -> np.ndarray | None:
    if layer.type != "Dense":
        return None
    kernel = snapshot.tensors.get(TensorKey(quantity, layer.id, "kernel"))
    return kernel if kernel is not None and kernel.ndim == 2 else None


def _image_shape(graph: NetworkGraph, layer: Layer, scenery: Scenery) -> tuple[int, ...] | None:
    """The shape of the picture that feeds a layer, through layers that only flatten it."""
    for source_id in graph.sources_of(layer.id):
        source = graph.layer(source_id)
        if source_id in graph.inputs:
            shape = tuple(size or 0 for size in source.output_shape[0][1:]) if source.output_shape else ()
            return scenery.image_shape or (shape if len(shape) >= 2 else None)
        if source.type in ("Flatten", "Reshape", "Rescaling", "Normalization"):
            return _image_shape(graph, source, scenery)
    return None


def _selected(snapshot: Snapshot, graph: NetworkGraph, wish: Wish) -> Iterator[Section]:
    if wish.selection is None:
        return
    layer_id, unit = wish.selection
    attributes = {"unit": unit}
    z_batch = snapshot.tensors.get(TensorKey("z_batch", layer_id, str(unit)))
    if z_batch is not None:
        yield _histogram(z_batch, layer_id, unit)
    for layer in graph.layers:
        if layer.id == layer_id:
            for quantity in ("weight", "gradient"):
                kernel = _kernel(snapshot, layer, quantity)
                if kernel is not None and unit < kernel.shape[1]:
                    yield Section("incoming", kernel[:, unit], layer.id, quantity, attributes)
        elif layer_id in graph.sources_of(layer.id):
            kernel = _kernel(snapshot, layer, "weight")
            if kernel is not None and unit < len(kernel):
                yield Section("outgoing", kernel[unit], layer.id, "weight", {**attributes, "source": layer_id})


def _histogram(values: np.ndarray, layer: str, unit: int) -> Section:
    finite = values[np.isfinite(values)].astype(np.float64)
    counts, edges = np.histogram(finite, HISTOGRAM_BINS) if len(finite) else (np.zeros(HISTOGRAM_BINS), (0.0, 1.0))
    attributes = {"lo": float(edges[0]), "hi": float(edges[-1]), "count": len(values), "unit": unit}
    return Section("z_histogram", counts.astype(np.float32), layer, attributes=attributes)


def _fields(snapshot: Snapshot, graph: NetworkGraph) -> Iterator[Section]:
    for layer in graph.layers:
        codes = snapshot.tensors.get(TensorKey("field", layer.id))
        if codes is not None:
            yield Section("field", codes, layer.id, attributes=_range(snapshot, "field_range", layer.id))
        codes = snapshot.tensors.get(TensorKey("prediction", layer.id))
        if codes is not None:
            yield from _prediction(codes, layer.id, _range(snapshot, "prediction_range", layer.id))


def _prediction(codes: np.ndarray, layer: str, attributes: Mapping[str, float]) -> Iterator[Section]:
    if len(codes) == 1:
        yield Section("prediction", codes[0], layer, "value", attributes)
    elif len(codes) == 2:
        yield Section("prediction", codes[1], layer, "value", attributes)
    else:
        yield Section("prediction", codes.argmax(axis=0).astype(np.uint8), layer, "class")
        yield Section("prediction", codes.max(axis=0), layer, "confidence", attributes)


def _range(snapshot: Snapshot, quantity: str, layer: str) -> dict[str, float]:
    low, high = snapshot.tensors[TensorKey(quantity, layer)].tolist()
    return {"lo": low, "hi": high}
