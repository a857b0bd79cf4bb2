"""How fast a training goes, and that this changes nothing else. How exactly it is kept, `make bench` tells."""

import keras
import numpy as np
import pytest

import nnvis_widget as nv
from nnvis_widget.core.command import SetPace
from nnvis_widget.errors import CommandError

from ..limits import PATIENCE_S
from .models import plane
from .page import Page, until

FASTEST = "as fast as it can"
LESSON = "30 epochs/s"


def trainer_of(data=None, units=(4, 1), **options):
    keras.utils.set_random_seed(1)
    dense = [keras.layers.Dense(count, "sigmoid") for count in units]
    model = keras.Sequential([keras.layers.Input((2,)), *dense])
    model.compile("adam", "binary_crossentropy")
    return nv.Trainer(model, plane() if data is None else data, batch_size=16, **options)


def seen(trainer):
    """A page that says that it shows the view."""
    page = Page(trainer)
    page.ask("set_visible", is_visible=True)
    return page


@pytest.fixture(scope="module")
def weights_of_five_epochs():
    trainer = trainer_of(epochs=5)
    trainer.start()
    trainer.wait()
    return trainer.model.get_weights()


@pytest.mark.parametrize("is_seen", [False, True], ids=["unseen", "seen"])
def test_a_pace_changes_no_weight(is_seen, weights_of_five_epochs):
    trainer = trainer_of(epochs=5)
    page = seen(trainer) if is_seen else None
    for pace in ("40 steps/s", "700 steps/s", LESSON, "1 epoch/redraw", "3 epochs/redraw", None):
        trainer.pace = pace
        trainer.start()
        assert trainer.wait(PATIENCE_S) == "finished"
        assert trainer.step == 20
        for ours, theirs in zip(trainer.model.get_weights(), weights_of_five_epochs, strict=True):
            np.testing.assert_array_equal(ours, theirs, err_msg=f"at {pace}")
        trainer.reset()
    if page is not None:
        page.close()


def test_what_is_no_pace_is_refused_in_words():
    trainer = trainer_of()
    page = seen(trainer)
    for pace in (0, -3, float("nan"), "soon", "0 steps/s", "nan epochs/s", "1 step/redraw", True, 30):
        with pytest.raises(CommandError, match=r"Expected SetPace with pace as steps/s, .*, got pace=.*30 epochs/s"):
            trainer.pace = pace
        assert trainer.pace == "automatic", pace
        assert not page.ask("set_pace", pace=pace)["ok"], pace
    page.close()


def test_a_training_at_rest_for_an_hour_between_two_steps_still_listens():
    trainer = trainer_of()
    trainer.pace = "0.0003 steps/s"
    page = seen(trainer)
    trainer.start()
    until(lambda: trainer.step == 1)
    trainer.learning_rate = 0.25
    assert trainer.learning_rate == pytest.approx(0.25)
    page.sample = 3
    shown = ("step", "sample")
    until(lambda: [page.frames[-1].header[name] for name in shown] == [1, 3] and page.frames[-1].header["verdict"])
    trainer.pace = "1000 steps/s"
    until(lambda: trainer.step > 3)
    trainer.pace = "0.0003 steps/s"
    trainer.pause()
    assert trainer.state == "paused"
    page.close()


def test_a_small_model_that_a_page_shows_can_be_followed_of_its_own_accord():
    trainer = trainer_of()
    page = seen(trainer)
    assert trainer.status.pace == LESSON
    assert page.ask("start")["ok"]
    until(lambda: trainer.epoch >= 2)
    assert (trainer.status.pace, trainer.pace) == (LESSON, "automatic")
    assert trainer.wait(0) == "running"  # a program waits now
    until(lambda: trainer.status.pace == FASTEST)
    trainer.pause()
    assert trainer.status.pace == LESSON
    page.close()


def test_a_script_is_never_slowed():
    trainer = trainer_of()
    view = nv.NetworkView(trainer)  # which no page shows
    trainer.start()
    until(lambda: trainer.epoch >= 5)
    assert trainer.status.pace == FASTEST
    trainer.pause()
    view.close()


@pytest.mark.parametrize(
    "make",
    [
        lambda: trainer_of(plane(6_000)),
        lambda: trainer_of(units=(60, 60, 1)),
        lambda: trainer_of(Stream()),
    ],
    ids=["much data", "many weights", "a stream"],
)
def test_what_is_large_goes_as_fast_as_it_can(make):
    trainer = make()
    page = seen(trainer)
    assert trainer.status.pace == FASTEST
    page.close()


class Stream:
    """Four batches an epoch, which it does not tell."""

    def __iter__(self):
        x, y = plane()
        return ((x[start : start + 16], y[start : start + 16]) for start in range(0, len(x), 16))


def test_a_stream_whose_length_is_not_known_has_its_epochs_paced():
    trainer = trainer_of(Stream(), epochs=5)
    trainer.pace = "50 epochs/s"
    trainer.start()
    assert trainer.wait(PATIENCE_S) == "finished"
    assert (trainer.epoch, trainer.step) == (5, 20)


def test_with_epochs_a_redraw_the_picture_is_of_whole_epochs_and_of_each():
    trainer = trainer_of(epochs=6)
    trainer.pace = "2 epochs/redraw"
    page = seen(trainer)
    trainer.redraw_rate_hz = 12
    trainer.start()
    assert trainer.wait(PATIENCE_S) == "finished"
    # what the page asked for when it opened is answered at step 0 or 1
    assert [step for step in trainer.run.steps.tolist() if step > 1] == [8, 16, 24]
    page.close()


def test_one_step_is_not_held_back():
    trainer = trainer_of()
    trainer.pace = "0.0003 steps/s"
    for count in range(1, 4):
        trainer.run_steps(1)
        assert trainer.wait(PATIENCE_S) == "paused"
        assert trainer.step == count


def test_of_a_flood_of_paces_the_last_one_counts():
    trainer = trainer_of()
    for number in range(1, 1_000):
        trainer.post(SetPace(f"{number} steps/s"))
    until(lambda: trainer.pace == "999 steps/s")


def test_a_page_hears_of_the_pace_that_is_in_force():
    trainer = trainer_of()
    page = seen(trainer)
    assert page.ask("set_pace", pace="1 step/s")["ok"]
    until(lambda: trainer.pace == "1 step/s")
    assert page.ask("start")["ok"]
    until(lambda: page.frames[-1].header["pace"] == "1 step/s" and page.frames[-1].header["step"] >= 1)
    trainer.pause()
    page.close()
