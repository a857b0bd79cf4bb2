"""What a person can ask of a training; each is put on a queue and drained between two blocks of steps."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Command:
    """The root of all commands."""


@dataclass(frozen=True)
class Resume(Command):
    """Train on (also: start)."""


@dataclass(frozen=True)
class Pause(Command):
    """Stop between two steps and wait."""


@dataclass(frozen=True)
class RunSteps(Command):
    """Train for exactly this many steps, then pause."""

    count: int


@dataclass(frozen=True)
class RunEpochs(Command):
    """Train to the end of this many epochs from here, then pause."""

    count: int


@dataclass(frozen=True)
class Stop(Command):
    """End the training; model, optimiser and history stay usable."""


@dataclass(frozen=True)
class Reset(Command):
    """Go back to the very same initial weights and optimiser state."""


@dataclass(frozen=True)
class SetHyperparameter(Command):
    """Change `learning_rate` or `batch_size` from the next step on."""

    name: str
    value: float


@dataclass(frozen=True)
class Watch(Command):
    """What one view has on its screen, so that no more than this is measured.

    Attributes:
        view: The view's opaque id.
        sample: Index of the sample whose activations are shown.
        fields: Whether output fields over the input plane are shown.
        gradients: Whether gradients of the probe batch are shown.
        signals: Whether signals w·a are shown.
        top_links: Whether the strongest links are shown.
        maps: Whether layers with more outputs than can be drawn as units are shown, as feature maps.
        predictions: Whether the classes that the model says of many samples are shown.
        selection: `(layer id, unit)` whose pre-activations over the probe batch are shown.
        layer: Id of the layer whose pre-activations over the probe batch are shown.
        is_following: Whether the view waits for new snapshots (it is visible and has credit).
    """

    view: str
    sample: int = 0
    fields: bool = True
    gradients: bool = False
    signals: bool = False
    top_links: bool = False
    maps: bool = False
    predictions: bool = False
    selection: tuple[str, int] | None = None
    layer: str | None = None
    is_following: bool = True


@dataclass(frozen=True)
class Unwatch(Command):
    """The view with this id is gone."""

    view: str
