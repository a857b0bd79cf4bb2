"""The metrics of a snapshot, and of its run."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from nnvis_widget.stream.frame import Section
from nnvis_widget.stream.shown import Shown

CURVE_POINTS = 400
MOST_CHANGES = 100
CURVES = ("loss", "val_loss")


def curve_sections(shown: Shown) -> Iterator[Section]:
    """The metrics of the moment, the loss over the run, what is kept of it, and where a hyperparameter changed."""
    snapshot, run = shown.snapshot, shown.run
    yield Section("scalars", np.array(list(snapshot.scalars.values()), np.float64))
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
