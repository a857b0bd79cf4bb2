"""A frame in words. Its twin is js/src/ui/words/describe.ts; both are read against tests/contract/descriptions.json."""

from __future__ import annotations

from collections.abc import Iterator
from math import ceil, isnan, prod
from typing import Any

import numpy as np

from nnvis_widget.core.clock import STEPS, Clock
from nnvis_widget.core.graph import Layer, NetworkGraph
from nnvis_widget.core.limits import BUNDLE_LIMIT, RASTER_LIMIT, STROKE_LIMIT
from nnvis_widget.core.number_text import (
    format_count,
    format_number,
    format_percent,
    format_rate,
    format_signed,
    plural,
    safe_text,
)
from nnvis_widget.stream.frame import Frame, Section

MOST_LAYERS = 20
LONGEST_CHAIN = 8
MOST_NAMES = 16
STRONGEST = 3
EMPTY = "Nothing to show yet. Give the view a built Keras model: view.model = model"

STATE_WORDS = {
    "running": "Live",
    "paused": "Paused",
    "finished": "Finished",
    "failed": "Stopped",
    "idle": "At rest",
}
ACTIVATION_NAMES = {"relu": "ReLU", "elu": "ELU", "selu": "SELU", "gelu": "GELU", "leaky_relu": "leaky ReLU"}


def describe(graph: NetworkGraph | None, frame: Frame | None, edges: str = "weight", detail: str = "bundles") -> str:
    """What a view shows, in sentences, one a line: as the page's "Describe" says it and a screen reader gets it.

    Args:
        graph: The network, or `None` for an empty view.
        frame: What the view shows of it; `None` before the first measurement.
        edges: What connections show; it decides what the last line says of those not drawn one by one.
        detail: How many of them are drawn. What only one page knows (how fast it draws, how units are laid out) is
            said there alone.
    """
    if graph is None:
        return EMPTY
    lines = [f"{safe_text(graph.name)}: {_facts(graph, frame)}.", f"{_status(frame)}.", _layers(graph)]
    if frame is not None:
        if frame.header["latest_step"] > 0:
            lines.append(f"Time: {_time(frame)}.")
        if frame.header["scalar_names"]:
            lines.append(f"{_metrics(frame)}.")
        if frame.header["meaning"]:
            lines.append(f"Output: {frame.header['meaning']}.")
        said = _verdict(frame)
        if said:
            lines.append(f"Sample {format_count(frame.header['sample'])}: {said}.")
        strongest = _strongest_weights(graph, frame)
        if strongest:
            is_part = any(section.quantity in ("bundle", "top") for section in frame.sections)
            where = " among the edges drawn one by one" if is_part else ""
            lines.append(f"Strongest weights{where}: {'; '.join(strongest)}.")
        bad, problem = frame.header["first_bad"], frame.header["problem"]
        if bad is not None:
            lines.append(f"Problem: {_first_bad(bad, _clock(frame))}.")
        if problem is not None:
            lines.append(f"Problem: {safe_text(problem['title'])}.")
        lines.extend(filter(None, [_omission(graph, frame, edges, detail)]))
    return "\n".join(lines)


def _facts(graph: NetworkGraph, frame: Frame | None) -> str:
    facts = [_chain(graph), plural(graph.parameter_count, "parameter")]
    optimizer = None if frame is None else frame.header["optimizer"]
    if frame is not None and optimizer is not None:
        rate = _named(frame, "hyperparameters").get("learning_rate")
        facts.append(safe_text(optimizer) + ("" if rate is None else f" {format_rate(rate)}"))
    return " · ".join(facts)


def _chain(graph: NetworkGraph) -> str:
    """Sizes along the model where it is one chain, else its number of layers."""
    is_chain = len(graph.inputs) == 1 and all(len(graph.targets_of(layer.id)) <= 1 for layer in graph.layers)
    sizes = [_size(layer) for layer in graph.layers if layer.id in graph.inputs or layer.parameter_count > 0]
    if not is_chain or not 2 <= len(sizes) <= LONGEST_CHAIN or None in sizes:
        return plural(len(graph.layers), "layer")
    return " → ".join(format_count(size or 0) for size in sizes)


