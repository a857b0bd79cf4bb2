"""One clock: which epoch a step belongs to, whatever happens to the epochs."""

import numpy as np
import pytest

from nnvis_widget.core.clock import STEPS
from nnvis_widget.core.snapshot import Moment, Snapshot
from nnvis_widget.run.headline import headlines
from nnvis_widget.run.run import Run

NAN = float("nan")


def trained(epochs, steps, losses=None):
    """A run after so many epochs of so many steps, at the beginning of the next one."""
    run = Run()
    run.begin_epoch(0, 0, steps)
    for epoch in range(1, epochs + 1):
        loss = 1 / epoch if losses is None else losses[epoch - 1]
        run.end_epoch(epoch * steps, epoch, {"loss": loss}, steps)
    return run


def told(run, step, **scalars):
    return headlines(run, Snapshot(Moment(step), scalars))


def test_an_epoch_is_told_with_one_decimal_and_never_rounded_up():
    clock = trained(618, 5).clock
    assert clock.text(3092) == "epoch 618.4"
    assert clock.text_with_step(3092) == "epoch 618.4 (step 3,092)"
    assert [clock.text(step) for step in (0, 3089, 3090)] == ["epoch 0.0", "epoch 617.8", "epoch 618.0"]


def test_epochs_of_one_length_are_one_row_however_many():
    assert trained(5000, 7).clock.rows.tolist() == [[0, 0, 7], [35_000, 5000, 7]]


def test_an_epoch_that_goes_on_beyond_what_was_expected_is_not_whole_before_it_has_ended():
    clock = trained(2, 5).clock
    assert [clock.text(step) for step in (14, 15, 40)] == ["epoch 2.8", "epoch 2.9", "epoch 2.9"]


def test_epochs_of_other_lengths_than_expected_are_told_as_they_were():
    run = Run()
    run.begin_epoch(0, 0, 10)
    run.end_epoch(8, 1, {}, 10)
    run.end_epoch(24, 2, {}, 10)
    clock = run.clock
    assert [clock.epoch_at(step) for step in (4, 8, 16, 24, 29)] == [0.5, 1, 1.5, 2, 2.5]
    assert [clock.step_at(epoch) for epoch in (0.5, 1.5, 2.5)] == [4, 16, 29]


def test_without_a_known_length_time_is_in_steps_and_the_next_epoch_is_taken_to_be_as_long():
    run = Run()
    run.begin_epoch(0, 0, None)
    assert run.clock.text(3) == "step 3"
    run.end_epoch(4, 1, {}, None)
    run.begin_epoch(4, 1, None)
    assert [run.clock.text(step) for step in (2, 4, 6)] == ["epoch 0.5", "epoch 1.0", "epoch 1.5"]
    assert STEPS.text_with_step(1234) == "step 1,234"


def test_a_change_of_the_batch_size_within_an_epoch_changes_how_fast_it_goes_on():
    run = trained(2, 10)
    run.begin_epoch(25, 2.5, 20)
    run.end_epoch(35, 3, {}, 20)
    assert [run.clock.epoch_at(step) for step in (20, 25, 30, 35, 45)] == [2, 2.5, 2.75, 3, 3.5]


def test_an_epoch_that_was_broken_off_is_told_as_far_as_it_came():
    run = trained(3, 50)
    run.begin_epoch(180, 3, 50)
    assert run.clock.epoch_at(170) == pytest.approx(3.4)
    assert run.clock.text(180) == "epoch 3.0"
    run.end_epoch(230, 4, {}, 50)
    assert run.clock.text(230) == "epoch 4.0"


def test_the_large_numbers_are_those_of_the_last_whole_epoch():
    run = trained(12, 5)
    assert np.isnan(told(run, 60, loss=1 / 12)["loss"].so_far)
    value, epoch, before, so_far = told(run, 62, loss=7.0)["loss"]
    assert (value, epoch, before, so_far) == (1 / 12, 12, 1 / 2, 7.0)
    value, epoch, before, _ = told(run, 58, loss=7.0)["loss"]
    assert (value, epoch, before) == (1 / 11, 11, 1.0)
    assert np.isnan(told(run, 50)["loss"].before)


def test_before_an_epoch_has_ended_no_mean_is_told_but_that_so_far():
    run = trained(0, 5)
    assert told(run, 0) == {}
    (loss,) = told(run, 3, loss=0.7).values()
    assert np.isnan(loss.value)
    assert (loss.epoch, loss.so_far) == (0, 0.7)


def test_metrics_that_come_later_have_their_place_from_the_beginning():
    run = trained(0, 5)
    run.awaited = ("loss", "val_loss", "guessed")
    found = told(run, 0)
    assert list(found) == ["loss", "guessed", "val_loss"]
    assert all(np.isnan(one.value) and one.epoch == 0 and np.isnan(one.so_far) for one in found.values())
    run.end_epoch(5, 1, {"loss": 0.4, "val_loss": 0.5}, 5)
    assert list(told(run, 0)) == list(told(run, 5, loss=0.4, val_loss=0.5)) == ["loss", "val_loss"]


def test_a_validation_every_five_epochs_says_which_epoch_it_is_of():
    run = trained(0, 2)
    for epoch in range(1, 18):
        extra = {"val_loss": float(epoch)} if epoch % 5 == 0 else {}
        run.end_epoch(2 * epoch, epoch, {"loss": -float(epoch)} | extra, 2)
    found = told(run, 34, loss=-17.0, val_loss=15.0)
    assert found["loss"][:3] == (-17, 17, -7)
    assert found["val_loss"][:3] == (15, 15, 5)
    assert list(found) == ["loss", "val_loss"]


def test_a_training_without_epochs_tells_what_it_was_told_at_the_step():
    (loss,) = headlines(Run(), Snapshot(Moment(7), {"a/loss": 0.5})).values()
    assert loss.value == 0.5
    assert np.isnan(loss[1:]).all()


def test_a_loss_of_nan_stays_nan():
    run = trained(11, 2, [NAN, *[1.0] * 9, NAN])
    value, epoch, before, _ = told(run, 22)["loss"]
    assert np.isnan([value, before]).all()
    assert epoch == 11


def test_epochs_take_their_part_of_the_budget_and_are_forgotten_with_the_rest():
    run = trained(5000, 1)
    assert run.byte_count >= 5000 * 32
    run.clear()
    assert run.byte_count == 0
    assert run.clock.text(3) == "step 3"
    assert run.epoch_values(10) == {}
