"""Does reset lead back to the very beginning?"""

import keras
import numpy as np
import pytest

from nnvis_widget import Trainer
from tests.keras.models import assert_same_state, plane, plane_net, rich_data, rich_net, state


def test_reset_returns_weights_optimiser_and_random_state_bit_for_bit():
    model = rich_net()
    trainer = Trainer(model, rich_data(), batch_size=16)
    before = state(model)
    trainer.run_steps(6)
    trainer.wait(60)
    first = state(model)
    assert any((left != right).any() for left, right in zip(before, first, strict=True))
    trainer.reset()
    assert_same_state(state(model), before)
    assert (trainer.state, trainer.step, trainer.epoch) == ("idle", 0, 0)
    trainer.run_steps(6)
    trainer.wait(60)
    assert_same_state(state(model), first)


def test_reset_while_it_runs_stops_at_the_beginning_with_an_empty_run():
    model = plane_net()
    before = [np.array(w) for w in model.get_weights()]
    trainer = Trainer(model, plane(), batch_size=16)
    trainer.start()
    trainer.reset()
    assert trainer.state == "idle"
    assert_same_state([np.array(w) for w in model.get_weights()], before)
    assert trainer.run.steps.tolist() == [0]
    assert trainer.run.scalar_names == ()
    assert trainer.history == {}


def test_reset_brings_back_the_first_learning_rate():
    trainer = Trainer(plane_net(learning_rate=0.01), plane())
    trainer.learning_rate = 0.5
    trainer.reset()
    assert trainer.learning_rate == pytest.approx(0.01)
    assert trainer.run.latest.hyperparameters["learning_rate"] == pytest.approx(0.01)


def test_reset_after_stop_starts_the_epochs_anew():
    trainer = Trainer(plane_net(), plane(), batch_size=16, epochs=2)
    trainer.start()
    assert trainer.wait(60) == "finished"
    trainer.reset()
    trainer.start()
    assert trainer.wait(60) == "finished"
    assert (trainer.step, trainer.epoch) == (8, 2)
    assert len(trainer.history["loss"]) == 2


def test_a_model_built_by_its_first_batch_goes_back_to_its_first_weights():
    keras.utils.set_random_seed(1)
    model = keras.Sequential([keras.layers.Dense(3), keras.layers.Dense(1)])
    model.compile("adam", "mse")
    x, y = plane()
    batches = [(x[:16], y[:16, None]), (x[16:32], y[16:32, None])]
    trainer = Trainer(model, batches, epochs=1)
    trainer.start()
    assert trainer.wait(60) == "finished", trainer.status.problem
    keras.utils.set_random_seed(1)
    twin = keras.Sequential([keras.layers.Dense(3), keras.layers.Dense(1)])
    twin.build((None, 2))
    trainer.reset()
    assert_same_state(model.get_weights(), twin.get_weights())
