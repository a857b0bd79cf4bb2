import threading

import numpy as np
import pytest

from nnvis_widget.core.snapshot import Moment, Snapshot, TensorKey
from nnvis_widget.errors import DataError
from nnvis_widget.run.run import SNAPSHOT_BYTES, Run

KERNEL = TensorKey("weight", "L1", "kernel")


def snapshot(step, revision=0, size=4):
    return Snapshot(Moment(step), tensors={KERNEL: np.full(size, step, np.float32)}, revision=revision)


def run_of(*steps, **options):
    run = Run(**options)
    for step in steps:
        run.append(snapshot(step))
    return run


def test_an_empty_run_says_so():
    run = Run()
    assert run.latest is None
    assert run.first is None
    assert run.steps.tolist() == []
    assert (run.kept_count, run.seen_count, run.byte_count) == (0, 0, 0)
    assert run.scalar_names == ()
    with pytest.raises(KeyError, match="near step 3, the run is empty"):
        run.at(3)


def test_the_nearest_kept_snapshot_is_found_the_earlier_of_two():
    run = run_of(0, 10, 20)
    assert [run.at(step).step for step in (-5, 0, 4, 5, 6, 14, 15, 16, 99)] == [0, 0, 0, 0, 10, 10, 10, 20, 20]
    assert (run.first.step, run.latest.step) == (0, 20)


def test_a_neighbour_is_counted_in_kept_snapshots_and_clamped():
    run = run_of(0, 10, 20, 30)
    assert [run.neighbour(10, count).step for count in (-9, -1, 0, 1, 2, 9)] == [0, 0, 10, 20, 30, 30]
    assert run.neighbour(18, 1).step == 30


def test_a_higher_revision_replaces_the_snapshot_of_its_step():
    run = run_of(5)
    run.append(snapshot(5, revision=2, size=100))
    assert run.latest.revision == 2
    run.append(snapshot(5, revision=1))
    run.append(snapshot(5, revision=2))
    assert run.latest.revision == 2
    assert (run.kept_count, run.seen_count, run.byte_count) == (1, 1, 400 + SNAPSHOT_BYTES)


def test_a_revision_that_is_left_out_tells_nobody():
    run, heard = run_of(5), []
    run.subscribe(heard.append)
    run.append(snapshot(5))
    assert heard == []


def test_a_snapshot_of_an_earlier_step_finds_its_place():
    assert run_of(10, 30, 20).steps.tolist() == [10, 20, 30]


def test_over_the_budget_the_run_is_thinned_and_counts_what_it_saw():
    size = snapshot(0).byte_count + SNAPSHOT_BYTES
    run = run_of(*range(100), byte_budget=10 * size)
    assert (run.kept_count, run.seen_count, run.byte_count) == (10, 100, 10 * size)
    assert (run.first.step, run.latest.step) == (0, 99)
    assert np.diff(run.steps).max() <= 2 * 99 / 9
    assert run.at(50).tensors[KERNEL][0] == run.at(50).step


