"""An error in a person's own code: is it told, and can the training go on after mending it?"""

import keras
import numpy as np
import pytest
from keras import layers

from nnvis_widget import Trainer
from nnvis_widget.errors import DataError
from tests.keras.models import assert_same_state, plane, plane_net
from tests.keras.page import Page, until


class Breaking(keras.callbacks.Callback):
    def __init__(self, error, at_batch=2):
        super().__init__()
        self.error = error
        self.at_batch = at_batch

    def on_train_batch_end(self, batch, logs=None):
        if self.error is not None and batch == self.at_batch:
            raise self.error


def assert_failed(trainer, text):
    assert trainer.wait(60) == "failed"
    assert trainer.error is not None
    assert text in trainer.status.problem.title
    assert "Traceback" in trainer.status.problem.text
    assert text in trainer.status.problem.text


def test_a_callback_that_raises_fails_the_training_and_the_next_start_works():
    callback = Breaking(RuntimeError("my own mistake"))
    trainer = Trainer(plane_net(), plane(), batch_size=16, callbacks=[callback])
    trainer.start()
    assert_failed(trainer, "RuntimeError: my own mistake")
    assert trainer.step == 3
    assert trainer.run.latest.step == 3
    callback.error = None
    trainer.run_steps(4)
    assert trainer.wait(60) == "paused"
    assert (trainer.error, trainer.status.problem) == (None, None)
    assert trainer.step == 7


@pytest.mark.parametrize("error", [SystemExit(3), KeyboardInterrupt()])
def test_even_an_exit_from_a_callback_leaves_a_trainer_that_can_be_used(error):
    callback = Breaking(error)
    trainer = Trainer(plane_net(), plane(), batch_size=16, callbacks=[callback])
    trainer.start()
    assert_failed(trainer, type(error).__name__)
    callback.error = None
    trainer.reset()
    trainer.run_steps(2)
    assert trainer.wait(60) == "paused"


class BreakingStep(keras.Model):
    steps = 0
    is_mended = False

    def train_step(self, data):
        self.steps += 1
        if self.steps > 3 and not self.is_mended:
            raise ValueError("step number four is broken")
        return super().train_step(data)


def test_a_train_step_that_raises_later_is_told_and_can_be_mended():
    x = layers.Input((2,))
    model = BreakingStep(x, layers.Dense(1)(x))
    model.compile("sgd", "mse", run_eagerly=True)
    trainer = Trainer(model, plane(), batch_size=16)
    page = Page(trainer)
    trainer.start()
    assert_failed(trainer, "ValueError: step number four is broken")
    assert trainer.step == 3
    until(lambda: page.frames[-1].header["problem"] is not None)
    assert "step number four" in page.frames[-1].header["problem"]["text"]
    assert page.frames[-1].header["state"] == "failed"
    model.is_mended = True
    trainer.run_steps(2)
    assert trainer.wait(60) == "paused"
    assert trainer.step == 5
    page.close()


def test_a_loss_that_raises_fails_the_training_with_the_first_block():
    def broken_loss(y_true, y_pred):
        raise TypeError("no such loss")

    model = plane_net()
    model.compile("adam", broken_loss)
    before = model.get_weights()
    trainer = Trainer(model, plane())
    trainer.start()
    assert_failed(trainer, "no such loss")
    assert_same_state(model.get_weights(), before)
    model.compile("adam", "binary_crossentropy")
    trainer.run_steps(2)
    assert trainer.wait(60) == "paused", trainer.status.problem


@pytest.mark.skipif(keras.config.backend() != "tensorflow", reason="TensorFlow alone refuses the name")
def test_a_step_that_fails_again_fails_for_the_same_reason_whatever_is_left_of_the_epoch():
    x, y = np.ones((20, 3), "float32"), np.ones((20, 2), "float32")
    model = keras.Sequential([keras.Input((3,)), layers.Dense(2)], name="my model")  # a name that TensorFlow refuses
    model.compile("sgd", "mse")
    trainer = Trainer(model, (x, y), epochs=2)
    for _ in range(3):
        trainer.start()
        assert_failed(trainer, "not a valid root scope name")


def test_an_epoch_without_a_batch_is_told_with_a_way_out():
    model = plane_net()
    trainer = Trainer(model, iter([plane(16)]), epochs=2)
    trainer.start()
    assert_failed(trainer, "Expected at least one batch per epoch, got none. Pass a stream that can be repeated.")
    assert isinstance(trainer.error, DataError)
    assert trainer.epoch == 1


def test_a_generator_that_raises_fails_the_training():
    def batches():
        yield plane(16)
        raise OSError("disk gone")

    trainer = Trainer(plane_net(), batches(), epochs=1)
    trainer.start()
    assert_failed(trainer, "OSError: disk gone")
    assert trainer.step == 1


def test_a_loss_that_becomes_nan_is_recorded_and_nothing_fails():
    x, y = plane()
    model = plane_net()
    model.compile(keras.optimizers.SGD(1e30), "mse")
    trainer = Trainer(model, (x, y), batch_size=16, epochs=3)
    page = Page(trainer)
    trainer.start()
    assert trainer.wait(60) == "finished", trainer.status.problem
    until(lambda: page.frames and page.frames[-1].header["state"] == "finished")
    assert not np.isfinite(trainer.run.scalars("loss")[1]).all()
    page.close()


def test_a_listener_that_raises_is_left_out_and_the_training_goes_on():
    trainer = Trainer(plane_net(), plane(), batch_size=16, epochs=2)
    trainer.run.subscribe(lambda step: 1 / 0)

    def train():
        trainer.start()
        trainer.wait(60)

    with pytest.warns(RuntimeWarning, match="ZeroDivisionError"):
        train()
    assert (trainer.state, trainer.step) == ("finished", 8)
