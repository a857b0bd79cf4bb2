"""A rate on a schedule of Keras is scaled as a whole; what cannot be scaled is refused and trains on."""

import keras
import numpy as np
import pytest
from keras.optimizers import schedules

from nnvis_widget import Controls, LiveCallback, NetworkView, Trainer
from nnvis_widget.core.command import SetHyperparameter
from nnvis_widget.errors import CommandError
from tests.keras.models import assert_same_state, plane, plane_net, state
from tests.keras.page import until

STEPS = 6
BATCH = 16

SCHEDULES = {
    "exponential": lambda scale: schedules.ExponentialDecay(0.1 * scale, 5, 0.5),
    "stairs": lambda scale: schedules.ExponentialDecay(0.1 * scale, 3, 0.5, staircase=True),
    "inverse time": lambda scale: schedules.InverseTimeDecay(0.1 * scale, 5, 0.5),
    "polynomial": lambda scale: schedules.PolynomialDecay(0.1 * scale, 20, 0.01 * scale, power=2.0),
    "pieces": lambda scale: schedules.PiecewiseConstantDecay([3, 9], [0.1 * scale, 0.05 * scale, 0.01 * scale]),
    "cosine": lambda scale: schedules.CosineDecay(0.1 * scale, 20, alpha=0.1),
    "warmed up": lambda scale: schedules.CosineDecay(0.0, 20, warmup_target=0.1 * scale, warmup_steps=4),
    "restarted": lambda scale: schedules.CosineDecayRestarts(0.1 * scale, 7, t_mul=1.5),
}


class Halving(schedules.LearningRateSchedule):
    def __call__(self, step):
        return 0.1 / (1 + keras.ops.cast(step, "float32"))

    def get_config(self):
        return {}


@keras.saving.register_keras_serializable("tests")
class Told(Halving):
    def __init__(self, initial_learning_rate=0.3):
        self.initial_learning_rate = initial_learning_rate

    def get_config(self):
        return {"initial_learning_rate": self.initial_learning_rate}


def constant():
    return 0.1


def scheduled(rate, optimizer=keras.optimizers.SGD):
    model = plane_net()
    model.compile(optimizer(rate), "mse")
    return model


def run(trainer, steps=STEPS):
    trainer.run_steps(steps)
    assert trainer.wait(60) == "paused", trainer.status.problem


def rate_of(model):
    return float(model.optimizer.learning_rate)


@pytest.mark.parametrize("kind", SCHEDULES)
def test_a_scaled_schedule_is_the_one_with_scaled_rates(kind):
    model = scheduled(SCHEDULES[kind](1))
    trainer = Trainer(model, plane(), batch_size=BATCH)
    trainer.schedule_scale = 0.25
    for step in (0, 1, 4, 9, 15, 40):
        model.optimizer.iterations.assign(step)
        assert rate_of(model) == pytest.approx(float(SCHEDULES[kind](0.25)(step)))


def test_from_the_next_step_on_it_trains_as_one_compiled_so():
    x, y = plane()
    model = scheduled(SCHEDULES["cosine"](1))
    trainer = Trainer(model, (x, y), batch_size=BATCH, shuffle=False)
    run(trainer)
    before, at = model.get_weights(), rate_of(model)
    trainer.schedule_scale = 0.25
    assert trainer.learning_rate == rate_of(model) == pytest.approx(at / 4)
    assert trainer.schedule_scale == 0.25
    assert trainer.run.latest.hyperparameters["schedule_scale"] == 0.25
    run(trainer)
    other = scheduled(SCHEDULES["cosine"](0.25))
    other.set_weights(before)
    other.optimizer.build(other.trainable_variables)
    other.optimizer.iterations.assign(STEPS)
    for step in range(STEPS, 2 * STEPS):
        rows = np.arange(step * BATCH, (step + 1) * BATCH) % len(x)
        other.train_on_batch(x[rows], y[rows])
    for scaled, right in zip(model.get_weights(), other.get_weights(), strict=True):
        np.testing.assert_allclose(scaled, right, rtol=1e-5, atol=1e-7)


def test_a_scale_is_of_the_schedule_as_compiled_and_one_brings_it_back():
    model = scheduled(SCHEDULES["cosine"](1))
    trainer = Trainer(model, plane(), batch_size=BATCH)
    for scale in (0.5, 3.0, 0.5):
        trainer.schedule_scale = scale
        assert rate_of(model) == pytest.approx(0.1 * scale)
    trainer.schedule_scale = 1
    assert (
        model.optimizer.get_config()["learning_rate"]
        == scheduled(SCHEDULES["cosine"](1)).optimizer.get_config()["learning_rate"]
    )


def test_reset_brings_the_schedule_back_and_trains_as_the_first_time():
    model = scheduled(SCHEDULES["exponential"](1), keras.optimizers.Adam)
    trainer = Trainer(model, plane(), batch_size=BATCH)
    run(trainer)
    first = state(model)
    trainer.schedule_scale = 2
    run(trainer)
    trainer.reset()
    assert trainer.schedule_scale == 1
    run(trainer)
    assert_same_state(state(model), first)


