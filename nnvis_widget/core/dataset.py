"""Data with the names that make it readable."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from numbers import Real
from typing import Any, Literal

import numpy as np

from nnvis_widget.core.argument import shown
from nnvis_widget.errors import DataError

Task = Literal["classification", "regression"]


def _nothing() -> np.ndarray:
    return np.empty(0)


@dataclass(frozen=True)
class Dataset:
    """Inputs and targets with the names that make them readable, split for training and validation.

    Attributes:
        inputs: `(n, features)` or any other shape with samples first; of several inputs a list or dict of arrays.
        targets: `(n,)` class indices for classification, `(n,)` or `(n, k)` values for regression, or any other shape.
        validation_inputs: Like `inputs`; may be empty.
        validation_targets: Like `targets`.
        name: What the data is called.
        feature_names: One per feature of a flat input; may be empty.
        class_names: One per class or label; may be empty.
        task: `classification` or `regression`: what is said of an output where no loss of Keras tells what it means.
        image_shape: `(height, width)` where a flat input is a picture, else `None`.
        sample_rate: Steps a second where the inputs are sound, such as 16,000: then their spectrogram is drawn.

    Raises:
        DataError: If there are no samples, or not one target for each, or the sample rate is no positive number.

    Example:
        >>> import numpy as np
        >>> x, y = np.random.rand(8, 2), np.arange(8) % 2
        >>> trainer = nv.Trainer(model, nv.Dataset(x, y, class_names=["cat", "dog"]))
    """

    inputs: Any
    targets: Any
    validation_inputs: Any = field(default_factory=_nothing)
    validation_targets: Any = field(default_factory=_nothing)
    name: str = "data"
    feature_names: Sequence[str] = ()
    class_names: Sequence[str] = ()
    task: Task = "classification"
    image_shape: tuple[int, int] | None = None
    sample_rate: float | None = None

    def __post_init__(self) -> None:
        inputs, targets = _count(self.inputs), _count(self.targets)
        if inputs != targets:
            raise DataError(
                f"Expected one target per input, got {inputs} inputs and {targets} targets. "
                "Pass arrays of the same length."
            )
        if inputs == 0:
            raise DataError("Expected at least one sample, got none. Pass data with one row or more.")
        rate = self.sample_rate
        if rate is not None and not (isinstance(rate, Real) and 0 < rate < float("inf")):
            raise DataError(f"Expected the steps of a second as a positive number, got sample_rate={shown(rate)}.")

    @property
    def training(self) -> tuple[Any, Any]:
        """`(inputs, targets)` of the training part."""
        return self.inputs, self.targets

    @property
    def validation(self) -> tuple[Any, Any]:
        """`(inputs, targets)` of the validation part."""
        return self.validation_inputs, self.validation_targets


def _count(arrays: Any) -> int:
    """Samples of one array, or of several."""
    several = list(arrays.values()) if isinstance(arrays, Mapping) else arrays
    is_several = isinstance(several, list | tuple) and len(several) > 0 and np.ndim(several[0]) > 0
    return len(several[0] if is_several and hasattr(several[0], "shape") else several)
