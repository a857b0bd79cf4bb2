"""What somebody has told to draw and to measure of layers, in words; twin of js/src/ui/words/toldFacts.ts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from nnvis_widget.core.face import FaceKind
from nnvis_widget.core.graph import Layer, NetworkGraph
from nnvis_widget.core.number_text import format_number, safe_text
from nnvis_widget.core.words.say import say
from nnvis_widget.stream.frame import Frame

MOST_NAMES = 16
WORDS: Mapping[FaceKind, str] = {
    "units": "values",
    "strip": "pictures",
    "maps": "pictures",
    "matrix": "pictures",
    "text": "tokens",
    "card": "values",
}


def face_parts(layer: Layer) -> list[str]:
    """What is drawn of a layer, in parts of a list; none where nobody has told."""
    face = layer.face
    if face is None:
        return []
    names = " · ".join(map(safe_text, face.names[:MOST_NAMES]))
    count = say(WORDS[face.kind], count=face.shape[2])
    parts = [say("nameIs", name=count, value=names) if names else count]
    return [*parts, say("shows", what=safe_text(face.title))] if face.title else parts


def told_numbers(graph: NetworkGraph, frame: Frame) -> Iterator[str]:
    """The numbers over the probe batch, in a sentence; none where nobody has told."""
    told = []
    for layer in graph.layers:
        for name in layer.numbers:
            section = frame.find("number", layer.id, name)
            if section is not None:
                what = say("noted", text=safe_text(name), note=safe_text(layer.name))
                told.append(f"{what} {format_number(float(section.values[0]), 3)}")
    if told:
        yield say("listed", what=say("overTheProbe"), list=say("semicolon").join(told))
