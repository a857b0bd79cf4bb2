"""Compiled blocks of steps over a `tf.data.Dataset` (TensorFlow)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from nnvis_widget.keras_adapter.check_data import build_model
from nnvis_widget.keras_adapter.loops.array_blocks import compiled_step, log_vector
from nnvis_widget.keras_adapter.loops.feed import StreamFeed
from nnvis_widget.keras_adapter.loops.single_step import logs_of_epoch, take_step
from nnvis_widget.keras_adapter.loops.step_logs import StepLogs, one_step


def is_tensor_stream(batches: Any) -> bool:
    """Whether batches come from TensorFlow's own pipeline, so that a graph can take them."""
    return isinstance(batches, tf.data.Dataset)


class StreamBlocks:
    """Takes many steps in one call, each on the dataset's next element.

    Args:
        model: A compiled model.
        feed: A `StreamFeed` over a `tf.data.Dataset`.
        on_built: Called where only the first batch built the model, before the first step.
    """

    def __init__(self, model: Any, feed: StreamFeed, on_built: Callable[[], None] = lambda: None) -> None:
        self._model = model
        self.feed = feed
        self._on_built = on_built
        self._block: Any = None
        self._last = one_step({})
        self._taken = 0

    def start_epoch(self, epoch: int) -> None:
        """Begin the dataset anew, unless `steps_per_epoch` cuts an endless one."""
        self.feed.start_epoch(epoch)
        self._taken = 0
        self._model.reset_metrics()

    def run(self, limit: int) -> StepLogs | None:
        """Take up to `limit` steps; `None` when the epoch is over."""
        steps_per_epoch = self.feed.steps_per_epoch if self.feed.is_cut else None
        if steps_per_epoch is not None:
            limit = min(limit, steps_per_epoch - self._taken)
        if limit <= 0:
            return None
        elements = self.feed.elements
        if self._block is None or elements is None or elements.has_kept:
            return self._step()
        values = self._block(elements.iterator, tf.constant(limit)).numpy().astype(np.float64)
        self._taken += len(values)
        if len(values) == 0:
            self.feed.ran_out(self._taken)
            return None
        self._last = replace(self._last, values=values, left_out=())
        return self._last

    def epoch_logs(self) -> StepLogs:
        """The metrics over the epoch so far, as Keras has them."""
        return logs_of_epoch(self._model, self._last)

    def step(self) -> StepLogs | None:
        """Take one step by Keras' own train function; `None` when the epoch is over."""
        is_over = self.feed.is_cut and self._taken == self.feed.steps_per_epoch
        return None if is_over else self._step()

    def _step(self) -> StepLogs | None:
        element = None if self.feed.elements is None else self.feed.elements.take()
        if element is None:
            if self._taken:
                self.feed.ran_out(self._taken)
            return None
        x, y, sample_weight = self.feed.weigh(element)
        if not self._model.built:
            build_model(self._model, x)
            self._on_built()
        self._last = take_step(self._model, x, y, sample_weight)
        self._block = self._block or self._build()
        self._taken += 1
        return self._last

    def _build(self) -> Any:
        step, names, class_weight = compiled_step(self._model), self._last.names, self.feed.class_weight

        @tf.autograph.experimental.do_not_convert
        def block(iterator: Any, limit: Any) -> Any:
            def body(index: Any, history: Any, element: Any) -> tuple[Any, Any, Any]:
                x, y, sample_weight = keras.utils.unpack_x_y_sample_weight(element.get_value())
                if class_weight is not None:
                    sample_weight = weigh_tensor_classes(y, class_weight, sample_weight)
                history = history.write(
                    index, log_vector(step(keras.utils.pack_x_y_sample_weight(x, y, sample_weight)), names)
                )
                following = tf.cond(index + 1 < limit, iterator.get_next_as_optional, lambda: element)
                return index + 1, history, following

            history = tf.TensorArray(tf.float32, size=0, dynamic_size=True, element_shape=(len(names),))
            count, history, _ = tf.while_loop(
                lambda index, _, element: tf.logical_and(index < limit, element.has_value()),
                body,
                (0, history, iterator.get_next_as_optional()),
                parallel_iterations=1,
            )
            return tf.cond(count > 0, history.stack, lambda: tf.zeros((0, len(names))))

        return tf.function(block, reduce_retracing=True)


def weigh_tensor_classes(y: Any, class_weight: Any, sample_weight: Any) -> Any:
    """`feed.weigh_classes` inside a TensorFlow graph."""
    table = np.ones(max(class_weight) + 1, np.float32)
    for label, weight in class_weight.items():
        table[label] = weight
    labels = tf.argmax(y, axis=-1) if len(y.shape) > 1 and y.shape[-1] != 1 else tf.reshape(y, [-1])
    labels = tf.cast(labels, tf.int32)
    weights = tf.where(labels < len(table), tf.gather(table, tf.minimum(labels, len(table) - 1)), 1.0)
    return weights if sample_weight is None else weights * tf.cast(sample_weight, tf.float32)
