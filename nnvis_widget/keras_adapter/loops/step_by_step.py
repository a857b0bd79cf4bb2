"""One step after the other: every backend, every kind of data."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from nnvis_widget.keras_adapter.arrays import count_of
from nnvis_widget.keras_adapter.check_data import build_model
from nnvis_widget.keras_adapter.loops.feed import ArrayFeed, StreamFeed
from nnvis_widget.keras_adapter.loops.single_step import goes_on, logs_of_epoch, take_step
from nnvis_widget.keras_adapter.loops.step_logs import StepLogs, one_step
from nnvis_widget.keras_adapter.torch_modules import end_training


class StepByStep:
    """Takes one step after the other by Keras' own train function.

    On TensorFlow and torch its logs are those of the epoch so far. On JAX they are those of each batch alone; the
    epoch's are their mean, weighted by the size of the batches (exact for losses and accuracies, an approximation for
    metrics such as AUC that are no means).

    Args:
        model: A compiled model.
        feed: Its data.
        on_built: Called where only the first batch built the model, before the first step.
    """

    def __init__(self, model: Any, feed: ArrayFeed | StreamFeed, on_built: Callable[[], None] = lambda: None) -> None:
        self._model = model
        self.feed = feed
        self._on_built = on_built
        self._sums: dict[str, float] = {}
        self._last: StepLogs | None = None
        self._samples = 0

    def start_epoch(self, epoch: int) -> None:
        """Begin an epoch."""
        self.feed.start_epoch(epoch)
        self._model.reset_metrics()
        self._sums, self._samples = {}, 0

    def run(self, limit: int) -> StepLogs | None:
        """Take one step; `None` when the epoch is over."""
        return self.step()

    def step(self) -> StepLogs | None:
        """Take one step by Keras' own train function; `None` when the epoch is over."""
        batch = self._next_batch()
        if batch is None:
            return None
        x, y, sample_weight = batch
        if not self._model.built:
            build_model(self._model, x)
            self._on_built()
        logs = self._last = take_step(self._model, x, y, sample_weight)
        size = count_of(x)
        for name, value in logs.last.items():
            self._sums[name] = self._sums.get(name, 0.0) + value * size
        self._samples += size
        return logs

    def epoch_logs(self) -> StepLogs:
        """Metrics over the epoch, which is over."""
        end_training(self._model)
        if self._last is None:
            return one_step({})
        if goes_on(self._model):
            return logs_of_epoch(self._model, self._last)
        means = np.array([[total / self._samples for total in self._sums.values()]], np.float64)
        return StepLogs(tuple(self._sums), means, vectors=self._last.vectors)

    def _next_batch(self) -> Any:
        if isinstance(self.feed, StreamFeed):
            return self.feed.next_batch()
        indices = self.feed.take(1) if self.feed.remaining_steps else np.empty((0, 0), np.int32)
        return self.feed.batch(indices[0]) if len(indices) else None
