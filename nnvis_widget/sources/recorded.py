"""A run without its training: it can be looked at, and that is all."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import replace

from nnvis_widget.control.source_core import SourceCore
from nnvis_widget.control.watch_list import WatchList
from nnvis_widget.core.command import Capability, Command
from nnvis_widget.core.graph import NetworkGraph
from nnvis_widget.core.scenery import Scenery
from nnvis_widget.core.status import State, Status
from nnvis_widget.core.structure import NetworkStructure
from nnvis_widget.errors import ModelError
from nnvis_widget.keras_adapter.read.read_task import read_task
from nnvis_widget.run.gaze import Gaze
from nnvis_widget.run.run import Run


class RecordedRun:
    """A source for panels of a `Run`.

    Args:
        run: What was recorded; it may still grow.
        state: Where its training stands.

    Raises:
        ModelError: If the run does not know its network.
    """

    model = None

    def __init__(self, run: Run, state: State = "finished") -> None:
        if run.graph is None:
            raise ModelError("Expected a run of a known network, got one without a graph. Make it with Run(graph).")
        self.run = run
        task = run.task if run.task.kind is not None else read_task(run.graph, Scenery())
        self.scenery = Scenery(task=task)
        self.gaze = Gaze()
        self._core = SourceCore(
            capabilities={"looks"},
            refusal="Expected a training to obey {command}, got a recorded run.",
            watches=WatchList(),
            handlers={},
            wake=lambda: self._core.obey_at_rest(),
        )
        self._core.tell(state)

    @property
    def graph(self) -> NetworkGraph:
        """The network that was recorded."""
        graph = self.run.graph
        assert graph is not None
        return graph

    @property
    def structure(self) -> NetworkStructure:
        """The network that was recorded, at every depth as far as that is known."""
        assert self.run.structure is not None
        return self.run.structure

    @property
    def status(self) -> Status:
        """At rest, at the newest snapshot."""
        latest, found, status = self.run.latest, self.run.found, self._core.status
        if latest is None:
            return status
        return replace(status, moment=latest.moment, findings=() if found is None else found.at(latest.step))

    @property
    def capabilities(self) -> Collection[Capability]:
        """What it can do: what it shows can be chosen."""
        return self._core.capabilities

    def post(self, command: Command) -> None:
        """Nothing is measured any more, so what is watched makes no difference.

        Raises:
            CommandError: If it asks for a training.
        """
        self._core.post(command)

    def look(self) -> None:
        """There is no model to look at."""

    def keep_up(self) -> None:
        """There is no model that could have changed."""

    def subscribe(self, listener: Callable[[Status], object]) -> Callable[[], None]:
        """Its state never changes."""
        return self._core.subscribe(listener)
