"""One rule everywhere: a model, a trainer, a run or a view is a source."""

from __future__ import annotations

from collections.abc import Callable, Collection
from os import PathLike
from typing import Any, Protocol, runtime_checkable

from nnvis_widget.core.command import Capability, Command
from nnvis_widget.core.graph import NetworkGraph
from nnvis_widget.core.grouping import grouped
from nnvis_widget.core.scenery import Scenery
from nnvis_widget.core.snapshot import Moment, Snapshot
from nnvis_widget.core.status import Status
from nnvis_widget.core.structure import NetworkStructure
from nnvis_widget.errors import DataError, ModelError
from nnvis_widget.keras_adapter.read.keras_file import read_keras_file
from nnvis_widget.run.gaze import Gaze
from nnvis_widget.run.run import Run
from nnvis_widget.sources.model import WatchedModel
from nnvis_widget.sources.recorded import RecordedRun


@runtime_checkable
class Source(Protocol):
    """Where snapshots come from and commands go to."""

    run: Run
    gaze: Gaze
    model: Any

    @property
    def scenery(self) -> Scenery:
        """The samples that it is looked at with, and what its outputs mean."""

    @property
    def graph(self) -> NetworkGraph:
        """The model's outermost layers."""

    @property
    def structure(self) -> NetworkStructure:
        """The model at every depth."""

    @property
    def status(self) -> Status:
        """Where the training stands."""

    @property
    def capabilities(self) -> Collection[Capability]:
        """What it can do; whether it can do it now says `status.commands`."""

    def post(self, command: Command) -> None:
        """Put a command on the queue."""

    def subscribe(self, listener: Callable[[Status], object]) -> Callable[[], None]:
        """Hear of every change of state."""

    def look(self) -> None:
        """Look at the model anew, whatever changed in it."""

    def keep_up(self) -> None:
        """Look again if the model at rest is no longer the one that was measured."""


def as_source(value: Any, data: Any = None) -> Source:
    """The source behind a Keras model, a `Trainer`, a `Run`, a view, or the path of a `.keras` file.

    Raises:
        ModelError: If it is none of these, or a view or panel without a model, or a file that cannot be read.
        DataError: If `data` is given for something that brings its own.
    """
    inner = getattr(value, "source", value)
    if inner is None and value is not None:
        raise ModelError(
            f"Expected a view or a panel of a model, got an empty {type(value).__name__}. "
            "Give a view a model first: view.model = model."
        )
    if isinstance(inner, Source):
        if data is not None:
            raise DataError(f"Expected no data beside a {type(value).__name__}, which has its own. Leave data out.")
        return inner
    if isinstance(value, Run):
        return RecordedRun(value)
    if isinstance(value, str | PathLike):
        if data is not None:
            raise DataError("Expected no data beside a file, whose weights are not read. Load the model and pass that.")
        return _model_in_a_file(value)
    return WatchedModel(value, data)


def _model_in_a_file(path: str | PathLike[str]) -> Source:
    """Its structure, of which nothing is measured."""
    structure = read_keras_file(path)
    run = Run(structure.folded())
    run.structure = grouped(structure)
    run.append(Snapshot(Moment()))
    return RecordedRun(run, "idle")


def as_source_with_data_of(other: Source, value: Any) -> Source:
    """As `as_source`; a plain model is looked at with the samples of another source, where they fit it."""
    data = getattr(other, "data", None)
    is_plain = not isinstance(getattr(value, "source", value), Source | Run)
    if data is not None and is_plain:
        try:
            return WatchedModel(value, data)
        except DataError:
            pass
    return as_source(value)


def gaze_of(value: Any, source: Source) -> Gaze:
    """Where one looks at what is made from a value: where that view or panel looks, else where all of the source do."""
    gaze = getattr(value, "gaze", None)
    return gaze if isinstance(gaze, Gaze) else source.gaze
