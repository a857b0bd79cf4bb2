"""A frame in words. Its twin is js/src/ui/words/describe.ts; both are read against tests/contract/descriptions.json."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from math import ceil, isnan, prod
from typing import Any

import numpy as np

from nnvis_widget.core.clock import STEPS, Clock
from nnvis_widget.core.drawings import is_drawn
from nnvis_widget.core.graph import Layer, NetworkGraph
from nnvis_widget.core.limits import BUNDLE_LIMIT, RASTER_LIMIT, STROKE_LIMIT
from nnvis_widget.core.number_text import (
    format_count,
    format_epoch,
    format_rate,
    format_signed,
    safe_text,
)
from nnvis_widget.core.openings import closed_group, in_sight
from nnvis_widget.core.structure import Group, NetworkStructure
from nnvis_widget.core.words.kept_text import anew
from nnvis_widget.core.words.say import capital, say
from nnvis_widget.stream.found import found_lines
from nnvis_widget.stream.frame import Frame, Section
from nnvis_widget.stream.metrics_told import metric_name, metrics_text, named
from nnvis_widget.stream.shown import is_beside
from nnvis_widget.stream.told import face_parts, told_numbers

MOST_LAYERS = 20
LONGEST_CHAIN = 8
MOST_NAMES = 16
STRONGEST = 3

STATE_WORDS = {
    "running": "live",
    "paused": "paused",
    "finished": "finished",
    "failed": "stopped",
    "idle": "atRest",
}
ACTIVATION_NAMES = {"relu": "ReLU", "elu": "ELU", "selu": "SELU", "gelu": "GELU", "leaky_relu": "leaky ReLU"}


def describe(
    graph: NetworkGraph | None,
    frame: Frame | None,
    edges: str = "weight",
    detail: str = "bundles",
    structure: NetworkStructure | None = None,
    opened: Collection[str] = (),
) -> str:
    """What a view shows, in sentences, one a line: as the page's "Describe" says it and a screen reader gets it.

    Args:
        graph: The network, or `None` for an empty view.
        frame: What the view shows of it; `None` before the first measurement.
        edges: What connections show; it decides what the last line says of those not drawn one by one.
        detail: How many of them are drawn. What only one page knows (how fast it draws, how units are laid out) is
            said there alone.
        structure: The network at every depth, where it is known.
        opened: Paths of its opened groups.
    """
    if graph is None:
        return say("nothingToShow")
    lines = [
        say("listed", what=safe_text(graph.name), list=_facts(graph, frame, structure)),
        say("sentence", text=_status(frame)),
        _layers(graph, structure),
    ]
    names = [] if structure is None else [safe_text(group.name) for group in in_sight(structure, opened)]
    if names:
        lines.append(say("openAre", list=say("comma").join(names[:MOST_LAYERS])))
    if frame is not None:
        if frame.header["latest_step"] > 0:
            lines.append(say("timeIs", time=_time(frame)))
        if frame.header["scalar_names"]:
            lines.append(say("sentence", text=metrics_text(frame)))
        if frame.header["meaning"]:
            lines.append(say("outputMeans", meaning=frame.header["meaning"]))
        said = _verdict(frame)
        if said:
            sample = frame.header["sample"]
            numbered = say("sampleSays", sample=format_count(sample), said=said)
            lines.append(say("drawingSays", said=said) if is_drawn(sample) else numbered)
        lines.extend(told_numbers(graph, frame))
        strongest = _strongest_weights(graph, frame)
        if strongest:
            is_part = any(section.quantity in ("bundle", "top") for section in frame.sections)
            key = "strongestDrawn" if is_part else "strongestWeights"
            lines.append(say(key, list=say("semicolon").join(strongest)))
        bad, problem = frame.header["first_bad"], frame.header["problem"]
        if bad is not None:
            lines.append(say("problemIs", problem=_first_bad(bad, _clock(frame))))
        if problem is not None:
            lines.append(say("problemIs", problem=safe_text(problem["title"])))
        lines.extend(found_lines(frame.header.get("found_then", frame.header.get("findings", ())), _clock(frame)))
        lines.extend(filter(None, [_omission(graph, frame, edges, detail)]))
    return "\n".join(lines)


def _facts(graph: NetworkGraph, frame: Frame | None, structure: NetworkStructure | None) -> str:
    facts = [_chain(graph, structure), *([say("parameters", count=graph.parameter_count)] if graph.is_built else [])]
    optimizer = None if frame is None else frame.header["optimizer"]
    if frame is not None and optimizer is not None:
        rate = named(frame, "hyperparameters").get("learning_rate")
        facts.append(safe_text(optimizer) + ("" if rate is None else f" {format_rate(rate)}"))
    return " · ".join(facts)


def _chain(graph: NetworkGraph, structure: NetworkStructure | None) -> str:
    """Sizes along the model where it is one chain, else its number of layers."""
    is_chain = len(graph.inputs) == 1 and all(len(graph.targets_of(layer.id)) <= 1 for layer in graph.layers)
    sizes = [_size(layer) for layer in graph.layers if layer.id in graph.inputs or layer.parameter_count > 0]
    if structure is not None and _has_closed(graph, structure):
        return say("layers", count=len(structure.layers))
    if not is_chain or not 2 <= len(sizes) <= LONGEST_CHAIN or None in sizes:
        return say("layers", count=len(graph.layers if structure is None else structure.layers))
    return " → ".join(format_count(size or 0) for size in sizes)


def _has_closed(graph: NetworkGraph, structure: NetworkStructure) -> bool:
    return any(closed_group(structure, layer.id) is not None for layer in graph.layers)


def _size(layer: Layer) -> int | None:
    if not layer.output_shape:
        return layer.units
    sizes = layer.output_shape[0][1:]
    return None if None in sizes else prod(size or 0 for size in sizes)


def _status(frame: Frame | None) -> str:
    if frame is None:
        return say("loadingFirst")
    header, clock = frame.header, _clock(frame)
    if header.get("what_if"):
        return say("whatIfStatus", count=header["what_if"])
    if not header["is_following"]:
        return say("viewing", moment=clock.text(header["step"]))
    bad = header["first_bad"]
    if bad is not None:
        since = say("nanSince" if bad["is_nan"] else "notFiniteSince", moment=clock.text(bad["step"]))
        return f"{say(STATE_WORDS[header['state']])} · {since}"
    match header["state"]:
        case "running":
            return say("liveAt", moment=clock.text(header["step"]))
        case "paused":
            return say("paused")
        case "finished":
            ending = header.get("ending", "")
            word = say("finished")
            return say("nameIs", name=word, value=safe_text(ending)) if ending else word
        case "failed":
            return say("stopped")
    return say("ready" if header["step"] == 0 and "start" in header["commands"] else "atRest")


def _layers(graph: NetworkGraph, structure: NetworkStructure | None) -> str:
    shown = []
    for layer in graph.layers[:MOST_LAYERS]:
        group = None if structure is None else closed_group(structure, layer.id)
        if structure is not None and group is not None:
            note = say("comma").join(_group_parts(group, structure))
            shown.append(say("noted", text=safe_text(layer.name), note=note))
            continue
        parts = [safe_text(layer.type)]
        if is_beside(layer):
            parts += face_parts(layer)
        elif layer.units is not None:
            names = " · ".join(map(safe_text, layer.unit_names[:MOST_NAMES]))
            count = say("maps" if layer.has_named_maps else "units", count=layer.units)
            if layer.attention is not None:
                count = say("heads", count=layer.attention.heads)
            elif layer.is_text or layer.tells_tokens:
                count = say("texts" if layer.is_text else "tokens", count=layer.units)
            parts.append(say("nameIs", name=count, value=names) if names else count)
        if layer.activation is not None and layer.activation.replace("_", "") != layer.type.lower():
            parts.append(ACTIVATION_NAMES.get(layer.activation, layer.activation.replace("_", " ")))
        shown.append(say("noted", text=safe_text(layer.name), note=say("comma").join(parts)))
    rest = len(graph.layers) - MOST_LAYERS
    more = say("andMore", count=rest) if rest > 0 else ""
    is_part = structure is not None and _has_closed(graph, structure)
    count = say("cardsShown" if is_part else "layers", count=len(graph.layers))
    if not shown:
        return say("sentence", text=count)
    return say("listed", what=count, list=say("semicolon").join(shown) + more)


def _group_parts(group: Group, structure: NetworkStructure) -> list[str]:
    of_names = {"stage": say("stage"), "repeat": say("repeat")}
    parts = [of_names.get(group.kind) or safe_text(group.card.type)]
    if group.card.attention is not None:
        parts.append(say("heads", count=group.card.attention.heads))
    parts += face_parts(group.card)
    is_repeat = group.kind == "repeat"
    parts.append(
        say("alike", members=len(group.members)) if is_repeat else say("layers", count=structure.layer_count(group.id))
    )
    if group.card.uses is None:
        parts.append(say("usedUnknown"))
    elif group.card.uses > 1:
        parts.append(say("usedTimes", uses=group.card.uses))
    return [*parts, *([safe_text(anew(group.note))] if group.note is not None else [])]


def _time(frame: Frame) -> str:
    """`epoch 12.3 of 50 (step 1,234)`"""
    header, clock = frame.header, _clock(frame)
    epoch = clock.epoch_at(header["step"])
    if epoch is None or header["epochs"] is None:
        return clock.text_with_step(header["step"])
    plan = format_count(max(header["epochs"], ceil(epoch)))
    return say("epochOfPlan", epoch=format_epoch(epoch), plan=plan, step=format_count(header["step"]))


def _verdict(frame: Frame) -> str:
    """`predicted 4 four, 75.3%, then 9 nine, 5.9%, ✓ right`; empty where it is not known."""
    verdict = frame.header["verdict"] or {}
    said = " ".join(filter(None, [verdict.get("verb"), verdict.get("predicted")]))
    return say("comma").join(filter(None, [said, verdict.get("second"), verdict.get("words")]))


def _strongest_weights(graph: NetworkGraph, frame: Frame) -> list[str]:
    names = {layer.id: layer.name for layer in graph.layers}
    found: list[tuple[float, str]] = []
    for section in frame.sections:
        if section.quantity != "weight" or section.name != "kernel":
            continue
        values = section.values.ravel()
        sizes = np.abs(values)
        sizes[np.isnan(sizes)] = 0
        for place in np.argsort(-sizes, kind="stable")[:STRONGEST].tolist():
            source, unit = divmod(place, section.values.shape[-1])
            value = float(values[place])
            if isnan(value) or value == 0:
                continue
            name = safe_text(names.get(section.layer, section.layer))
            text = say("weightFromTo", layer=name, input=source, unit=unit, weight=format_signed(value, 3))
            found.append((abs(value), text))
    return [text for _, text in sorted(found, key=lambda one: -one[0])[:STRONGEST]]


def _first_bad(bad: dict[str, Any], clock: Clock) -> str:
    found = clock.text_with_step(bad["step"])
    sound, metric = bad["sound_step"], bad["metric"]
    if sound is None:
        when = say("atOrBefore", moment=found)
    elif bad["step"] - sound <= 1:
        when = say("atMoment", moment=found)
    else:
        when = say("betweenMoments", first=clock.text_with_step(sound), last=found)
    is_loss = metric in ("loss", "val_loss")
    name = metric_name(metric, True) if is_loss else safe_text(bad["what"] if metric is None else metric)
    what = name if metric is None else capital(name)
    return say("becameNan" if bad["is_nan"] else "becameInfinite", what=what, when=when)


def _omission(graph: NetworkGraph, frame: Frame, edges: str, detail: str) -> str:
    drawn = list(_edge_sections(graph, frame, edges))
    bundled = [section for section in drawn if section.quantity == "bundle"]
    is_whole = not bundled and all(one.name == "kernel" and one.values.size <= STROKE_LIMIT for one in drawn)
    counts = " + ".join(format_count(section.attributes.get("edge_count", section.values.size)) for section in drawn)
    sentences = [] if is_whole else [say("edgesDrawnAs", counts=counts, drawn=" + ".join(map(_drawn_as, drawn)))]
    if detail == "all" and bundled:
        sentences.append(say("notOneByOne", limit=format_count(RASTER_LIMIT)))
    if detail == "top" and bundled:
        sentences.append(say("strongestNotRecorded"))
    for key, by in (("mapsDrawn", "mean"), ("mapsContributing", "contribution"), ("headsDrawn", "sharpness")):
        pictured = list(_drawn_pictures(graph, frame, by))
        if pictured:
            sentences.append(say(key, list=say("comma").join(pictured)))
    unrecorded = len(frame.header.get("unrecorded") or ())
    if unrecorded:
        sentences.append(say("layersNotRecorded", count=unrecorded))
    return say("gap").join(sentences)


def _drawn_pictures(graph: NetworkGraph, frame: Frame, by: str) -> Iterator[str]:
    """`conv2d (12 of 64)`, of each layer of which not all maps, or heads, are drawn, but the first by this."""
    for layer in graph.layers:
        section, shape = frame.find("map_index", layer.id), layer.picture_shape
        if section is not None and shape is not None and section.attributes.get("by") == by:
            part = say("ofAll", part=format_count(section.values.size), count=format_count(shape[2]))
            yield say("noted", text=safe_text(layer.name), note=part)


def _edge_sections(graph: NetworkGraph, frame: Frame, edges: str) -> Iterator[Section]:
    for layer in graph.layers:
        quantities = (("map_link", edges), ("gradient" if edges == "gradient" else "weight", "kernel"))
        ways = (*quantities, ("top", edges), ("bundle", edges))
        found = (frame.find(quantity, layer.id, name) for quantity, name in ways)
        section = next((one for one in found if one is not None), None)
        if section is not None and section.values.size > 0:
            yield section


def _drawn_as(section: Section) -> str:
    count = section.values.size
    if section.quantity == "map_link":
        is_norm = section.attributes.get("measure") == "norm"
        return say("mapLinks", links=format_count(int((section.values >= 0).sum()) if is_norm else count))
    if section.quantity == "top":
        return say("theStrongest", edges=format_count(count))
    if section.quantity != "bundle":
        edges = say("edges", edges=format_count(count))
        return say("imageOf", what=edges) if count > STROKE_LIMIT else edges
    is_rows = section.attributes.get("group_kind") == "image_row"
    what = say("rowBundles" if is_rows else "blockBundles", bundles=format_count(count))
    return what if count <= BUNDLE_LIMIT else say("strongestOf", shown=format_count(BUNDLE_LIMIT), what=what)


def _clock(frame: Frame) -> Clock:
    section = frame.find("clock")
    return STEPS if section is None else Clock(section.values)
