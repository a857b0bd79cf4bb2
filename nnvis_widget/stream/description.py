"""A frame in words. Its twin is js/src/ui/words/describe.ts; both are read against tests/contract/descriptions.json."""

from __future__ import annotations

from collections.abc import Iterator
from math import isnan, prod
from typing import Any

import numpy as np

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
        metrics = [f"{_metric_name(name)} {_metric(name, value)}" for name, value in _scalars(frame).items()]
        if metrics:
            lines.append(f"Metrics: {', '.join(metrics)}.")
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
            lines.append(f"Problem: {_first_bad(bad)}.")
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
    header = frame.header
    has_epochs = header["steps_per_epoch"] is not None
    epoch, step = f"epoch {format_count(header['epoch'])}", f"step {format_count(header['step'])}"
    if not header["is_following"]:
        return f"Viewing {epoch if has_epochs and header['batch'] == 0 else step}"
    bad = header["first_bad"]
    if bad is not None:
        what = "NaN" if bad["is_nan"] else "not finite"
        return f"{STATE_WORDS[header['state']]} · {what} since step {format_count(bad['step'])}"
    match header["state"]:
        case "running":
            has_total = has_epochs and header["epochs"] is not None
            total = f" / {format_count(max(header['epochs'], header['epoch']))}" if has_total else ""
            return f"Live · {epoch if has_epochs else step}{total}"
        case "paused":
            return "Paused"
        case "finished":
            return "Finished"
        case "failed":
            return "Stopped"
    return "Ready" if header["step"] == 0 and "start" in header["commands"] else "At rest"


def _layers(graph: NetworkGraph) -> str:
    shown = []
    for layer in graph.layers[:MOST_LAYERS]:
        parts = [safe_text(layer.type)]
        if layer.units is not None:
            parts.append(plural(layer.units, "unit"))
        if layer.activation is not None and layer.activation.replace("_", "") != layer.type.lower():
            parts.append(ACTIVATION_NAMES.get(layer.activation, layer.activation.replace("_", " ")))
        shown.append(f"{safe_text(layer.name)} ({', '.join(parts)})")
    rest = len(graph.layers) - MOST_LAYERS
    more = f"; and {format_count(rest)} more" if rest > 0 else ""
    listed = f": {'; '.join(shown)}{more}" if shown else ""
    return f"{plural(len(graph.layers), 'layer')}{listed}."


def _time(frame: Frame) -> str:
    header, scalars = frame.header, _scalars(frame)
    if (header["steps_per_epoch"] or 0) > 0 and header["latest_epoch"] >= 2:
        last = max(header["epochs"] or 0, header["latest_epoch"])
        place = f"epoch {format_count(header['epoch'])} of {format_count(last)}"
    else:
        place = f"step {format_count(header['step'])} of {format_count(header['latest_step'])}"
    names = {"loss": "loss", "val_loss": "validation loss"}
    losses = [f"{said} {format_number(scalars[name], 3)}" for name, said in names.items() if name in scalars]
    return ", ".join([place, *losses])


def _metric_name(name: str) -> str:
    said = f"validation {name[4:]}" if name.startswith("val_") else name
    return safe_text(said.replace("_", " "))


def _metric(name: str, value: float) -> str:
    return format_percent(value) if "accuracy" in name else format_number(value, 3)


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


def _first_bad(bad: dict[str, Any]) -> str:
    epoch, batch = format_count(bad["epoch"]), format_count(bad["batch"])
    found = f"the end of epoch {epoch}" if bad["batch"] == 0 else f"epoch {epoch}, batch {batch}"
    sound, metric = bad["sound_step"], bad["metric"]
    when = f"at or before {found}" if sound is None else f"between step {format_count(sound)} and {found}"
    if sound is not None and bad["step"] - sound <= 1:
        when = f"at {found}"
    if metric is None:
        return f"{safe_text(bad['what'])} became {'NaN' if bad['is_nan'] else 'infinite'} {when}"
    name = {"loss": "loss", "val_loss": "validation loss"}.get(metric, safe_text(metric))
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


def _scalars(frame: Frame) -> dict[str, float]:
    return _named(frame, "scalars")


def _named(frame: Frame, quantity: str) -> dict[str, float]:
    section = frame.find(quantity)
    names = frame.header["scalar_names" if quantity == "scalars" else "hyperparameter_names"]
    return {} if section is None else dict(zip(names, section.values.tolist(), strict=True))
