"""What is tried on a model, and what it answers; one for each source."""

from __future__ import annotations

import logging
from collections.abc import Callable

from nnvis_widget.control.watch_list import WatchList
from nnvis_widget.core.command import Suppose
from nnvis_widget.core.snapshot import Snapshot
from nnvis_widget.core.structure import NetworkStructure
from nnvis_widget.core.want import Wants
from nnvis_widget.core.what_if import Changes
from nnvis_widget.core.what_if_answer import WhatIfAnswer
from nnvis_widget.keras_adapter.forward import Forward
from nnvis_widget.keras_adapter.what_if.answer import answer_of, refused
from nnvis_widget.run.listeners import Listeners

log = logging.getLogger("nnvis_widget")


class Supposing:
    """Changes that are tried, and the newest answer.

    The thread that measures obeys and answers; any thread may read. Each snapshot is answered anew, so that the answer
    is of the weights that are shown, within the share of time that is measured in.

    Args:
        watches: Hear that something is to be measured.

    Attributes:
        wanted: The changes that were asked for last; what `answer` tells of may be one snapshot behind.
        answer: The newest; `None` while nothing is tried.
        sample: Says whose outputs are told.
        frozen: Ids of the layers that no step of the training changes.
    """

    def __init__(self, watches: WatchList) -> None:
        self.wanted: Changes = ()
        self.answer: WhatIfAnswer | None = None
        self.sample: Callable[[], int] = lambda: 0
        self.frozen: tuple[str, ...] = ()
        self._watches = watches
        self._changes: Changes = ()
        self._listeners: Listeners[None] = Listeners()

    @property
    def is_behind(self) -> bool:
        """Whether the answer to what was asked for last is still to come."""
        return self.wanted != (self.answer.changes if self.answer is not None else ())

    def subscribe(self, listener: Callable[[None], object]) -> Callable[[], None]:
        """Hear of every wish and answer, on the thread that has it; the result, called, ends that."""
        return self._listeners.subscribe(listener)

    @property
    def tried(self) -> Changes:
        """What is tried with the next snapshot."""
        return self._changes

    def freeze(self, layers: tuple[str, ...]) -> None:
        """Note which layers no step changes."""
        self.frozen = layers
        self._listeners.notify(None)

    def want(self, changes: Changes) -> None:
        """Note what is asked for, by whoever posts the command."""
        self.wanted = changes
        self._listeners.notify(None)

    def obey(self, command: Suppose) -> None:
        """Try changes from the next snapshot on; none ends it at once."""
        self._changes = command.changes
        if command.changes:
            self._watches.is_asked = True
        else:
            self.answer = None
            self._listeners.notify(None)

    def renew(self, snapshot: Snapshot, forward: Forward, structure: NetworkStructure, wants: Wants) -> None:
        """Answer for a snapshot that was just taken. Never raises: what cannot be computed is told in words."""
        changes = self._changes
        if not changes:
            return
        sample = self.sample()
        try:
            answer = answer_of(forward, structure, changes, snapshot, wants, sample)
        except Exception as error:
            log.debug("no answer to what if", exc_info=True)
            answer = refused(changes, snapshot, sample, error)
        self.answer = answer
        self._listeners.notify(None)
