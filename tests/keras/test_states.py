"""idle → running → paused → finished: does the trainer do exactly what it is told?"""

import _thread
import signal
import threading
from time import sleep

import keras
import numpy as np
import pytest

from nnvis_widget import Trainer
from nnvis_widget.errors import DataError, TrainerStateError
from tests.keras.models import plane, plane_net, state
from tests.keras.page import Page, until
from tests.limits import PATIENCE_S


@pytest.fixture
def trainer():
    trainer = Trainer(plane_net(), plane(), batch_size=16)
    yield trainer
    trainer.stop()


def test_a_trainer_goes_from_idle_over_running_and_paused_to_finished(trainer):
    assert (trainer.state, trainer.step) == ("idle", 0)
    trainer.start()
    assert trainer.state == "running"
    trainer.pause()
    assert trainer.state == "paused"
    step = trainer.step
    trainer.resume()
    until(lambda: trainer.step > step)
    trainer.stop()
    assert trainer.state == "finished"
    assert trainer.wait(1) == "finished"


def test_no_step_is_taken_after_pause_returns(trainer):
    trainer.start()
    until(lambda: trainer.step > 20)
    trainer.pause()
    step, weights = trainer.step, state(trainer.model)
    trainer.wait(5)
    assert trainer.step == step
    assert trainer.model.optimizer.iterations == step
    assert all((a == b).all() for a, b in zip(weights, state(trainer.model), strict=True))


@pytest.mark.parametrize("what", ["start", "resume"])
def test_starting_twice_is_refused_while_it_runs(trainer, what):
    trainer.start()
    with pytest.raises(TrainerStateError, match=rf"Expected a trainer at rest for {what}\(\), .* Call pause\(\)"):
        getattr(trainer, what)()


def test_run_steps_takes_exactly_so_many(trainer):
    for expected in (7, 14):
        trainer.run_steps(7)
        assert trainer.wait(60) == "paused"
        assert (trainer.step, int(trainer.model.optimizer.iterations)) == (expected, expected)
    assert trainer.run.scalars("loss")[0].tolist() == list(range(1, 15))
    assert trainer.run.latest.step == 14
    assert (trainer.moment.epoch, trainer.moment.batch) == (3, 2)


def test_run_epochs_stops_at_the_end_of_the_epoch(trainer):
    trainer.run_steps(2)
    trainer.wait(60)
    trainer.run_epochs(2)
    assert trainer.wait(60) == "paused"
    assert (trainer.step, trainer.epoch) == (8, 2)
    assert len(trainer.history["loss"]) == 2


def test_epochs_end_the_training():
    trainer = Trainer(plane_net(), plane(50), batch_size=16, epochs=3)
    trainer.start()
    assert trainer.wait(60) == "finished"
    assert (trainer.step, trainer.epoch, trainer.status.steps_per_epoch) == (12, 3, 4)


def test_starting_again_after_the_end_trains_as_many_whole_epochs_again():
    trainer = Trainer(plane_net(), plane(), batch_size=16, epochs=2)
    for round_number in (1, 2, 3):
        trainer.start()
        assert trainer.wait(60) == "finished"
        assert (trainer.epoch, trainer.step) == (2 * round_number, 8 * round_number)
        assert len(trainer.history["loss"]) == trainer.epoch
    trainer.run_epochs(1)
    assert trainer.wait(60) == "paused"
    assert trainer.epoch == 7


@pytest.mark.parametrize("count", [0, -1, 1.5, True, "3", None])
def test_a_count_that_is_no_positive_whole_number_is_refused(trainer, count):
    with pytest.raises(DataError, match=r"Expected count as a whole number of at least 1, got count=.*\. \w+"):
        trainer.run_steps(count)
    assert trainer.state == "idle"


def test_commands_that_make_no_sense_do_nothing(trainer):
    trainer.pause()
    trainer.stop()
    assert trainer.state == "idle"


def test_after_stop_the_model_evaluates_predicts_and_fits(trainer):
    x, y = plane()
    trainer.start()
    until(lambda: trainer.step > 8)
    trainer.stop()
    step = trainer.step
    model = trainer.model
    assert np.isfinite(model.evaluate(x, y, verbose=0)).all()
    assert model.predict(x, verbose=0).shape == (64, 1)
    model.fit(x, y, batch_size=16, epochs=1, verbose=0)
    assert model.optimizer.iterations == step + 4


def test_the_state_and_its_commands_reach_every_listener(trainer):
    states = []
    forget = trainer.subscribe(lambda status: states.append((status.state, "pause" in status.commands)))
    trainer.run_steps(2)
    trainer.wait(60)
    forget()
    trainer.run_steps(1)
    trainer.wait(60)
    assert states[0] == ("running", True)
    assert states[-1] == ("paused", False)
    assert trainer.step == 3


def test_wait_gives_up_after_its_timeout(trainer):
    trainer.start()
    assert trainer.wait(timeout=0.05) == "running"


class Slow(keras.optimizers.SGD):
    """Takes its time to tell its rate."""

    pause_s = 0.0

    @property
    def learning_rate(self):
        sleep(self.pause_s)
        return super().learning_rate

    @learning_rate.setter
    def learning_rate(self, value):
        keras.optimizers.SGD.learning_rate.fset(self, value)


def test_wait_waits_for_a_training_that_is_about_to_begin():
    model = plane_net()
    model.compile(Slow(0.1), "binary_crossentropy")
    trainer = Trainer(model, plane(), batch_size=16)
    page = Page(trainer)
    model.optimizer.pause_s = 0.1
    for step in (1, 2):
        assert page.ask("run_steps", count=1)["ok"]
        assert trainer.wait(PATIENCE_S) == "paused"
        assert trainer.step == step
    page.close()


@pytest.fixture
def interruptible():
    """SIGINT raises KeyboardInterrupt, also where the tests were started in the background and ignore it."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("interruptible")
def test_an_interrupt_of_wait_pauses_and_is_raised_again(trainer):
    trainer.start()
    until(lambda: trainer.step > 0)
    interrupter = threading.Timer(0.05, _thread.interrupt_main)
    interrupter.start()
    with pytest.raises(KeyboardInterrupt):
        trainer.wait(60)
    interrupter.join()
    assert trainer.state == "paused"
    step = trainer.step
    trainer.resume()
    until(lambda: trainer.step > step)


def test_no_thread_is_left_once_the_training_rests():
    trainer = Trainer(plane_net(), plane(), epochs=1)
    trainer.start()
    trainer.wait(60)
    name = f"nnvis-trainer-{trainer.model.name}"
    until(lambda: name not in {thread.name for thread in threading.enumerate()})


def test_a_model_compiled_again_while_paused_trains_with_its_new_optimiser(trainer):
    trainer.run_steps(3)
    trainer.wait(60)
    before = state(trainer.model)[0]
    trainer.model.compile(keras.optimizers.SGD(0.0), "binary_crossentropy")
    trainer.run_steps(3)
    assert trainer.wait(60) == "paused"
    np.testing.assert_array_equal(state(trainer.model)[0], before)
    assert trainer.status.optimizer == "SGD"
