"""Small seeded networks on the moons and on handwritten digits, in training or as recorded."""

from __future__ import annotations

from functools import cache
from typing import Any

import keras
import numpy as np

import nnvis_widget as nv

from .recording import Recording, State


def mlp(name: str, inputs: int, *layers: tuple[int, str]) -> keras.Sequential:
    """Dense layers with names of their own: Keras' count on through a process."""
    named = [keras.layers.Dense(*layer, name=f"dense_{number}") for number, layer in enumerate(layers, 1)]
    return keras.Sequential([keras.Input((inputs,)), *named], name=name)


def moons() -> Any:
    return nv.datasets.moons(n=200, noise=0.15, seed=0)


def moons_trainer(epochs: int = 5, recorded: Recording | None = None) -> nv.Trainer:
    """A 2-6-4-1 network after some epochs on the moons."""
    keras.utils.set_random_seed(3)
    model = mlp("moons_mlp", 2, (6, "tanh"), (4, "tanh"), (1, "sigmoid"))
    model.compile(keras.optimizers.Adam(0.01), "binary_crossentropy", metrics=["accuracy"])
    return _trained(model, moons(), epochs, recorded)


def digits_trainer(epochs: int = 2, recorded: Recording | None = None) -> nv.Trainer:
    """A 784-64-10 network after some epochs on real handwritten digits."""
    keras.utils.set_random_seed(3)
    model = mlp("digits_mlp", 784, (64, "relu"), (10, "softmax"))
    model.compile(keras.optimizers.Adam(0.003), "sparse_categorical_crossentropy", metrics=["accuracy"])
    return _trained(model, nv.datasets.digits(size=28), epochs, recorded)


def regression_trainer(recorded: Recording | None = None) -> nv.Trainer:
    """A 2-6-4-1 network that fits a line through the moons; it diverges easily."""
    keras.utils.set_random_seed(3)
    model = mlp("moons_mlp", 2, (6, "relu"), (4, "relu"), (1, "linear"))
    model.compile(keras.optimizers.SGD(0.05), "mse")
    return _trained(model, moons(), 0, recorded)


@cache
def moons_state(name: str = "moons", layer: str = "", unit: int = 0) -> State:
    """A view of the network on the moons: `moons` after 5 epochs, `moons-unit` 5 steps later, `moons-past` before."""
    recorded = Recording.load(name)
    chosen = {"selection": {"layer": layer, "unit": unit}} if layer else {}
    return recorded.retold(moons_trainer(0, recorded), **chosen)


@cache
def digits_state(layer: str = "", unit: int = 0, edges: str = "weight") -> State:
    """A view of the network on the digits after 2 epochs and 5 steps."""
    recorded = Recording.load("digits")
    chosen = {"selection": {"layer": layer, "unit": unit}} if layer else {}
    return recorded.retold(digits_trainer(0, recorded), sample=3, edges=edges, **chosen)


@cache
def diverged_state() -> State:
    """A view of a training that has gone wrong."""
    recorded = Recording.load("diverged")
    return recorded.retold(regression_trainer(recorded))


@cache
def deep_state(layers: int, units: int) -> State:
    """A view of a network with many layers, as it was made."""
    keras.utils.set_random_seed(3)
    model = mlp("deep_mlp", 2, *[(units, "tanh")] * layers, (1, "sigmoid"))
    return nv.NetworkView(model, data=moons()).get_state()


@cache
def cnn_state(place: tuple[int, int] | None = None, is_whole: bool = False) -> State:
    """A view of a convolutional network, as it was made; with a place of a map chosen, or its layer as a whole."""
    keras.utils.set_random_seed(3)
    kinds = [
        keras.layers.Conv2D(8, 3, activation="relu", name="conv"),
        keras.layers.MaxPooling2D(name="pool"),
        keras.layers.Conv2D(20, 3, activation="relu", name="conv_1"),
        keras.layers.MaxPooling2D(name="pool_1"),
        keras.layers.Flatten(name="flatten"),
        keras.layers.Dense(10, "softmax", name="output"),
    ]
    model = keras.Sequential([keras.Input((28, 28, 1), name="picture"), *kinds], name="digits_cnn")
    model.compile("sgd", "sparse_categorical_crossentropy")
    digits = nv.datasets.digits(size=28)
    view = nv.NetworkView(model, data=(digits.inputs[:100].reshape(-1, 28, 28, 1), digits.targets[:100]))
    chosen = {"layer": view.source.graph.by_name("conv_1").id}
    if place is not None:
        view.selection = {**chosen, "unit": 2, "place": list(place)}
    if is_whole:
        view.selection = chosen
    return view.get_state()


