"""Changes that were tried and are applied to the training; layers that stay as they are."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from nnvis_widget.core.command import ApplyWhatIf, Command, OpenSteps, Suppose, Thaw, TryChange
from nnvis_widget.core.fit_changes import fit_changes
from nnvis_widget.core.number_text import safe_text
from nnvis_widget.core.structure import NetworkStructure
from nnvis_widget.core.what_if import APPLICABLE, Changes, FreezeLayer
from nnvis_widget.core.what_if_answer import WhatIfAnswer
from nnvis_widget.core.words.kept_text import kept_text
from nnvis_widget.core.words.say import say
from nnvis_widget.errors import CommandError, ModelError
from nnvis_widget.keras_adapter.observer import Observer
from nnvis_widget.keras_adapter.read.parameter_names import named_variables
from nnvis_widget.keras_adapter.train_loop import TrainLoop
from nnvis_widget.keras_adapter.what_if.changed import weights_with
from nnvis_widget.stream.what_if_message import change_text


class Applying:
    """What of the changes reaches the model, on the training thread.

    Weights and edges are set, exactly those; a layer is frozen: each step is taken singly, and all weights of the layer
    are put back after it, bit for bit. The optimiser's own memory of them goes on. A changed input or a held unit is no
    part of a training, and stays tried.

    Args:
        loop: Takes the steps.
        observer: Knows what is tried.
        leave: Leaves what is beside the training: a step-through, a trial.
        tell: Announces that something has changed.

    Attributes:
        handlers: What obeys its commands.
    """

    def __init__(
        self, loop: TrainLoop, observer: Observer, leave: Callable[[], None], tell: Callable[[], None]
    ) -> None:
        self._loop, self._observer, self._leave, self._tell = loop, observer, leave, tell
        self.handlers: Mapping[type[Command], Callable[[Any], None]] = {
            ApplyWhatIf: lambda _: self._apply(),
            Thaw: lambda command: self._thaw(command.layer),
        }

    def check(self, command: Command) -> None:
        """See that a command can be carried out beside what is applied.

        Raises:
            CommandError: If it cannot.
        """
        supposing = self._observer.supposing
        if isinstance(command, ApplyWhatIf) and not any(isinstance(one, APPLICABLE) for one in supposing.wanted):
            raise CommandError(
                "Expected a weight, an edge or a frozen layer among the changes that are tried, got none: a changed "
                "input or a held unit is no part of a training. Change one first."
            )
        if isinstance(command, Thaw) and command.layer not in supposing.frozen:
            names = ", ".join(map(repr, supposing.frozen)) or "of which there is none"
            raise CommandError(f"Expected the id of a frozen layer, {names}, got layer={safe_text(command.layer)!r}.")
        if isinstance(command, OpenSteps | TryChange) and supposing.frozen:
            raise CommandError(
                f"Expected a training without frozen layers, got {', '.join(map(self._name, supposing.frozen))}: their "
                "weights are put back after each step, which is not shown here. Thaw them first."
            )

    def _apply(self) -> None:
        observer, supposing = self._observer, self._observer.supposing
        structure, forward = observer.structure, observer.forward
        try:
            changes = fit_changes(supposing.tried, structure)
            told = tuple(one for one in changes if isinstance(one, APPLICABLE))
            weights = weights_with(forward, structure, told)
        except (ValueError, ModelError) as error:
            raise CommandError(str(error)) from error
        self._leave()
        for (layer, name), value in weights.items():
            variable = named_variables(forward.operations[layer])[name]
            variable.assign(value)
        frozen = [one.layer for one in told if isinstance(one, FreezeLayer)]
        self._freeze(tuple(dict.fromkeys((*supposing.frozen, *frozen))))
        self._note(kept_text(partial(_applied, told, structure)))
        rest: Changes = tuple(one for one in changes if one not in told)
        if supposing.wanted == supposing.tried:  # else somebody has asked for something else meanwhile
            supposing.want(rest)
        supposing.obey(Suppose(rest))
        self._told_anew()

    def _thaw(self, layer: str) -> None:
        self._freeze(tuple(one for one in self._observer.supposing.frozen if one != layer))
        self._note(kept_text(say, "whatIfThawed", layer=self._name(layer)))
        self._told_anew()

    def _freeze(self, layers: tuple[str, ...]) -> None:
        operations = self._observer.forward.operations
        variables = [variable for layer in layers for variable in named_variables(operations[layer]).values()]
        self._loop.frozen = tuple({id(variable): variable for variable in variables}.values())
        self._observer.supposing.freeze(layers)

    def _name(self, layer: str) -> str:
        structure = self._observer.structure
        return safe_text(structure.layer(layer).name if structure.has(layer) else layer)

    def _note(self, text: str) -> None:
        self._observer.run.notes.note(self._loop.moment.step, text)

    def _told_anew(self) -> None:
        self._observer.checkup.rate_changed()
        self._observer.watches.is_asked = True
        self._tell()


def _applied(changes: Changes, structure: NetworkStructure) -> str:
    texts = [change_text(one, structure, WhatIfAnswer(changes), place) for place, one in enumerate(changes)]
    return say("whatIfApplied", list=say("semicolon").join(texts))
