"""The words of `fit` mean in a Trainer what they mean in `fit`; what `fit` trains is not refused."""

from functools import cache

import keras
import numpy as np
import pandas as pd
import pytest
import scipy.sparse
import tensorflow as tf
from keras import layers

import nnvis_widget as nv
from nnvis_widget.errors import DataError
from tests.keras.models import assert_same_state, plane, plane_net, rich_net, state

X, Y = plane(30)
WEIGHTS = np.linspace(0.5, 2, 30).astype(np.float32)


def trained(data, model=None, **options):
    trainer = nv.Trainer(plane_net() if model is None else model, data, batch_size=8, shuffle=False, **options)
    trainer.start()
    assert trainer.wait(60) == "finished", trainer.status.problem
    return trainer


def fitted(*data, **options):
    model = plane_net()
    return model, model.fit(*data, batch_size=8, shuffle=False, verbose=0, **options)


def assert_same_training(trainer, model, history):
    for ours, theirs in zip(state(trainer.model), state(model), strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=1e-5, atol=1e-7)
    assert set(trainer.history) == set(history.history)
    for name, values in history.history.items():
        np.testing.assert_allclose(trainer.history[name], values, rtol=1e-4, err_msg=name)


@pytest.mark.parametrize("weights", [None, WEIGHTS], ids=["plain", "weighed"])
def test_the_last_share_of_the_samples_is_kept_for_validation(weights):
    model, history = fitted(X, Y, epochs=2, validation_split=0.3, sample_weight=weights)
    trainer = trained((X, Y), epochs=2, validation_split=0.3, sample_weight=weights)
    assert_same_training(trainer, model, history)
    assert len(trainer.scenery.validation_inputs[0]) == 9
    assert trainer.scenery.sample_count == 21


SPLITTABLE = {
    "frame": lambda: (pd.DataFrame(X, columns=["p", "q"]), pd.Series(Y)),
    "lists": lambda: (X.tolist(), Y.tolist()),
    "tensors": lambda: (tf.constant(X), tf.constant(Y)),
    "sparse": lambda: (scipy.sparse.csr_matrix(X), Y),
    "dataset of ours": lambda: nv.datasets.moons(n=40),
}


@pytest.mark.parametrize("kind", SPLITTABLE)
def test_all_that_lies_in_memory_can_be_split(kind):
    trainer = nv.Trainer(plane_net(), SPLITTABLE[kind](), validation_split=0.2)
    known = trainer.scenery.sample_count + len(trainer.scenery.validation_inputs[0])
    assert known == (40 if "ours" in kind else 30)
    assert kind != "frame" or trainer.scenery.feature_names == ("p", "q")
    if "ours" not in kind:
        np.testing.assert_allclose(trainer.scenery.validation_inputs[0], X[24:], rtol=1e-6)
        np.testing.assert_array_equal(np.ravel(trainer.scenery.validation_targets), Y[24:])


@pytest.mark.parametrize("freq", [2, (1, 4)])
def test_validation_comes_only_after_the_epochs_that_are_asked_for(freq):
    model, history = fitted(
        X, Y, epochs=4, validation_data=(X, Y), validation_freq=freq if isinstance(freq, int) else list(freq)
    )
    trainer = trained((X, Y), epochs=4, validation_data=(X, Y), validation_freq=freq)
    assert_same_training(trainer, model, history)
    steps, values = trainer.run.scalars("val_loss")
    epochs = [2, 4] if freq == 2 else list(freq)
    assert steps.tolist() == [4 * epoch for epoch in epochs]
    np.testing.assert_allclose(values, history.history["val_loss"], rtol=1e-5)


class Heard(keras.callbacks.Callback):
    def __init__(self):
        super().__init__()
        self.epochs = []

    def on_epoch_begin(self, epoch, logs=None):
        self.epochs.append(epoch)


def test_a_training_begins_with_its_initial_epoch_and_ends_with_the_same_one():
    heard, twin_heard = Heard(), Heard()
    model, history = fitted(X, Y, epochs=5, initial_epoch=3, callbacks=[twin_heard])
    trainer = trained((X, Y), epochs=5, initial_epoch=3, callbacks=[heard])
    assert_same_training(trainer, model, history)
    assert heard.epochs == twin_heard.epochs == [3, 4]
    assert (trainer.epoch, trainer.step) == (5, 8)
    trainer.reset()
    assert (trainer.epoch, trainer.step) == (3, 0)


def test_a_training_that_goes_on_elsewhere_has_the_order_it_would_have_had():
    whole, first = (
        nv.Trainer(rich_net(run_eagerly=True), (X, Y.astype(int)), batch_size=8, epochs=epochs, seed=3)
        for epochs in (4, 2)
    )
    for trainer in (whole, first):
        trainer.start()
        assert trainer.wait(60) == "finished", trainer.status.problem
    second = nv.Trainer(first.model, (X, Y.astype(int)), batch_size=8, epochs=4, initial_epoch=2, seed=3)
    second.start()
    assert second.wait(60) == "finished", second.status.problem
    assert_same_state(state(second.model), state(whole.model))


@cache
def trained_in_silence():
    return state(trained((X, Y), plane_net(run_eagerly=True), epochs=2).model)


