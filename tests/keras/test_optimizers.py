"""Optimisers as they are: wrapped, on a schedule, several, none. No command ever ends a training."""

import keras
import numpy as np
import pytest
from keras import layers, optimizers

from nnvis_widget import LiveCallback, NetworkView, Trainer
from nnvis_widget.core.command import SetHyperparameter
from nnvis_widget.errors import CommandError
from tests.keras.models import assert_same_state, plane, plane_net, state


def compiled(optimizer, **compiling):
    model = plane_net()
    model.compile(optimizer, "binary_crossentropy", **compiling)
    return model


def constant():
    return 0.125


def schedule():
    return optimizers.schedules.PiecewiseConstantDecay([5], [0.1, 0.01])


SCHEDULED = {
    "plain": lambda: optimizers.SGD(schedule()),
    "wrapped": lambda: optimizers.LossScaleOptimizer(optimizers.SGD(schedule())),
    "wrapped twice": lambda: optimizers.LossScaleOptimizer(optimizers.LossScaleOptimizer(optimizers.Adam(schedule()))),
    "a function": lambda: optimizers.SGD(constant),
}


@pytest.mark.parametrize("kind", SCHEDULED)
def test_a_rate_on_a_schedule_is_refused_in_words_and_the_training_goes_on(kind):
    trainer = Trainer(compiled(SCHEDULED[kind](), run_eagerly=True), plane(), batch_size=16)
    with pytest.raises(CommandError, match=r"Expected a constant learning rate, got a schedule, so 0\.2 was not set"):
        trainer.learning_rate = 0.2
    trainer.run_steps(3)
    with pytest.raises(CommandError, match="schedule"):
        trainer.learning_rate = 0.2
    assert trainer.wait(60) == "paused", trainer.status.problem
    assert trainer.step == 3


def test_the_rate_of_a_wrapped_optimiser_is_shown_and_set():
    model = compiled(optimizers.LossScaleOptimizer(optimizers.SGD(0.5)))
    trainer = Trainer(model, plane(), batch_size=16)
    assert (trainer.learning_rate, trainer.status.optimizer) == (0.5, "SGD")
    trainer.learning_rate = 0.125
    assert float(model.optimizer.inner_optimizer.learning_rate) == 0.125
    before = state(model)
    trainer.run_steps(3)
    assert trainer.wait(60) == "paused"
    trainer.reset()
    assert trainer.learning_rate == 0.5
    assert_same_state(state(model)[:6], before[:6])


class TwoOptimisers(keras.Model):
    """Only the second one takes the steps."""

    def __init__(self, second):
        super().__init__()
        self.dense = layers.Dense(1)
        self.second = second

    def call(self, x):
        return self.dense(x)

    def train_step(self, data):
        import tensorflow as tf

        x, y = data
        with tf.GradientTape() as tape:
            loss = self.compute_loss(x=x, y=y, y_pred=self(x, training=True))
        self.second.apply(tape.gradient(loss, self.trainable_variables), self.trainable_variables)
        return {"loss": loss}


SECOND = {
    "adam": lambda: optimizers.Adam(0.1),
    "momentum": lambda: optimizers.SGD(0.1, momentum=0.9),
    "adagrad": lambda: optimizers.Adagrad(0.1),
    "nadam": lambda: optimizers.Nadam(0.1),
    "wrapped": lambda: optimizers.LossScaleOptimizer(optimizers.Adam(0.1)),
}


def two(kind="adam"):
    keras.utils.set_random_seed(2)
    model = TwoOptimisers(SECOND[kind]())
    model.compile(loss="mse", run_eagerly=True)
    model(plane()[0][:1])
    return model


@pytest.mark.parametrize("kind", SECOND)
def test_reset_brings_back_every_optimiser_so_that_the_training_is_the_same_again(kind):
    model = two(kind)
    trainer = Trainer(model, plane(), batch_size=16)
    weights = []
    for _ in range(2):
        trainer.run_steps(6)
        assert trainer.wait(60) == "paused", trainer.status.problem
        weights.append([np.array(weight) for weight in model.get_weights()])
        trainer.reset()
        assert int(model.second.iterations) == 0
    assert_same_state(*weights)


def test_the_rate_of_several_optimisers_is_refused_in_words_and_none_is_shown():
    trainer = Trainer(two(), plane(), batch_size=16)
    with pytest.raises(CommandError, match="Expected a model with one optimiser, got 2: RMSprop, Adam"):
        trainer.learning_rate = 0.2
    assert (trainer.learning_rate, trainer.status.optimizer) == (None, "2 optimisers")
    trainer.run_steps(2)
    assert trainer.wait(60) == "paused"
    assert "learning_rate" not in trainer.run.latest.hyperparameters


def test_an_optimiser_that_is_held_twice_is_one():
    model = two()
    model.second = model.optimizer
    trainer = Trainer(model, plane(), batch_size=16)
    trainer.learning_rate = 0.2
    assert float(model.optimizer.learning_rate) == pytest.approx(0.2)


def test_a_model_without_an_optimiser_is_shown_and_its_rate_refused():
    view = NetworkView(keras.Sequential([layers.Input((2,)), layers.Dense(1)]))
    with pytest.raises(CommandError, match=r"without an optimiser. Call model.compile"):
        view.source.post(SetHyperparameter("learning_rate", 0.1))
    assert view.source.status.optimizer is None
    view.close()


def test_a_rate_that_is_refused_only_when_it_is_set_ends_no_fit():
    """Compiled anew with a schedule between the wish and the step."""
    model = compiled(optimizers.SGD(0.1))
    view = NetworkView(model, data=plane())

    class Sly(keras.callbacks.Callback):
        def on_train_batch_begin(self, batch, logs=None):
            if batch == 1:
                view.source.post(SetHyperparameter("learning_rate", 0.2))
                self.model.optimizer.learning_rate = constant

    with pytest.warns(RuntimeWarning, match="did not carry out set_hyperparameter: Expected a constant learning rate"):
        model.fit(*plane(), batch_size=4, epochs=2, verbose=0, callbacks=[LiveCallback(view), Sly()])
    assert view.source.status.state == "finished"
    view.close()
