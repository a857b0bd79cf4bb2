"""A training that really diverges: is the step right, and is the model the very same as without us?"""

from functools import cache

import keras
import numpy as np
import pytest
from keras import layers

from nnvis_widget import LiveCallback, NetworkView, Trainer
from nnvis_widget.keras_adapter.loops.feed import ArrayFeed
from tests.keras.models import assert_same_state, state, train_on_batches
from tests.keras.page import Page, until

STEPS_PER_EPOCH = 4


def data():
    rng = np.random.default_rng(3)
    return rng.normal(size=(64, 2)).astype(np.float32), rng.normal(size=(64, 1)).astype(np.float32)


def diverging_net(rate=2.0, **compiling):
    keras.utils.set_random_seed(4)
    model = keras.Sequential([layers.Input((2,)), layers.Dense(4, name="one"), layers.Dense(1, name="two")])
    model.compile(keras.optimizers.SGD(rate), "mse", **compiling)
    return model


@cache
def alone(rate=2.0, epochs=5):
    """Keras' own `train_on_batch`: the first step with a bad loss, and the first after which a weight is bad."""
    model = diverging_net(rate)
    feed = ArrayFeed(*data(), None, 16, True, 0)
    step, bad_loss, bad_weight = 0, None, None
    for epoch in range(epochs):
        feed.start_epoch(epoch)
        while feed.remaining_steps:
            x, y, _ = feed.batch(feed.take(1)[0])
            loss = model.train_on_batch(x, y)
            step += 1
            if bad_loss is None and not np.isfinite(loss):
                bad_loss = step, bool(np.isnan(loss))
            if bad_weight is None and not all(np.isfinite(weight).all() for weight in model.get_weights()):
                bad_weight = step
    return bad_loss, bad_weight


def assert_dated(found, run, rate):
    (bad_loss, is_nan), bad_weight = alone(rate)
    assert found.metric == "loss"
    assert found.is_nan == is_nan
    assert found.what.split("/")[0] in ("one", "two")
    if {*range(bad_weight, bad_loss)} & {*run.steps.tolist()}:
        assert bad_weight <= found.moment.step <= bad_loss  # a picture came between: the weight was seen first
    else:
        assert found.moment.step == bad_loss
        assert found.sound_step == bad_loss - 1
        assert (found.moment.epoch, found.moment.batch) == (
            (bad_loss - 1) // STEPS_PER_EPOCH,
            (bad_loss - 1) % STEPS_PER_EPOCH + 1,
        )
    assert found.last_good_step < found.moment.step
    good = run.at(found.last_good_step)
    assert good.step == found.last_good_step
    assert all(np.isfinite(tensor).all() for tensor in good.tensors.values())
    between = [step for step in run.steps.tolist() if good.step < step < found.moment.step]
    assert not any(all(np.isfinite(t).all() for t in run.at(step).tensors.values()) for step in between)


@cache
def trained_by_keras(rate):
    return train_on_batches(diverging_net(rate), data(), epochs=5)


@pytest.mark.parametrize("rate", [0.7, 2.0, 1e6, 1e30])
@pytest.mark.parametrize("is_watched", [False, True])
def test_the_first_bad_step_is_that_of_keras_alone(rate, is_watched):
    trainer = Trainer(diverging_net(rate), data(), batch_size=16, epochs=5)
    page = Page(trainer, rate_hz=14.0) if is_watched else None
    trainer.start()
    assert trainer.wait(60) == "finished", trainer.status.problem
    assert_dated(trainer.status.first_bad, trainer.run, rate)
    assert_same_state(state(trainer.model), trained_by_keras(rate))
    if page is not None:
        until(lambda: page.frames[-1].header["state"] == "finished")
        told = page.frames[-1].header["first_bad"]
        assert (told["step"], told["metric"]) == (trainer.status.first_bad.moment.step, "loss")
        page.close()


def test_a_watched_fit_names_the_same_step_and_stays_bit_equal():
    model = diverging_net()
    view = NetworkView(model, data=data())
    losses = []
    keeper = keras.callbacks.LambdaCallback(on_train_batch_end=lambda batch, logs: losses.append(float(logs["loss"])))
    fit = {"batch_size": 16, "epochs": 5, "verbose": 0}
    keras.utils.set_random_seed(6)
    model.fit(*data(), callbacks=[LiveCallback(view), keeper], **fit)
    reference = diverging_net()
    keras.utils.set_random_seed(6)
    reference.fit(*data(), **fit)
    assert_same_state(state(model), state(reference))
    found = view.source.status.first_bad
    first = 1 + next(index for index, loss in enumerate(losses) if not np.isfinite(loss))
    assert found.moment.step in (first, first - 1)
    assert (found.moment.step == first) == (found.sound_step == first - 1)
    epoch, batch = divmod(first - 1, STEPS_PER_EPOCH)
    assert found.moment.step != first or (found.moment.epoch, found.moment.batch) == (epoch, batch + 1)
    assert found.metric == "loss"
    view.close()


def test_steps_per_execution_leave_a_stretch_and_say_so():
    model = diverging_net(steps_per_execution=4)
    view = NetworkView(model, data=data())
    model.fit(*data(), batch_size=16, epochs=5, verbose=0, callbacks=[LiveCallback(view)])
    found = view.source.status.first_bad
    assert found.moment.step % 4 == 0
    assert found.sound_step in (found.moment.step - 4, found.last_good_step)
    view.close()


def test_reset_forgets_what_was_wrong():
    trainer = Trainer(diverging_net(), data(), batch_size=16, epochs=5)
    trainer.start()
    trainer.wait(60)
    first = trainer.status.first_bad
    assert first is not None
    trainer.reset()
    assert trainer.status.first_bad is None
    trainer.learning_rate = 1e-3
    trainer.start()
    assert trainer.wait(60) == "finished"
    assert trainer.status.first_bad is None


def test_weights_mended_by_hand_are_sound_again():
    trainer = Trainer(diverging_net(), data(), batch_size=16)
    good = trainer.model.get_weights()
    trainer.run_epochs(5)
    trainer.wait(60)
    assert trainer.status.first_bad is not None
    trainer.model.set_weights(good)
    trainer.learning_rate = 1e-3
    trainer.run_epochs(1)
    assert trainer.wait(60) == "paused"
    assert trainer.status.first_bad is None
