"""The networks of the lessons."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import keras

from nnvis_widget.lessons.features import AS_GIVEN, Features

SEED = 3
LEARNING_RATE = 0.01
PATIENCE_EPOCHS = 200
PENALTIES = {"L1": keras.regularizers.L1, "L2": keras.regularizers.L2}


def classifier(
    name: str,
    units: Sequence[int],
    activation: str,
    penalty: tuple[str, float] | None = None,
    dropout: float = 0.0,
    features: Sequence[str] = AS_GIVEN,
) -> Any:
    """A compiled network that tells two kinds of points in the plane apart; the same arguments give the same weights.

    Args:
        name: Its name.
        units: Of each hidden layer.
        activation: Of the hidden layers.
        penalty: `("L1", 0.001)` or `("L2", …)` on the weights of the hidden layers.
        dropout: The share of each hidden layer's outputs that a training step leaves out.
        features: What is computed of a point before the first hidden layer: keys of `FEATURES`.
    """
    keras.utils.set_random_seed(SEED)
    layers: list[Any] = [keras.Input((2,))]
    if tuple(features) != AS_GIVEN:
        layers.append(Features(features, name="features"))
    for number, count in enumerate(units, 1):
        regularizer = None if penalty is None else PENALTIES[penalty[0]](penalty[1])
        layers.append(keras.layers.Dense(count, activation, kernel_regularizer=regularizer, name=f"hidden_{number}"))
        if dropout:
            layers.append(keras.layers.Dropout(dropout, name=f"dropout_{number}"))
    layers.append(keras.layers.Dense(1, "sigmoid", name="output"))
    model = keras.Sequential(layers, name=name)
    model.compile(keras.optimizers.Adam(LEARNING_RATE), "binary_crossentropy", metrics=["accuracy"])
    return model


def until_it_no_longer_learns() -> Any:
    """A callback that ends a training whose best validation loss is 200 epochs old."""
    return keras.callbacks.EarlyStopping("val_loss", patience=PATIENCE_EPOCHS)