@cache
def kinds_state(layer: str, place: tuple[int, int]) -> State:
    """A view of a network with every kind of convolution, as it was made, with a place of a map chosen."""
    kinds = [
        keras.layers.Conv2D(4, 3, activation="relu", name="conv"),
        keras.layers.DepthwiseConv2D(3, depth_multiplier=2, activation="relu", name="depthwise"),
        keras.layers.SeparableConv2D(6, 3, activation="relu", name="separable"),
        keras.layers.MaxPooling2D(name="pool"),
        keras.layers.Conv2DTranspose(3, 3, strides=2, activation="relu", name="transposed"),
    ]
    digits = nv.datasets.digits(size=28)
    return _state_with_place(kinds, digits.inputs[:100].reshape(-1, 28, 28, 1), layer, place)


@cache
def strips_state(layer: str, place: tuple[int, int]) -> State:
    """A view of convolutions over sequences, as it was made, with a place of a map chosen."""
    kinds = [
        keras.layers.Conv1D(8, 5, padding="causal", activation="relu", name="conv"),
        keras.layers.MaxPooling1D(name="pool"),
        keras.layers.Conv1D(20, 3, activation="relu", name="conv_1"),
        keras.layers.GlobalAveragePooling1D(name="mean"),
    ]
    steps = np.arange(128)[None, :, None] / (4 + np.arange(100)[:, None, None])
    return _state_with_place(kinds, np.concatenate([np.sin(steps), np.cos(3 * steps)], axis=2), layer, place)


def _state_with_place(kinds: list[Any], inputs: Any, layer: str, place: tuple[int, int]) -> State:
    keras.utils.set_random_seed(3)
    ends = [keras.layers.Flatten(name="flatten"), keras.layers.Dense(10, "softmax", name="output")]
    model = keras.Sequential([keras.Input(inputs.shape[1:], name="picture"), *kinds, *ends], name="kinds")
    model.compile("sgd", "sparse_categorical_crossentropy")
    view = nv.NetworkView(model, data=(inputs, np.arange(len(inputs)) % 10))
    view.selection = {"layer": view.source.graph.by_name(layer).id, "unit": 2, "place": list(place)}
    return view.get_state()


def record_all() -> None:
    """Train anew and write the recordings."""
    trainer = moons_trainer()
    view = nv.NetworkView(trainer)
    Recording.of(view).save("moons")
    _run(trainer, steps=5)
    Recording.of(view).save("moons-unit")
    trainer = moons_trainer(2)
    view = nv.NetworkView(trainer)
    for _ in range(5):
        _run(trainer, epochs=1)
    view.step = trainer.step // 2
    Recording.of(view).save("moons-past")
    trainer = digits_trainer()
    _run(trainer, steps=5)
    Recording.of(nv.NetworkView(trainer)).save("digits")
    trainer = regression_trainer()
    _run(trainer, steps=20)
    trainer.learning_rate = 1e9
    _run(trainer, steps=40)
    Recording.of(nv.NetworkView(trainer)).save("diverged")


def _trained(model: Any, data: Any, epochs: int, recorded: Recording | None) -> nv.Trainer:
    if recorded is not None:
        model.set_weights(recorded.weights)
    trainer = nv.Trainer(model, data)
    if epochs:
        _run(trainer, epochs=epochs)
    return trainer


def _run(trainer: nv.Trainer, steps: int = 0, epochs: int = 0) -> None:
    trainer.run_epochs(epochs) if epochs else trainer.run_steps(steps)
    trainer.wait()


if __name__ == "__main__":
    record_all()
