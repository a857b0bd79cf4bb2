"""The metrics that a page has room for before they come are those that Keras then reports."""

import keras
import numpy as np
import pytest

from nnvis_widget.keras_adapter.read.awaited_metrics import awaited_metrics


@keras.saving.register_keras_serializable("tests")
def mean_output(truth, output):
    return keras.ops.mean(output)


class Unserializable(keras.losses.Loss):
    def call(self, truth, output):
        return keras.ops.mean((truth - output) ** 2)

    def get_config(self):
        raise NotImplementedError


@pytest.mark.parametrize(
    "metrics",
    [None, ["accuracy"], ["mae", keras.metrics.MeanSquaredError("squares")], [mean_output], ["AUC", "mse"]],
    ids=["none", "accuracy", "an object", "a function", "two"],
)
@pytest.mark.parametrize("has_validation", [False, True])
def test_they_are_those_that_keras_reports(metrics, has_validation):
    model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1, "sigmoid")])
    model.compile("sgd", "binary_crossentropy", metrics=metrics)
    awaited = awaited_metrics(model, has_validation)
    x, y = np.random.default_rng(0).random((8, 2)), np.arange(8) % 2
    history = model.fit(x, y, validation_data=(x, y) if has_validation else None, verbose=0)
    assert set(awaited) == set(history.history)


def test_of_what_does_not_tell_its_config_the_loss_is_awaited():
    model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])
    model.compile("sgd", Unserializable(), metrics=["mae"])
    assert awaited_metrics(model, True) == ("loss", "val_loss")
