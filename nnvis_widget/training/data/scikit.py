"""Real data that ships with scikit-learn: no network needed."""

from __future__ import annotations

from collections.abc import Iterable
from importlib import import_module
from typing import Any

import numpy as np

from nnvis_widget.core.dataset import Dataset
from nnvis_widget.errors import MissingExtraError
from nnvis_widget.training.data.split import split_indices

DIGIT_NAMES = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")


def digits(size: int = 8, seed: int = 0, validation_fraction: float = 0.25) -> Dataset:
    """1,797 real handwritten digits.

    Args:
        size: 8 for the pictures as they are; 28 enlarges the same pictures bilinearly, so that a network for 784 pixels
            has real input. They look soft: no detail is invented.
        seed: Decides the split.
        validation_fraction: Share of every class set aside, between 0 and 1.

    Returns:
        float32 inputs `(…, size * size)` from 0 (paper) to 1 (ink), rows first; int64 targets 0 to 9.

    Raises:
        MissingExtraError: If scikit-learn is not installed.
        ValueError: If an argument is out of its range.
    """
    if size not in (8, 28):
        raise ValueError(f"Expected pictures of 8 or 28 pixels a side, got size={size}.")
    bunch = _load("digits")
    pictures = bunch.images / 16.0
    if size != 8:
        pictures = resize_bilinear(pictures, size)
    inputs = pictures.reshape(len(pictures), size * size).astype(np.float32)
    parts = split_indices(bunch.target, validation_fraction, np.random.default_rng(seed))
    return _dataset("digits", inputs, bunch.target, parts, class_names=DIGIT_NAMES, image_shape=(size, size))


def iris(seed: int = 0, validation_fraction: float = 0.25) -> Dataset:
    """150 irises of three species, measured in four ways.

    Args:
        seed: Decides the split.
        validation_fraction: Share of every class set aside, between 0 and 1.

    Returns:
        float32 inputs, each feature with mean 0 and deviation 1 over the training part (the same numbers scale the
        validation part); int64 targets.

    Raises:
        MissingExtraError: If scikit-learn is not installed.
        ValueError: If the fraction does not lie between 0 and 1.
    """
    return _table("iris", seed, validation_fraction)


def wine(seed: int = 0, validation_fraction: float = 0.25) -> Dataset:
    """178 wines of three growers, analysed in 13 ways; arguments, result and errors as `iris`."""
    return _table("wine", seed, validation_fraction)


def breast_cancer(seed: int = 0, validation_fraction: float = 0.25) -> Dataset:
    """569 tumours, malignant or benign, measured in 30 ways; arguments, result and errors as `iris`."""
    return _table("breast_cancer", seed, validation_fraction)


def resize_bilinear(pictures: np.ndarray, size: int) -> np.ndarray:
    """Enlarge square pictures `(n, side, side)` to `(n, size, size)`.

    Every new pixel mixes the nearest two old rows and columns by distance, pixels taken as squares with their value at
    the centre and the picture continued by its border: what Pillow and TensorFlow do when they enlarge.
    """
    side = pictures.shape[-1]
    centre = np.clip((np.arange(size) + 0.5) * side / size - 0.5, 0, side - 1)
    weights = np.maximum(0, 1 - np.abs(centre[:, None] - np.arange(side)))
    resized: np.ndarray = weights @ pictures @ weights.T
    return resized


def _load(name: str) -> Any:
    try:
        module = import_module("sklearn.datasets")
    except ImportError as error:
        raise MissingExtraError("scikit-learn", "data", f"nv.datasets.{name}()") from error
    return getattr(module, f"load_{name}")()


def _table(name: str, seed: int, validation_fraction: float) -> Dataset:
    bunch = _load(name)
    parts = split_indices(bunch.target, validation_fraction, np.random.default_rng(seed))
    part = bunch.data[parts[0]]
    inputs = ((bunch.data - part.mean(axis=0)) / part.std(axis=0)).astype(np.float32)
    return _dataset(name, inputs, bunch.target, parts, tuple(map(str, bunch.target_names)), bunch.feature_names)


def _dataset(
    name: str,
    inputs: np.ndarray,
    targets: np.ndarray,
    parts: tuple[np.ndarray, np.ndarray],
    class_names: tuple[str, ...],
    feature_names: Iterable[str] = (),
    image_shape: tuple[int, int] | None = None,
) -> Dataset:
    targets = targets.astype(np.int64)
    training, validation = parts
    return Dataset(
        name=name,
        inputs=inputs[training],
        targets=targets[training],
        validation_inputs=inputs[validation],
        validation_targets=targets[validation],
        feature_names=tuple(map(str, feature_names)),
        class_names=class_names,
        image_shape=image_shape,
    )
