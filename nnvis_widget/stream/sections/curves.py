"""The metrics of a snapshot, and of its run."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from nnvis_widget.core.clock import Clock
from nnvis_widget.stream.frame import Section
from nnvis_widget.stream.shown import Shown

CURVE_POINTS = 400
MOST_CHANGES = 100
CURVES = ("loss", "val_loss")


def curve_sections(shown: Shown) -> Iterator[Section]:
    """The metrics of the moment, the clock, the loss over the run, what is kept of it, and where a rate changed."""
    snapshot, run = shown.snapshot, shown.run
    told = shown.headlines.values()
    yield Section("scalars", np.array([one.value for one in told], np.float64))
    yield Section("headline", np.array([one[1:] for one in told], np.float64).reshape(-1, 3))
    yield Section("clock", _thinned(run.clock))
    yield Section("hyperparameters", np.array(list(snapshot.hyperparameters.values()), np.float64))
    for name in CURVES:
        if name in run.scalar_names:
            yield Section("curve", run.curve(name, CURVE_POINTS), name=name)
    steps = run.steps
    if len(steps) > CURVE_POINTS:
        steps = steps[np.linspace(0, len(steps) - 1, CURVE_POINTS).astype(int)]
    yield Section("kept", steps.astype(np.float32))
    for name, changes in run.hyperparameter_changes.items():
        yield Section("change", changes[-MOST_CHANGES:], name=name, attributes={"count": len(changes)})


def _thinned(clock: Clock) -> np.ndarray:
    """At most so many rows; where epochs of many lengths are too many, between two that stay time runs evenly."""
    rows = clock.rows
    if len(rows) <= CURVE_POINTS:
        return rows
    kept: np.ndarray = rows[np.linspace(0, len(rows) - 1, CURVE_POINTS).astype(int)]
    steps, epochs = np.diff(kept[:, 0]), np.diff(kept[:, 1])
    kept[:-1, 2] = np.where(epochs > 0, steps / np.where(epochs > 0, epochs, 1), np.nan)
    return kept
