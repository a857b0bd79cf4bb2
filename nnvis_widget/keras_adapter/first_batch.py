"""The first batch of a stream, read so that a training that reads it later sees what it would have seen."""

from __future__ import annotations

import copy
import random
import sys
from collections.abc import Iterator
from typing import Any

import keras
import numpy as np

from nnvis_widget.errors import DataError
from nnvis_widget.keras_adapter.putting_back import random_put_back
from nnvis_widget.keras_adapter.torch_modules import generator_put_back

GENERATORS = (np.random.Generator, np.random.RandomState, random.Random)


def first_batch(batches: Any) -> tuple[Any, Any, Any]:
    """Inputs, targets and sample weights of the first batch; all but the inputs may be `None`.

    Cost: what the stream takes for one batch. A `tf.data.Dataset` is read without its shuffling.

    Args:
        batches: A `tf.data.Dataset`, a `PyDataset`, a torch `DataLoader`, or anything that can be iterated again.

    Raises:
        DataError: If it can be read only once, draws on something that reading would move, or is empty.
    """
    with random_put_back(), generator_put_back(*_generators_of(batches)):
        batch = _read(batches)
    parts: tuple[Any, Any, Any] = keras.utils.unpack_x_y_sample_weight(batch)
    return parts


def _read(batches: Any) -> Any:
    if isinstance(batches, keras.utils.PyDataset):
        return _twin(batches)[0]
    tensorflow = sys.modules.get("tensorflow")
    if tensorflow is not None and isinstance(batches, tensorflow.data.Dataset):
        batches = _unshuffled(batches)
    if isinstance(batches, Iterator):
        raise DataError(
            f"Expected samples, or a stream that can be read again, got a {type(batches).__name__}: what is read of it "
            "is lost to a training. Pass some samples: data=(x, y)."
        )
    for batch in batches:
        return batch
    raise DataError("Expected at least one batch to look at, got an empty stream. Pass samples: data=(x, y).")


def _twin(dataset: Any) -> Any:
    """The dataset with random generators of its own."""
    twin = copy.copy(dataset)
    for name, value in vars(dataset).items():
        if isinstance(value, GENERATORS):
            setattr(twin, name, copy.deepcopy(value))
    return twin


def _unshuffled(dataset: Any) -> Any:
    """The dataset as a graph of its own, with its shuffling left out: reading it would change a later order."""
    import tensorflow as tf

    def graph_of(variant: Any, policy: int) -> Any:
        data = tf.raw_ops.DatasetToGraphV2(input_dataset=variant, external_state_policy=policy)
        return tf.compat.v1.GraphDef.FromString(data.numpy())

    ignore, fail = 1, 2  # of tf.data.experimental.ExternalStatePolicy
    graph = graph_of(tf.data.experimental.to_variant(dataset), ignore)
    instead = {node.name: node.input[0] for node in graph.node if node.op.startswith("Shuffle")}
    for node in graph.node:
        for place, name in enumerate(node.input):
            while (shuffled := name.partition(":")[0]) in instead:
                name = instead[shuffled]
            node.input[place] = name
    variant = tf.raw_ops.DatasetFromGraph(graph_def=graph.SerializeToString())
    try:
        graph_of(variant, fail)
    except tf.errors.OpError as error:
        raise DataError(
            "Expected a dataset that can be read without a trace, got one that runs Python code or draws from a state: "
            "reading it would change what a training sees. Pass some samples: data=(x, y)."
        ) from error
    return tf.data.experimental.from_variant(variant, dataset.element_spec)


def _generators_of(batches: Any) -> Iterator[Any]:
    """Those of torch that a `DataLoader` draws the order of its samples from."""
    samplers = [batches, getattr(batches, "sampler", None), getattr(batches, "batch_sampler", None)]
    for sampler in [*samplers, getattr(samplers[-1], "sampler", None)]:
        if hasattr(getattr(sampler, "generator", None), "get_state"):
            yield sampler.generator
