"""Whoever looks around or turns a slider, however fast, stops no training and is answered all the same."""

import time

import pytest

from nnvis_widget import Trainer
from tests.keras.models import plane, plane_net
from tests.keras.page import Page, until
from tests.limits import PATIENCE_S

MESSAGES = 400
VIEWS = 4
SAMPLES = 16


def look_around(page, number):
    page.sample = number % SAMPLES


def choose_units(page, number):
    hidden = page.graph["layers"][1]
    page.selection = {"layer": hidden["id"], "unit": number % hidden["units"]}


def slide(page, number):
    page.tell("set_hyperparameter", name="learning_rate", value=(number + 1) / 1000)


def sees_its_sample(page):
    return page.frames[-1].header["sample"] == (MESSAGES - 1) % SAMPLES


def sees_its_unit(page):
    unit = page.selection["unit"]
    return any(s.quantity == "incoming" and s.attributes["unit"] == unit for s in page.frames[-1].sections)


def sees_its_rate(page):
    frame = page.frames[-1]
    values = next(s for s in frame.sections if s.quantity == "hyperparameters").values
    return values[frame.header["hyperparameter_names"].index("learning_rate")] == pytest.approx(MESSAGES / 1000)


@pytest.mark.parametrize(
    ("ask", "is_answered"),
    [(look_around, sees_its_sample), (choose_units, sees_its_unit), (slide, sees_its_rate)],
)
def test_a_training_that_is_asked_without_end_takes_steps_between_any_two_snapshots_and_answers(ask, is_answered):
    trainer = Trainer(plane_net(), plane(), batch_size=16)
    pages = [Page(trainer, linked=False) for _ in range(VIEWS)]
    steps = []
    trainer.start()
    until(lambda: trainer.step > 0 and all(page.frames for page in pages))
    trainer.run.subscribe(steps.append)
    end_s = time.monotonic() + PATIENCE_S
    while not steps and time.monotonic() < end_s:
        for number in range(MESSAGES):
            for page in pages:
                ask(page, number)
    taken = tuple(steps)
    until(lambda: all(is_answered(page) for page in pages))
    trainer.stop()
    for page in pages:
        page.close()
    assert taken
    assert len(taken) == len(set(taken))