def _size(layer: Layer) -> int | None:
    if not layer.output_shape:
        return layer.units
    sizes = layer.output_shape[0][1:]
    return None if None in sizes else prod(size or 0 for size in sizes)


def _status(frame: Frame | None) -> str:
    if frame is None:
        return "Loading the first picture"
    header, clock = frame.header, _clock(frame)
    if not header["is_following"]:
        return f"Viewing {clock.text(header['step'])}"
    bad = header["first_bad"]
    if bad is not None:
        what = "NaN" if bad["is_nan"] else "not finite"
        return f"{STATE_WORDS[header['state']]} · {what} since {clock.text(bad['step'])}"
    match header["state"]:
        case "running":
            return f"Live · {clock.text(header['step'])}"
        case "paused":
            return "Paused"
        case "finished":
            ending = header.get("ending", "")
            return f"Finished: {safe_text(ending)}" if ending else "Finished"
        case "failed":
            return "Stopped"
    return "Ready" if header["step"] == 0 and "start" in header["commands"] else "At rest"


def _layers(graph: NetworkGraph) -> str:
    shown = []
    for layer in graph.layers[:MOST_LAYERS]:
        parts = [safe_text(layer.type)]
        if layer.units is not None:
            names = " · ".join(map(safe_text, layer.unit_names[:MOST_NAMES]))
            parts.append(plural(layer.units, "unit") + (f": {names}" if names else ""))
        if layer.activation is not None and layer.activation.replace("_", "") != layer.type.lower():
            parts.append(ACTIVATION_NAMES.get(layer.activation, layer.activation.replace("_", " ")))
        shown.append(f"{safe_text(layer.name)} ({', '.join(parts)})")
    rest = len(graph.layers) - MOST_LAYERS
    more = f"; and {format_count(rest)} more" if rest > 0 else ""
    listed = f": {'; '.join(shown)}{more}" if shown else ""
    return f"{plural(len(graph.layers), 'layer')}{listed}."


def _time(frame: Frame) -> str:
    """`epoch 12.3 of 50 (step 1,234)`"""
    header, clock = frame.header, _clock(frame)
    place, epoch = clock.text(header["step"]), clock.epoch_at(header["step"])
    if epoch is None:
        return place
    plan = "" if header["epochs"] is None else f" of {format_count(max(header['epochs'], ceil(epoch)))}"
    return f"{place}{plan} (step {format_count(header['step'])})"


def _metrics(frame: Frame) -> str:
    """`Metrics of epoch 12: train loss 0.123 (−0.041 in 10 epochs), val loss 0.130`"""
    told, section = _named(frame, "scalars"), frame.find("headline")
    rows = [] if section is None else section.values.tolist()
    epochs = [epoch for epoch, _, _ in rows]
    newest = max((epoch for epoch in epochs if not isnan(epoch)), default=None)
    if newest == 0:
        return "Metrics: no epoch has ended yet"
    said = []
    for (name, value), (epoch, before, _) in zip(told.items(), rows, strict=True):
        notes = [f"epoch {format_count(epoch)}"] if newest is not None and epoch != newest else []
        if not isnan(value - before):
            notes.append(f"{_change(name, value - before)} in 10 epochs")
        note = f" ({', '.join(notes)})" if notes else ""
        said.append(f"{_metric_name(name, newest is not None)} {_metric(name, value)}{note}")
    when = "at this step" if newest is None else f"of epoch {format_count(newest)}"
    return f"Metrics {when}: {', '.join(said)}"


def _metric_name(name: str, has_epochs: bool) -> str:
    whose = "val " if name.startswith("val_") else "train " if has_epochs else ""
    return safe_text(whose + name.removeprefix("val_").replace("_", " "))


