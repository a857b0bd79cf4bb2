"""A part of the data set aside to judge what was learnt."""

from __future__ import annotations

import numpy as np


def split_indices(
    targets: np.ndarray, validation_fraction: float, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """Draw a training and a validation part with the same share of every class.

    Args:
        targets: `(n,)` class indices.
        validation_fraction: Between 0 and 1. Of every class with two samples or more at least one comes into each
            part; a lone sample is trained on.
        rng: Decides which samples, and the order within both parts.

    Returns:
        `(training, validation)`: every index once.

    Raises:
        ValueError: If the fraction does not lie between 0 and 1.
    """
    if not 0 < validation_fraction < 1:
        raise ValueError(
            f"Expected a fraction between 0 and 1, got validation_fraction={validation_fraction}. "
            "Pass 0.25 to set a quarter aside."
        )
    training: list[np.ndarray] = []
    validation: list[np.ndarray] = []
    for label in np.unique(targets):
        members = rng.permutation(np.flatnonzero(targets == label))
        aside = round(validation_fraction * len(members))
        aside = min(max(aside, 1), len(members) - 1)
        validation.append(members[:aside])
        training.append(members[aside:])
    return rng.permutation(np.concatenate(training)), rng.permutation(np.concatenate(validation))
