"""Is what a finding advises tried beside the training, told as it is, and is the training left as it was?"""

import random

import keras
import numpy as np
import pytest
from keras import layers, optimizers

import nnvis_widget as nv
from nnvis_widget.core.command import CancelTrial, TryChange
from nnvis_widget.core.finding import Advice, Finding, Place

from ..limits import PATIENCE_S
from .models import assert_same_state, state
from .page import until

pytestmark = pytest.mark.usefixtures("looks_by_steps")
RNG = np.random.default_rng(0)
X = RNG.normal(size=(400, 8)).astype(np.float32)
Y = (X[:, 0] > 0).astype(int) + (X[:, 1] > 0)


def net(optimizer="adam", *, loss="sparse_categorical_crossentropy", **compiling):
    keras.utils.set_random_seed(3)
    hidden = [layers.Dense(16, "relu", name="hidden"), layers.Dropout(0.1)]
    model = keras.Sequential([layers.Input((8,)), *hidden, layers.Dense(3, "softmax", name="out")])
    model.compile(optimizer, loss, metrics=["accuracy"], **compiling)
    return model


def finding(rule, change, place=None):
    """What somebody may hand in: only the rule, the place and the name of the change count."""
    advice = (Advice("Do it.", "raise SystemExit", change),)
    return Finding(rule, place or Place("optimizer"), 0, 0, "fault", 0.0, 0.0, rule, advice=advice)


def test_a_rate_that_is_too_low_is_tried_faster_and_both_numbers_are_told():
    trainer = nv.Trainer(net(optimizers.SGD(1e-5)), (X, Y))
    trainer.run_steps(200)
    trainer.wait(PATIENCE_S)
    (cause,) = [one for one in trainer.findings.faults if one.rule == "lr_too_low"]
    result = trainer.try_change(cause)
    assert result.outcome == "better"
    assert result.keeps == ("learning_rate", pytest.approx(1e-2))
    assert (result.steps[0], result.steps[-1], result.rows) == (0, 300, 256)
    first, last = result.table()[0], result.table()[-1]
    assert first["as_it_is"] == first["changed"]
    assert last["changed"] < last["as_it_is"]
    assert f"{last['changed']:.3f} instead of {last['as_it_is']:.3f} after 300 steps: it helps" in result.describe()
    assert "learning rate 0.01 instead of 1e-05" in result.describe()
    assert trainer.learning_rate == pytest.approx(1e-5)  # nothing is kept by itself
    assert trainer.status.trial.result is result
    trainer.reset()
    assert trainer.status.trial is None


def end_of_a_training(with_trial):
    """Weights, history and random states at its end."""
    trainer = nv.Trainer(net(), (X, Y), epochs=40)
    random.seed(5)
    np.random.seed(5)
    trainer.start()
    if with_trial:
        until(lambda: trainer.step > 3)
        result = trainer.try_change(finding("oscillation", "slower"), steps=20)
        assert result.steps[-1] == 20, result.refusal
    assert trainer.wait(PATIENCE_S) == "finished"
    return state(trainer.model), trainer.history, random.getstate(), str(np.random.get_state())


def test_a_training_that_runs_waits_for_a_trial_and_ends_as_without_it():
    plain, tried = end_of_a_training(False), end_of_a_training(True)
    assert_same_state(plain[0], tried[0])
    assert plain[1:] == tried[1:]


def test_a_trial_is_cancelled_between_two_steps_and_the_training_goes_on():
    trainer = nv.Trainer(net(), (X, Y))
    trainer.start()
    until(lambda: trainer.step > 3)
    trainer.post(TryChange(finding("plateau", "faster")))
    until(lambda: trainer.status.trial is not None and trainer.state == "paused")
    trainer.post(CancelTrial())
    until(lambda: trainer.status.trial.result is not None and trainer.state == "running")
    assert trainer.status.trial.result.outcome == "cancelled"
    trainer.post(TryChange(finding("plateau", "faster")))
    until(lambda: trainer.state == "paused")
    trainer.pause()  # which is to last
    until(lambda: trainer.status.trial.result is not None and trainer.status.trial.result.outcome != "cancelled")
    assert trainer.wait(PATIENCE_S) == "paused"


class OwnStep(keras.Sequential):
    def train_step(self, data):
        return super().train_step(data)


