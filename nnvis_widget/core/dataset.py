"""Data with the names that make it readable."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from nnvis_widget.errors import DataError

Task = Literal["classification", "regression"]


@dataclass(frozen=True)
class Dataset:
    """Inputs and targets, split for training and validation.

    Attributes:
        name: What the data is called.
        inputs: `(n, features)` or any other shape with samples first.
        targets: `(n,)` class indices for classification, `(n,)` or `(n, k)` values for regression.
        validation_inputs: Like `inputs`; may be empty.
        validation_targets: Like `targets`.
        feature_names: One per feature of a flat input; may be empty.
        class_names: One per class; empty for regression.
        task: `classification` or `regression`: what is said of an output where no loss of Keras tells what it means.
        image_shape: `(height, width)` where a flat input is a picture, else `None`.
    """

    name: str
    inputs: np.ndarray
    targets: np.ndarray
    validation_inputs: np.ndarray
    validation_targets: np.ndarray
    feature_names: Sequence[str] = ()
    class_names: Sequence[str] = ()
    task: Task = "classification"
    image_shape: tuple[int, int] | None = None

    def __post_init__(self) -> None:
        if len(self.inputs) != len(self.targets):
            raise DataError(
                f"Expected one target per input, got {len(self.inputs)} inputs and {len(self.targets)} targets. "
                "Pass arrays of the same length."
            )
        if len(self.inputs) == 0:
            raise DataError("Expected at least one sample, got none. Pass data with one row or more.")

    @property
    def training(self) -> tuple[np.ndarray, np.ndarray]:
        """`(inputs, targets)` of the training part."""
        return self.inputs, self.targets

    @property
    def validation(self) -> tuple[np.ndarray, np.ndarray]:
        """`(inputs, targets)` of the validation part."""
        return self.validation_inputs, self.validation_targets
