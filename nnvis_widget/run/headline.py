"""The numbers that stand large at a moment: those of the last whole epoch, for a mean that has just begun is none."""

from __future__ import annotations

from sys import maxsize
from typing import NamedTuple

from nnvis_widget.core.snapshot import Snapshot, TensorKey
from nnvis_widget.run.run import Run

NAN = float("nan")
SAME = 1e-6


class Headline(NamedTuple):
    """A metric at a moment.

    Attributes:
        value: Of the last whole epoch that has it; where none has ended the loss is that of the probe batch, if that is
            known, and the others are NaN. In a training without epochs as it was told at the step.
        epoch: Which epoch; 0 where none has ended, NaN in a training without epochs.
        before: The value ten epochs before; NaN where there is none.
        so_far: The mean over the running epoch so far; NaN where it has not begun.
    """

    value: float
    epoch: float
    before: float
    so_far: float


def headlines(run: Run, snapshot: Snapshot) -> dict[str, Headline]:
    """What stands large when one looks at a snapshot, by metric; those of validation after those of training.

    Metrics that come only later have their place from the beginning.
    """
    told, clock = snapshot.scalars, run.clock
    if not len(clock.rows):
        return {name: Headline(value, NAN, NAN, NAN) for name, value in told.items()}
    known = run.epoch_values(snapshot.step)
    begun = clock.epoch_at(snapshot.step)
    awaited = run.epoch_values(maxsize) or run.awaited
    names = sorted(dict.fromkeys((*told, *known, *awaited)), key=lambda name: name.startswith("val_"))
    found = {}
    for name in names:
        has_begun = not name.startswith("val_") and (begun is None or abs(begun - round(begun)) > SAME)
        so_far = told.get(name, NAN) if has_begun else NAN
        if name in known:
            epoch, value, before = known[name]
            found[name] = Headline(value, float(epoch), before, so_far)
        elif has_begun or name in awaited:
            found[name] = Headline(_probe_loss(run, snapshot) if name == "loss" else NAN, 0.0, NAN, so_far)
    return found


def _probe_loss(run: Run, snapshot: Snapshot) -> float:
    """Before an epoch has ended."""
    key = None if run.graph is None else TensorKey("probe_loss", run.graph.outputs[0])
    return NAN if key is None or key not in snapshot.tensors else float(snapshot.tensors[key][0])
