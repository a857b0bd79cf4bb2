"""A snapshot as one view wants to see it. The sections are listed in README.md beside this file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import isfinite
from typing import Any

import numpy as np

from nnvis_widget.core.graph import NetworkGraph
from nnvis_widget.core.scenery import Scenery
from nnvis_widget.core.snapshot import Snapshot, TensorKey
from nnvis_widget.core.status import Status
from nnvis_widget.reduce.kernel_groups import feeding_layers
from nnvis_widget.run.run import Run
from nnvis_widget.stream.edge_sections import edge_sections, kernel_of
from nnvis_widget.stream.frame import Section, encode_frame

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
        detail: What is drawn of kernels with more than 4,000 links: `bundles`, `top` or `all`.
        top_k: How many links are drawn where `detail` is `top`.
    """

    edges: str = "weight"
    sample: int = 0
    selection: tuple[str, int] | None = None
    is_following: bool = True
    detail: str = "bundles"
    top_k: int = 200


def snapshot_frame(
    snapshot: Snapshot, run: Run, graph: NetworkGraph, scenery: Scenery, status: Status, wish: Wish
) -> bytes:
    """Encode what one view shows of a snapshot.

    Kernels of at most 4,000 links travel whole; larger ones as `edge_sections` says, plus the selected unit's own
    links. Cost for a 784-64-10 network with bundles: some 0.5 ms and 25 kB.
    """
    sample = wish.sample if wish.sample in snapshot.samples else next(iter(snapshot.samples), 0)
    header = _header(snapshot, run, status, wish, sample, scenery)
    sections = [
        *_scalars(header, snapshot, run),
        *_units(snapshot, graph, sample),
        *edge_sections(snapshot, graph, scenery, wish.edges, sample, wish.detail, wish.top_k),
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
                kernel = kernel_of(snapshot, layer, quantity)
                links = snapshot.tensors.get(TensorKey("incoming", layer.id, f"{quantity} {unit}"))
                if kernel is not None and unit < kernel.shape[1]:
                    links = kernel[:, unit]
                if links is not None:
                    yield Section("incoming", links, layer.id, quantity, attributes)
        elif layer_id in feeding_layers(graph, layer.id):
            kernel = kernel_of(snapshot, layer, "weight")
            links = snapshot.tensors.get(TensorKey("outgoing", layer.id, f"weight {unit}"))
            if kernel is not None and unit < len(kernel):
                links = kernel[unit]
            if links is not None:
                yield Section("outgoing", links, layer.id, "weight", {**attributes, "source": layer_id})


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
