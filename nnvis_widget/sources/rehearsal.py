"""A batch gone through forward and backward, of a model whose steps somebody else takes and nobody can hold."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, get_args

from nnvis_widget.core.command import CancelSteps, Command, OpenSteps, ShowPhase
from nnvis_widget.core.drawings import is_drawn
from nnvis_widget.core.graph import NetworkGraph
from nnvis_widget.core.status import Status
from nnvis_widget.core.steps import PHASES, Phase, Steps
from nnvis_widget.core.words.kept_text import kept_text
from nnvis_widget.core.words.language import LANGUAGE
from nnvis_widget.core.words.say import say
from nnvis_widget.errors import CommandError, NnvisError
from nnvis_widget.keras_adapter.forward import ready
from nnvis_widget.keras_adapter.observer import Observer
from nnvis_widget.keras_adapter.one_batch.batch_pass import rows_of
from nnvis_widget.keras_adapter.one_batch.step_page import told_to_page
from nnvis_widget.keras_adapter.one_batch.step_pass import StepPass
from nnvis_widget.run.gaze import Gaze

NO_SAMPLES = "Expected samples to go through, got none. Give the view data=(x, y)."


class Rehearsal:
    """What is open, on the thread that trains, or at rest on any that obeys; any thread may read the rest.

    Init, forward, loss and backward have the numbers of the moment at which it was opened; a `fit` goes on meanwhile.
    The batch is that of the shown sample, as an epoch that is not shuffled has it.

    Args:
        observer: Knows the model and its samples.
        status: Where the `fit` stands.
        gaze: Which sample is shown.
        tell: Announces what is shown.

    Attributes:
        handlers: What obeys its commands.
    """

    def __init__(self, observer: Observer, status: Callable[[], Status], gaze: Gaze, tell: Callable[[], None]) -> None:
        self._observer = observer
        self._status = status
        self._gaze = gaze
        self._tell = tell
        self._number = 0
        self._opened: tuple[StepPass, int] | None = None
        self._phase: Phase = PHASES[0]
        self._written: tuple[tuple[object, ...], dict[str, Any]] | None = None
        self.handlers: Mapping[type[Command], Callable[[Any], None]] = {
            OpenSteps: lambda command: self._open(command.sample),
            ShowPhase: lambda command: self._show(command.phase),
            CancelSteps: lambda _: self._leave(),
        }

    @property
    def shown(self) -> Steps | None:
        """Where one stands; `None` while nothing is open, or the model is another by now."""
        if self._opened is None or self._opened[1] != self._observer.generation:
            return None
        return Steps(self._phase, self._opened[0].sample, False, self._number)

    def message(
        self, graph: NetworkGraph, chosen: tuple[str, int] | None, place: tuple[int, ...] | None
    ) -> dict[str, Any]:
        """What a page shows of it; computed anew where something of it is another."""
        shown, opened = self.shown, self._opened
        if shown is None or opened is None:
            return {}
        key = (shown, id(graph), chosen, place, LANGUAGE.now)
        if self._written is None or self._written[0] != key:
            self._written = key, told_to_page(opened[0], shown, graph, chosen, place)
        return self._written[1]

    def _open(self, sample: int) -> None:
        """Go through the batch of the shown sample; of one that is open another sample is told of."""
        try:
            if self.shown is not None and self._opened is not None:
                self._opened[0].look_at(sample)
            else:
                self._opened = self._gone_through(), self._observer.generation
                self._phase = PHASES[0]
        except NnvisError as error:
            raise CommandError(str(error)) from error
        self._number += 1
        self._tell()

    def _gone_through(self) -> StepPass:
        forward, status = self._observer.forward, self._status()
        scenery = forward.scenery
        if not scenery.sample_count:
            raise CommandError(NO_SAMPLES)
        sample = self._gaze.sample
        sample = 0 if is_drawn(sample) else sample % scenery.sample_count
        rows = forward.rows_around(sample, forward.step_size)
        targets, weights = (rows_of(one, rows) for one in (scenery.all_targets, scenery.all_weights))
        batch = (forward.pack(ready(scenery.batch(rows))), targets, weights)
        opened = StepPass(forward.model, batch, rows, untaken=kept_text(say, "stepsOfFit"))
        opened.look_at(rows.index(sample))
        opened.moment = (status.moment, status.steps_per_epoch)
        return opened

    def _show(self, phase: str) -> None:
        if self.shown is not None:
            self._phase = next(one for one in get_args(Phase) if one == phase)
            self._tell()

    def _leave(self) -> None:
        if self._opened is not None:
            self._opened, self._written = None, None
            self._tell()
