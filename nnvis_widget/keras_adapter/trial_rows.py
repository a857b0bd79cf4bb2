"""The rows of a trial: those that both twins are trained with, and those that they are measured on."""

from __future__ import annotations

import numpy as np

from nnvis_widget.core.scenery import Scenery
from nnvis_widget.keras_adapter.changes.change import NotTriedError
from nnvis_widget.keras_adapter.forward import Forward, ready
from nnvis_widget.keras_adapter.loops.feed import ArrayFeed, Batch, StreamFeed
from nnvis_widget.keras_adapter.probes.look import probe_rows, validation_rows
from nnvis_widget.keras_adapter.samples import packed

STREAM_BATCH = 32


class TrialRows:
    """Reads rows of the data in memory; of a stream, which would be used up, those that the model is looked at with.

    Args:
        feed: Where the training has its rows from; it is not moved.
        forward: The way through the model.

    Attributes:
        feed: The rows.

    Raises:
        NotTriedError: If there are none, or no targets.
    """

    def __init__(self, feed: ArrayFeed | StreamFeed, forward: Forward) -> None:
        self._scenery, self._forward = forward.scenery, forward
        self.feed = feed if isinstance(feed, ArrayFeed) else _of_samples(forward)
        if self.feed.y is None:
            raise NotTriedError("there are no targets")
        self._epoch, self._order = -1, np.zeros(0, int)
        self._count = 0

    def batch(self, start: int, count: int) -> Batch:
        """Rows by their places in an endless order, in which each epoch is shuffled where the training shuffles."""
        return self.feed.batch(np.array([self._row(place) for place in range(start, start + count)]))

    @property
    def rows(self) -> int:
        """How many were measured last."""
        return self._count

    def measured(self) -> Batch:
        """At most 256 rows of these, drawn by a fixed seed."""
        rows = probe_rows(self._forward) if self.feed.sample_count == self._scenery.sample_count else None
        if rows is None or not len(rows):
            rows = np.arange(min(self.feed.sample_count, self.feed.batch_size))
        self._count = len(rows)
        return self.feed.batch(rows)

    def validation(self) -> Batch:
        """At most 256 rows of the validation data.

        Raises:
            NotTriedError: If there are none.
        """
        scenery = self._scenery
        rows = validation_rows(scenery)
        if not len(rows) or scenery.validation_targets is None or self._forward.batch_size:
            raise NotTriedError("there are no validation rows in memory")
        self._count = len(rows)
        inputs = ready([array[rows] for array in scenery.validation_inputs])
        return packed(self._forward.model, inputs, scenery.structure), scenery.validation_targets[rows], None

    def _row(self, place: int) -> int:
        epoch, within = divmod(place, self.feed.sample_count)
        if epoch != self._epoch:
            self._epoch, self._order = epoch, np.arange(self.feed.sample_count)
            if self.feed.shuffle:
                np.random.default_rng([self.feed.seed, epoch]).shuffle(self._order)
        return int(self._order[within])


def _of_samples(forward: Forward) -> ArrayFeed:
    scenery: Scenery = forward.scenery
    if not scenery.inputs:
        raise NotTriedError(
            "the training is fed by a stream, and no samples are known: nv.Trainer(..., samples=(x, y))"
        )
    x = packed(forward.model, ready(list(scenery.inputs)), scenery.structure)
    return ArrayFeed(x, scenery.targets, scenery.sample_weights, forward.batch_size or STREAM_BATCH, True, 0)
