"""The step that is gone through, as a view tells its page of it."""

from __future__ import annotations

from threading import RLock
from typing import Any, Protocol, runtime_checkable

from nnvis_widget.core.graph import NetworkGraph
from nnvis_widget.run.gaze import Gaze
from nnvis_widget.widgets.parts import STEPS
from nnvis_widget.widgets.unfolding import Unfolding


class OpenedStep(Protocol):
    """A step that is gone through."""

    def message(
        self, graph: NetworkGraph, chosen: tuple[str, int] | None, place: tuple[int, ...] | None
    ) -> dict[str, Any]:
        """What a page shows of it."""


@runtime_checkable
class Stepped(Protocol):
    """A source whose next step can be gone through."""

    @property
    def steps(self) -> OpenedStep | None:
        """The one that is open."""


class StepShown(Unfolding):
    """The part of a `NetworkView` that shows a step that is gone through; its script comes with the first one."""

    _showing: RLock

    @property
    def gaze(self) -> Gaze:
        """Where the view looks."""
        raise NotImplementedError

    def _show_step(self) -> None:
        """Tell the page of the step that is open, with the numbers of the chosen unit; of none when it is left."""
        with self._showing:
            source, selection = self.source, self.gaze.look.selection
            opened = source.steps if isinstance(source, Stepped) else None
            told: dict[str, Any] = {}
            if opened is not None and self._fold is not None:
                self._bring_parts((STEPS,))
                told = opened.message(self._fold, selection.chosen_unit, selection.place)
            if told != self._steps:
                self._steps = told
