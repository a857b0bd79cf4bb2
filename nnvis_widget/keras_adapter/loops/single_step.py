"""One step on one batch."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import keras

from nnvis_widget.keras_adapter.arrays import count_of
from nnvis_widget.keras_adapter.loops.step_logs import StepLogs, one_step
from nnvis_widget.keras_adapter.torch_modules import begin_training, generator_put_back, is_torch, tensors_on_torch


def take_step(model: Any, x: Any, y: Any, sample_weight: Any) -> StepLogs:
    """Train on a batch as `fit` does; the first one makes what Keras still has to make.

    Where the training `goes_on`, its metrics do: they are those of the epoch so far, as in `fit`. Elsewhere they are of
    the batch alone. There a `train_step` of a person's own gets what `fit` hands it (what is missing is left out, where
    `train_on_batch` would put `None`), which costs 50 ms more.
    """
    if goes_on(model):
        if is_torch() and model.train_function is None:
            _begin_as_fit(model, x, y, sample_weight)
        model.make_train_function()
        begin_training(model)
        return one_step(model.train_function(_batch(model, x, y, sample_weight)))
    if _has_keras_step(model):
        return one_step(model.train_on_batch(x, y, sample_weight, return_dict=True))
    history = model.fit(x, y, count_of(x), verbose=0, shuffle=False, sample_weight=sample_weight).history
    return one_step({name: values[-1] for name, values in history.items()})


def _begin_as_fit(model: Any, x: Any, y: Any, sample_weight: Any) -> None:
    """Let `fit` note all weights of the model for torch, without an epoch.

    Keras (3.15) notes them when a model is built; those of a layer that was built later, or in a scope, `zero_grad`
    would pass over, so that their gradients add up.
    """
    with generator_put_back():
        model.fit(x, y, count_of(x), epochs=0, verbose=0, shuffle=False, sample_weight=sample_weight)


def goes_on(model: Any) -> bool:
    """Whether a step leaves the metrics of those before it."""
    return bool(keras.config.backend() != "jax")


def logs_of_epoch(model: Any, last: StepLogs) -> StepLogs:
    """What `fit` tells of an epoch: the model's metrics, or the last step's logs where they are of something else."""
    metrics = one_step(model.get_metrics_result())
    return metrics if set(metrics.names) == set(last.names) else last


def _batch(model: Any, x: Any, y: Any, sample_weight: Any) -> Any:
    data = keras.utils.pack_x_y_sample_weight(x, y, sample_weight)
    if is_torch():
        return [tensors_on_torch(data)]
    is_compiled = keras.config.backend() == "tensorflow" and not model.run_eagerly
    if not is_compiled or len(keras.tree.flatten(y)) <= 1 or not _is_even(data):
        return iter([data])
    import tensorflow as tf

    # As `fit` compiles a step: for any number of samples. With a number known Keras (3.15) weighs the losses of several
    # outputs by it, without one it does not. This costs 10 ms a step.
    batch: Iterator[Any] = iter(tf.data.Dataset.from_tensor_slices(keras.tree.lists_to_tuples(data)).batch(count_of(x)))
    return batch


def _is_even(data: Any) -> bool:
    """Whether all parts have equally many rows."""
    return len({int(array.shape[0]) for array in keras.tree.flatten(data)}) == 1


def _has_keras_step(model: Any) -> bool:
    return type(model).train_step is keras.Model.train_step
