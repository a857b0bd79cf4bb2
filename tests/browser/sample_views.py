"""Views of real seeded models, for pages without a kernel."""

from __future__ import annotations

from functools import cache

import keras

import nnvis_widget as nv


def moons_trainer(epochs: int = 5) -> nv.Trainer:
    """A 2-6-4-1 network after some epochs on the moons."""
    keras.utils.set_random_seed(3)
    dense = keras.layers.Dense
    model = keras.Sequential(
        [keras.Input((2,)), dense(6, "tanh"), dense(4, "tanh"), dense(1, "sigmoid")], name="moons_mlp"
    )
    model.compile(keras.optimizers.Adam(0.01), "binary_crossentropy", metrics=["accuracy"])
    trainer = nv.Trainer(model, nv.datasets.moons(n=200, noise=0.15, seed=0))
    if epochs:
        trainer.run_epochs(epochs)
        trainer.wait()
    return trainer


def digits_trainer(epochs: int = 2) -> nv.Trainer:
    """A 784-64-10 network after some epochs on real handwritten digits."""
    keras.utils.set_random_seed(3)
    dense = keras.layers.Dense
    model = keras.Sequential([keras.Input((784,)), dense(64, "relu"), dense(10, "softmax")], name="digits_mlp")
    model.compile(keras.optimizers.Adam(0.003), "sparse_categorical_crossentropy", metrics=["accuracy"])
    trainer = nv.Trainer(model, nv.datasets.digits(size=28))
    if epochs:
        trainer.run_epochs(epochs)
        trainer.wait()
    return trainer


@cache
def moons_view() -> nv.NetworkView:
    return nv.NetworkView(moons_trainer())


@cache
def digits_view() -> nv.NetworkView:
    return nv.NetworkView(digits_trainer())
