"""What does not fit is refused at the border, in three parts: expected, came, what to do."""

import keras
import numpy as np
import pytest
from keras import layers

from nnvis_widget import Trainer
from nnvis_widget.errors import DataError, ModelError
from tests.keras.models import plane, plane_net, rich_data, rich_net, two_input_data, two_input_net

X, Y = plane(20)


def classifier(loss="sparse_categorical_crossentropy"):
    model = rich_net()
    model.compile("adam", loss)
    return model


def regressor(units=1):
    model = keras.Sequential([layers.Input((2,)), layers.Dense(units)])
    model.compile("adam", "mse")
    return model


def assert_three_parts(error):
    """Expected …, got …. What to do."""
    text = str(error.value)
    assert text.startswith("Expected ")
    assert ", got " in text
    assert len([part for part in text.split(". ") if part]) >= 2, text
    assert text.endswith((".", ")"))


@pytest.mark.parametrize(
    ("model", "data"),
    [
        pytest.param(plane_net, (X, Y[:-1]), id="lengths"),
        pytest.param(plane_net, (X[:0], Y[:0]), id="empty"),
        pytest.param(plane_net, (X, Y, np.ones(3)), id="weight length"),
        pytest.param(plane_net, (np.zeros((20, 3)), Y), id="features"),
        pytest.param(two_input_net, (X, Y), id="one of two inputs"),
        pytest.param(plane_net, (X, Y + 1), id="binary labels"),
        pytest.param(plane_net, (X, np.stack([Y, Y], axis=1)), id="target shape"),
        pytest.param(regressor, (X, np.zeros((20, 2))), id="regression shape"),
        pytest.param(lambda: regressor(2), (X, Y), id="flat regression"),
        pytest.param(classifier, (X, np.full(20, 3)), id="label too high"),
        pytest.param(classifier, (X, np.full(20, -1)), id="negative label"),
        pytest.param(classifier, (X, np.full(20, 0.5)), id="half a label"),
        pytest.param(lambda: classifier("categorical_crossentropy"), (X, np.zeros(20)), id="not one hot"),
        pytest.param(plane_net, (np.array([["a", "b"]] * 20), Y), id="text"),
        pytest.param(plane_net, (np.float32(3), np.float32(1)), id="scalars"),
        pytest.param(plane_net, (np.array([{}, {}]), Y[:2]), id="objects"),
        pytest.param(plane_net, (None, Y), id="no inputs"),
    ],
)
def test_data_that_does_not_fit_is_refused_in_three_parts(model, data):
    with pytest.raises(DataError) as error:
        Trainer(model(), data)
    assert_three_parts(error)


def uncompiled():
    return keras.Sequential([layers.Input((2,)), layers.Dense(1)])


def impossible():
    model = keras.Sequential([layers.Conv2D(3, 3), layers.Dense(1)])
    model.compile("adam", "mse")
    return model


def without_layers():
    model = keras.Sequential()
    model.compile("adam", "mse")
    return model


@pytest.mark.parametrize("model", [uncompiled, impossible, without_layers, lambda: "model", lambda: None])
def test_a_model_that_cannot_be_trained_is_refused_in_three_parts(model):
    with pytest.raises(ModelError) as error:
        Trainer(model(), (X, Y))
    assert_three_parts(error)


@pytest.mark.parametrize("options", [{"batch_size": 0}, {"batch_size": 2.5}, {"epochs": 0}, {"epochs": "3"}])
def test_counts_out_of_range_are_refused_in_three_parts(options):
    with pytest.raises(DataError) as error:
        Trainer(plane_net(), (X, Y), **options)
    assert_three_parts(error)


def test_weights_beside_a_stream_are_refused_in_three_parts():
    with pytest.raises(DataError) as error:
        Trainer(plane_net(), [(X, Y)], sample_weight=np.ones(20))
    assert_three_parts(error)


def test_class_weights_without_targets_are_refused_in_three_parts():
    with pytest.raises(DataError) as error:
        Trainer(plane_net(), (X,), class_weight={0: 2.0})
    assert_three_parts(error)


def test_validation_data_is_checked_too():
    with pytest.raises(DataError) as error:
        Trainer(rich_net(), rich_data(), validation_data=(X, np.full(20, 7)))
    assert_three_parts(error)


def test_what_is_refused_leaves_the_model_as_it_was():
    model = two_input_net()
    before = model.get_weights()
    x, y = two_input_data()
    with pytest.raises(DataError):
        Trainer(model, (x[:1], y))
    assert all((a == b).all() for a, b in zip(before, model.get_weights(), strict=True))
