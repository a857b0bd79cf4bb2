"""What the arithmetic of a layer is told: plain arrays and plain numbers."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from nnvis_widget.core.words.phrase import phrase
from nnvis_widget.workings.card import Draft
from nnvis_widget.workings.value import Value


@dataclass(frozen=True)
class LayerFacts:
    """One call of a layer on a batch, and which number of its output is asked for.

    Attributes:
        kind: Its class in `keras.layers`, or the name of the operation of `keras.ops`.
        inputs: What came in, samples first; a number that stands beside a tensor is 0-d.
        row: The sample's place in the batch.
        place: Indices of the number in what the sample gave, the unit last.
        output: What the layer put out, samples first.
        weights: By name.
        config: What the layer was made with.
        options: What else the call was given: masks, flags.
        activation: Its activation, `None` where it has none.
        numbers: What the activation is made with.
        names: What each input is called.
        is_training: Whether it was called for a step of the training.
    """

    kind: str
    inputs: Sequence[np.ndarray]
    row: int
    place: tuple[int, ...]
    output: np.ndarray
    weights: Mapping[str, np.ndarray] = field(default_factory=dict)
    config: Mapping[str, Any] = field(default_factory=dict)
    options: Mapping[str, Any] = field(default_factory=dict)
    activation: str | None = None
    numbers: Mapping[str, float] = field(default_factory=dict)
    names: Sequence[str] = ()
    is_training: bool = False

    @property
    def unit(self) -> int:
        """The place along the last axis."""
        return self.place[-1] if self.place else 0

    @property
    def sample(self) -> np.ndarray:
        """What the (first) input brought for the sample."""
        return np.asarray(self.inputs[0][self.row])

    @property
    def needs_all(self) -> bool:
        """Whether the activation takes the z of all units."""
        return self.activation in ("softmax", "log_softmax", "sparsemax")

    def weight(self, name: str) -> np.ndarray | None:
        """A variable in float64, `None` where there is none of this name."""
        value = self.weights.get(name)
        return None if value is None else np.asarray(value, np.float64)

    def number(self, name: str, otherwise: float = 0.0) -> float:
        """A number of the config."""
        value = self.config.get(name)
        return float(value) if isinstance(value, int | float) else otherwise

    def name(self, place: Sequence[int], source: int = 0) -> str:
        """What an element of an input is called: `dense unit 3`, `conv2d map 2 at 4, 7`."""
        own = self.names[source] if source < len(self.names) else phrase("input")
        return unit_name(own, place)


def unit_name(layer: str, place: Sequence[int]) -> str:
    """What a number that a layer puts out is called; the layer itself where it is the only one."""
    if len(place) <= 1:
        return phrase("{layer} unit {unit}", layer=layer, unit=place[0]) if place else layer
    return phrase("{layer} map {unit} at {place}", layer=layer, unit=place[-1], place=", ".join(map(str, place[:-1])))


class NotCoveredError(Exception):
    """A layer is set up in a manner of which no formula is written; its words say which."""


@dataclass(frozen=True)
class Found:
    """What a layer's rule found.

    Attributes:
        z: Of the unit, before its activation.
        of_all: z of all units along the last axis, where the activation takes them together.
    """

    z: Value
    of_all: Value | None = None


Rule = Callable[[Draft, LayerFacts], Found]
