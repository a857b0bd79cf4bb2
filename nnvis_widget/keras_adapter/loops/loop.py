"""What every way of taking steps offers, and the choice between them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

import keras

from nnvis_widget.keras_adapter.loops.feed import ArrayFeed, StreamFeed
from nnvis_widget.keras_adapter.loops.step_logs import StepLogs


class Loop(Protocol):
    """Takes training steps on a model."""

    feed: Any

    def start_epoch(self, epoch: int) -> None:
        """Begin an epoch: its order of the data, and fresh metrics."""

    def run(self, limit: int) -> StepLogs | None:
        """Take up to `limit` steps of the running epoch; `None` when the epoch is over."""

    def step(self) -> StepLogs | None:
        """Take one step by Keras' own train function; `None` when the epoch is over."""

    def epoch_logs(self) -> StepLogs:
        """Metrics over the epoch so far."""


def choose_loop(model: Any, feed: ArrayFeed | StreamFeed, on_built: Callable[[], None] = lambda: None) -> Loop:
    """Compiled blocks on TensorFlow, else one step at a time.

    A model that runs eagerly, is spread over several devices, or is fed by a Python generator or with sparse or ragged
    rows takes single steps too.

    Args:
        model: A compiled model.
        feed: Its data.
        on_built: Called where only the first batch of a stream built the model, before the first step.
    """
    from nnvis_widget.keras_adapter.loops.step_by_step import StepByStep

    strategy = getattr(model, "distribute_strategy", None)
    replicas = getattr(strategy, "num_replicas_in_sync", 1)
    if keras.config.backend() != "tensorflow" or model.run_eagerly or replicas > 1:
        return StepByStep(model, feed, on_built)
    if isinstance(feed, ArrayFeed):
        from nnvis_widget.keras_adapter.loops.array_blocks import ArrayBlocks

        return ArrayBlocks(model, feed) if feed.is_dense else StepByStep(model, feed, on_built)
    from nnvis_widget.keras_adapter.loops.stream_blocks import StreamBlocks, is_tensor_stream

    kind = StreamBlocks if is_tensor_stream(feed.batches) else StepByStep
    return kind(model, feed, on_built)
