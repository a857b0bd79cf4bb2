"""What was measured at one step."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np


class TensorKey(NamedTuple):
    """Which tensor of a snapshot: a quantity of a layer.

    Attributes:
        quantity: A row of `core.quantity`.
        layer: The layer's id.
        name: Which of several, as the quantity's row says; else empty.
        sample: Index of the sample for `activation`, `map`, `z` and signals, else -1.
    """

    quantity: str
    layer: str
    name: str = ""
    sample: int = -1


@dataclass(frozen=True)
class Moment:
    """A point of a training.

    Attributes:
        step: Optimiser steps done since the start or the last reset.
        epoch: Epochs completed.
        batch: Batches done in the running epoch.
    """

    step: int = 0
    epoch: int = 0
    batch: int = 0


@dataclass(frozen=True)
class Snapshot:
    """Everything measured at one moment; its arrays are never changed again.

    Attributes:
        moment: When it was taken.
        scalars: The metrics as Keras reports them at this step (means over the epoch so far).
        hyperparameters: The values in force: `learning_rate`, `batch_size`.
        tensors: What was watched, float32 unless the model says otherwise.
        samples: Indices of the samples that were measured.
        revision: Grows with every measurement of the same step (another sample, other weights set by hand).
    """

    moment: Moment
    scalars: Mapping[str, float] = field(default_factory=dict)
    hyperparameters: Mapping[str, float] = field(default_factory=dict)
    tensors: Mapping[TensorKey, np.ndarray] = field(default_factory=dict)
    samples: tuple[int, ...] = ()
    revision: int = 0

    @property
    def step(self) -> int:
        """The step it was taken at."""
        return self.moment.step

    @property
    def byte_count(self) -> int:
        """Bytes of the arrays, of one that is there by several keys once."""
        return sum({id(tensor): tensor.nbytes for tensor in self.tensors.values()}.values())
