"""What stands for the loss before an epoch has ended, beside what Keras evaluates."""

import keras
import numpy as np
import pytest

import nnvis_widget as nv
from nnvis_widget.core.scenery import Scenery
from nnvis_widget.core.want import Want
from tests.keras.probing import Probing

WANT = Want("probe_loss")


def points(count=200):
    draw = np.random.default_rng(0)
    x = draw.normal(size=(count, 2)).astype("float32")
    return x, (x.sum(axis=1) > 0).astype("int32")


def penalised():
    hidden = keras.layers.Dense(5, "tanh", kernel_regularizer="l2", activity_regularizer="l1")
    model = keras.Sequential([keras.Input((2,)), hidden, keras.layers.Dropout(0.5), keras.layers.Dense(1, "sigmoid")])
    model.compile("sgd", "binary_crossentropy", metrics=["accuracy"])
    return model


def softmax():
    model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(3, "softmax")])
    model.compile("sgd", keras.losses.SparseCategoricalCrossentropy(), metrics=["accuracy"])
    return model


def normalised():
    model = keras.Sequential([keras.Input((2,)), keras.layers.BatchNormalization(), keras.layers.Dense(1)])
    model.compile("sgd", "mse", weighted_metrics=["mae"])
    return model


def measured(model, scenery):
    tensors = Probing(model, scenery).measure(WANT)
    return [float(value[0]) for value in tensors.values()]


@pytest.mark.parametrize("build", [penalised, softmax, normalised])
def test_it_is_what_evaluate_says_of_the_first_128_samples(build):
    keras.utils.set_random_seed(1)
    model, (x, y) = build(), points()
    told = model.evaluate(x[:128], y[:128], batch_size=128, verbose=0)[0]

    assert measured(model, Scenery((x,), y)) == pytest.approx([told], rel=1e-5)


def test_samples_count_as_they_do_in_the_training():
    model, (x, y) = softmax(), points()
    weights = np.linspace(0.1, 3, len(x)).astype("float32")
    told = model.evaluate(x[:128], y[:128], sample_weight=weights[:128], batch_size=128, verbose=0)[0]

    assert measured(model, Scenery((x,), y, sample_weights=weights)) == pytest.approx([told], rel=1e-5)


def test_what_cannot_be_told_is_left_out():
    x, y = points()
    plain = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])
    large = keras.Sequential([keras.Input((2,)), keras.layers.Dense(4000), keras.layers.Dense(4000)])
    large.compile("sgd", "mse")

    class Refusing(keras.Sequential):
        def compute_loss(self, *_, **__):
            raise RuntimeError("not now")

    refusing = Refusing([keras.Input((2,)), keras.layers.Dense(1)])
    refusing.compile("sgd", "mse")

    assert measured(plain, Scenery((x,), y)) == []
    assert measured(softmax(), Scenery((x,))) == []
    assert measured(large, Scenery((x,), np.zeros((len(x), 4000), "float32"))) == []
    assert measured(refusing, Scenery((x,), y)) == []


def test_it_stands_there_until_an_epoch_has_told_one():
    keras.utils.set_random_seed(2)
    model, (x, y) = softmax(), points()
    before = model.evaluate(x[:128], y[:128], batch_size=128, verbose=0)[0]
    trainer = nv.Trainer(model, (x, y), epochs=2)
    view = nv.NetworkView(trainer)

    assert f"No epoch has ended yet; loss of the probe batch: {before:.3f}." in view.describe()

    trainer.start()
    trainer.wait()

    assert "probe" not in view.describe()
    view.step = 0
    assert f"loss of the probe batch: {before:.3f}." in view.describe()
