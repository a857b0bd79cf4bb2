"""What a person hands over as data, made into a feed and a scenery."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import keras
import numpy as np

from nnvis_widget.core.dataset import Dataset
from nnvis_widget.core.scenery import Scenery
from nnvis_widget.errors import DataError
from nnvis_widget.keras_adapter.check_data import build_model, check_arrays
from nnvis_widget.keras_adapter.loops.feed import ArrayFeed, StreamFeed, as_array, weigh_classes


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
        data: A `Dataset`; `x`, `(x, y)` or `(x, y, sample_weight)` of arrays, DataFrames, or lists or dicts of
            them; a `tf.data.Dataset`, a `PyDataset`, or an iterable of batches.
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
        return StreamFeed(data, options.class_weight, options.steps_per_epoch)
    x, y, sample_weight = split_arrays(data)
    if options.sample_weight is not None:
        sample_weight = as_array(options.sample_weight, "sample_weight")
    build_model(model, x)
    check_arrays(model, x, y, sample_weight)
    if options.class_weight is not None:
        if y is None:
            raise DataError("Expected targets to apply class_weight to, got none. Pass (x, y).")
        sample_weight = weigh_classes(y, options.class_weight, sample_weight)
    return ArrayFeed(x, y, sample_weight, options.batch_size, options.shuffle, options.seed)


def is_arrays(data: Any) -> bool:
    """Whether data is held in memory as a whole."""
    if isinstance(data, np.ndarray) or _is_table(data):
        return True
    if isinstance(data, tuple):
        return 1 <= len(data) <= 3 and all(part is None or _is_leaves(part) for part in data)
    return isinstance(data, dict) and _is_leaves(data)


def split_arrays(data: Any) -> tuple[Any, Any, Any]:
    """`(x, y, sample_weight)` as numpy arrays; what is missing is `None`."""
    parts = data if isinstance(data, tuple) else (data,)
    x, y, sample_weight = (*parts, None, None)[:3]
    if x is None:
        raise DataError("Expected inputs, got None. Pass (x, y).")
    return (
        _arrays(x, "x"),
        None if y is None else _arrays(y, "y"),
        None if sample_weight is None else as_array(sample_weight, "sample_weight"),
    )


def read_scenery(data: Any, validation: Any = None, model: Any = None) -> Scenery:
    """The samples a model is looked at with.

    Arrays are looked at where they are, without a copy. A stream is not touched (that could change the order of its
    batches): its scenery is empty until the first batch has been trained on.

    Args:
        data: As for `read_data`, or `None`.
        validation: Likewise.
        model: Tells the number of classes where the data does not.
    """
    if data is None or not (isinstance(data, Dataset) or is_arrays(data)):
        return Scenery()
    named = data if isinstance(data, Dataset) else None
    x, y, _ = split_arrays(data.training if named else data)
    if validation is None and named is not None and len(named.validation_inputs):
        validation = named.validation
    xv, yv = split_arrays(validation)[:2] if validation is not None and is_arrays(validation) else ((), None)
    targets = _single(y)
    return Scenery(
        inputs=tuple(keras.tree.flatten(x)),
        targets=targets,
        validation_inputs=tuple(keras.tree.flatten(xv)),
        validation_targets=_single(yv),
        feature_names=tuple(named.feature_names) if named else _column_names(data),
        class_names=tuple(named.class_names) if named else (),
        task=named.task if named else _guess_task(model, targets),
        image_shape=named.image_shape if named else None,
    )


def _guess_task(model: Any, targets: np.ndarray | None) -> str | None:
    loss = str(getattr(model, "loss", "") or "")
    if targets is None:
        return None
    name = loss if isinstance(getattr(model, "loss", None), str) else type(getattr(model, "loss", None)).__name__
    return "classification" if "crossentropy" in name.replace("_", "").lower() else "regression"


def _column_names(data: Any) -> tuple[str, ...]:
    x = data[0] if isinstance(data, tuple) else data
    return tuple(str(name) for name in x.columns) if hasattr(x, "columns") else ()


def _single(structure: Any) -> np.ndarray | None:
    arrays = keras.tree.flatten(structure) if structure is not None else []
    return arrays[0] if len(arrays) == 1 else None


def _is_table(value: Any) -> bool:
    return hasattr(value, "to_numpy") and hasattr(value, "index")


def _is_leaf(value: Any) -> bool:
    return (
        isinstance(value, np.ndarray) or _is_table(value) or (hasattr(value, "__array__") and hasattr(value, "shape"))
    )


def _is_leaves(value: Any) -> bool:
    if isinstance(value, dict):
        return all(_is_leaf(part) for part in value.values())
    if isinstance(value, list | tuple):
        return bool(value) and (all(_is_leaf(part) for part in value) or all(_is_number_list(part) for part in value))
    return _is_leaf(value)


def _is_number_list(value: Any) -> bool:
    return isinstance(value, int | float) or (isinstance(value, list) and all(_is_number_list(part) for part in value))


def _arrays(value: Any, what: str) -> Any:
    if isinstance(value, dict):
        return {name: as_array(part, f"{what}[{name!r}]") for name, part in value.items()}
    if isinstance(value, list | tuple) and value and all(_is_leaf(part) for part in value):
        return [as_array(part, what) for part in value]
    return as_array(value, what)
