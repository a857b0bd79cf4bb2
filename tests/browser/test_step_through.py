"""A training step gone through on a page by keyboard alone, phase by phase, and taken."""

from __future__ import annotations

import re
from collections.abc import Iterator

import numpy as np
import pytest
from playwright.sync_api import expect

import nnvis_widget as nv

from .joined_page import JoinedPage
from .learning_page import open_learning
from .network_page import NetworkPage
from .processes import wait_until
from .sample_views import moons_trainer
from .step_walk import PHASES, current, walk_and_take
from .test_accessibility import findings
from .voila_page import VoilaPage


def weights(trainer: nv.Trainer) -> list[np.ndarray]:
    return [np.array(one) for one in (*trainer.model.variables, *trainer.model.optimizer.variables)]


def has_moved(before: list[np.ndarray], trainer: nv.Trainer) -> bool:
    return any(not np.array_equal(one, other) for one, other in zip(before, weights(trainer), strict=True))


@pytest.fixture
def trainer() -> Iterator[nv.Trainer]:
    trainer = moons_trainer(1)
    yield trainer
    trainer.stop()


def test_five_phases_are_walked_a_unit_chosen_and_the_step_left_and_taken_by_keyboard(
    joined: JoinedPage, trainer: nv.Trainer
) -> None:
    network, press = joined.show_one(nv.NetworkView(trainer, height=760)), joined.page.keyboard.press
    stepper = joined.page.get_by_role("dialog", name="Step through one batch")
    before, step = weights(trainer), trainer.step
    network.focus_picture()
    press("s")
    for number, phase in enumerate(PHASES):
        expect(current(stepper)).to_contain_text(phase)
        if number == 1:
            assert findings(joined.page) == []
        press(".")
    expect(stepper.get_by_role("status")).to_contain_text(re.compile(r"loss goes from [\d.]+ to [\d.]+"))
    press(",")
    expect(current(stepper)).to_contain_text("Backward")
    assert trainer.steps is not None
    unit = stepper.get_by_role("button", name=re.compile("^dense_2, unit 2"))
    stepper.get_by_role("button", name=re.compile("^dense_3, unit 0")).focus()
    for key in ("ArrowLeft", "ArrowDown", "ArrowDown", "Enter"):
        press(key)
    expect(unit).to_have_attribute("aria-pressed", "true")
    expect(unit).to_be_focused()
    sums = stepper.get_by_role("table", name="Weighted sum, dense_2 · 2")
    expect(sums.get_by_role("row")).to_have_count(9)  # a head, six inputs, the bias, the total
    arithmetic = trainer.steps.arithmetic("dense_2", 2)
    written = f"{arithmetic.delta:+.3f}".replace("-", "−")
    expect(unit).to_have_accessible_name(f"dense_2, unit 2, δ {written}")
    press("Escape")
    expect(stepper).to_be_hidden()
    assert (trainer.step, has_moved(before, trainer)) == (step, False)
    press("s")
    expect(current(stepper)).to_contain_text("Init")
    press("t")
    expect(current(stepper)).to_contain_text("Update")
    expect(stepper.get_by_role("status")).to_contain_text("loss went from")
    wait_until(lambda: trainer.state == "paused" and trainer.step == step + 1, "the step to be taken")
    assert has_moved(before, trainer)
    expect(stepper.locator(".nv-step-check").last).to_contain_text("the step that was taken")
    press("t")
    expect(current(stepper)).to_contain_text("Init")
    press("Escape")
    expect(stepper).to_be_hidden()
    expect(network.training_time).to_have_attribute("aria-valuenow", str(step + 1))


def test_two_views_of_one_training_go_through_the_same_step(joined: JoinedPage, trainer: nv.Trainer) -> None:
    joined.show(nv.NetworkView(trainer, height=400), nv.NetworkView(trainer, height=400))
    steppers = joined.page.get_by_role("dialog", name="Step through one batch")
    joined.page.get_by_role("button", name="Step through one batch (S)").first.click()
    expect(steppers).to_have_count(2)
    steppers.last.get_by_role("button", name="Next phase (.)").click()
    for stepper in steppers.all():
        expect(current(stepper)).to_contain_text("Forward")
    trainer.run_steps(1)
    expect(steppers).to_have_count(0)


def test_the_notebook_of_the_four_steps_is_gone_through_in_voila(voila_page: VoilaPage) -> None:
    voila_page.open("four_steps.ipynb")
    network = NetworkPage(voila_page.page)
    network.wait_until_drawn()
    expect(open_learning(network).locator("[data-tone=ok]")).to_contain_text("autodiff")
    walk_and_take(network)
    expect(network.training_time).to_have_attribute("aria-valuenow", "2")  # the notebook has taken one itself
    network.choose_a_unit()
    network.hold_the_unit_at_zero()
    expect(network.state).to_have_text("What if: 1 change, not the model")
    network.undo_what_is_tried()
