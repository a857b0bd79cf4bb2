"""Learning rate and batch size while it trains: applied on the next block, refused at the border."""

import keras
import numpy as np
import pytest

from nnvis_widget import Trainer
from nnvis_widget.core.command import SetHyperparameter
from nnvis_widget.errors import CommandError
from tests.keras.models import assert_same_state, plane, plane_net, state, train_on_batches
from tests.keras.page import until


@pytest.fixture(scope="module")
def running():
    trainer = Trainer(plane_net(), plane(), batch_size=16)
    trainer.start()
    yield trainer
    trainer.stop()


def test_a_learning_rate_acts_on_the_next_block_and_comes_back_in_a_snapshot():
    model = plane_net()
    trainer = Trainer(model, plane(), batch_size=16)
    trainer.start()
    until(lambda: trainer.step > 8)
    trainer.learning_rate = 1e-30
    assert float(model.optimizer.learning_rate) == pytest.approx(1e-30)
    trainer.pause()
    before = model.get_weights()
    trainer.run_steps(5)
    trainer.wait(60)
    assert_same_state(model.get_weights(), before)
    assert trainer.run.latest.hyperparameters["learning_rate"] == pytest.approx(1e-30)
    assert trainer.learning_rate == pytest.approx(1e-30)


def test_a_batch_size_acts_on_the_next_step_and_comes_back_in_a_snapshot():
    trainer = Trainer(plane_net(), plane(64), batch_size=16)
    trainer.run_epochs(1)
    trainer.wait(60)
    trainer.batch_size = 7
    assert trainer.run.latest.hyperparameters["batch_size"] == 7
    trainer.run_epochs(1)
    trainer.wait(60)
    assert trainer.step == 4 + 10
    assert (trainer.batch_size, trainer.status.steps_per_epoch) == (7, 10)


def test_a_batch_size_changed_within_an_epoch_uses_every_sample_once():
    model = keras.Sequential([keras.layers.Input((1,)), keras.layers.Dense(1, use_bias=False)])
    model.compile(keras.optimizers.SGD(1.0), lambda y_true, y_pred: keras.ops.mean(y_pred))
    x = 2.0 ** np.arange(12, dtype=np.float32)[:, None]
    model.set_weights([np.zeros((1, 1), np.float32)])
    trainer = Trainer(model, (x, x * 0), batch_size=4)
    trainer.run_steps(1)
    trainer.wait(60)
    trainer.batch_size = 1
    first = -float(model.get_weights()[0][0, 0]) * 4
    trainer.run_epochs(1)
    trainer.wait(60)
    assert trainer.step == 1 + 8
    rest = -float(model.get_weights()[0][0, 0]) - first / 4
    assert first + rest == x.sum()


@pytest.mark.parametrize("value", [0, -1, float("nan"), float("inf"), -float("inf")])
def test_a_learning_rate_that_is_no_positive_number_is_refused(running, value):
    before = running.learning_rate
    with pytest.raises(CommandError, match=r"Expected a learning rate above 0, got learning_rate=.*\. Choose"):
        running.learning_rate = value
    assert (running.learning_rate, running.state) == (before, "running")


@pytest.mark.parametrize("value", [0, -1, 65, 2.5, float("nan"), float("inf")])
def test_a_batch_size_out_of_range_is_refused(running, value):
    with pytest.raises(CommandError, match=r"Expected a whole batch size from 1 to 64 .*, got batch_size=.*\. \w+"):
        running.batch_size = value
    assert (running.batch_size, running.state) == (16, "running")


@pytest.mark.parametrize("name", ["momentum", "", "learning rate"])
def test_another_hyperparameter_is_refused(running, name):
    with pytest.raises(CommandError, match="Expected learning_rate, schedule_scale or batch_size"):
        running.post(SetHyperparameter(name, 0.5))


def test_a_schedule_is_not_overridden():
    model = plane_net()
    model.compile(keras.optimizers.SGD(keras.optimizers.schedules.ExponentialDecay(0.1, 1, 0.5)), "mse")
    trainer = Trainer(model, plane(), batch_size=16)
    with pytest.raises(CommandError, match=r"Expected a constant learning rate, got a schedule.*\. Scale the schedule"):
        trainer.learning_rate = 0.3
    trainer.run_steps(3)
    trainer.wait(60)
    assert trainer.run.latest.hyperparameters["learning_rate"] == pytest.approx(0.1 / 8)


def test_the_batch_size_of_a_stream_is_its_own():
    x, y = plane()
    trainer = Trainer(plane_net(), [(x, y)])
    assert trainer.batch_size is None
    with pytest.raises(CommandError, match="Expected data in memory"):
        trainer.batch_size = 4


def test_a_flood_of_settings_leaves_the_last_one_only():
    model = plane_net()
    trainer = Trainer(model, plane(), batch_size=16)
    trainer.start()
    until(lambda: trainer.step > 0)
    for index in range(2_000):
        trainer.post(SetHyperparameter("learning_rate", 0.1 / (1 + index)))
    trainer.pause()
    assert trainer.learning_rate == pytest.approx(0.1 / 2_000)


def test_a_change_between_two_runs_gives_what_keras_gives():
    reference = plane_net()
    train_on_batches(reference, plane(), epochs=1, shuffle=False)
    reference.optimizer.learning_rate = 0.3
    expected = train_on_batches(reference, plane(), epochs=1, shuffle=False)
    trainer = Trainer(plane_net(), plane(), batch_size=16, shuffle=False)
    trainer.run_epochs(1)
    trainer.wait(60)
    trainer.learning_rate = 0.3
    trainer.run_epochs(1)
    trainer.wait(60)
    assert_same_state(state(trainer.model), expected)