def test_what_cannot_be_tried_says_why_and_gives_the_code():
    keras.utils.set_random_seed(3)
    model = OwnStep([layers.Input((8,)), layers.Dense(3, "softmax")])
    model.compile("sgd", "sparse_categorical_crossentropy")
    trainer = nv.Trainer(model, (X, Y))
    trainer.run_steps(1)
    trainer.wait(PATIENCE_S)
    result = trainer.try_change(finding("lr_too_high", "slower"))
    assert (result.outcome, result.steps) == ("refused", ())
    assert "train_step" in result.verdict
    assert "learning_rate = 0.001" in result.code
    unknown = trainer.try_change(finding("lr_too_high", "import os"))
    assert (unknown.outcome, unknown.code) == ("refused", "")
    with pytest.raises(nv.errors.CommandError, match="steps"):
        trainer.try_change(finding("lr_too_high", "slower"), steps=301)


def eager(*inner, loss="binary_crossentropy", kind=keras.Sequential):
    keras.utils.set_random_seed(3)
    model = kind([layers.Input((8,)), *inner])
    model.compile(optimizers.Adam(0.05), loss, run_eagerly=True)
    return model


def rested(model, data, steps=2, **options):
    trainer = nv.Trainer(model, data, **options)
    trainer.run_steps(steps)
    assert trainer.wait(PATIENCE_S) == "paused", trainer.status.problem
    return trainer


@pytest.mark.filterwarnings("ignore:You are using a softmax over axis")
def test_an_answer_that_is_always_the_same_is_judged_by_what_is_put_out():
    # Keras trains a softmax over one unit by the logit behind it, so that its loss falls
    trainer = rested(eager(layers.Dense(1, "softmax")), (X, (Y > 0).astype(int)))
    result = trainer.try_change(finding("output_activation", "activation"), steps=30)
    assert (len(set(result.as_it_is)), result.outcome, result.begins_anew) == (1, "better", True)
    assert "sigmoid at the end instead of softmax" in result.describe()
    assert "reset the training too" in result.describe()


def test_a_trial_whose_time_is_up_says_at_which_step(monkeypatch):
    monkeypatch.setattr("nnvis_widget.training.trial.MOST_S", 0.0)
    trainer = rested(eager(layers.Dense(1, "sigmoid")), (X, (Y > 0).astype(int)))
    result = trainer.try_change(finding("plateau", "faster"), steps=50)
    assert (result.is_cut, result.steps) == (True, (0, 1))
    assert "at step 1 of 50" in result.describe()


class Counted:
    """A stream that notes how often it was begun."""

    begun = 0

    def __iter__(self):
        self.begun += 1
        return iter([(X[start : start + 40], (Y[start : start + 40] > 0).astype(int)) for start in range(0, 400, 40)])


def test_a_stream_is_not_used_up():
    stream = Counted()
    trainer = rested(eager(layers.Dense(1, "sigmoid")), stream)
    result = trainer.try_change(finding("plateau", "faster"), steps=5)
    assert (result.steps[-1], result.rows, stream.begun) == (5, 40, 1), result.refusal
    trainer.run_steps(1)
    assert trainer.wait(PATIENCE_S) == "paused"
    assert (trainer.step, trainer.epoch) == (3, 0)


class OfSize(keras.Model):
    def __init__(self, size, **more):
        super().__init__(**more)
        self.size, self.inner = size, layers.Dense(size, "softmax")

    def call(self, x):
        return self.inner(x)

    def get_config(self):
        return {"size": self.size}


def test_a_class_of_ones_own_that_tells_its_config_is_tried_but_for_its_layers():
    model = OfSize(3)
    model.compile("adam", "sparse_categorical_crossentropy", run_eagerly=True)
    trainer = rested(model, (X, Y))
    assert trainer.try_change(finding("plateau", "faster"), steps=3).steps[-1] == 3
    result = trainer.try_change(finding("dead_relu", "activation"), steps=3)
    assert (result.outcome, result.steps) == ("refused", ())


def test_an_early_stop_is_tried_from_the_weights_of_now_and_keeps_the_best_of_what_it_saw():
    trainer = nv.Trainer(
        net(optimizers.Adam(0.05)), (X[:60], RNG.permutation(Y[:60])), validation_data=(X[60:], Y[60:])
    )
    trainer.run_steps(40)
    trainer.wait(PATIENCE_S)
    result = trainer.try_change(finding("overfit", "early_stop", Place("data")), steps=120)
    assert (result.begins_anew, result.measured, result.rows) == (False, "validation_loss", 256)
    assert result.changed == tuple(np.minimum.accumulate(result.as_it_is))
    assert result.as_it_is[0] == pytest.approx(trainer.run.found.looks[-1].validation_loss, rel=0.5)
    assert result.outcome == "better"
    assert "restore_best_weights=True" in result.describe()
