"""A person's class made of layers, with a `call` of its own: what its layers alone would give is not shown."""

import re

import keras
import numpy as np
import pytest
from keras import layers

import nnvis_widget as nv
from nnvis_widget.core.snapshot import TensorKey

X = np.random.default_rng(0).normal(size=(20, 2)).astype(np.float32)
Y = X[:, :1]


class OfLayers(keras.Sequential):
    def call(self, inputs, training=None, mask=None):
        return keras.ops.tanh(3 * super().call(inputs, training=training))


class OfTensors(keras.Model):
    def call(self, inputs, training=None, mask=None):
        return 1 - 2 * super().call(inputs, training=training)


class Wider(keras.Model):
    """Puts out more than its last layer does."""

    def call(self, inputs, training=None, mask=None):
        return keras.ops.concatenate([super().call(inputs, training=training), inputs], axis=-1)


def of_layers():
    keras.utils.set_random_seed(1)
    return OfLayers([keras.Input((2,)), layers.Dense(4, "tanh"), layers.Dense(1)])


def of_tensors(kind=OfTensors):
    keras.utils.set_random_seed(1)
    inputs = keras.Input((2,))
    return kind(inputs, layers.Dense(1)(layers.Dense(4, "tanh")(inputs)))


def wider():
    return of_tensors(Wider)


@pytest.mark.parametrize("build", [of_layers, of_tensors, wider])
def test_the_output_is_that_of_the_model(build):
    model = build()
    targets = np.zeros(model.predict(X, verbose=0).shape, np.float32)
    model.compile("sgd", "mse")
    view = nv.NetworkView(model, data=(X, targets), edges="gradient")
    for _ in range(2):
        view.look()
    (given, card) = view.source.graph.layers
    shown = view.source.run.latest.tensors[TensorKey("activation", card.id, sample=0)]
    np.testing.assert_allclose(shown, model.predict(X[:1], verbose=0)[0], rtol=1e-5, atol=1e-6)
    assert (given.role, card.role, card.output_shape) == ("input", "group", ((None, targets.shape[1]),))
    assert view.source.status.problem is None


@pytest.mark.parametrize("build", [of_layers, of_tensors])
def test_so_are_the_words(build):
    model = build()
    model.compile("sgd", "mse")
    view = nv.NetworkView(model, data=(X, Y))
    view.look()
    (told,) = re.findall(r"predicted (−?[\d.]+)", view.describe())
    assert float(told.replace("−", "-")) == pytest.approx(float(model.predict(X[:1], verbose=0)[0, 0]), rel=0.01)


def test_a_step_of_ones_own_is_no_call_of_ones_own():
    class Stepping(keras.Sequential):
        def train_step(self, data):
            return super().train_step(data)

    graph = nv.read_graph(Stepping([keras.Input((2,)), layers.Dense(4), layers.Dense(1)])).folded()
    assert [layer.role for layer in graph.layers] == ["input", "dense", "dense"]
