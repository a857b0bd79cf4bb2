"""What a person hands to a `Trainer`, checked and made ready."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from numbers import Real
from typing import Any

from nnvis_widget.core.dataset import Dataset
from nnvis_widget.errors import DataError
from nnvis_widget.keras_adapter.arrays import is_arrays, split_arrays, split_off
from nnvis_widget.keras_adapter.check_data import check_arrays
from nnvis_widget.keras_adapter.loops.evaluation import Evaluation
from nnvis_widget.keras_adapter.loops.feed import ArrayFeed
from nnvis_widget.keras_adapter.read_data import check_stream, is_in_memory


def evaluation_of(model: Any, data: Any, batch_size: int, steps: int | None) -> Evaluation | None:
    """What measures the validation data; `None` without any.

    Raises:
        DataError: If the data does not fit itself or the model.
    """
    if data is None:
        return None
    if isinstance(data, Dataset):
        data = data.training
    if not is_arrays(data):
        check_stream(data)
        return Evaluation(model, data, steps)
    x, y, sample_weight = split_arrays(data)
    check_arrays(model, x, y, sample_weight)
    return Evaluation(model, ArrayFeed(x, y, sample_weight, batch_size, shuffle=False, seed=0), steps)


def split_off_validation(data: Any, sample_weight: Any, share: float) -> tuple[Any, Any, tuple[Any, ...]]:
    """Data, its weights, and what is kept for validation.

    Raises:
        DataError: If the share is none, or the data cannot be split.
    """
    if isinstance(share, bool) or not isinstance(share, Real) or not 0 < share < 1:
        raise DataError(f"Expected validation_split from 0 to 1, got {share!r}. Pass a share such as 0.2.")
    if not is_in_memory(data):
        raise DataError(
            f"Expected data in memory to split, got validation_split={share!r} beside a {type(data).__name__}. "
            "Pass validation_data, a stream of its own."
        )
    if isinstance(data, Dataset):
        (x, y), validation = split_off(data.training, share)
        return replace(data, inputs=x, targets=y), sample_weight, validation
    if sample_weight is not None:
        x, y = (*(data if isinstance(data, tuple) else (data,)), None)[:2]
        data = (x, y, sample_weight)
    data, validation = split_off(data, share)
    return data, None, validation


def check_epochs(initial_epoch: int, epochs: int | None, validation_freq: int | Collection[int]) -> None:
    """See that epochs are counted as `fit` counts them.

    Raises:
        DataError: If not.
    """
    if initial_epoch:
        check_count("initial_epoch", initial_epoch)
    if epochs is not None and initial_epoch >= epochs:
        raise DataError(
            f"Expected initial_epoch below epochs, got {initial_epoch} and {epochs}. "
            "Epochs count from the very first one: pass epochs=initial_epoch + 10."
        )
    if not isinstance(validation_freq, Collection) or isinstance(validation_freq, str):
        check_count("validation_freq", validation_freq)


def check_count(name: str, value: object) -> None:
    """See that an argument is a whole number of at least 1.

    Raises:
        DataError: If not.
    """
    if isinstance(value, bool) or not hasattr(value, "__index__") or int(value) < 1:
        raise DataError(f"Expected {name} as a whole number of at least 1, got {name}={value!r}. Pass one such as 10.")
