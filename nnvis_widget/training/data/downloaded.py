"""The well-known picture sets, downloaded once by Keras."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import numpy as np

from nnvis_widget.core.dataset import Dataset
from nnvis_widget.errors import DataError
from nnvis_widget.training.data.scikit import DIGIT_NAMES

CLOTHES = ("T-shirt", "trousers", "pullover", "dress", "coat", "sandal", "shirt", "sneaker", "bag", "ankle boot")
THINGS = ("aeroplane", "car", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "lorry")


def mnist() -> Dataset:
    """70,000 handwritten digits of 28×28 pixels, split into 60,000 and 10,000 as published.

    Returns:
        float32 inputs `(…, 784)` from 0 to 1, rows first; int64 targets. Cost: 11 MB of download the first time, then
        220 MB of memory.

    Raises:
        DataError: If the data is not on this machine yet and cannot be downloaded.
    """
    return _flat("mnist", DIGIT_NAMES)


def fashion_mnist() -> Dataset:
    """70,000 pictures of clothes; shapes, split and errors as `mnist`, 30 MB of download."""
    return _flat("fashion_mnist", CLOTHES)


def cifar10() -> Dataset:
    """60,000 colour pictures of ten kinds of things, split into 50,000 and 10,000 as published.

    Returns:
        float32 inputs `(…, 32, 32, 3)` from 0 to 1; int64 targets `(…,)`. Cost: 170 MB of download the first time, then
        740 MB of memory.

    Raises:
        DataError: If the data is not on this machine yet and cannot be downloaded.
    """
    (inputs, targets), (validation_inputs, validation_targets) = _download("cifar10")
    return Dataset(
        name="cifar10",
        inputs=_scaled(inputs),
        targets=targets.ravel().astype(np.int64),
        validation_inputs=_scaled(validation_inputs),
        validation_targets=validation_targets.ravel().astype(np.int64),
        class_names=THINGS,
    )


def _flat(name: str, class_names: tuple[str, ...]) -> Dataset:
    (inputs, targets), (validation_inputs, validation_targets) = _download(name)
    return Dataset(
        name=name,
        inputs=_scaled(inputs).reshape(len(inputs), -1),
        targets=targets.astype(np.int64),
        validation_inputs=_scaled(validation_inputs).reshape(len(validation_inputs), -1),
        validation_targets=validation_targets.astype(np.int64),
        class_names=class_names,
        image_shape=(28, 28),
    )


def _scaled(pictures: np.ndarray) -> np.ndarray:
    return pictures.astype(np.float32) / np.float32(255)


def _download(name: str) -> Any:
    load_data = import_module(f"keras.datasets.{name}").load_data
    try:
        return load_data()
    except Exception as error:  # Keras raises a bare Exception where there is no network
        raise DataError(
            f"Expected to find or download the data of nv.datasets.{name}(), got: {error}. "
            "Run it once with a network (Keras keeps it in ~/.keras/datasets), "
            "or use nv.datasets.digits(size=28), which needs none."
        ) from error