def test_scalars_take_their_part_of_the_budget_and_are_never_dropped():
    size = snapshot(0).byte_count + SNAPSHOT_BYTES
    run = Run(byte_budget=10 * size)
    run.record_scalars(np.arange(5 * size // 16), ["loss"], np.ones((5 * size // 16, 1)))
    for step in range(100):
        run.append(snapshot(step))
    assert run.kept_count == 5
    assert run.byte_count <= 10 * size
    assert len(run.scalars("loss")[0]) == 5 * size // 16


def test_a_negative_budget_is_refused():
    with pytest.raises(ValueError, match="byte_budget=-1"):
        Run(byte_budget=-1)


def test_scalars_of_every_step_are_recorded_and_new_names_may_come_later():
    run = Run()
    run.record_scalars(np.arange(1, 4), ["loss", "accuracy"], np.array([[3.0, 0.1], [2.0, np.nan], [1.0, 0.3]]))
    run.record_scalars(np.array([3]), ["val_loss"], np.array([[1.5]]))
    run.record_scalars(np.arange(4, 200), ["loss", "accuracy"], np.tile([0.5, 0.9], (196, 1)))
    assert run.scalar_names == ("loss", "accuracy", "val_loss")
    steps, loss = run.scalars("loss")
    assert steps.tolist() == list(range(1, 200))
    assert loss.tolist() == [3, 2, 1] + [0.5] * 196
    np.testing.assert_array_equal(run.scalars("accuracy")[1][:3], [0.1, np.nan, 0.3])
    assert [array.tolist() for array in run.scalars("val_loss")] == [[3], [1.5]]
    recorded = 16 * (199 + 199 + 1)
    assert recorded <= run.byte_count <= 1.25 * recorded + 16 * 64


def test_scalars_that_were_handed_out_do_not_change():
    run = Run()
    run.record_scalars(np.array([1]), ["loss"], np.array([[1.0]]))
    steps, values = run.scalars("loss")
    run.record_scalars(np.arange(2, 1000), ["loss"], np.zeros((998, 1)))
    assert (steps.tolist(), values.tolist()) == ([1], [1])
    with pytest.raises(ValueError, match="read-only"):
        values[0] = 5


def test_an_unknown_scalar_is_answered_with_those_that_exist():
    run = Run()
    with pytest.raises(KeyError, match="none yet"):
        run.scalars("loss")
    run.record_scalars(np.array([1]), ["loss"], np.array([[1.0]]))
    with pytest.raises(KeyError, match=r"got 'lost'\. Recorded are: 'loss'"):
        run.curve("lost")


@pytest.mark.parametrize(
    ("steps", "names", "values"),
    [
        ([1, 2], ["loss"], [[1.0]]),
        ([1], ["loss", "accuracy"], [[1.0]]),
        ([1], ["loss", "loss"], [[1.0, 2.0]]),
        ([1], ["loss"], [1.0]),
        ([2, 1], ["loss"], [[1.0], [1.0]]),
    ],
)
def test_scalars_that_do_not_fit_together_are_refused_and_leave_no_trace(steps, names, values):
    run = Run()
    with pytest.raises(DataError, match="Expected"):
        run.record_scalars(np.array(steps), names, np.array(values))
    assert run.scalar_names == ()


def test_steps_that_go_back_are_refused_for_all_names_at_once():
    run = Run()
    run.record_scalars(np.array([5]), ["loss"], np.array([[1.0]]))
    with pytest.raises(DataError, match=r"from 5 on for 'loss', got step 1.*clear\(\)"):
        run.record_scalars(np.array([1]), ["accuracy", "loss"], np.array([[1.0, 1.0]]))
    assert run.scalar_names == ("loss",)


def test_no_steps_record_nothing():
    run = Run()
    run.record_scalars(np.empty(0, np.int64), ["loss"], np.empty((0, 1)))
    assert run.scalar_names == ()


def test_a_curve_has_the_extremes_of_the_whole():
    run, values = Run(), np.random.default_rng(2).normal(size=10_000)
    run.record_scalars(np.arange(10_000), ["loss"], values[:, None])
    curve = run.curve("loss", points=100)
    assert len(curve) <= 100
    assert curve[:, 1].min() == np.float32(values.min())
    assert curve[:, 2].max() == np.float32(values.max())


def test_listeners_hear_the_step_until_they_unsubscribe():
    run, heard = Run(), []
    unsubscribe = run.subscribe(heard.append)
    run.append(snapshot(7))
    unsubscribe()
    unsubscribe()
    run.append(snapshot(8))
    assert heard == [7]


def test_a_listener_may_read_the_run_that_calls_it():
    run, seen = Run(), []
    run.subscribe(lambda step: seen.append(run.latest.step))
    run.append(snapshot(7))
    assert seen == [7]


def test_a_failing_listener_is_reported_once_and_detached_while_the_others_go_on():
    run, heard, calls = Run(), [], []

    def failing(step):
        calls.append(step)
        raise OSError("disk full")

    run.subscribe(failing)
    run.subscribe(heard.append)
    with pytest.warns(RuntimeWarning, match="disk full") as warned:
        run.append(snapshot(1))
    run.append(snapshot(2))
    assert len(warned) == 1
    assert (calls, heard) == ([1], [1, 2])


def test_a_cleared_run_is_empty_and_keeps_its_listeners():
    run, heard = run_of(1, 2, 3), []
    run.record_scalars(np.array([3]), ["loss"], np.array([[1.0]]))
    run.subscribe(heard.append)
    run.clear()
    assert run.latest is None
    assert (run.kept_count, run.seen_count, run.byte_count, run.scalar_names) == (0, 0, 0, ())
    run.append(snapshot(0))
    run.record_scalars(np.array([0]), ["loss"], np.array([[1.0]]))
    assert heard == [0]


@pytest.mark.usefixtures("eager_threads")
def test_reading_while_another_thread_appends_is_consistent():
    size = snapshot(0).byte_count + SNAPSHOT_BYTES
    run, failures, done = Run(byte_budget=50 * size), [], threading.Event()
    run.append(snapshot(0))
    run.record_scalars(np.array([0]), ["loss"], np.array([[0.0]]))

    def read():
        rng = np.random.default_rng(0)
        try:
            while not done.is_set():
                found = run.at(int(rng.integers(3000)))
                assert (found.tensors[KERNEL] == found.step).all()
                steps = run.steps
                assert steps[0] == 0
                assert (np.diff(steps) > 0).all()
                scalar_steps, values = run.scalars("loss")
                np.testing.assert_array_equal(scalar_steps, values)
                curve = run.curve("loss", 20)
                assert curve[-1, 0] == curve[-1, 1] >= scalar_steps[-1]
        except Exception as error:
            failures.append(error)

    readers = [threading.Thread(target=read) for _ in range(3)]
    for reader in readers:
        reader.start()
    try:
        for step in range(1, 3000):
            run.append(snapshot(step))
            run.record_scalars(np.array([step]), ["loss"], np.array([[step]]))
    finally:
        done.set()
        for reader in readers:
            reader.join()
    assert failures == []
    assert (run.seen_count, run.latest.step) == (3000, 2999)


@pytest.mark.usefixtures("eager_threads")
def test_appends_from_many_threads_are_all_recorded():
    run = Run()
    writers = [
        threading.Thread(
            target=lambda start: [run.append(snapshot(step)) for step in range(start, 800, 4)], args=(start,)
        )
        for start in range(4)
    ]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert run.steps.tolist() == list(range(800))
    assert run.seen_count == 800


def test_one_snapshot_after_the_other_finds_its_place():
    run, asked = run_of(0, 10), []
    other = threading.Thread(target=run.append, args=[snapshot(3)])

    class Slow(Snapshot):
        @property
        def step(self):
            asked.append(self)
            if len(asked) == 2:  # the run knows its place by now
                other.start()
                other.join(0.2)  # it must not end, however long it has
            return self.moment.step

    run.append(Slow(Moment(5)))
    other.join()
    assert run.steps.tolist() == [0, 3, 5, 10]


def kept_after_many(run):
    for step in range(101, 400):
        run.append(snapshot(step))
    return set(run.steps.tolist())


def test_a_pinned_snapshot_is_kept_until_it_is_let_go():
    run = run_of(*range(101), byte_budget=200 * (snapshot(0).byte_count + SNAPSHOT_BYTES))
    run.pin("bookmarks", (37, 38, 1_000), is_vital=False)
    run.pin("good", (41,))
    run.byte_budget = 10 * (snapshot(0).byte_count + SNAPSHOT_BYTES)
    kept = kept_after_many(run)
    assert kept >= {0, 37, 38, 41, 399}
    assert len(kept) == 10
    run.pin("bookmarks", ())
    run.append(snapshot(400))
    assert not {37, 38} <= set(run.steps.tolist())


def test_bookmarks_that_would_fill_the_budget_are_not_kept_for_their_own_sake():
    run = run_of(*range(101), byte_budget=200 * (snapshot(0).byte_count + SNAPSHOT_BYTES))
    run.pin("bookmarks", range(1, 30), is_vital=False)
    run.byte_budget = 10 * (snapshot(0).byte_count + SNAPSHOT_BYTES)
    assert len(kept_after_many(run)) == 10
