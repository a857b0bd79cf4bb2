"""Does each change that may be tried change what it says, in the clone alone, and nothing else?"""

from math import nan

import keras
import numpy as np
import pytest
from keras import layers

from nnvis_widget.control.cadence import Cadence
from nnvis_widget.core.finding import Advice, Finding, Place
from nnvis_widget.core.words.say import say
from nnvis_widget.diagnosis.advice import ADVICE
from nnvis_widget.keras_adapter.changes import CHANGES
from nnvis_widget.keras_adapter.changes.change import NotTriedError, Situation
from nnvis_widget.keras_adapter.observer import Observer
from nnvis_widget.keras_adapter.read_data import FeedOptions, read_scenery
from nnvis_widget.keras_adapter.read_facts import read_facts
from nnvis_widget.keras_adapter.state import InitialState
from nnvis_widget.keras_adapter.twin import Twin
from nnvis_widget.run.run import Run

from .models import assert_same_state, state

RNG = np.random.default_rng(0)
X = (RNG.normal(size=(60, 4)) * 100).astype(np.float32)
Y = (np.arange(60) % 6 == 0).astype(int)
SEVERAL = "sparse_categorical_crossentropy"


def net(*inner, end="softmax", units=2, loss=SEVERAL, functional=False):
    keras.utils.set_random_seed(3)
    x = start = keras.Input((4,))
    for layer in inner:
        x = layer(x)
    out = layers.Dense(units, end, name="out")
    chain = [keras.Input((4,)), *inner, out]
    model = keras.Model(start, out(x)) if functional else keras.Sequential(chain)
    model.compile(keras.optimizers.SGD(0.1, momentum=0.9), loss, run_eagerly=True)
    return model


def hidden(activation="relu", **more):
    return layers.Dense(5, activation, name="hidden", **more)


def changed(model, change, rule, y=Y, place="", updates=(nan, nan)):
    """The change, and the clone that has it, with the weights of the model."""
    observer = Observer(model, read_scenery(model, (X, y), None, FeedOptions()), Run(), Cadence())
    finding = Finding(rule, Place("layer", place), 0, 0, "fault", 0.0, 0.0, rule, advice=(Advice("", "", change),))
    situation = Situation(observer.forward, finding, X, y, 8, read_facts(observer.forward), *updates)
    found = CHANGES[change](situation)
    values = {id(variable): value for variable, value in InitialState(model).pairs}
    before = state(model)
    twin = Twin(model, found, (X[:8], y[:8], None), found.loss)
    twin.begin_with(values)
    twin.train((X[:8], y[:8], None))
    assert np.isfinite(twin.measure((X, y, None)))
    assert_same_state(state(model), before)
    assert say(found.key, **found.values)
    return found, twin.model


def kinds(model):
    """Of what a clone consists, what stands in one place side by side."""
    flat = [one for layer in model.layers for one in (layer.layers if isinstance(layer, keras.Sequential) else [layer])]
    return [
        f"{type(one).__name__}:{one.activation.__name__}" if hasattr(one, "activation") else type(one).__name__
        for one in flat
        if not isinstance(one, layers.InputLayer)
    ]


@pytest.mark.parametrize("functional", [False, True], ids=["sequential", "functional"])
def test_units_that_are_dead_or_saturated_get_another_activation(functional):
    _, leaky = changed(net(hidden(), functional=functional), "activation", "dead_relu")
    assert kinds(leaky) == ["Dense:leaky_relu", "Dense:softmax"]
    _, sound = changed(net(hidden("sigmoid"), functional=functional), "activation", "saturation")
    assert kinds(sound) == ["Dense:linear", "BatchNormalization", "Activation:relu", "Dense:softmax"]
    _, bent = changed(net(hidden("linear"), functional=functional), "activation", "missing_activation")
    assert kinds(bent) == ["Dense:relu", "Dense:softmax"]


