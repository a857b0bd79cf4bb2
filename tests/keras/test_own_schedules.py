"""Looking at a training asks for its rate: nothing of a person's own schedule moves, and none that raises ends it."""

import warnings

import keras
import numpy as np
import pytest

from nnvis_widget import LiveCallback, NetworkView, Trainer
from tests.keras.models import assert_same_state, plane, plane_net, state


class Counting(keras.optimizers.schedules.LearningRateSchedule):
    """Smaller at each call, as somebody writes it who counts calls for steps, and noisy."""

    def __init__(self):
        self.calls = 0

    def __call__(self, step):
        self.calls += 1
        return 0.1 / self.calls * (1 + 0.1 * np.random.rand())


class OnlyWithinAStep(keras.optimizers.schedules.LearningRateSchedule):
    def __call__(self, step):
        import tensorflow as tf

        if tf.executing_eagerly():
            raise RuntimeError("no step is traced")
        return 0.1


def model_with(rate, **compiled):
    keras.utils.set_random_seed(0)
    model = plane_net()
    model.compile(keras.optimizers.SGD(rate), "mse", **compiled)
    return model


def fit(model, *callbacks):
    model.fit(*plane(), batch_size=16, epochs=3, shuffle=False, verbose=0, callbacks=list(callbacks))
    return model


def trained_by_trainer(model):
    trainer = Trainer(model, plane(), batch_size=16, shuffle=False)
    NetworkView(trainer)
    trainer.run_epochs(3)
    assert trainer.wait(60) == "paused", trainer.status.problem
    return model


def trained_by_fit(model):
    return fit(model, LiveCallback(NetworkView(model, data=plane())))


TRAINED = pytest.mark.parametrize("trained", [trained_by_trainer, trained_by_fit])


@TRAINED
def test_a_schedule_that_keeps_something_and_draws_is_not_moved_by_a_look(trained):
    plain = Counting()
    expected = state(fit(model_with(plain, run_eagerly=True)))
    drawn = np.random.rand()
    schedule = Counting()
    assert_same_state(state(trained(model_with(schedule, run_eagerly=True))), expected)
    assert schedule.calls == plain.calls
    assert np.random.rand() == drawn


@pytest.mark.skipif(keras.config.backend() != "tensorflow", reason="on other backends no step is a graph")
@TRAINED
def test_a_schedule_that_cannot_be_asked_from_outside_goes_on(trained):
    expected = state(fit(model_with(OnlyWithinAStep())))
    assert_same_state(state(trained(model_with(OnlyWithinAStep()))), expected)


@TRAINED
def test_a_training_goes_on_where_warnings_are_errors(trained):
    expected = state(fit(model_with(0.1)))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        model = trained(model_with(0.1))
    assert_same_state(state(model), expected)
