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
    result = trainer.try_change(cause, steps=60)
    assert result.outcome == "better"
    assert result.keeps == ("learning_rate", pytest.approx(1e-2))
    assert (result.steps[0], result.steps[-1], result.rows) == (0, 60, 256)
    first, last = result.table()[0], result.table()[-1]
    assert first["as_it_is"] == first["changed"]
    assert last["changed"] < last["as_it_is"]
    assert f"{last['changed']:.3f} instead of {last['as_it_is']:.3f} after 60 steps: it helps" in result.describe()
    assert "learning rate 0.010 instead of 1.0e-5" in result.describe()
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