def _metric(name: str, value: float) -> str:
    return format_percent(value) if "accuracy" in name else format_number(value, 3)


def _change(name: str, value: float) -> str:
    return f"{format_signed(100 * value, 1)} points" if "accuracy" in name else format_signed(value, 3)


def _verdict(frame: Frame) -> str:
    """`predicted 4 four, 75.3%, ✓ right`; empty where it is not known."""
    verdict = frame.header["verdict"] or {}
    said = " ".join(filter(None, [verdict.get("verb"), verdict.get("predicted")]))
    return ", ".join(filter(None, [said, verdict.get("words")]))


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
            found.append((abs(value), f"{name} input {source} to unit {unit} {format_signed(value, 3)}"))
    return [text for _, text in sorted(found, key=lambda one: -one[0])[:STRONGEST]]


def _first_bad(bad: dict[str, Any], clock: Clock) -> str:
    found = clock.text_with_step(bad["step"])
    sound, metric = bad["sound_step"], bad["metric"]
    when = f"at or before {found}" if sound is None else f"between {clock.text_with_step(sound)} and {found}"
    if sound is not None and bad["step"] - sound <= 1:
        when = f"at {found}"
    if metric is None:
        return f"{safe_text(bad['what'])} became {'NaN' if bad['is_nan'] else 'infinite'} {when}"
    name = {"loss": "train loss", "val_loss": "val loss"}.get(metric, safe_text(metric))
    return f"{name[:1].upper()}{name[1:]} became {'NaN' if bad['is_nan'] else 'infinite'} {when}"


def _omission(graph: NetworkGraph, frame: Frame, edges: str, detail: str) -> str:
    drawn = list(_edge_sections(graph, frame, edges))
    bundled = [section for section in drawn if section.quantity == "bundle"]
    is_whole = not bundled and all(one.name == "kernel" and one.values.size <= STROKE_LIMIT for one in drawn)
    counts = " + ".join(format_count(section.attributes.get("edge_count", section.values.size)) for section in drawn)
    sentences = [] if is_whole else [f"{counts} edges, drawn as {' + '.join(map(_drawn_as, drawn))}."]
    if detail == "all" and bundled:
        sentences.append(f"More than {format_count(RASTER_LIMIT)} are not painted one by one.")
    if detail == "top" and bundled:
        sentences.append("The strongest were not recorded at this step.")
    unrecorded = len(frame.header.get("unrecorded") or ())
    if unrecorded:
        were = "was" if unrecorded == 1 else "were"
        sentences.append(f"{format_count(unrecorded)} of the layers here {were} not recorded at this step.")
    return " ".join(sentences)


def _edge_sections(graph: NetworkGraph, frame: Frame, edges: str) -> Iterator[Section]:
    for layer in graph.layers:
        kernel = frame.find("gradient" if edges == "gradient" else "weight", layer.id, "kernel")
        section = kernel or frame.find("top", layer.id, edges) or frame.find("bundle", layer.id, edges)
        if section is not None and section.values.size > 0:
            yield section


def _drawn_as(section: Section) -> str:
    count = section.values.size
    if section.quantity == "top":
        return f"the {format_count(count)} strongest"
    if section.quantity != "bundle":
        return f"{'an image of ' if count > STROKE_LIMIT else ''}{format_count(count)} edges"
    kind = "row bundles" if section.attributes.get("group_kind") == "image_row" else "block bundles"
    if count <= BUNDLE_LIMIT:
        return f"{format_count(count)} {kind}"
    return f"the strongest {format_count(BUNDLE_LIMIT)} of {format_count(count)} {kind}"


def _clock(frame: Frame) -> Clock:
    section = frame.find("clock")
    return STEPS if section is None else Clock(section.values)


def _named(frame: Frame, quantity: str) -> dict[str, float]:
    section = frame.find(quantity)
    names = frame.header["scalar_names" if quantity == "scalars" else "hyperparameter_names"]
    return {} if section is None else dict(zip(names, section.values.tolist(), strict=True))
