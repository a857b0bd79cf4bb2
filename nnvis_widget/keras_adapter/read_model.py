"""Reading a model: what it is made of, what its outputs mean, the way through it, and what can be measured on that."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any

from nnvis_widget.core.graph import NetworkGraph
from nnvis_widget.core.grouping import grouped
from nnvis_widget.core.scenery import Scenery
from nnvis_widget.core.structure import NetworkStructure
from nnvis_widget.errors import DataError
from nnvis_widget.keras_adapter.confirm import OTHERWISE, computing_otherwise
from nnvis_widget.keras_adapter.forward import Forward, ready
from nnvis_widget.keras_adapter.probes import PROBES
from nnvis_widget.keras_adapter.probes.probe import Probe
from nnvis_widget.keras_adapter.probes.views import Attempt, own_probes, proven_faces
from nnvis_widget.keras_adapter.read.nodes import Trace
from nnvis_widget.keras_adapter.read.read_structure import read_structure
from nnvis_widget.keras_adapter.read.read_task import read_task
from nnvis_widget.keras_adapter.read.token_places import with_token_places
from nnvis_widget.keras_adapter.read.tokens import token_names
from nnvis_widget.keras_adapter.samples import packed
from nnvis_widget.keras_adapter.symbols import fixed_batch_size
from nnvis_widget.keras_adapter.tracing import trace_call


@dataclass(frozen=True)
class ReadModel:
    """A model as it was read.

    Attributes:
        untraced: What it is made of, as Keras knows it without a call.
        structure: The same with what a call has shown, blocks alike put together.
        graph: Its outermost layers.
        scenery: The samples, with what its outputs and tokens mean.
        forward: The way through it.
        probes: What measures on that.
    """

    untraced: NetworkStructure
    structure: NetworkStructure
    graph: NetworkGraph
    scenery: Scenery
    forward: Forward
    probes: list[Probe]


def read_model(model: Any, scenery: Scenery, attempt: Attempt) -> ReadModel:
    """Read a model with the samples that it is looked at with.

    Cost: its structure, a call of one sample of what has code of its own, and a pass of four through dense layers.

    Args:
        model: A Keras model.
        scenery: The samples.
        attempt: Runs what somebody's own code may fail in.
    """
    untraced, operations = read_structure(model)
    inside, traced = untraced, _trace(model, scenery)
    if traced is not None:
        inside, operations = read_structure(model, traced)
    graph = inside.folded()
    task = read_task(graph, scenery, getattr(model, "loss", None))
    scenery = replace(scenery, task=task, token_names=token_names(inside, operations))
    known = (*graph.layers, *inside.layers, *(group.card for group in inside.held))
    operations = {one.id: operations[one.id] for one in known if one.id in operations}
    forward = Forward(model, graph, operations, scenery, inside)
    others = computing_otherwise(forward) if graph.is_built else ()
    if others:
        inside = inside.with_opaque(others, OTHERWISE)
    faces = proven_faces(forward, inside, attempt) if graph.is_built else {}
    if others or faces:
        inside = with_token_places(inside.with_faces(faces))
        scenery = replace(scenery, token_names={**scenery.token_names, **forward.within.words})
        graph = inside.folded()
        forward = Forward(model, graph, operations, scenery, inside)
    probes = [*(make() for make in PROBES), *own_probes(forward, inside, faces)]
    return ReadModel(untraced, grouped(inside), graph, scenery, forward, probes)


def _trace(model: Any, scenery: Scenery) -> Trace | None:
    """What a call on the first samples shows of a person's own code; `None` where there is none."""
    rows = range(min(scenery.sample_count, fixed_batch_size(model) or 1))
    with suppress(DataError):  # samples that do not fit are told of where they are measured
        given = ready(scenery.batch(rows)) if rows else None
        return trace_call(model, given and packed(model, given, scenery.structure))
    return trace_call(model)
