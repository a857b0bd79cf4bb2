"""Are activations and pre-activations those of a forward pass, by numpy or by Keras' own sub-models?"""

import keras
import numpy as np
import pytest
from keras import layers

from nnvis_widget import Trainer
from nnvis_widget.core.snapshot import TensorKey
from nnvis_widget.core.want import Want
from tests.keras.models import rich_data, rich_net
from tests.keras.probing import Probing

ROWS = np.random.default_rng(7).normal(size=(5, 6)).astype(np.float32)
NUMPY = {
    "relu": lambda z: np.maximum(z, 0),
    "tanh": np.tanh,
    "softmax": lambda z: np.exp(z - z.max(-1, keepdims=True)) / np.exp(z - z.max(-1, keepdims=True)).sum(-1)[:, None],
    "linear": lambda z: z,
}


def measure(model, inputs, times=2):
    """Twice by default: the first call is not compiled, the second is."""
    probing = Probing(model, inputs)
    for _ in range(times):
        measured = probing.measure(*(Want("activation", sample=sample) for sample in range(len(inputs[0]))))
    found = {}
    for key in sorted(measured, key=lambda key: key.sample):
        found.setdefault((key.quantity, probing.graph.layer(key.layer).name), []).append(measured[key])
    return {name: np.array(rows) for name, rows in found.items()}


@pytest.mark.parametrize("use_bias", [True, False])
@pytest.mark.parametrize("times", [1, 2])
def test_dense_nets_equal_a_forward_pass_in_numpy(use_bias, times):
    keras.utils.set_random_seed(2)
    kinds = ("relu", "tanh", "linear", "softmax")
    model = keras.Sequential(
        [
            layers.Input((6,)),
            *(layers.Dense(5, k, use_bias=use_bias, name=k, bias_initializer="normal") for k in kinds),
        ]
    )
    measured = measure(model, [ROWS], times)
    np.testing.assert_array_equal(measured["activation", "input"], ROWS)
    a = ROWS.astype(np.float64)
    for layer in model.layers:
        kernel, *bias = (w.astype(np.float64) for w in layer.get_weights())
        z = a @ kernel + (bias[0] if bias else 0)
        a = NUMPY[layer.name](z)
        np.testing.assert_allclose(measured["activation", layer.name], a, rtol=1e-4, atol=1e-6, err_msg=layer.name)
        if layer.name == "linear":
            assert ("z", layer.name) not in measured
        else:
            np.testing.assert_allclose(measured["z", layer.name], z, rtol=1e-4, atol=1e-6, err_msg=layer.name)


def test_convolutions_equal_keras_sub_models():
    keras.utils.set_random_seed(2)
    model = keras.Sequential(
        [
            layers.Input((8, 8, 1)),
            layers.Conv2D(3, 3, activation="relu", name="conv"),
            layers.MaxPooling2D(name="pool"),
            layers.Flatten(name="flat"),
            layers.Dense(4, "softmax", name="out"),
        ]
    )
    pictures = np.random.default_rng(3).random((4, 8, 8, 1)).astype(np.float32)
    measured = measure(model, [pictures])
    for layer in model.layers:
        expected = keras.Model(model.inputs, layer.output).predict(pictures, verbose=0).reshape(4, -1)
        np.testing.assert_allclose(measured["activation", layer.name], expected, rtol=1e-5, atol=1e-6)


def test_batch_normalisation_and_dropout_are_seen_in_inference_mode():
    model = rich_net()
    model.fit(*rich_data(), epochs=1, verbose=0)
    x = rich_data()[0]
    measured = measure(model, [x])
    np.testing.assert_allclose(measured["activation", model.layers[-1].name], model.predict(x, verbose=0), rtol=1e-5)
    dropped = measured["activation", model.layers[2].name]
    np.testing.assert_array_equal(dropped, measured["activation", model.layers[1].name])


PICTURES = np.random.default_rng(4).random((5, 6, 6, 1)).astype(np.float32)


class Flipped(keras.Model):
    """Its own code hands on what it is told of training."""

    def __init__(self):
        super().__init__(name="flipped")
        self.parts = [layers.RandomFlip(seed=1), layers.RandomTranslation(0.4, 0.4, seed=2), layers.Flatten()]
        self.out = layers.Dense(2, name="out")

    def call(self, x, training=True):
        for part in self.parts[:2]:
            x = part(x, training=training)
        return self.out(self.parts[2](x))


