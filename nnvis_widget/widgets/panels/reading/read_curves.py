"""Metrics over time from whatever a person has: runs, a Keras history, a dict of lists."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from nnvis_widget.errors import DataError
from nnvis_widget.run.run import Run
from nnvis_widget.sources.source import Source

Curve = tuple[np.ndarray, np.ndarray]


@dataclass(frozen=True)
class Curves:
    """The metrics of one training.

    Attributes:
        unit: What their places count: `step` or `epoch`.
        by_name: Places, increasing, and values, each float64 `(n,)`.
        changes: Hyperparameters that changed: name, place, value since.
    """

    unit: str
    by_name: Mapping[str, Curve]
    changes: Sequence[tuple[str, float, float]] = field(default=())

    @property
    def metrics(self) -> list[str]:
        """The names without those of validation, which belong to them."""
        return [name for name in self.by_name if not name.startswith("val_")] or list(
            dict.fromkeys(name.removeprefix("val_") for name in self.by_name)
        )

    def until(self, place: float) -> Curves:
        """As far as it was known at a place."""
        counts = {name: int(np.searchsorted(at, place, "right")) for name, (at, _) in self.by_name.items()}
        cut = {name: (at[: counts[name]], values[: counts[name]]) for name, (at, values) in self.by_name.items()}
        return replace(self, by_name={name: curve for name, curve in cut.items() if len(curve[0])})


def is_history(value: Any) -> bool:
    """Whether it is a Keras `History` or a dict of lists."""
    if isinstance(value, Source | Run):
        return False
    history = getattr(value, "history", value)
    return isinstance(history, Mapping) and all(_is_list(entry) for entry in history.values())


def read_history(value: Any) -> Curves:
    """The curves of a Keras `History` or a dict of lists, a value for each epoch.

    Raises:
        DataError: If a list holds something else than numbers.
    """
    history: Mapping[str, Any] = getattr(value, "history", value)
    by_name: dict[str, Curve] = {}
    for name, entries in history.items():
        try:
            values = np.asarray(entries, np.float64)
        except (TypeError, ValueError):
            values = np.zeros((0, 0))
        if values.ndim != 1:
            raise DataError(f"Expected a list of numbers for {name!r}, got {entries!r:.80}. Pass one number an epoch.")
        by_name[str(name)] = (np.arange(1.0, len(values) + 1), values)
    return Curves("epoch", by_name)


def read_run(source: Source, unit: str = "step") -> Curves:
    """The curves of a run so far.

    Args:
        source: What trains, or trained.
        unit: `step`, or `epoch` for the values of whole epochs.
    """
    run = source.run
    steps = {name: run.scalars(name) for name in run.scalar_names}
    by_name: dict[str, Curve] = {name: (at.astype(np.float64), values) for name, (at, values) in steps.items()}
    changes = [
        (name, float(row[0]), float(row[2])) for name, rows in run.hyperparameter_changes.items() for row in rows
    ]
    clock = run.clock
    if unit == "step" or not clock.is_known:
        return Curves("step", by_name, sorted(changes, key=lambda change: change[1]))
    placed = [(name, clock.epoch_at(place), value) for name, place, value in changes]
    known = [(name, epoch, value) for name, epoch, value in placed if epoch is not None]
    return Curves("epoch", run.epoch_curves, known)


def _is_list(value: Any) -> bool:
    return isinstance(value, Sequence | np.ndarray) and not isinstance(value, str | bytes)
