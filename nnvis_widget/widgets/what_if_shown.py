"""What is tried on a network, as a view takes and tells it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Protocol, runtime_checkable

import traitlets

from nnvis_widget.core.command import Suppose
from nnvis_widget.core.fit_changes import fit_changes
from nnvis_widget.core.snapshot import Snapshot
from nnvis_widget.core.token_words import numbered
from nnvis_widget.core.what_if import Changes, read_changes
from nnvis_widget.core.what_if_answer import WhatIfAnswer
from nnvis_widget.errors import CommandError
from nnvis_widget.keras_adapter.what_if.supposing import Supposing
from nnvis_widget.run.gaze import Look
from nnvis_widget.stream.shown import Wish
from nnvis_widget.stream.what_if_message import what_if_message
from nnvis_widget.widgets.parts import WHAT_IF
from nnvis_widget.widgets.step_shown import StepShown


@runtime_checkable
class Supposed(Protocol):
    """A source on whose model changes can be tried."""

    @property
    def supposing(self) -> Supposing:
        """What is tried."""


class WhatIfShown(StepShown):
    """The part of a `NetworkView` that tries changes and shows what the network then says."""

    _told_changes: Changes = ()

    @property
    def what_if_answer(self) -> WhatIfAnswer | None:
        """What the network answers with the changes of `what_if`, before and after; `None` while there are none.

        At rest it waits until that is computed; while steps are taken it is the newest, of the last snapshot.
        """
        supposing = self._supposing
        if supposing is None or self.source is None or not supposing.wanted:
            return None
        self.source.keep_up()
        return supposing.answer

    @property
    def _supposing(self) -> Supposing | None:
        return self.source.supposing if isinstance(self.source, Supposed) else None

    @property
    def _changes(self) -> list[dict[str, Any]]:
        supposing = self._supposing
        return [] if supposing is None else [change.to_dict() for change in supposing.wanted]

    def _suppose(self, values: object) -> None:
        """Try these changes, written as dicts, from now on.

        Raises:
            ValueError: If they are none, or do not fit the network.
        """
        supposing, source = self._supposing, self.source
        if source is None or supposing is None or "supposes" not in source.capabilities:
            if isinstance(values, Sequence) and not values:
                return
            raise ValueError("Expected a model in the view to change something in, got none. Set one: view.model.")
        if isinstance(values, Sequence) and not isinstance(values, str):
            own = source.scenery.token_names
            called = {one.name: own[one.id] for one in source.structure.layers if one.id in own}
            values = [numbered(value, {**called, **own}) for value in values]
        changes = fit_changes(read_changes(values), source.structure)
        supposing.want(changes)
        source.post(Suppose(changes))

    def _suppose_written(self, texts: Sequence[str]) -> None:
        """Try what a page has written, a change a text.

        Raises:
            CommandError: If it is not what can be tried.
        """
        try:
            self._suppose([json.loads(text) for text in texts])
        except (ValueError, RecursionError) as error:  # of JSON too
            raise CommandError(str(error)) from None

    def _bring_what_if(self) -> None:
        """Have the page get the script with which changes are made."""
        self._bring_parts((WHAT_IF,))

    def _show_what_if(self) -> None:
        """Tell the page, and whoever observes the trait, what is tried and what comes of it."""
        supposing, source = self._supposing, self.source
        with self._showing:
            told: dict[str, Any] = {}
            changes: Changes = ()
            if supposing is not None and source is not None:
                changes, answer = supposing.wanted, supposing.answer
                can_apply = "apply_what_if" in source.status.commands
                known = (source.structure, changes, answer, supposing.is_behind, supposing.frozen, can_apply)
                told = what_if_message(*known, source.scenery.token_names)
            if told:
                self._bring_what_if()
            if told != self._what_if:
                self._what_if = told
            before, self._told_changes = self._told_changes, changes
        if before != changes:
            old, new = ([change.to_dict() for change in one] for one in (before, changes))
            self.notify_change(traitlets.Bunch(name="what_if", old=old, new=new, owner=self, type="change"))

    def _tried(self, look: Look, wish: Wish) -> tuple[Snapshot, Wish] | None:
        """What is drawn while changes are tried and the present is looked at; `None` for the model itself."""
        answer = self._supposing.answer if self._supposing is not None else None
        if answer is None or answer.snapshot is None or look.step is not None:
            return None
        return answer.snapshot, replace(wish, what_if=len(answer.changes))
