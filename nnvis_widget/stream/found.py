"""What the doctor has found, as a frame tells a page of it, and in words; twin of js/src/ui/words/foundText.ts."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from nnvis_widget.core.clock import Clock
from nnvis_widget.core.finding import Finding
from nnvis_widget.core.graph import NetworkGraph
from nnvis_widget.core.number_text import safe_text
from nnvis_widget.core.structure import NetworkStructure
from nnvis_widget.core.words.say import say

MOST, MOST_BYTES = 20, 4_000
MOST_CHARACTERS, MOST_IN_NAME = 256, 64
MOST_PLACES = 64
"""Of so many units, or features, a finding names."""
KINDS = {"fault": "faultWord", "warning": "warningWord", "note": "noteWord"}
OF_TARGETS = frozenset({"labels_corrupt", "labels_random", "class_imbalance", "target_scale", "overfit"})
"""What is wrong with the data and shows where targets are held against what is put out."""


def found_header(
    findings: Sequence[Finding], outermost: NetworkGraph, drawn: NetworkGraph, structure: NetworkStructure | None
) -> list[dict[str, Any]]:
    """At most 20 as plain values of at most 4 kB together, each with the card that is drawn for its place.

    What stands goes before what is over, and a cause before any consequence. The last one says how many are left out.

    Args:
        findings: The worst cause first.
        outermost: The network, closed: what comes in and goes out.
        drawn: As far as it is open.
        structure: At every depth, where it has one.
    """
    told: dict[int, dict[str, Any]] = {}
    size = 0
    for at in sorted(range(len(findings)), key=lambda at: (findings[at].is_over, bool(findings[at].because_of)))[:MOST]:
        entry = _entry(findings[at], _card(findings[at], outermost, drawn, structure))
        size += len(json.dumps(entry))
        if size > MOST_BYTES:
            break
        told[at] = entry
    listed = [told[at] for at in sorted(told)]
    if len(listed) < len(findings) and listed:
        listed[-1]["left"] = len(findings) - len(listed)
    return listed


def _entry(one: Finding, card: str) -> dict[str, Any]:
    return {
        "rule": one.rule[:MOST_IN_NAME],
        "severity": one.severity,
        "layer": card,
        **({"at": one.place.layer} if one.place.layer != card and one.place.layer else {}),
        "units": _units(one),
        "since_step": one.since_step,
        "last_step": one.last_step,
        "is_over": one.is_over,
        "follows": bool(one.because_of),
        "title": safe_text(one.title)[:MOST_CHARACTERS],
        "text": "" if one.because_of else one.text[:MOST_CHARACTERS],
        "badge": one.badge[:32],
    }


def _units(one: Finding) -> list[int]:
    """All that it is about; none where only the first of them are known, for the others would look sound."""
    units = one.place.units or one.place.features
    return list(units) if len(units) == one.says.get("count", len(units)) and len(units) < MOST_PLACES else []


def found_lines(found: Sequence[Mapping[str, Any]], clock: Clock) -> Iterator[str]:
    """A sentence for each cause, with what follows from it; then how many are left out."""
    for at, one in enumerate(found):
        if one["follows"]:
            continue
        chain = [one["title"]]
        for other in found[at + 1 :]:
            if not other["follows"]:
                break
            chain.append(other["title"])
        yield say("foundIs", kind=_kind(one, clock), what=" → ".join(chain))
    left = found[-1].get("left", 0) if found else 0
    if left:
        yield say("foundLeft", count=left)


def _kind(one: Mapping[str, Any], clock: Clock) -> str:
    """`Fault since epoch 3.1 (step 31)`"""
    kind = say(KINDS[one["severity"]])
    if one["is_over"]:
        return say("foundOver", kind=kind, moment=clock.text_with_step(one["last_step"]))
    return say("foundSince", kind=kind, moment=clock.text_with_step(one["since_step"])) if one["since_step"] else kind


def _card(one: Finding, outermost: NetworkGraph, drawn: NetworkGraph, structure: NetworkStructure | None) -> str:
    """The layer that is drawn for a place; empty where there is none, or it is not known which."""
    layer: str | None = one.place.layer
    if not layer and one.place.kind in ("data", "loss"):
        is_output = one.place.kind == "loss" or one.rule in OF_TARGETS
        ends = outermost.outputs if is_output else outermost.inputs
        layer = ends[0] if len(ends) == 1 else None
    known = {card.id for card in drawn.layers}
    while layer and layer not in known:
        layer = None if structure is None else structure.parent_of(layer)
    return layer or ""
