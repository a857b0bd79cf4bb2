"""The states and gates of a recurrent layer, as a panel reads them from a snapshot."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from nnvis_widget.core.anatomy import LETTING_THROUGH
from nnvis_widget.core.number_text import format_number, format_signed
from nnvis_widget.core.snapshot import Snapshot, TensorKey
from nnvis_widget.core.words.say import say
from nnvis_widget.stream.sections.states import states

NAMES = {
    "h": "stateH",
    "c": "stateC",
    "input": "gateInput",
    "forget": "gateForget",
    "cell": "gateNew",
    "output": "gateOutput",
    "update": "gateUpdate",
    "reset": "gateReset",
    "new": "gateNew",
}


@dataclass(frozen=True)
class OverSequence:
    """One sample.

    Attributes:
        series: By the names of `core.anatomy.SERIES`, each `(steps, units)`; `h` is among them.
        places: `(steps,)`: which place of the sequence a step reads, −1 where that is masked.
    """

    series: Mapping[str, np.ndarray]
    places: np.ndarray

    @property
    def is_read(self) -> np.ndarray:
        """`(steps,)`, whether a step is not masked."""
        return np.asarray(self.places >= 0)


def over_sequence(snapshot: Snapshot, layer: str, sample: int) -> OverSequence | None:
    """What a snapshot has of a layer for a sample; `None` where that is nothing."""
    series = states(snapshot, layer, sample)
    places = snapshot.tensors.get(TensorKey("read_place", layer, sample=sample))
    return OverSequence(series, places.astype(np.int64)) if series and places is not None else None


def is_untold(snapshot: Snapshot, layer: str, sample: int) -> bool:
    """Whether the layer was asked, and cannot tell."""
    return TensorKey("state", layer, sample=sample) in snapshot.tensors


def series_name(name: str) -> str:
    """What a state or gate is called: `state h`, `forget gate`."""
    return say(NAMES[name])


def written(name: str, value: float) -> str:
    """A number of a series: gates let through from 0 to 1 and have no sign; one that is not there is a dash."""
    if np.isnan(value):
        return "–"
    return format_number(value, 3) if name in LETTING_THROUGH and value >= 0 else format_signed(value, 3)