def test_a_model_compiled_anew_has_its_own_schedule():
    model = scheduled(SCHEDULES["cosine"](1))
    trainer = Trainer(model, plane(), batch_size=BATCH)
    trainer.schedule_scale = 0.5
    model.optimizer.learning_rate = SCHEDULES["pieces"](1)
    trainer.look()
    assert trainer.schedule_scale == 1
    model.compile(keras.optimizers.SGD(0.5), "mse")
    trainer.look()
    assert (trainer.schedule_scale, trainer.learning_rate) == (None, 0.5)


@pytest.mark.parametrize(
    ("rate", "reason"),
    [
        (constant, "it is a function"),
        (lambda: 0.1, "it is a function"),
        (Halving(), "it cannot be made anew"),
        (Told(), "its arguments do not tell its rates"),
    ],
    ids=["function", "lambda", "class", "class that takes a rate and uses none"],
)
def test_what_cannot_be_scaled_is_refused_in_words_and_trains_on(rate, reason):
    model = scheduled(rate)
    trainer = Trainer(model, plane(), batch_size=BATCH)
    with pytest.raises(CommandError, match=rf"{reason}.*so 0\.5 was not set\. Scale it in your own code\."):
        trainer.schedule_scale = 0.5
    run(trainer, 3)
    assert trainer.schedule_scale == 1
    assert trainer.learning_rate == pytest.approx(rate_of(model))


@pytest.mark.parametrize("value", [0, -1, float("nan"), float("inf")])
def test_a_scale_that_is_no_positive_number_is_refused(value):
    trainer = Trainer(scheduled(SCHEDULES["cosine"](1)), plane(), batch_size=BATCH)
    with pytest.raises(CommandError, match=r"Expected a scale of the schedule above 0, got .*\. Choose"):
        trainer.schedule_scale = value
    assert trainer.schedule_scale == 1


def test_a_constant_rate_has_no_schedule_to_scale():
    trainer = Trainer(scheduled(0.1), plane(), batch_size=BATCH)
    assert trainer.schedule_scale is None
    with pytest.raises(CommandError, match=r"Expected a schedule to scale, got a constant learning rate\. Set "):
        trainer.schedule_scale = 0.5


def test_a_rate_whose_source_nobody_has_is_a_schedule_all_the_same():
    """Keras cannot write such an optimiser down."""
    names = {}
    exec("rate = lambda: 0.1", names)  # as typed at a prompt
    trainer = Trainer(scheduled(names["rate"]), plane(), batch_size=BATCH)
    run(trainer)
    assert trainer.learning_rate == pytest.approx(0.1)
    with pytest.raises(CommandError, match="got a schedule"):
        trainer.learning_rate = 0.2


def test_during_a_fit_the_next_batch_follows_the_scaled_schedule():
    x, y = plane()
    model = scheduled(SCHEDULES["exponential"](1))
    view = NetworkView(model, data=(x, y))

    class Person(keras.callbacks.Callback):
        def on_train_batch_begin(self, batch, logs=None):
            if batch == 0:
                view.source.post(SetHyperparameter("schedule_scale", 0.5))

    other = scheduled(SCHEDULES["exponential"](1))
    other.fit(x[:BATCH], y[:BATCH], batch_size=BATCH, verbose=0)
    then = scheduled(SCHEDULES["exponential"](0.5))
    then.set_weights(other.get_weights())
    then.optimizer.build(then.trainable_variables)
    then.optimizer.iterations.assign(1)
    then.fit(x[BATCH:], y[BATCH:], batch_size=BATCH, verbose=0, shuffle=False)
    model.fit(x, y, batch_size=BATCH, verbose=0, shuffle=False, callbacks=[LiveCallback(view), Person()])
    for scaled, right in zip(model.get_weights(), then.get_weights(), strict=True):
        np.testing.assert_allclose(scaled, right, rtol=1e-5, atol=1e-7)
    assert view.source.run.latest.hyperparameters == {
        "learning_rate": pytest.approx(rate_of(then)),
        "schedule_scale": 0.5,
    }


def test_a_slider_scales_a_schedule_and_there_is_none_without_one():
    trainer = Trainer(scheduled(SCHEDULES["cosine"](1)), plane(), batch_size=BATCH)
    controls = Controls(trainer)
    assert (controls.learning_rate.disabled, is_shown(controls)) == (True, True)
    controls.schedule_scale.value = 0.1
    trainer.look()
    assert trainer.schedule_scale == pytest.approx(0.1)
    assert controls.message.value == ""
    controls.close()
    without = Controls(Trainer(scheduled(0.1), plane(), batch_size=BATCH))
    assert (without.learning_rate.disabled, is_shown(without)) == (False, False)
    without.close()


def test_the_slider_works_once_the_model_is_compiled_anew_with_a_schedule():
    trainer = Trainer(scheduled(0.1), plane(), batch_size=BATCH)
    controls = Controls(trainer)
    assert controls.schedule_scale.disabled
    trainer.model.compile(keras.optimizers.SGD(SCHEDULES["cosine"](1)), "mse")
    trainer.look()
    until(lambda: is_shown(controls))
    until(lambda: (controls.learning_rate.disabled, controls.schedule_scale.disabled) == (True, False))
    controls.close()


def is_shown(controls):
    (row,) = [row for row in controls.children if controls.schedule_scale in getattr(row, "children", ())]
    return row.layout.display != "none"
