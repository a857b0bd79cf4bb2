"""Views of real seeded models, for pages without a kernel."""

from __future__ import annotations

from functools import cache

import keras

import nnvis_widget as nv


def mlp(name: str, inputs: int, *layers: tuple[int, str]) -> keras.Sequential:
    """Dense layers with names of their own: Keras' count on through a process."""
    named = [keras.layers.Dense(*layer, name=f"dense_{number}") for number, layer in enumerate(layers, 1)]
    return keras.Sequential([keras.Input((inputs,)), *named], name=name)


def moons_trainer(epochs: int = 5) -> nv.Trainer:
    """A 2-6-4-1 network after some epochs on the moons."""
    keras.utils.set_random_seed(3)
    model = mlp("moons_mlp", 2, (6, "tanh"), (4, "tanh"), (1, "sigmoid"))
    model.compile(keras.optimizers.Adam(0.01), "binary_crossentropy", metrics=["accuracy"])
    trainer = nv.Trainer(model, nv.datasets.moons(n=200, noise=0.15, seed=0))
    if epochs:
        trainer.run_epochs(epochs)
        trainer.wait()
    return trainer


def digits_trainer(epochs: int = 2) -> nv.Trainer:
    """A 784-64-10 network after some epochs on real handwritten digits."""
    keras.utils.set_random_seed(3)
    model = mlp("digits_mlp", 784, (64, "relu"), (10, "softmax"))
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