def random_by_default(kind):
    """A model whose layers move their input at random unless `training=False` reaches them."""
    keras.utils.set_random_seed(2)
    if kind == "whole":
        model = Flipped()
        model(PICTURES[:1], training=False)
        return model
    moving = [layers.RandomFlip(seed=1, name="flip"), layers.RandomTranslation(0.4, 0.4, seed=2, name="shift")]
    parts = [*moving, layers.Flatten(), layers.Dense(2, name="out")]
    if kind == "chain":
        return keras.Sequential([layers.Input((6, 6, 1)), *parts])
    x = y = layers.Input((6, 6, 1))
    for part in parts:
        y = part(y)
    return keras.Model(x, y)


@pytest.mark.parametrize("kind", ["chain", "graph", "whole"])
def test_layers_that_are_random_by_default_are_seen_in_inference_mode(kind):
    model = random_by_default(kind)
    measured = measure(model, [PICTURES])
    last = "flipped" if kind == "whole" else "out"
    expected = model(PICTURES, training=False)
    np.testing.assert_allclose(measured["activation", last], expected, rtol=1e-4, atol=1e-6)
    if kind != "whole":
        np.testing.assert_allclose(measured["activation", "shift"], PICTURES.reshape(5, -1), atol=1e-6)


def test_several_inputs_a_merge_and_a_shared_layer():
    left, right = layers.Input((6,), name="left"), layers.Input((6,), name="right")
    shared = layers.Dense(3, "tanh", name="shared")
    model = keras.Model([left, right], layers.Add(name="sum")([shared(left), shared(right)]))
    other = ROWS[::-1].copy()
    measured = measure(model, [ROWS, other])
    kernel, bias = shared.get_weights()
    np.testing.assert_allclose(measured["activation", "shared"], np.tanh(ROWS @ kernel + bias), rtol=1e-4, atol=1e-6)
    expected = np.tanh(ROWS @ kernel + bias) + np.tanh(other @ kernel + bias)
    np.testing.assert_allclose(measured["activation", "sum"], expected, rtol=1e-4, atol=1e-6)


def test_a_nested_model_shows_its_output():
    inner = keras.Sequential([layers.Input((6,)), layers.Dense(3, "relu"), layers.Dense(2)], name="inner")
    x = layers.Input((6,))
    model = keras.Model(x, layers.Dense(1, name="out")(inner(x)))
    measured = measure(model, [ROWS])
    np.testing.assert_allclose(measured["activation", "inner"], inner.predict(ROWS, verbose=0), rtol=1e-5, atol=1e-6)


class Stacked(keras.Model):
    def __init__(self):
        super().__init__(name="stacked")
        self.one, self.two = layers.Dense(3), layers.Dense(2)

    def call(self, x):
        return self.two(self.one(x))


def test_a_subclassed_model_shows_its_output():
    model = Stacked()
    expected = model.predict(ROWS, verbose=0)
    model.compile("sgd", "mse")
    trainer = Trainer(model, (ROWS, np.zeros((5, 2), np.float32)))
    card = trainer.graph.by_name("stacked").id
    values = trainer.run.latest.tensors[TensorKey("activation", card, sample=0)]
    np.testing.assert_allclose(values, expected[0], rtol=1e-5, atol=1e-6)


def test_a_sequential_built_by_a_call_is_measured_for_any_number_of_samples():
    model = keras.Sequential([layers.Dense(3, name="one"), layers.Dense(2, name="two")])
    model(ROWS[:2])
    measured = measure(model, [ROWS])
    np.testing.assert_allclose(measured["activation", "two"], model.predict(ROWS, verbose=0), rtol=1e-5, atol=1e-6)


def test_layers_too_large_to_draw_are_left_out():
    model = keras.Sequential([layers.Input((6,)), layers.Dense(5000, name="wide"), layers.Dense(2, name="out")])
    measured = measure(model, [ROWS])
    assert ("activation", "wide") not in measured
    np.testing.assert_allclose(measured["activation", "out"], model.predict(ROWS, verbose=0), rtol=1e-4, atol=1e-5)


def test_integer_inputs_stay_integers():
    model = keras.Sequential([layers.Input((4,), dtype="int32"), layers.Embedding(9, 3, name="words")])
    words = np.arange(8).reshape(2, 4)
    table = model.get_layer("words").get_weights()[0]
    np.testing.assert_array_equal(measure(model, [words])["activation", "words"], table[words].reshape(2, -1))


@pytest.mark.parametrize("times", [1, 2])
def test_a_model_that_insists_on_its_batch_size(times):
    keras.utils.set_random_seed(3)
    inputs = keras.Input(batch_shape=(3, 6))
    model = keras.Model(inputs, layers.Dense(4, "tanh", name="hidden")(inputs))
    kernel, bias = (w.astype(np.float64) for w in model.get_layer("hidden").get_weights())
    measured = measure(model, [ROWS], times)
    np.testing.assert_allclose(measured["activation", "hidden"], np.tanh(ROWS @ kernel + bias), rtol=1e-4, atol=1e-6)
