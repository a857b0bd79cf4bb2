"""What a person hands over as data, made into a feed and a scenery."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from typing import Any

import keras
import numpy as np

from nnvis_widget.core.dataset import Dataset
from nnvis_widget.core.scenery import Scenery
from nnvis_widget.errors import DataError
from nnvis_widget.keras_adapter.arrays import count_of, is_arrays, looked_at, read_weights, split_arrays
from nnvis_widget.keras_adapter.check_data import build_model, check_arrays, check_inputs
from nnvis_widget.keras_adapter.first_batch import first_batch
from nnvis_widget.keras_adapter.loops.feed import ArrayFeed, StreamFeed, weigh_classes
from nnvis_widget.keras_adapter.samples import in_order, places


@dataclass(frozen=True)
class FeedOptions:
    """How a person wants the data fed; see `Trainer`."""

    batch_size: int = 32
    shuffle: bool = True
    seed: int = 0
    class_weight: Mapping[int, float] | None = None
    sample_weight: Any = None
    steps_per_epoch: int | None = None


def read_data(model: Any, data: Any, options: FeedOptions) -> ArrayFeed | StreamFeed:
    """Make a feed from data, building the model where it is not built.

    Args:
        model: A compiled model.
        data: A `Dataset`; `x`, `(x, y)` or `(x, y, sample_weight)` of arrays, tensors, DataFrames, sparse matrices,
            lists of numbers or texts, or nests of them; a `tf.data.Dataset`, a `PyDataset`, or an iterable of batches.
        options: See `FeedOptions`.

    Raises:
        DataError: If the data does not fit itself or the model.
    """
    if isinstance(data, Dataset):
        data = data.training
    if not is_arrays(data):
        if options.sample_weight is not None:
            raise DataError(
                "Expected sample weights within the batches of a stream, got the argument sample_weight. "
                "Let the stream yield (x, y, sample_weight)."
            )
        check_stream(data)
        return StreamFeed(data, options.class_weight, options.steps_per_epoch)
    x, y, sample_weight = _parts(data, options.sample_weight)
    build_model(model, x)
    check_arrays(model, x, y, sample_weight)
    if options.class_weight is not None:
        if y is None:
            raise DataError("Expected targets to apply class_weight to, got none. Pass (x, y).")
        if not isinstance(y, np.ndarray):
            raise DataError(
                f"Expected one output for class_weight, got targets of {len(keras.tree.flatten(y))}. "
                "Pass sample_weight, one array for each output."
            )
        sample_weight = weigh_classes(y, options.class_weight, sample_weight)
    if isinstance(sample_weight, np.ndarray) and y is not None:  # the same for every output, as in `fit`
        sample_weight = keras.tree.map_structure(lambda _: sample_weight, y)
    return ArrayFeed(x, y, sample_weight, options.batch_size, options.shuffle, options.seed)


def is_in_memory(data: Any) -> bool:
    """Whether data is held in memory as a whole."""
    return isinstance(data, Dataset) or is_arrays(data)


def check_stream(data: Any) -> None:
    """See that something yields batches.

    Raises:
        DataError: If it does not, or is no kind of data that `fit` takes.
    """
    if isinstance(data, keras.utils.PyDataset):
        return
    if isinstance(data, tuple) and any(isinstance(part, Iterable) and not hasattr(part, "__len__") for part in data):
        raise DataError(
            f"Expected a stream that yields (x, y) by itself, got a tuple of {_kinds(data)}. "
            "Pass one stream of batches, or arrays."
        )
    is_list = isinstance(data, list) and bool(data) and all(isinstance(batch, tuple) for batch in data)
    is_other = isinstance(data, Iterable) and not isinstance(data, str | bytes | Mapping | Set | Sequence | range)
    if is_list or is_other:
        return
    told = f" of {_kinds(data)}" if isinstance(data, list | tuple | dict) else ""
    raise DataError(
        f"Expected arrays, DataFrames, tensors or a stream of batches, got {type(data).__name__}{told}. "
        "Pass (x, y) of numpy arrays, a tf.data.Dataset, a PyDataset, or a list of (x, y) batches."
    )


def read_scenery(model: Any, data: Any, validation: Any = None, weighing: FeedOptions | None = None) -> Scenery:
    """The samples a model is looked at with; of sparse or ragged data the first ones.

    Arrays are looked at where they are, without a copy. Of a stream it is the first batch.

    Args:
        model: Tells which array goes to which of its inputs.
        data: As for `read_data`, or `None`.
        validation: Likewise.
        weighing: How a training weighs the samples, beside weights within the data.
    """
    if data is None:
        return Scenery()
    if not is_in_memory(data):
        check_stream(data)
        data = first_batch(data)
    named = data if isinstance(data, Dataset) else None
    x, y, weights = _looked_at(data.training if named else data, weighing and weighing.sample_weight)
    if validation is None and named is not None and len(named.validation_inputs):
        validation = named.validation
    xv, yv, _ = _looked_at(validation) if validation is not None and is_arrays(validation) else (None, None, None)
    if model.built:
        check_inputs(model, x)
    targets = _single(y)
    if targets is not None and len(targets) != count_of(x):
        raise DataError(
            f"Expected the same number of samples everywhere, got {count_of(x)} in x, {len(targets)} in y. "
            "Pass arrays of one length."
        )
    return Scenery(
        inputs=tuple(in_order(model, x)),
        targets=targets,
        sample_weights=_weights_of(targets, weights, weighing),
        several_targets=y if targets is None else None,
        several_weights=weights if targets is None and y is not None else None,
        validation_inputs=() if xv is None else tuple(in_order(model, xv)),
        validation_targets=_single(yv),
        feature_names=tuple(named.feature_names) if named else _column_names(data),
        class_names=tuple(named.class_names) if named else (),
        declared=named.task if named else None,
        image_shape=named.image_shape if named else None,
        sample_rate=named.sample_rate if named else None,
        structure=places(x),
    )


def _parts(data: Any, sample_weight: Any) -> tuple[Any, Any, Any]:
    """Of data in memory; weights that are given beside it count."""
    x, y, within = split_arrays(data)
    return x, y, within if sample_weight is None else read_weights(sample_weight)


def _looked_at(data: Any, sample_weight: Any = None) -> tuple[Any, Any, Any]:
    x, y, weights = _parts(data, sample_weight)
    whole, x = count_of(x), looked_at(x)
    if count_of(x) < whole:
        y, weights = (
            None if part is None else keras.tree.map_structure(lambda array: array[: count_of(x)], part)
            for part in (y, weights)
        )
    return x, y, weights


def _weights_of(targets: np.ndarray | None, weights: Any, weighing: FeedOptions | None) -> np.ndarray | None:
    if targets is None:
        return None
    single = _single(weights)
    if weighing is not None and weighing.class_weight is not None:
        return weigh_classes(targets, weighing.class_weight, single)
    return single


def _column_names(data: Any) -> tuple[str, ...]:
    x = data[0] if isinstance(data, tuple) else data
    return tuple(str(name) for name in x.columns) if hasattr(x, "columns") else ()


def _single(structure: Any) -> np.ndarray | None:
    arrays = keras.tree.flatten(structure) if structure is not None else []
    return arrays[0] if len(arrays) == 1 else None


def _kinds(values: Iterable[Any]) -> str:
    parts = values.values() if isinstance(values, Mapping) else values
    return ", ".join(dict.fromkeys(type(part).__name__ for part in parts)) or "nothing"
