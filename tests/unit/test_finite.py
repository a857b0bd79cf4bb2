"""Is the step at which NaN came in named exactly, and can one always go back to the last good one?"""

import numpy as np
import pytest

from nnvis_widget.core.snapshot import Moment, Snapshot, TensorKey
from nnvis_widget.diagnosis.rules.finite import Soundness
from nnvis_widget.run.run import SNAPSHOT_BYTES, Run

KERNEL = TensorKey("weight", "L1", "kernel")
OUTPUT = TensorKey("activation", "L1", sample=0)
NAN, INF = float("nan"), float("inf")


def snapshot(step, weight=1.0, output=1.0, loss=0.5):
    tensors = {KERNEL: np.full(3, weight, np.float32), OUTPUT: np.full(2, output, np.float32)}
    return Snapshot(Moment(step), {"loss": loss}, tensors=tensors)


class Watched:
    """A run that is watched as the training thread does it: metrics first, then the snapshot."""

    def __init__(self, **options):
        self.run = Run(**options)
        self.soundness = Soundness(self.run)

    def record(self, *losses, name="loss", epoch=0):
        last = getattr(self, "step", 0) + len(losses)
        steps = np.arange(last - len(losses) + 1, last + 1)
        self.step = last
        self.soundness.look_at_scalars(Moment(last, epoch, last), steps, [name], np.array(losses)[:, None])

    def look(self, taken):
        self.soundness.look_at(taken, {"L1": "dense"}.__getitem__)
        self.run.append(taken)


def test_the_loss_dates_it_and_the_next_snapshot_names_the_tensor():
    watched = Watched()
    watched.look(snapshot(0))
    watched.record(0.5, 0.4)
    watched.look(snapshot(2))
    watched.record(0.3, 0.2, INF, NAN, NAN, epoch=7)
    found = watched.soundness.first_bad
    assert (found.what, found.metric, found.is_nan) == ("loss", "loss", False)
    assert (found.moment, found.sound_step, found.last_good_step) == (Moment(5, 7, 5), 4, 2)
    assert watched.soundness.is_unnamed
    watched.look(snapshot(7, NAN, NAN, NAN))
    found = watched.soundness.first_bad
    assert (found.what, found.metric, found.moment.step) == ("dense/kernel", "loss", 5)
    assert not watched.soundness.is_unnamed


def test_it_is_exact_at_the_border_of_two_blocks():
    watched = Watched()
    watched.record(0.5, 0.4)
    watched.record(NAN)
    assert (watched.soundness.first_bad.moment.step, watched.soundness.first_bad.sound_step) == (3, 2)


def test_steps_that_were_recorded_together_are_the_two_ends_of_what_is_known():
    watched = Watched()
    watched.soundness.look_at_scalars(Moment(8, 0, 8), np.array([4, 8]), ["loss"], np.array([[1.0], [NAN]]))
    assert (watched.soundness.first_bad.moment.step, watched.soundness.first_bad.sound_step) == (8, 4)


def test_a_tensor_that_is_seen_first_is_dated_by_its_snapshot():
    watched = Watched()
    watched.look(snapshot(3))
    watched.look(snapshot(9, weight=NAN))
    found = watched.soundness.first_bad
    assert (found.what, found.metric, found.moment.step) == ("dense/kernel", None, 9)
    assert (found.sound_step, found.last_good_step) == (3, 3)
    watched.step = 9
    watched.record(INF)
    found = watched.soundness.first_bad
    assert (found.metric, found.is_nan, found.moment.step) == ("loss", False, 9)


@pytest.mark.parametrize("name", ["accuracy", "r2_score", "lossy"])
def test_a_metric_that_is_undefined_is_no_alarm(name):
    watched = Watched()
    watched.record(NAN, name=name)
    assert watched.soundness.first_bad is None


@pytest.mark.parametrize("name", ["loss", "val_loss", "left_loss"])
def test_every_loss_counts(name):
    watched = Watched()
    watched.record(NAN, name=name)
    assert watched.soundness.first_bad.metric == name


def test_a_picture_with_overflowing_activations_is_not_the_last_good_one():
    watched = Watched()
    watched.look(snapshot(0))
    watched.look(snapshot(1, weight=1e38, output=INF))
    watched.look(snapshot(2, weight=NAN, output=NAN))
    assert watched.soundness.first_bad.last_good_step == 0


def test_finite_weights_are_good_enough_where_a_sample_itself_is_nan():
    watched = Watched()
    watched.look(snapshot(0, output=NAN))
    watched.look(snapshot(5, output=NAN))
    watched.look(snapshot(6, weight=NAN))
    assert watched.soundness.first_bad.last_good_step == 5


def test_weights_that_are_bad_from_the_start_have_no_good_step():
    watched = Watched()
    watched.look(snapshot(0))
    watched.look(Snapshot(Moment(0), tensors={KERNEL: np.float32([NAN])}, revision=1))
    assert watched.soundness.first_bad.last_good_step is None


def test_the_last_good_snapshot_outlives_the_thinning():
    size = snapshot(0).byte_count + SNAPSHOT_BYTES
    watched = Watched(byte_budget=5 * size)
    for step in range(0, 40, 2):
        watched.look(snapshot(step))
    good = watched.run.latest.step
    watched.record(NAN)
    for step in range(good + 1, good + 300):
        watched.look(snapshot(step, NAN, NAN, NAN))
    assert watched.soundness.first_bad.last_good_step == good
    assert good in watched.run.steps
    assert np.isfinite(watched.run.at(good).tensors[KERNEL]).all()
    assert watched.run.kept_count == 5


def test_only_one_step_is_pinned_while_all_is_well():
    size = snapshot(0).byte_count + SNAPSHOT_BYTES
    watched = Watched(byte_budget=6 * size)
    for step in range(200):
        watched.look(snapshot(step))
    assert watched.run.kept_count == 6
    assert np.diff(watched.run.steps).max() <= 2 * 199 / 5


def test_restored_weights_are_sound_again():
    watched = Watched()
    watched.record(NAN)
    watched.look(snapshot(1, NAN, NAN, NAN))
    watched.look(snapshot(2, loss=NAN))
    assert watched.soundness.first_bad is not None
    watched.look(snapshot(3))
    assert watched.soundness.first_bad is None
    watched.look(snapshot(4, weight=INF))
    assert (watched.soundness.first_bad.moment.step, watched.soundness.first_bad.last_good_step) == (4, 3)


@pytest.mark.parametrize(("weight", "is_nan"), [(INF, False), (-INF, False), (NAN, True)])
def test_a_weight_that_is_infinite_is_told_as_infinite(weight, is_nan):
    watched = Watched()
    watched.look(snapshot(0))
    watched.look(snapshot(3, weight))
    found = watched.soundness.first_bad
    assert (found.what, found.metric, found.is_nan) == ("dense/kernel", None, is_nan)


@pytest.mark.parametrize(("loss", "is_nan"), [(INF, False), (NAN, True)])
def test_so_is_a_loss_that_only_a_snapshot_has(loss, is_nan):
    watched = Watched()
    watched.look(snapshot(0))
    watched.look(snapshot(3, loss=loss))
    assert (watched.soundness.first_bad.what, watched.soundness.first_bad.is_nan) == ("loss", is_nan)