@pytest.mark.parametrize(("verbose", "written"), [(0, ""), (1, "━"), (2, "Epoch 2/2"), ("auto", "Epoch 2/2")])
def test_keras_writes_about_each_epoch_as_asked_for(capsys, verbose, written):
    trainer = trained((X, Y), plane_net(run_eagerly=True), epochs=2, verbose=verbose)
    out = capsys.readouterr().out
    assert written in out if written else out == ""
    assert_same_state(state(trainer.model), trained_in_silence())


@pytest.mark.parametrize(
    "options",
    [
        {"validation_split": 1.0},
        {"validation_split": -0.1},
        {"validation_split": 0.99},
        {"validation_split": "half"},
        {"validation_freq": 0},
        {"validation_freq": "2"},
        {"initial_epoch": 2, "epochs": 2},
        {"initial_epoch": -1},
    ],
    ids=str,
)
def test_words_out_of_range_are_refused_in_three_parts(options):
    with pytest.raises(DataError, match=r"^Expected .*, got .*\. .*\.$"):
        nv.Trainer(plane_net(), (X, Y), **options)


def test_a_stream_cannot_be_split():
    with pytest.raises(DataError, match="validation_data"):
        nv.Trainer(plane_net(), tf.data.Dataset.from_tensor_slices((X, Y)).batch(8), validation_split=0.5)


def sequence():
    return keras.Sequential([layers.Input((None, 2)), layers.Dense(3, "tanh"), layers.Dense(2)]), "mse"


def picture():
    body = [layers.Input((None, None, 1)), layers.Conv2D(2, 3, padding="same"), layers.Conv2D(4, 1)]
    return keras.Sequential(body), keras.losses.SparseCategoricalCrossentropy(from_logits=True, ignore_class=-1)


def recurrent():
    body = [layers.Input((None, 2)), layers.LSTM(3, return_sequences=True), layers.Dense(4, "softmax")]
    return keras.Sequential(body), "sparse_categorical_crossentropy"


def trailing():
    return keras.Sequential([layers.Input((3,)), layers.Dense(4)]), "mse"


RNG = np.random.default_rng(0)
UNKNOWN_SIZES = {
    "sequence": (sequence, RNG.normal(size=(8, 3, 2)), RNG.normal(size=(8, 3, 2))),
    "picture with ignored pixels": (picture, RNG.normal(size=(8, 5, 6, 1)), RNG.integers(-1, 4, size=(8, 5, 6))),
    "labels of a sequence": (recurrent, RNG.normal(size=(8, 3, 2)), RNG.integers(0, 4, size=(8, 3))),
    "a last axis of one": (trailing, RNG.normal(size=(8, 3, 1)), RNG.normal(size=(8, 4, 1))),
}


@pytest.mark.parametrize("kind", UNKNOWN_SIZES)
def test_sizes_that_are_not_known_are_not_compared_as_if_they_were(kind):
    build, x, y = UNKNOWN_SIZES[kind]
    models = []
    for _ in range(2):
        keras.utils.set_random_seed(1)
        model, loss = build()
        model.compile("sgd", loss, run_eagerly=True)
        models.append(model)
    models[1].fit(x, y, batch_size=8, shuffle=False, verbose=0)
    trainer = trained((x, y), models[0], epochs=1)
    for ours, theirs in zip(state(models[0]), state(models[1]), strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=1e-5, atol=1e-7)
    panel = nv.ActivationPanel(trainer)
    table = panel.table()
    last = table[table.layer == models[0].layers[-1].name].value.to_numpy()
    if kind.startswith("picture"):  # height and width: neither tells the other
        assert "no layer has a size that is known" in panel.describe()
    else:
        np.testing.assert_allclose(last, models[0].predict(x[:1], verbose=0).ravel(), rtol=1e-4, atol=1e-6)
    panel.close()


def test_known_sizes_beside_unknown_ones_are_compared():
    model, loss = sequence()
    model.compile("sgd", loss)
    with pytest.raises(DataError, match="any, 2"):
        nv.Trainer(model, (np.zeros((8, 3, 2)), np.zeros((8, 3, 5))))


def test_a_layer_of_unknown_size_that_turns_out_large_is_not_copied():
    model = keras.Sequential([layers.Input((None, None, 1)), layers.Conv2D(3, 1), layers.GlobalAveragePooling2D()])
    view = nv.NetworkView(model, data=np.zeros((2, 90, 90, 1)))
    sizes = {key.layer: t.size for key, t in view.source.run.latest.tensors.items() if key.quantity == "activation"}
    assert sizes.get("L2") == 3
    assert "L1" not in sizes
    assert view.source.status.problem is None
    view.close()


def test_class_numbers_that_are_not_there_are_told_as_such():
    labels = np.array([0.0, 1.0, np.nan] * 10)
    with pytest.raises(DataError, match="NaN or infinity"):
        nv.Trainer(rich_net(), (X, labels))


def test_targets_that_are_nan_train_as_in_fit_and_are_named():
    y = Y.copy()
    y[3] = np.nan
    model = keras.Sequential([layers.Input((2,)), layers.Dense(1)])
    model.compile("sgd", "mse")
    trainer = trained((X, y), model, epochs=1)
    assert trainer.status.first_bad is not None
    assert np.isnan(trainer.history["loss"]).all()
