"""What a person can ask of a source: each command is a class and a row of `COMMANDS`, and is written nowhere else.

A command is put on a queue by any thread and obeyed between two blocks of steps.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, get_args

from nnvis_widget.core.argument import Argument, OneOf, Positive, Text, Whole, refusal
from nnvis_widget.core.finding import Finding
from nnvis_widget.core.pace import PaceText
from nnvis_widget.core.status import State
from nnvis_widget.core.steps import PHASES
from nnvis_widget.core.trial import MOST_STEPS
from nnvis_widget.core.want import Wants
from nnvis_widget.core.what_if import Changes
from nnvis_widget.errors import CommandError

MAX_COUNT = 1_000_000_000
MAX_VALUE = 1e300
MAX_ID = 32
HYPERPARAMETERS = ("learning_rate", "schedule_scale", "batch_size")

# looks: what it shows can be chosen; steers: somebody else's training can be influenced while it runs; trains: it takes
# the steps itself; blocks: while it runs, the kernel reads no message of a page.
# remembers: a reset has given up a trained network, which is still there.
# steps: the next step was gone through, and waits to be shown or left; takes: it can be taken.
# supposes: changes can be tried on its model without touching it.
# judges: a doctor looks at it, and can hold what it saw against other thresholds.
Capability = Literal["looks", "steers", "trains", "blocks", "remembers", "steps", "takes", "supposes", "judges"]

ALWAYS: tuple[State, ...] = get_args(State)


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
class UndoReset(Command):
    """Go back to the trained network that the last reset gave up, with its run."""


@dataclass(frozen=True)
class SetHyperparameter(Command):
    """Change `learning_rate`, `schedule_scale` or `batch_size` from the next step on."""

    name: str
    value: float


@dataclass(frozen=True)
class SetPace(Command):
    """Go at this pace from the next step on; see `core.pace`."""

    pace: str


@dataclass(frozen=True)
class SetThreshold(Command):
    """Hold the numbers of the doctor's looks against another one, those that are kept too."""

    name: str
    value: float


@dataclass(frozen=True)
class OpenSteps(Command):
    """Pause, and go through the very next step without taking it; see `core.steps`.

    Of a `fit`, which cannot be held, go through the batch of the shown sample.

    Attributes:
        sample: Which sample of its batch is told of.
        is_awaited: Whether whoever asks waits for it and hears of a refusal alone.
    """

    sample: int = 0
    is_awaited: bool = False


@dataclass(frozen=True)
class ShowPhase(Command):
    """Show a phase of the step that was gone through."""

    phase: str


@dataclass(frozen=True)
class TakeStep(Command):
    """Take the step that was gone through; `is_awaited` as for `OpenSteps`."""

    is_awaited: bool = False


@dataclass(frozen=True)
class CancelSteps(Command):
    """Leave the step that was gone through."""


@dataclass(frozen=True)
class TryChange(Command):
    """Pause, try beside the training what a finding advises, then train on; see `core.trial`.

    Attributes:
        finding: Whose first advice that can be tried is tried.
        steps: At most so many.
    """

    finding: Finding
    steps: int = MOST_STEPS


@dataclass(frozen=True)
class CancelTrial(Command):
    """Leave the trial that is under way."""


@dataclass(frozen=True)
class Suppose(Command):
    """Answer what the network would say with these changes, without touching it; with none, no longer."""

    changes: Changes = ()


@dataclass(frozen=True)
class ApplyWhatIf(Command):
    """Set the weights and edges that are tried, and freeze layers, in the training itself."""


@dataclass(frozen=True)
class Thaw(Command):
    """Let steps change a frozen layer again."""

    layer: str


@dataclass(frozen=True)
class Watch(Command):
    """What one view has on its screen, so that no more than this is measured.

    Attributes:
        view: The view's opaque id.
        wants: What it shows.
        is_following: Whether the view waits for new snapshots (it is visible and has credit).
        is_seen: Whether a page has said that it shows the view: then a model at rest is looked after.
        step: A kept step that the view looks at and that lacks something of this; `None` for none.
    """

    view: str
    wants: Wants = frozenset()
    is_following: bool = True
    is_seen: bool = False
    step: int | None = None


@dataclass(frozen=True)
class Unwatch(Command):
    """The view with this id is gone."""

    view: str


@dataclass(frozen=True)
class Look(Command):
    """Measure what is watched again.

    Attributes:
        is_anew: Whether nothing that is known of the model counts any more, not its structure either.
    """

    is_anew: bool = False


