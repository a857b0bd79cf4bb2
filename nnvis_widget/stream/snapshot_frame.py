"""A snapshot as one view wants to see it. The sections are listed in README.md beside this file."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import Any

from nnvis_widget.core.graph import NetworkGraph
from nnvis_widget.core.scenery import Scenery
from nnvis_widget.core.snapshot import Snapshot, TensorKey
from nnvis_widget.core.status import Status
from nnvis_widget.core.structure import NetworkStructure
from nnvis_widget.core.words.kept_text import anew
from nnvis_widget.reduce.verdict import class_of_target, judge, meaning, truth_text
from nnvis_widget.run.run import Run
from nnvis_widget.stream.found import found_header
from nnvis_widget.stream.frame import Section, encode_frame
from nnvis_widget.stream.sections.curves import curve_sections
from nnvis_widget.stream.sections.edges import edge_sections
from nnvis_widget.stream.sections.fields import field_sections
from nnvis_widget.stream.sections.kept import kept_sections
from nnvis_widget.stream.sections.lanes import lane_sections
from nnvis_widget.stream.sections.layer_colors import color_sections
from nnvis_widget.stream.sections.learning import learning_sections
from nnvis_widget.stream.sections.maps import map_sections
from nnvis_widget.stream.sections.result import result_sections
from nnvis_widget.stream.sections.scores import score_sections
from nnvis_widget.stream.sections.selected import selected_sections
from nnvis_widget.stream.sections.states import state_sections
from nnvis_widget.stream.sections.units import unit_sections
from nnvis_widget.stream.sections.volumes import volume_sections
from nnvis_widget.stream.shown import Drawn, Shown, Wish

OF_THE_RUN = (curve_sections, color_sections)
OF_THE_SNAPSHOT = (
    unit_sections,
    edge_sections,
    selected_sections,
    learning_sections,
    field_sections,
    map_sections,
    score_sections,
    lane_sections,
    result_sections,
    state_sections,
    kept_sections,
    volume_sections,
)
PROBLEM_CHARACTERS = 20_000
MOST_UNRECORDED = 256
MOST_CHARACTERS = 1_000
MOST_RIGHTS = 64
MOST_TOKENS, MOST_IN_TOKEN, MOST_IN_TEXT = 256, 48, 1_000


def snapshot_frame(
    snapshot: Snapshot,
    run: Run,
    graph: NetworkGraph,
    scenery: Scenery,
    status: Status,
    wish: Wish,
    structure: NetworkStructure | None = None,
    drawn: Drawn | None = None,
) -> bytes:
    """Encode what one view shows of a snapshot.

    Kernels of at most 4,000 links travel whole; larger ones as `edge_sections` says, plus the selected unit's own
    links. Cost for a 784-64-10 network with bundles: some 0.5 ms and 25 kB.
    """
    shown = Shown(snapshot, run, graph, scenery, wish, structure, drawn or Drawn())
    sections = [*_of(OF_THE_RUN, shown), *shown.drawn.sections(shown, partial(_of, OF_THE_SNAPSHOT))]
    return encode_frame(_header(shown, status), sections)


def _of(parts: Sequence[Callable[[Shown], Iterable[Section]]], shown: Shown) -> list[Section]:
    return [section for part in parts for section in part(shown)]


def _header(shown: Shown, status: Status) -> dict[str, Any]:
    snapshot, run = shown.snapshot, shown.run
    problem, bad = status.problem, status.first_bad
    return {
        "kind": "snapshot",
        "generation": status.generation,
        "state": status.state,
        "step": snapshot.moment.step,
        "revision": snapshot.revision,
        "sample": shown.sample,
        **_prediction(shown),
        **_tokens(shown),
        "latest_step": status.moment.step,
        "epochs": status.epochs,
        "pace": status.pace,
        "ending": anew(status.ending)[:256],
        "is_following": shown.wish.is_following,
        **({"what_if": shown.wish.what_if} if shown.wish.what_if else {}),
        **({"unrecorded": list(shown.unrecorded[:MOST_UNRECORDED])} if shown.is_part else {}),
        **({"notes": [(step, anew(text)) for step, text in run.notes.notes]} if run.notes.notes else {}),
        "kept_count": run.kept_count,
        "seen_count": run.seen_count,
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
            "last_good_step": bad.last_good_step,
            "sound_step": bad.sound_step,
            "metric": None if bad.metric is None else bad.metric[:256],
            "is_nan": bad.is_nan,
        },
        **_found(shown, status),
        "scalar_names": list(shown.headlines),
        "hyperparameter_names": list(snapshot.hyperparameters),
    }


def _found(shown: Shown, status: Status) -> dict[str, Any]:
    """What the doctor has found, and had found at a step of the past; nothing where that is nothing."""
    place = (shown.outermost, shown.graph, shown.structure)
    told = {"findings": found_header(status.findings, *place)} if status.findings else {}
    if not shown.wish.is_following and shown.run.found is not None:
        told["found_then"] = found_header(shown.run.found.at(shown.snapshot.step), *place)
    return told


def _tokens(shown: Shown) -> dict[str, Any]:
    """What the tokens of the sample are called, and its texts, by input; nothing where no input has any."""
    tokens = {}
    has_each = len(shown.scenery.inputs) == len(shown.outermost.inputs)  # else one card stands for several
    for place, layer in enumerate(shown.outermost.inputs if has_each else ()):
        if shown.outermost.layer(layer).is_text:
            told = shown.scenery.texts(place, shown.sample)[:MOST_TOKENS]
            tokens[layer] = [one[: max(MOST_IN_TOKEN, MOST_IN_TEXT // len(told))] for one in told]
    faces = {one.id: one.face for one in shown.layers if one.face is not None and one.face.kind == "text"}
    for layer in (*shown.outermost.inputs, *faces):
        quantity = "view" if layer in faces and not faces[layer].is_output else "activation"
        values = shown.snapshot.tensors.get(TensorKey(quantity, layer, sample=shown.sample))
        names = None if values is None else shown.scenery.tokens(layer, values[:MOST_TOKENS])
        if names is not None:
            tokens[layer] = [name[:MOST_IN_TOKEN] for name in names]
    return {"tokens": tokens} if tokens else {}


def _prediction(shown: Shown) -> dict[str, Any]:
    """What the outputs mean, what is true of the sample, and what the network says of it; `None` of several outputs."""
    graph, scenery, task = shown.outermost, shown.scenery, shown.scenery.task
    target = scenery.target(shown.sample)
    if len(graph.outputs) != 1:
        return {"target": None, "meaning": "", "truth": "", "verdict": None}
    output = graph.layer(graph.outputs[0])
    values = shown.model_output
    units = output.units or 1 if values is None else values.size
    verdict = None if values is None else judge(task, values, target, scenery.names)
    return {
        "target": class_of_target(task, units, target),
        "meaning": meaning(task, units),
        "truth": truth_text(task, units, target, scenery.names)[:MOST_CHARACTERS],
        "verdict": None
        if verdict is None
        else {
            "verb": verdict.verb,
            "predicted": verdict.predicted[:MOST_CHARACTERS],
            "second": verdict.second[:MOST_CHARACTERS],
            "words": verdict.words[:MOST_CHARACTERS],
            "tone": verdict.tone,
            "unit": verdict.unit,
            "rights": list(verdict.rights[:MOST_RIGHTS]),
        },
    }
