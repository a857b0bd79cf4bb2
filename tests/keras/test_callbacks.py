"""Are callbacks called, and is history written, as `fit` does?"""

import faulthandler
from functools import cache

import keras
import numpy as np
import pytest
import tensorflow as tf

from nnvis_widget import Trainer
from tests.keras.models import plane, plane_net, rich_data, rich_net

EPOCH_HOOKS = ("on_train_begin", "on_epoch_begin", "on_epoch_end", "on_train_end")
BATCH_HOOKS = ("on_train_batch_begin", "on_train_batch_end")


class Recorder(keras.callbacks.Callback):
    def __init__(self):
        super().__init__()
        self.calls = []


def record(hook, has_index):
    def method(self, *args, logs=None):
        index = args[0] if has_index else None
        logs = logs if logs is not None or len(args) <= has_index else args[has_index]
        self.calls.append((hook, index, tuple(sorted(logs or ()))))

    return method


class EpochRecorder(Recorder):
    on_train_begin, on_train_end = record("on_train_begin", False), record("on_train_end", False)
    on_epoch_begin, on_epoch_end = record("on_epoch_begin", True), record("on_epoch_end", True)


class BatchRecorder(EpochRecorder):
    on_train_batch_begin = record("on_train_batch_begin", True)
    on_train_batch_end = record("on_train_batch_end", True)


def train(model, data, epochs=3, **options):
    trainer = Trainer(model, data, batch_size=16, epochs=epochs, shuffle=False, **options)
    trainer.start()
    if trainer.wait(150) != "finished":
        faulthandler.dump_traceback()  # where do the threads stand?
        raise AssertionError(f"{trainer!r}, {trainer.status.problem}")
    return trainer


def stream(data):
    return tf.data.Dataset.from_tensor_slices(data).batch(16)


def endless(data):
    x, y = data
    while True:
        for start in range(0, len(x), 16):
            yield x[start : start + 16], y[start : start + 16]


@cache
def calls_of_fit():
    """Of a model that is not compiled, and of arrays: neither tells `fit` when to call whom."""
    options = {"batch_size": 16, "epochs": 2, "shuffle": False, "verbose": 0, "validation_data": plane(20, seed=1)}
    recorder = BatchRecorder()
    plane_net(run_eagerly=True).fit(*plane(50), **options, callbacks=[recorder])
    return recorder.calls


@pytest.mark.parametrize(("kind", "hooks"), [(EpochRecorder, EPOCH_HOOKS), (BatchRecorder, EPOCH_HOOKS + BATCH_HOOKS)])
@pytest.mark.parametrize("form", ["arrays", "stream"])
def test_hooks_come_in_the_order_of_fit(kind, hooks, form):
    of_ours = kind()
    ours = plane(50) if form == "arrays" else stream(plane(50))
    train(plane_net(), ours, epochs=2, validation_data=plane(20, seed=1), callbacks=[of_ours])
    assert of_ours.calls == [call for call in calls_of_fit() if call[0] in hooks]


@cache
def history_of_fit():
    fit = {"batch_size": 16, "epochs": 3, "shuffle": False, "verbose": 0, "validation_data": rich_data(20, seed=1)}
    return rich_net().fit(*rich_data(50), **fit).history


@pytest.mark.parametrize("form", ["arrays", "stream", "endless", "eager"])
def test_history_is_that_of_fit(form):
    data, validation = rich_data(50), rich_data(20, seed=1)
    options = {"run_eagerly": True} if form == "eager" else {}
    reference = history_of_fit()
    if form == "stream":
        ours = train(rich_net(), stream(data), validation_data=stream(validation))
    elif form == "endless":
        ours = train(rich_net(), endless(data), validation_data=validation, steps_per_epoch=4)
    else:
        ours = train(rich_net(**options), data, validation_data=validation)
    assert set(ours.history) == set(reference) == {"loss", "accuracy", "val_loss", "val_accuracy"}
    for name, values in reference.items():
        np.testing.assert_allclose(ours.history[name], values, rtol=1e-5, err_msg=name)
    steps, values = ours.run.scalars("val_loss")
    assert steps.tolist() == [4, 8, 12]
    np.testing.assert_allclose(values, reference["val_loss"], rtol=1e-5)


def test_the_means_of_an_epoch_weigh_a_smaller_last_batch_as_in_fit():
    options = {"run_eagerly": True, "steps_per_execution": 2}
    x, y = plane(50)
    told = plane_net(**options).fit(x, y, batch_size=16, epochs=2, shuffle=False, verbose=0).history
    history = train(plane_net(**options), (x, y), epochs=2).history
    assert history == {name: pytest.approx(values, rel=1e-5) for name, values in told.items()}


def test_early_stopping_ends_at_the_epoch_it_ends_in_fit():
    def stopper():
        return keras.callbacks.EarlyStopping("loss", patience=1, min_delta=10.0, restore_best_weights=True)

    x, y = plane()
    reference = plane_net()
    epochs = len(reference.fit(x, y, 16, 20, shuffle=False, verbose=0, callbacks=[stopper()]).history["loss"])
    trainer = train(plane_net(), (x, y), epochs=20, callbacks=[stopper()])
    assert trainer.epoch == epochs < 20
    for ours, theirs in zip(trainer.model.get_weights(), reference.get_weights(), strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=1e-5, atol=1e-7)


@pytest.mark.parametrize(
    "callback",
    [
        lambda: keras.callbacks.LearningRateScheduler(lambda epoch, rate: 0.1 / (1 + epoch)),
        lambda: keras.callbacks.ReduceLROnPlateau("loss", factor=0.5, patience=1, min_delta=10.0),
    ],
    ids=["scheduler", "plateau"],
)
def test_callbacks_that_steer_the_learning_rate_steer_it_as_in_fit(callback):
    x, y = plane()
    reference = plane_net().fit(x, y, 16, 4, shuffle=False, verbose=0, callbacks=[callback()]).history
    trainer = train(plane_net(), (x, y), epochs=4, callbacks=[callback()])
    np.testing.assert_allclose(trainer.history["learning_rate"], reference["learning_rate"], rtol=1e-6)
    np.testing.assert_allclose(trainer.history["loss"], reference["loss"], rtol=1e-4)
    rate = trainer.run.latest.hyperparameters["learning_rate"]
    assert rate == pytest.approx(float(trainer.model.optimizer.learning_rate))


def test_a_callback_that_stops_in_the_middle_of_an_epoch_is_heard_at_once():
    class Stopper(keras.callbacks.Callback):
        def on_train_batch_end(self, batch, logs=None):
            if batch == 1:
                self.model.stop_training = True

    trainer = train(plane_net(), plane(), epochs=5, callbacks=[Stopper()])
    assert trainer.step == 2


def test_a_moving_average_of_the_weights_is_put_in_place_at_the_end_as_in_fit():
    def net():
        model = plane_net()
        model.compile(keras.optimizers.SGD(0.1, use_ema=True, ema_momentum=0.9), "binary_crossentropy")
        return model

    x, y = plane()
    reference = net()
    reference.fit(x, y, 16, 2, shuffle=False, verbose=0)
    trainer = train(net(), (x, y), epochs=2)
    for ours, theirs in zip(trainer.model.get_weights(), reference.get_weights(), strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=1e-5, atol=1e-7)
