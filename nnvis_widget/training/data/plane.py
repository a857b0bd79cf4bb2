"""Two classes of points on a plane, drawn from a seed, within about 2.2 of the centre on both axes."""

from __future__ import annotations

from math import isfinite, pi

import numpy as np

from nnvis_widget.core.dataset import Dataset
from nnvis_widget.training.data.split import split_indices


def moons(n: int = 400, noise: float = 0.12, seed: int = 0, validation_fraction: float = 0.25) -> Dataset:
    """Two half circles that reach into each other.

    Args:
        n: Points of both classes together, at least 4; the classes differ by at most one.
        noise: Standard deviation of the normal noise added to both features.
        seed: The same seed gives the same data.
        validation_fraction: Share of every class set aside, between 0 and 1.

    Returns:
        float32 inputs `(…, 2)`, int64 targets 0 and 1.

    Raises:
        ValueError: If an argument is out of its range.
    """
    rng, targets = _begin(n, noise, seed)
    angle = rng.uniform(0, pi, n)
    upper = np.column_stack([np.cos(angle) - 0.5, np.sin(angle) - 0.25])
    points = 1.2 * np.where(targets[:, None] == 0, upper, -upper)
    return _finish("moons", points, targets, noise, validation_fraction, rng)


def circles(n: int = 400, noise: float = 0.12, seed: int = 0, validation_fraction: float = 0.25) -> Dataset:
    """A ring of radius 1.8 around a ring of radius 0.8; arguments, result and errors as `moons`."""
    rng, targets = _begin(n, noise, seed)
    angle = rng.uniform(0, 2 * pi, n)
    radius = np.where(targets == 0, 1.8, 0.8)
    points = np.column_stack([radius * np.cos(angle), radius * np.sin(angle)])
    return _finish("circles", points, targets, noise, validation_fraction, rng)


def xor(n: int = 400, noise: float = 0.1, seed: int = 0, validation_fraction: float = 0.25) -> Dataset:
    """Four squares, class 0 where both features have the same sign; arguments, result and errors as `moons`."""
    rng, targets = _begin(n, noise, seed)
    sign = np.where(np.arange(n) // 2 % 2 == 0, -1.0, 1.0)
    size = rng.uniform(0.15, 1.85, (n, 2))
    points = size * np.column_stack([sign, np.where(targets == 0, sign, -sign)])
    return _finish("xor", points, targets, noise, validation_fraction, rng)


def spiral(
    n: int = 400, noise: float = 0.06, seed: int = 0, validation_fraction: float = 0.25, turns: float = 1.25
) -> Dataset:
    """Two arms wound around each other; `turns` times around, the rest as `moons`.

    Raises:
        ValueError: If an argument is out of its range, `turns` not above 0.
    """
    if not (isfinite(turns) and turns > 0):
        raise ValueError(f"Expected a number of turns above 0, got turns={turns}. Pass 1.25 for an easy spiral.")
    rng, targets = _begin(n, noise, seed)
    along = rng.uniform(0.05, 1, n)
    angle = 2 * pi * turns * along + pi * targets
    points = 2 * along[:, None] * np.column_stack([np.sin(angle), np.cos(angle)])
    return _finish("spiral", points, targets, noise, validation_fraction, rng)


def gaussians(n: int = 400, noise: float = 0.4, seed: int = 0, validation_fraction: float = 0.25) -> Dataset:
    """Two clouds around (-1, -1) and (1, 1), `noise` their standard deviation; the rest as `moons`."""
    rng, targets = _begin(n, noise, seed)
    points = np.where(targets[:, None] == 0, -1.0, 1.0) * np.ones((n, 2))
    return _finish("gaussians", points, targets, noise, validation_fraction, rng)


def _begin(n: int, noise: float, seed: int) -> tuple[np.random.Generator, np.ndarray]:
    if n < 4:
        raise ValueError(f"Expected 4 points or more, so that both parts hold both classes, got n={n}.")
    if not (isfinite(noise) and noise >= 0):
        raise ValueError(f"Expected a finite noise of 0 or more, got noise={noise}. Pass 0 for clean data.")
    return np.random.default_rng(seed), np.arange(n) % 2


def _finish(
    name: str,
    points: np.ndarray,
    targets: np.ndarray,
    noise: float,
    validation_fraction: float,
    rng: np.random.Generator,
) -> Dataset:
    inputs = (points + rng.normal(0, noise, points.shape)).astype(np.float32)
    return split_points(name, inputs, targets, validation_fraction, rng)


def split_points(
    name: str, inputs: np.ndarray, targets: np.ndarray, validation_fraction: float, rng: np.random.Generator
) -> Dataset:
    """Points of two classes as data, a part of each class set aside; arguments as `split_indices`."""
    training, validation = split_indices(targets, validation_fraction, rng)
    return Dataset(
        name=name,
        inputs=inputs[training],
        targets=targets[training],
        validation_inputs=inputs[validation],
        validation_targets=targets[validation],
        feature_names=("x₁", "x₂"),
        class_names=("class 0", "class 1"),
    )