def test_the_end_is_made_for_the_loss_or_the_loss_for_the_end():
    found, one = changed(net(hidden(), units=1, loss="binary_crossentropy"), "activation", "output_activation")
    assert (kinds(one)[-1], found.loss) == ("Dense:sigmoid", None)
    labels = np.stack([Y, 1 - Y, Y], axis=1)
    found, one = changed(net(units=3, loss="categorical_crossentropy"), "activation", "output_activation", labels)
    assert (kinds(one)[-1], found.loss) == ("Dense:sigmoid", "binary_crossentropy")
    found, one = changed(net(units=1, end="tanh", loss="mse"), "activation", "output_activation", Y * 9.0)
    assert kinds(one)[-1] == "Dense:linear"
    found, one = changed(net(end="linear"), "loss", "output_activation")
    assert (type(one.loss).__name__, one.loss.from_logits) == ("SparseCategoricalCrossentropy", True)
    logits = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    found, one = changed(net(loss=logits), "loss", "loss_mismatch")
    assert not one.loss.from_logits
    found, one = changed(net(end="relu"), "loss", "output_activation")
    assert (kinds(one)[-1], found.loss) == ("Dense:softmax", None)
    marked = np.eye(2)[Y]
    for loss in ("mse", "binary_crossentropy"):
        found, one = changed(net(loss=loss), "loss", "loss_mismatch", marked)
        assert type(one.loss).__name__ == "CategoricalCrossentropy"
    found, one = changed(net(units=1, end="sigmoid", loss="binary_crossentropy"), "loss", "loss_mismatch", Y * 9.0)
    assert type(one.loss).__name__ == "MeanSquaredError"


def test_kernels_are_drawn_anew_and_what_is_left_out_or_punished_is_less():
    zero = net(hidden(kernel_initializer="zeros"))
    _, drawn = changed(zero, "initializer", "init_symmetric")
    assert np.std(drawn.layers[0].kernel) > 0
    _, less = changed(net(hidden(), layers.Dropout(0.8)), "dropout", "over_regularised")
    assert less.layers[1].rate == pytest.approx(0.3)
    _, more = changed(net(hidden()), "dropout", "overfit")
    assert kinds(more) == ["Dense:relu", "Dropout", "Dense:softmax"]
    _, freed = changed(net(hidden(kernel_regularizer=keras.regularizers.L2(0.5))), "penalty", "over_regularised")
    assert float(freed.layers[0].kernel_regularizer.l2) == pytest.approx(0.05)


def test_steps_are_smaller_or_larger_by_how_far_they_are_from_sound():
    assert changed(net(), "slower", "plateau")[0].keeps == ("learning_rate", pytest.approx(0.01))
    found, one = changed(net(), "slower", "lr_too_high", updates=(0.1, 9.0))
    assert found.keeps == ("learning_rate", pytest.approx(1e-4))
    assert float(one.optimizer.learning_rate) == pytest.approx(1e-4)
    assert changed(net(), "faster", "lr_too_low", updates=(3e-5, 3e-5))[0].keeps[1] == pytest.approx(10.0)
    found, one = changed(net(), "batch_size", "oscillation")
    assert (found.batch_size, found.keeps) == (32, ("batch_size", 32.0))
    _, one = changed(net(), "clipnorm", "exploding_gradient")
    assert (one.optimizer.clipnorm, one.optimizer.momentum) == (1.0, 0.9)


def test_inputs_are_scaled_classes_weighed_and_an_end_is_found():
    scaled = changed(net(), "normalization", "input_not_normalised")[0].inputs(X)
    np.testing.assert_allclose(scaled.mean(axis=0), 0, atol=1e-4)
    np.testing.assert_allclose(scaled.std(axis=0), 1, atol=1e-4)
    weights = changed(net(), "class_weight", "class_imbalance")[0].weights(Y, None)
    assert weights[Y == 1].sum() == pytest.approx(weights[Y == 0].sum())
    assert changed(net(), "early_stop", "overfit")[0].stops_at_best


@pytest.mark.parametrize("change", ["penalty", "loss", "class_weight"])
def test_what_a_model_does_not_have_cannot_be_changed(change):
    with pytest.raises(NotTriedError):
        changed(net(end="linear", units=1, loss="mse"), change, "over_regularised", Y * 0.3)


def test_every_change_that_is_advised_is_one_that_can_be_tried():
    assert {one.change for advice in ADVICE.values() for one in advice if one.change} <= set(CHANGES)