@dataclass(frozen=True)
class CommandKind:
    """What is known of a command.

    Attributes:
        command: Its class.
        offered: By capability, the states in which a source offers it; with another capability it never obeys.
        name: On the wire and in `Status.commands`; `None` for what no page asks for by name.
        arguments: What each of its fields may be, where that can be said without the model.
        leads_to: The state that it leads to.
        newest_by: The field of which only the newest value counts: of commands that wait and name the same thing there,
            the last one stays. `__class__` where of all that wait only the last one counts.
    """

    command: type[Command]
    offered: Mapping[Capability, tuple[State, ...]]
    name: str | None = None
    arguments: Mapping[str, Argument] = field(default_factory=dict)
    leads_to: State | None = None
    newest_by: str | None = None


REST: tuple[State, ...] = ("idle", "paused", "finished")
COUNT: Mapping[str, Argument] = {"count": Whole(1, MAX_COUNT)}
SETTING: Mapping[str, Argument] = {"name": OneOf(HYPERPARAMETERS), "value": Positive(MAX_VALUE)}

COMMANDS: tuple[CommandKind, ...] = (
    CommandKind(Resume, {"trains": (*REST, "failed")}, "start", leads_to="running"),
    CommandKind(RunSteps, {"trains": REST}, "run_steps", COUNT, leads_to="running"),
    CommandKind(RunEpochs, {"trains": REST}, "run_epochs", COUNT, leads_to="running"),
    CommandKind(Pause, {"trains": ("running",)}, "pause", leads_to="paused"),
    CommandKind(Stop, {"trains": ("running", "paused"), "steers": ("running",)}, "stop", leads_to="finished"),
    CommandKind(Reset, {"trains": ("running", "paused", "finished", "failed")}, "reset", leads_to="idle"),
    CommandKind(UndoReset, {"remembers": (*REST, "failed")}, "undo_reset"),
    CommandKind(
        SetHyperparameter,
        {"trains": ALWAYS, "steers": ("running",)},
        "set_hyperparameter",
        SETTING,
        newest_by="name",
    ),
    CommandKind(SetPace, {"trains": ALWAYS}, "set_pace", {"pace": PaceText()}, newest_by="__class__"),
    CommandKind(SetThreshold, {"judges": ALWAYS}, newest_by="name"),
    CommandKind(
        OpenSteps,
        {"trains": (*REST, "running"), "steers": ("running", "paused", "finished")},
        "open_steps",
        {"sample": Whole(0, MAX_COUNT)},
    ),
    CommandKind(ShowPhase, {"steps": ALWAYS}, "show_phase", {"phase": OneOf(PHASES)}, newest_by="__class__"),
    CommandKind(TakeStep, {"takes": REST}, "take_step"),
    CommandKind(CancelSteps, {"steps": ALWAYS}, "cancel_steps"),
    CommandKind(TryChange, {"trains": ALWAYS}),
    CommandKind(CancelTrial, {"trains": ALWAYS}),
    CommandKind(ApplyWhatIf, {"trains": ALWAYS}, "apply_what_if"),
    CommandKind(Thaw, {"trains": ALWAYS}, "thaw", {"layer": Text(MAX_ID)}),
    CommandKind(Suppose, {"supposes": ALWAYS}, newest_by="__class__"),
    CommandKind(Watch, {"looks": ALWAYS}, newest_by="view"),
    CommandKind(Unwatch, {"looks": ALWAYS}, newest_by="view"),
    CommandKind(Look, {"looks": ALWAYS}, newest_by="is_anew"),
)

BY_NAME: Mapping[str, CommandKind] = {kind.name: kind for kind in COMMANDS if kind.name is not None}
_BY_CLASS = {kind.command: kind for kind in COMMANDS}


def kind_of(command: Command) -> CommandKind:
    """The row of a command.

    Raises:
        CommandError: If there is none.
    """
    kind = _BY_CLASS.get(type(command))
    if kind is None:
        raise CommandError(
            f"Expected one of {', '.join(known.__name__ for known in _BY_CLASS)}, got {type(command).__name__}. "
            "Post a command of nnvis_widget.core.command."
        )
    return kind


def read_command(name: str, arguments: Mapping[str, Any]) -> Command:
    """The command that a page asks for by a name of `BY_NAME`, with arguments that were checked."""
    return BY_NAME[name].command(**arguments)


def check_arguments(command: Command) -> None:
    """See that every field of a command is of its type and in range.

    Raises:
        CommandError: If one is not.
    """
    kind = kind_of(command)
    for name, argument in kind.arguments.items():
        value = getattr(command, name)
        if not argument.accepts(value):
            raise CommandError(refusal(kind.command.__name__, name, argument, value))


def is_accepted(command: Command, capabilities: Collection[Capability]) -> bool:
    """Whether a source with these capabilities may be asked for it at all, in whatever state."""
    return any(capability in capabilities for capability in kind_of(command).offered)


def offered(capabilities: Collection[Capability], state: State) -> tuple[str, ...]:
    """The names of what a page may ask of a source now."""
    return tuple(
        name
        for name, kind in BY_NAME.items()
        if any(capability in capabilities and state in states for capability, states in kind.offered.items())
    )
