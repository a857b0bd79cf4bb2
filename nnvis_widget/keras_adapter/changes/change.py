"""What a change makes of a training, as a trial carries it out."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from nnvis_widget.core.finding import Finding
from nnvis_widget.diagnosis.facts import Facts
from nnvis_widget.keras_adapter.forward import Forward


class NotTriedError(Exception):
    """A change cannot be tried here; its text says why."""


@dataclass(frozen=True)
class Situation:
    """What a change is made for.

    Attributes:
        forward: The way through the model.
        finding: What was found.
        x: The inputs that are trained with, as the model takes them.
        y: Their targets, or `None`.
        batch_size: Rows of a step.
        facts: What is known of model and data.
        update: By which share a step changes the kernel that it changes most, lately; NaN where that is not known.
        most_update: The most that it was; NaN likewise.
    """

    forward: Forward
    finding: Finding
    x: Any
    y: Any
    batch_size: int
    facts: Facts
    update: float
    most_update: float

    @property
    def model(self) -> Any:
        """The model that is trained."""
        return self.forward.model


class InPlace(NamedTuple):
    """What stands in the place of a layer.

    Attributes:
        layers: One after the other.
        keeps_weights: Whether that of the same class takes over the weights.
    """

    layers: Sequence[Any]
    keeps_weights: bool = True


@dataclass(frozen=True)
class Change:
    """What is done to the clone that is changed; whatever is not named stays.

    Attributes:
        key: The catalogue's text that says what is changed.
        values: What stands in it.
        code: What keeps it; Keras that runs as it stands.
        keeps: What a command sets to keep it.
        layers: Gives what stands in a layer's place; `None` for a layer that stays.
        optimizer: Gives another config for the config of the optimiser.
        rate: The name of a rate that is set, and its value.
        loss: Another loss; both clones are then judged by it.
        batch_size: Other rows of a step.
        inputs: Gives other inputs.
        weights: Gives other sample weights for targets and weights; both clones are then judged with them.
        begins_anew: Whether it only makes sense from the beginning.
        stops_at_best: Whether the training is stopped where it is best, and nothing else is changed.
    """

    key: str
    values: Mapping[str, object] = field(default_factory=dict)
    code: str = ""
    keeps: tuple[str, float] | None = None
    layers: Callable[[Any], InPlace | None] | None = None
    optimizer: Callable[[dict[str, Any]], dict[str, Any]] | None = None
    rate: tuple[str, float] | None = None
    loss: Any = None
    batch_size: int | None = None
    inputs: Callable[[Any], Any] | None = None
    weights: Callable[[Any, Any], Any] | None = None
    begins_anew: bool = False
    stops_at_best: bool = False
