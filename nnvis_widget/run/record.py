"""What a run has recorded, in one piece, so that it can be set aside and brought back."""

from __future__ import annotations

from array import array
from dataclasses import dataclass, field

from nnvis_widget.core.findings import Chronicle
from nnvis_widget.core.snapshot import Snapshot
from nnvis_widget.run.epoch_log import EpochLog
from nnvis_widget.run.hyperparameter_log import HyperparameterLog
from nnvis_widget.run.note_log import NoteLog
from nnvis_widget.run.scalar_series import ScalarSeries


@dataclass
class Record:
    """Snapshots in the order of their steps, and the scalars of every step. Guarded by the run's lock.

    Attributes:
        steps: Of the kept snapshots, increasing.
        sizes: Their bytes.
        snapshots: The kept snapshots.
        snapshot_bytes: The sum of `sizes`.
        seen_count: How many were appended.
        scalar_bytes: Bytes of all series.
        series: Metrics by name.
        epochs: Where they began and ended, and the metrics of each.
        hyperparameters: Their changes.
        found: What a doctor has found in it; `None` where nobody has looked.
        notes: What was done to it.
    """

    steps: array[int] = field(default_factory=lambda: array("q"))
    sizes: array[int] = field(default_factory=lambda: array("q"))
    snapshots: list[Snapshot] = field(default_factory=list)
    snapshot_bytes: int = 0
    seen_count: int = 0
    scalar_bytes: int = 0
    series: dict[str, ScalarSeries] = field(default_factory=dict)
    epochs: EpochLog = field(default_factory=EpochLog)
    hyperparameters: HyperparameterLog = field(default_factory=HyperparameterLog)
    found: Chronicle | None = None
    notes: NoteLog = field(default_factory=NoteLog)

    def forget_snapshots(self) -> None:
        """Forget every snapshot; the scalars stay."""
        self.steps, self.sizes, self.snapshots = array("q"), array("q"), []
        self.snapshot_bytes = self.seen_count = 0
