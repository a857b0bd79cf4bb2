"""A run without its training: it can be looked at, and that is all."""

from __future__ import annotations

from collections.abc import Callable

from nnvis_widget.core.command import Command, Unwatch, Watch
from nnvis_widget.core.graph import NetworkGraph
from nnvis_widget.core.scenery import Scenery
from nnvis_widget.core.status import Status
from nnvis_widget.errors import CommandError, ModelError
from nnvis_widget.run.gaze import Gaze
from nnvis_widget.run.run import Run


class RecordedRun:
    """A source for panels of a `Run`.

    Args:
        run: What was recorded; it may still grow.

    Raises:
        ModelError: If the run does not know its network.
    """

    model = None

    def __init__(self, run: Run) -> None:
        if run.graph is None:
            raise ModelError("Expected a run of a known network, got one without a graph. Make it with Run(graph).")
        self.run = run
        self.scenery = Scenery()
        self.gaze = Gaze()

    @property
    def graph(self) -> NetworkGraph:
        """The network that was recorded."""
        graph = self.run.graph
        assert graph is not None
        return graph

    @property
    def status(self) -> Status:
        """At rest, at the newest snapshot."""
        latest = self.run.latest
        return Status("finished") if latest is None else Status("finished", latest.moment)

    def post(self, command: Command) -> None:
        """Nothing is measured any more, so what is watched makes no difference.

        Raises:
            CommandError: If it asks for a training.
        """
        if not isinstance(command, Watch | Unwatch):
            raise CommandError(f"Expected a training to obey {type(command).__name__}, got a recorded run.")

    def subscribe(self, listener: Callable[[Status], object]) -> Callable[[], None]:
        """Its state never changes."""
        return lambda: None
