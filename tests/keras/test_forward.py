"""The one way through a model: true to it, without a trace in it, and without a word of TensorFlow about us."""

import logging

import keras
import numpy as np
import pytest
from keras import layers

import nnvis_widget as nv
from nnvis_widget.core.quantity import ANY, QUANTITIES
from nnvis_widget.core.scenery import Scenery
from nnvis_widget.core.snapshot import TensorKey
from nnvis_widget.core.want import Want
from tests.keras.models import assert_same_state, plane, plane_net, rich_data, rich_net, state
from tests.keras.page import Page, until
from tests.keras.probing import Probing

ROWS = np.random.default_rng(7).normal(size=(6, 4)).astype(np.float32)


class Counting(layers.Layer):
    """Multiplies by how often it was called."""

    def build(self, input_shape):
        self.calls = self.add_weight(name="calls", initializer="zeros", trainable=False)

    def call(self, x):
        self.calls.assign_add(1.0)
        return x * self.calls


class Noisy(layers.Layer):
    def call(self, x):
        return x + keras.random.uniform(keras.ops.shape(x))


def counting():
    return keras.Sequential([layers.Input((4,)), layers.Dense(3, "tanh"), Counting(), layers.Dense(2, "softmax")])


def noisy():
    x = layers.Input((4,))
    return keras.Model(x, layers.Dense(2, "softmax")(Noisy()(layers.Dense(3, "tanh")(x))))


def stateful():
    x = layers.Input(batch_shape=(2, 4))
    y = layers.LSTM(3, stateful=True)(layers.Reshape((4, 1))(x))
    return keras.Model(x, layers.Dense(2, "softmax")(y))


WANTS = [
    Want("weight"),
    Want("weight", grain="moments"),
    Want("gradient"),
    *(Want(quantity, sample=sample) for quantity in ("activation", "map") for sample in (0, 3)),
    Want("predictions"),
    *(Want("z_batch", f"L{place}", 1) for place in range(4)),
    *(Want("z_layer", f"L{place}") for place in range(4)),
    Want("field"),
]


@pytest.mark.parametrize("build", [counting, noisy, stateful])
def test_looking_moves_no_variable_that_a_training_uses(build):
    models, targets = [], np.arange(6) % 2
    for _ in range(2):
        keras.utils.set_random_seed(5)
        models.append(build())
    looked = models[0]
    for model in models:
        model.compile("sgd", "sparse_categorical_crossentropy")
        model.set_weights([np.full(weight.shape, 0.3, np.float32) for weight in model.get_weights()])
    probing = Probing(looked, Scenery((ROWS,), targets))
    seen = []
    for model in models:
        keras.utils.set_random_seed(6)
        for _ in range(3):  # the first look is not compiled
            if model is looked:
                assert probing.measure(*WANTS)
            model.train_on_batch(ROWS[:2], targets[:2])
        seen.append(state(model))
        seen.append([keras.random.uniform((3,))])
    assert_same_state(seen[0], seen[2])
    assert_same_state(seen[1], seen[3])


@pytest.mark.parametrize("build", [rich_net, plane_net])
def test_what_is_measured_is_what_the_table_of_quantities_says(build):
    model = build()
    x, y = rich_data() if build is rich_net else plane()
    tensors = Probing(model, Scenery((x,), y)).measure(*WANTS)
    assert {key.quantity for key in tensors} >= {"weight", "moments", "gradient", "activation", "z_batch"}
    for key, tensor in tensors.items():
        row = QUANTITIES[key.quantity]
        assert tensor.dtype.name == row.dtype, key
        assert row.axes == (ANY,) or tensor.ndim == len(row.axes), key


def test_the_moments_are_those_of_numpy():
    model = rich_net()
    tensors = Probing(model, [rich_data()[0]]).measure(Want("weight"), Want("weight", grain="moments"))
    weights = {key: tensor for key, tensor in tensors.items() if key.quantity == "weight"}
    assert len(weights) == len(model.weights)
    for key, tensor in weights.items():
        row = tensors[TensorKey("moments", key.layer, f"weight {key.name}")]
        values = tensor.astype(np.float64)
        expected = [values.size, (values == 0).sum(), 0, 0, values.mean(), values.std(), values.min(), values.max()]
        np.testing.assert_allclose(row, expected, rtol=1e-12, atol=1e-12)


def test_the_same_cells_run_ten_times_make_tensorflow_say_nothing(caplog):
    x, y = plane()
    with caplog.at_level(logging.WARNING, logger="tensorflow"):
        for _ in range(10):
            model = plane_net()
            view = Page(model, data=(x, y), edges="gradient", selection={"layer": "L1", "unit": 0})
            panel = nv.ConfusionMatrix(view)
            until(lambda page=view: len(page.frames) >= 1)
            for sample in (1, 2, 3):
                view.sample = sample
                until(lambda page=view, sample=sample: page.source.run.latest.samples == (sample,))
            panel.close()
            view.close()
    assert [record.getMessage() for record in caplog.records] == []
