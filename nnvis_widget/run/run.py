"""Everything recorded of one training; what is seen is drawn from here."""

from __future__ import annotations

import threading
from bisect import bisect_left
from collections.abc import Callable, Collection, Mapping, Sequence
from sys import maxsize

import numpy as np

from nnvis_widget.core.clock import Clock
from nnvis_widget.core.findings import Chronicle
from nnvis_widget.core.graph import NetworkGraph
from nnvis_widget.core.snapshot import Snapshot
from nnvis_widget.core.structure import NetworkStructure, structure_of
from nnvis_widget.core.task import UNKNOWN, Task
from nnvis_widget.errors import DataError
from nnvis_widget.reduce.curves import curve_extremes
from nnvis_widget.run.epoch_log import EpochValue
from nnvis_widget.run.listeners import Listeners
from nnvis_widget.run.note_log import NoteLog
from nnvis_widget.run.record import Record
from nnvis_widget.run.retention import thin
from nnvis_widget.run.scalar_series import ScalarSeries

SNAPSHOT_BYTES = 1024
WANTED_SHARE = 0.5


class Run:
    """The record of one training: snapshots within a byte budget, and the scalars of every step.

    Thread-safe: the training thread appends while others read. Nothing that was handed out is changed afterwards.

    Args:
        graph: The network that is recorded, where it is known.
        byte_budget: Bytes that snapshots and scalars may take together. Over it snapshots are thinned out evenly, the
            first, the last and what is pinned as vital always stay; scalars are never dropped.

    Attributes:
        graph: As given: the outermost layers.
        structure: The network at every depth, as far as whoever records it knows.
        task: What the outputs of the network mean, where whoever records it knows.
        awaited: Metrics that a training is about to report, where whoever records it knows.
        byte_budget: As given.
    """

    def __init__(self, graph: NetworkGraph | None = None, byte_budget: int = 256 * 2**20) -> None:
        if byte_budget < 0:
            raise ValueError(f"Expected a byte budget of 0 or more, got byte_budget={byte_budget}.")
        self.graph = graph
        self.structure: NetworkStructure | None = None if graph is None else structure_of(graph)
        self.task: Task = UNKNOWN
        self.awaited: tuple[str, ...] = ()
        self.byte_budget = byte_budget
        self._lock = threading.Lock()
        self._listeners: Listeners[int] = Listeners()
        self._vital: dict[str, frozenset[int]] = {}
        self._wanted: dict[str, frozenset[int]] = {}
        self._record = Record()

    def __repr__(self) -> str:
        with self._lock:
            last = f", last step {self._record.steps[-1]}" if self._record.steps else ""
            return f"<Run: {len(self._record.steps)} of {self._record.seen_count} snapshots kept{last}>"

    def set_aside(self) -> Record:
        """All that is recorded, for `bring_back`; what is recorded after the next `clear()` changes nothing of it."""
        with self._lock:
            return self._record

    def bring_back(self, record: Record) -> None:
        """Have recorded what was set aside, and only that; the listeners hear of its last step."""
        with self._lock:
            self._record = record
            step = record.steps[-1] if record.steps else 0
        self._listeners.notify(step)

    def append(self, snapshot: Snapshot) -> None:
        """Record a snapshot and tell the listeners its step.

        A second snapshot of a kept step replaces the first if its revision is higher, else it is left out silently.
        Cost: O(1) within the budget; over it, some 0.1 ms for 10**5 kept snapshots.
        """
        with self._lock:
            if not self._insert(snapshot):
                return
            self._thin()
        self._listeners.notify(snapshot.step)

    def _insert(self, snapshot: Snapshot) -> bool:
        size = snapshot.byte_count + SNAPSHOT_BYTES
        index = bisect_left(self._record.steps, snapshot.step)
        if index < len(self._record.steps) and self._record.steps[index] == snapshot.step:
            if snapshot.revision <= self._record.snapshots[index].revision:
                return False
            self._record.snapshot_bytes += size - self._record.sizes[index]
            self._record.snapshots[index] = snapshot
            self._record.sizes[index] = size
            return True
        self._record.steps.insert(index, snapshot.step)
        self._record.sizes.insert(index, size)
        self._record.snapshots.insert(index, snapshot)
        self._record.snapshot_bytes += size
        self._record.seen_count += 1
        return True

    def _thin(self) -> None:
        found = self._record.found
        budget = self.byte_budget - self._record.scalar_bytes - (0 if found is None else found.byte_count)
        if self._record.snapshot_bytes <= budget:
            return
        steps, sizes = np.frombuffer(self._record.steps, np.int64), np.frombuffer(self._record.sizes, np.int64)
        pinned = _is_any_of(steps, self._vital)
        wanted = _is_any_of(steps, self._wanted)
        if sizes[wanted].sum() <= WANTED_SHARE * budget:
            pinned |= wanted
        dropped = thin(steps, sizes, budget, pinned).tolist()
        del steps, sizes  # an array of the standard library cannot shrink while numpy looks into it
        for index in reversed(dropped):
            self._record.snapshot_bytes -= self._record.sizes.pop(index)
            del self._record.steps[index], self._record.snapshots[index]

    def pin(self, owner: str, steps: Collection[int], is_vital: bool = True) -> None:
        """Keep the snapshots of some steps when the run is thinned out; replaces what this owner pinned before.

        Args:
            owner: Who wants them kept.
            steps: None for no pin.
            is_vital: Whether they stay even over the budget. Others stay while they take at most half of it.
        """
        with self._lock:
            for pins in (self._vital, self._wanted):
                pins.pop(owner, None)
            if steps:
                (self._vital if is_vital else self._wanted)[owner] = frozenset(steps)

    def record_scalars(self, steps: np.ndarray, names: Sequence[str], values: np.ndarray) -> None:
        """Record metrics of some steps; none is ever dropped.

        Args:
            steps: `(k,)` integers, in order and not before what is recorded under these names.
            names: n different names; new ones may come at any time (`val_loss` at the end of an epoch).
            values: `(k, n)` floats; NaN allowed.

        Raises:
            DataError: If the shapes do not agree, a name comes twice or the steps go back.
        """
        steps = np.asarray(steps)
        values = np.asarray(values, np.float64)
        if steps.ndim != 1 or values.shape != (len(steps), len(names)) or len(set(names)) != len(names):
            raise DataError(
                f"Expected (k,) steps, n different names and (k, n) values, got steps of shape {steps.shape}, "
                f"names={list(names)} and values of shape {values.shape}. Pass one row per step."
            )
        if len(steps) == 0:
            return
        if (np.diff(steps) < 0).any():
            raise DataError(f"Expected steps in order, got {steps[:20].tolist()}. Sort them first.")
        with self._lock:
            for name in names:
                last = self._record.series[name].last_step if name in self._record.series else None
                if last is not None and steps[0] < last:
                    raise DataError(
                        f"Expected steps from {last} on for {name!r}, got step {steps[0]}. "
                        "Call clear() before a training starts again."
                    )
            for column, name in enumerate(names):
                series = self._record.series.setdefault(name, ScalarSeries())
                series.extend(steps, values[:, column])
            self._weigh_scalars()

    def begin_epoch(self, step: int, epoch: float, steps: float | None) -> None:
        """Record that an epoch begins after a step, or that from here on it has another number of steps.

        Args:
            step: Steps done before it.
            epoch: Epochs done before it; within one a fraction.
            steps: How many steps a whole epoch has now; `None` where it is not known.
        """
        with self._lock:
            self._record.epochs.begin(step, epoch, steps)

    def end_epoch(self, step: int, epoch: int, values: Mapping[str, float], steps: float | None) -> None:
        """Record that an epoch has ended, and its metrics as Keras reports them; none is ever dropped.

        Args:
            step: The last step of it.
            epoch: Epochs done now.
            values: Of training and validation, by name; NaN allowed.
            steps: How many steps the next one has; `None` where it is not known, which is as many as this one had.
        """
        with self._lock:
            self._record.epochs.end(step, epoch, values, steps)
            self._weigh_scalars()

    def _weigh_scalars(self) -> None:
        record = self._record
        record.scalar_bytes = sum(series.byte_count for series in record.series.values()) + record.epochs.byte_count

    @property
    def clock(self) -> Clock:
        """Which epoch each step belongs to, as far as it is known now."""
        with self._lock:
            return self._record.epochs.clock

    def epoch_values(self, step: int) -> dict[str, EpochValue]:
        """By metric, that of the last epoch that had ended at a step, with the one ten epochs before."""
        with self._lock:
            return self._record.epochs.values_at(step)

    @property
    def awaits_epoch(self) -> bool:
        """Whether metrics are awaited and no epoch has told any yet."""
        return bool(self.awaited) and not self.epoch_values(maxsize)

    @property
    def epoch_curves(self) -> dict[str, tuple[np.ndarray, np.ndarray]]:
        """By metric, the epochs that have it and its values, float64 `(n,)`: a copy."""
        with self._lock:
            return self._record.epochs.curves()

    def is_changed(self, values: Mapping[str, float]) -> bool:
        """Whether a hyperparameter is new or other than the one recorded last."""
        with self._lock:
            return self._record.hyperparameters.differs(values)

    def record_hyperparameters(self, step: int, values: Mapping[str, float]) -> None:
        """Record the hyperparameters in force after a step; only changes are kept."""
        with self._lock:
            self._record.hyperparameters.note(step, values)

    @property
    def notes(self) -> NoteLog:
        """What was done to the training, in words."""
        return self._record.notes

    @property
    def hyperparameter_changes(self) -> dict[str, np.ndarray]:
        """By name, float64 `(n, 3)`: the step after which it changed, the value before and the value since."""
        with self._lock:
            return self._record.hyperparameters.changes()

    @property
    def steps(self) -> np.ndarray:
        """The steps of the kept snapshots, increasing, int64 `(kept_count,)`: a copy."""
        with self._lock:
            return np.array(self._record.steps, np.int64)

    @property
    def first(self) -> Snapshot | None:
        """The earliest snapshot, or `None` while there is none."""
        with self._lock:
            return self._record.snapshots[0] if self._record.snapshots else None

    @property
    def latest(self) -> Snapshot | None:
        """The newest snapshot, or `None` while there is none."""
        with self._lock:
            return self._record.snapshots[-1] if self._record.snapshots else None

    def at(self, step: int) -> Snapshot:
        """The kept snapshot nearest to a step, the earlier of two equally near; O(log n).

        Raises:
            KeyError: If nothing is recorded yet.
        """
        return self.neighbour(step, 0)

    def neighbour(self, step: int, count: int) -> Snapshot:
        """The snapshot `count` kept snapshots later (earlier if negative) than the one at a step.

        Beyond the ends it is the first or the last one.

        Raises:
            KeyError: If nothing is recorded yet.
        """
        with self._lock:
            steps = self._record.steps
            if not steps:
                raise KeyError(f"Expected a recorded snapshot near step {step}, the run is empty. Train a step first.")
            index = bisect_left(steps, step)
            if index == len(steps) or (index > 0 and step - steps[index - 1] <= steps[index] - step):
                index -= 1
            return self._record.snapshots[min(max(index + count, 0), len(steps) - 1)]

    @property
    def scalar_names(self) -> tuple[str, ...]:
        """The names of the recorded metrics, in the order they first came."""
        with self._lock:
            return tuple(self._record.series)

    def scalars(self, name: str) -> tuple[np.ndarray, np.ndarray]:
        """Every recorded value of a metric: steps int64 `(n,)` and values float64 `(n,)`, read-only, without a copy.

        Raises:
            KeyError: If there is no such metric; the message names those that exist.
        """
        with self._lock:
            if name not in self._record.series:
                known = ", ".join(map(repr, self._record.series)) or "none yet"
                raise KeyError(f"Expected the name of a recorded metric, got {name!r}. Recorded are: {known}.")
            return self._record.series[name].view()

    def curve(self, name: str, points: int = 400) -> np.ndarray:
        """A metric for drawing: float32 `(m, 4)`, m <= points, of step, lowest, highest and mean value.

        See `curve_extremes` for what a row holds and what it costs.

        Raises:
            KeyError: If there is no such metric.
        """
        steps, values = self.scalars(name)
        return curve_extremes(steps, values, points)

    @property
    def kept_count(self) -> int:
        """Snapshots that can be looked at."""
        return len(self._record.steps)

    @property
    def seen_count(self) -> int:
        """Snapshots appended since the start or `clear()`, the dropped ones too; a replacement does not count."""
        return self._record.seen_count

    @property
    def byte_count(self) -> int:
        """Bytes of snapshots (their arrays and 1 kB each for the rest), scalars (16 a value) and what was found."""
        with self._lock:
            found = self._record.found
            looks = 0 if found is None else found.byte_count
            return self._record.snapshot_bytes + self._record.scalar_bytes + looks

    @property
    def found(self) -> Chronicle | None:
        """What a doctor has found in this training, step by step; `None` where nobody has looked."""
        with self._lock:
            return self._record.found

    @found.setter
    def found(self, value: Chronicle | None) -> None:
        with self._lock:
            self._record.found = value

    def subscribe(self, listener: Callable[[int], object]) -> Callable[[], None]:
        """Call `listener(step)` after every appended snapshot, on the thread that appends.

        A listener that raises is detached with one `RuntimeWarning`; the training goes on.

        Returns:
            A function that ends the subscription.
        """
        return self._listeners.subscribe(listener)

    def clear(self) -> None:
        """Forget every snapshot and scalar, for a training that starts again; graph, listeners and pins stay."""
        with self._lock:
            self._record = Record()

    def forget_snapshots(self) -> None:
        """Forget every snapshot, of a model that has other layers by now; metrics, listeners and pins stay."""
        with self._lock:
            self._record.forget_snapshots()


def _is_any_of(steps: np.ndarray, pins: Mapping[str, frozenset[int]]) -> np.ndarray:
    if not pins:
        return np.zeros(len(steps), bool)
    return np.isin(steps, list(frozenset().union(*pins.values())))
