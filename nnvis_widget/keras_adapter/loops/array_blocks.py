"""Compiled blocks of steps over arrays in memory (TensorFlow)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from nnvis_widget.keras_adapter.loops.feed import ArrayFeed
from nnvis_widget.keras_adapter.loops.single_step import logs_of_epoch, take_step
from nnvis_widget.keras_adapter.loops.step_logs import StepLogs, flatten_logs, one_step


class ArrayBlocks:
    """Takes many steps in one call: a graph loop that gathers each batch and calls `model.train_step`.

    A step of a small network costs a third of what it costs in `fit`, for Python is entered once per block. The weights
    are those of `train_on_batch` on the same batches; of some models they differ by the rounding of compiled code.

    Args:
        model: A compiled model.
        feed: Its data; copied to the device once.
    """

    def __init__(self, model: Any, feed: ArrayFeed) -> None:
        self._model = model
        self.feed = feed
        self._block: Any = None
        self._last = one_step({})
        self._data = to_device(feed)

    def start_epoch(self, epoch: int) -> None:
        """Begin an epoch."""
        self.feed.start_epoch(epoch)
        self._model.reset_metrics()

    def run(self, limit: int) -> StepLogs | None:
        """Take up to `limit` steps; `None` when the epoch is over."""
        if self.feed.remaining_steps == 0:
            return None
        if self._block is None:
            return self.step()
        values = self._block(tf.constant(self.feed.take(limit)))
        self._last = replace(self._last, values=values.numpy().astype(np.float64), left_out=())
        return self._last

    def epoch_logs(self) -> StepLogs:
        """The metrics over the epoch so far, as Keras has them."""
        return logs_of_epoch(self._model, self._last)

    def step(self) -> StepLogs | None:
        """Take one step by Keras' own train function; `None` when the epoch is over."""
        if self.feed.remaining_steps == 0:
            return None
        x, y, sample_weight = self.feed.batch(self.feed.take(1)[0])
        self._last = take_step(self._model, x, y, sample_weight)
        self._block = self._block or build_array_block(self._model, self._data, self._last.names)
        return self._last


def build_array_block(model: Any, data: Any, names: tuple[str, ...]) -> Any:
    """A graph function from indices `(k, batch)` to metrics `(k, names)`: one training step per row."""
    step = compiled_step(model)

    @tf.autograph.experimental.do_not_convert
    def block(indices: Any) -> Any:
        count = tf.shape(indices)[0]

        def body(index: Any, history: Any) -> tuple[Any, Any]:
            return index + 1, history.write(index, log_vector(step(gather(data, indices[index])), names))

        history = tf.TensorArray(tf.float32, size=count, element_shape=(len(names),))
        _, history = tf.while_loop(lambda index, _: index < count, body, (0, history), parallel_iterations=1)
        return history.stack()

    return tf.function(block, input_signature=[tf.TensorSpec([None, None], tf.int32)])


def build_evaluation_block(model: Any, feed: ArrayFeed) -> Any:
    """A graph function from indices `(k, batch)` to nothing: one `model.test_step` per row."""
    data = to_device(feed)

    @tf.autograph.experimental.do_not_convert
    def block(indices: Any) -> Any:
        def body(index: Any) -> Any:
            model.test_step(gather(data, indices[index]))
            return index + 1

        return tf.while_loop(lambda index: index < tf.shape(indices)[0], body, (0,), parallel_iterations=1)

    return tf.function(block, input_signature=[tf.TensorSpec([None, None], tf.int32)])


def to_device(feed: ArrayFeed) -> tuple[Any, Any, Any]:
    """`(x, y, sample_weight)` as tensors; costs one copy of the data."""
    x, y, sample_weight = (
        None if part is None else keras.tree.map_structure(tf.convert_to_tensor, part)
        for part in (feed.x, feed.y, feed.sample_weight)
    )
    return x, y, sample_weight


def gather(data: tuple[Any, ...], rows: Any) -> Any:
    """The rows of every array, within a graph, packed as `fit` hands them to a step."""
    x, y, sample_weight = (
        None if part is None else keras.tree.map_structure(lambda array: tf.gather(array, rows), part) for part in data
    )
    return keras.utils.pack_x_y_sample_weight(x, y, sample_weight)


def compiled_step(model: Any) -> Any:
    """`model.train_step`, through XLA where the model was compiled so."""
    step = tf.autograph.experimental.do_not_convert(lambda data: model.train_step(data))
    return tf.function(step, reduce_retracing=True, jit_compile=True) if model.jit_compile else step


def log_vector(logs: Any, names: tuple[str, ...]) -> Any:
    """The named metrics of one step as a float32 vector."""
    flat = flatten_logs(logs)
    return tf.stack([tf.reshape(tf.cast(flat[name], tf.float32), ()) for name in names]) if names else tf.zeros((0,))
