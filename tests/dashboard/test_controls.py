"""Controls that steer one training after the other, in the same place."""

from __future__ import annotations

import gc
import weakref
from typing import Any

import keras
import pytest

import nnvis_widget as nv
from nnvis_widget.errors import ModelError

from ..keras.models import plane, plane_net
from ..keras.page import until
from ..limits import PATIENCE_S


def trainer_of(rate: float = 0.1, batch_size: int = 16, schedule: bool = False) -> nv.Trainer:
    model = plane_net()
    given = keras.optimizers.schedules.ExponentialDecay(rate, 10, 0.5) if schedule else rate
    model.compile(keras.optimizers.SGD(given), "binary_crossentropy")
    return nv.Trainer(model, plane(), batch_size=batch_size)


def told(controls: nv.Controls) -> tuple[Any, ...]:
    """What a page shows of them."""
    sliders = (controls.learning_rate, controls.schedule_scale, controls.batch_size, controls.redraw_rate)
    buttons = (controls.train, controls.one_step, controls.reset)
    return (
        [(slider.value, slider.disabled) for slider in sliders],
        (controls.learning_rate.min, controls.batch_size.options, controls.pace.value),
        [(button.description, button.disabled) for button in buttons],
        (controls.undo.layout.display, controls.message.value),
    )


@pytest.mark.parametrize("schedule", [False, True])
def test_they_tell_of_another_training_what_new_controls_of_it_tell(schedule: bool) -> None:
    one, other = trainer_of(), trainer_of(1e-7, 5, schedule)
    one.pace, other.redraw_rate_hz = "2 steps/s", 3.0
    controls, right = nv.Controls(one), nv.Controls(other)
    own = (other.learning_rate, other.batch_size, other.redraw_rate_hz)
    controls.learning_rate.value = 0.25
    controls.reset.click()  # asks back
    controls.trainer = other
    assert controls.trainer is other
    until(lambda: told(controls) == told(right))
    assert (other.learning_rate, other.batch_size, other.redraw_rate_hz) == own
    controls.trainer = one
    until(lambda: one.learning_rate == controls.learning_rate.value == 0.25)
    assert controls.pace.value == "2 steps/s"
    controls.close()
    right.close()


def test_what_is_pressed_afterwards_is_for_the_one_that_is_shown() -> None:
    one, other = trainer_of(), trainer_of()
    controls = nv.Controls(one)
    controls.trainer = other
    controls.one_step.click()
    until(lambda: other.step == 1)
    controls.batch_size.value = 4
    until(lambda: other.batch_size == 4)
    assert other.wait(PATIENCE_S) == "paused"
    assert (one.step, one.batch_size) == (0, 16)
    controls.close()


def test_the_training_that_they_leave_is_let_go() -> None:
    one = trainer_of()
    left = weakref.ref(one)
    controls = nv.Controls(one)
    controls.trainer = trainer_of()
    del one
    until(lambda: gc.collect() >= 0 and left() is None)
    controls.close()


def test_closed_ones_that_are_kept_hear_of_another_language_without_a_word() -> None:
    kept = nv.Controls(trainer_of())
    kept.close()
    nv.set_language("zh")
    nv.set_language(None)


def test_only_a_trainer_is_steered() -> None:
    trainer = trainer_of()
    controls = nv.Controls(trainer)
    with pytest.raises(ModelError, match="Expected a Trainer to steer, got Sequential"):
        controls.trainer = trainer.model
    assert controls.trainer is trainer
    controls.close()
    with pytest.raises(ModelError, match="Expected open controls, got closed ones"):
        controls.trainer = trainer
