"""Where NaN or infinity came into a training, and where one can go back to."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from math import isfinite, isnan

import numpy as np

from nnvis_widget.core.finding import Place
from nnvis_widget.core.snapshot import Moment, Snapshot, TensorKey
from nnvis_widget.core.status import FirstBad
from nnvis_widget.diagnosis.rule import Case, Rule, Sign
from nnvis_widget.reduce.moments import Moments
from nnvis_widget.run.run import Run

PIN = "last good step"


class Soundness:
    """Watches a training for numbers that are not finite. Used by one thread: the one that trains.

    The recorded loss of each step dates the beginning exactly; the snapshot taken next names the tensor. The last
    snapshot before it is pinned in the run, so that one can always go back there. A training that is sound again, for
    its weights were restored, counts as sound.

    Args:
        run: Where the snapshots are kept.
    """

    def __init__(self, run: Run) -> None:
        self._run = run
        self.first_bad: FirstBad | None = None
        self.is_unnamed = False
        self._recorded_step = 0
        self._last_good_step: int | None = None
        self._has_been_finite = False
        self.pin()

    def pin(self) -> None:
        """Keep the last good snapshot of this training, and of no other."""
        self._run.pin(PIN, () if self._last_good_step is None else (self._last_good_step,))

    def look_at_scalars(self, last: Moment, steps: np.ndarray, names: Sequence[str], values: np.ndarray) -> None:
        """Look at recorded metrics; only losses count, for other metrics may be undefined in a sound training.

        Args:
            last: The moment of the last row, counted within the running epoch.
            steps: `(k,)` in order.
            names: n metric names.
            values: `(k, n)`.
        """
        columns = [index for index, name in enumerate(names) if is_loss(name)]
        if not columns or not len(steps):
            return
        known, self._recorded_step = self._recorded_step, int(steps[-1])
        if self.first_bad is not None and self.first_bad.metric is not None:
            return
        bad_rows = np.flatnonzero(~np.isfinite(values[:, columns]).all(axis=1))
        if not len(bad_rows):
            return
        row = int(bad_rows[0])
        column = next(index for index in columns if not isfinite(values[row, index]))
        step = int(steps[row])
        moment = Moment(step, last.epoch, max(0, last.batch - (last.step - step)))
        since = int(steps[row - 1]) if row else min(known, step - 1)
        if self.first_bad is None:
            self.first_bad = FirstBad(names[column], moment, self._last_good_step, since)
            self.is_unnamed = True
        self.first_bad = replace(self.first_bad, metric=names[column], is_nan=isnan(values[row, column]))

    def look_at(self, snapshot: Snapshot, name_of: Callable[[str], str]) -> None:
        """Look at the tensors of a snapshot that is about to be recorded.

        Args:
            snapshot: The newest one.
            name_of: A layer's name by its id.
        """
        weights = [(key, tensor) for key, tensor in snapshot.tensors.items() if _is_weight(key)]
        moments = [(key, tensor) for key, tensor in weights if key.quantity == "moments"]
        weights = moments or weights  # moments are of all parameters, in the model's order
        bad, is_nan = next(
            ((_name(key, name_of), _has_nan(key, tensor)) for key, tensor in weights if not _is_finite(key, tensor)),
            (None, True),
        )
        metric = next((name for name, value in snapshot.scalars.items() if is_loss(name) and not isfinite(value)), None)
        if bad is None and metric is not None:
            is_nan = isnan(snapshot.scalars[metric])
        what = bad or metric
        if what is None:
            self.first_bad, self.is_unnamed = None, False
            self._note_good(snapshot)
            return
        if self._last_good_step == snapshot.step:  # the very snapshot that this one replaces
            self._last_good_step = None
        if self.first_bad is None:
            since = self._last_good_step
            self.first_bad = FirstBad(what, snapshot.moment, since, since, is_nan=is_nan)
        elif self.is_unnamed:
            self.first_bad = replace(self.first_bad, what=what)
        self.is_unnamed = False

    def _note_good(self, snapshot: Snapshot) -> None:
        # Activations may overflow before the weights do; where they always do, finite weights must be enough.
        is_all_finite = all(_is_finite(key, tensor) for key, tensor in snapshot.tensors.items())
        if is_all_finite or not self._has_been_finite:
            self._has_been_finite |= is_all_finite
            self._last_good_step = snapshot.step
            self.pin()


def is_loss(name: str) -> bool:
    """Whether a metric is a loss: `loss`, `val_loss`, `left_loss`."""
    return name == "loss" or name.endswith("_loss")


def _is_weight(key: TensorKey) -> bool:
    """Also the moments of what is not copied, and the bundles of a large kernel, which one bad weight makes bad."""
    if key.quantity == "moments":
        return key.name.startswith("weight ")
    return key.quantity == "weight" or (key.quantity == "bundle" and key.name == "weight")


def _name(key: TensorKey, name_of: Callable[[str], str]) -> str:
    name = "kernel" if key.quantity == "bundle" else key.name.removeprefix("weight ")
    return f"{name_of(key.layer)}/{name}"


def _is_finite(key: TensorKey, tensor: np.ndarray) -> bool:
    if key.quantity == "moments":
        return Moments(*tensor).is_finite
    return tensor.dtype.kind != "f" or bool(np.isfinite(tensor).all())


def _has_nan(key: TensorKey, tensor: np.ndarray) -> bool:
    return bool(Moments(*tensor).nans) if key.quantity == "moments" else bool(np.isnan(tensor).any())


def nan(case: Case) -> Iterator[Sign]:
    """NaN or infinity in a weight, or in the loss."""
    bad = case.now.first_bad
    if bad:
        yield Sign(Place("loss") if bad == "loss" else case.place(bad), "fault", float("nan"), 0)


RULES = (Rule("nan", "gradients", nan, is_one=True),)
