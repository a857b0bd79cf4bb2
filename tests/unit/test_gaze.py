"""Where one looks: every change is whole, the last one counts, and all hear of it in the same order."""

import threading
from typing import Any

import numpy as np
import pytest

from nnvis_widget.core.snapshot import Moment, Snapshot
from nnvis_widget.run.gaze import Gaze, Look, Move, Selection
from nnvis_widget.run.run import Run

PATIENCE_S = 30.0


@pytest.fixture
def run():
    run = Run()
    for step in (0, 10, 20, 30):
        run.append(Snapshot(Moment(step)))
    return run


def shown(gaze, run):
    return gaze.look.resolve(run).step


def run_together(*jobs):
    threads = [threading.Thread(target=job) for job in jobs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE_S)
        assert not thread.is_alive()


def test_a_new_gaze_follows_the_newest_snapshot_and_has_chosen_nothing(run):
    gaze = Gaze()
    assert gaze.look == Look(None, Selection(), 0)
    assert (gaze.step, gaze.selection, gaze.sample) == (None, {}, 0)
    assert shown(gaze, run) == 30
    run.append(Snapshot(Moment(40)))
    assert shown(gaze, run) == 40


def test_a_sought_step_stays_while_the_training_goes_on(run):
    gaze = Gaze()
    gaze.step = 12
    run.append(Snapshot(Moment(40)))
    assert (gaze.step, shown(gaze, run)) == (12, 10)
    gaze.step = None
    assert shown(gaze, run) == 40


def test_an_empty_run_has_nothing_to_show():
    gaze = Gaze()
    assert gaze.look.resolve(Run()) is None
    gaze.step = 3
    assert gaze.look.resolve(Run()) is None
    gaze.seek_by(Run(), 1)
    assert gaze.step == 3


def test_moving_by_snapshots_stops_at_the_ends(run):
    gaze = Gaze()
    places = []
    for count in (-1, -1, -9, 2, 9):
        gaze.seek_by(run, count)
        places.append(gaze.step)
    assert places == [20, 10, 0, 20, 30]


def test_forwards_while_following_goes_on_following(run):
    gaze = Gaze()
    gaze.seek_by(run, 1)
    assert gaze.step is None


@pytest.mark.parametrize(
    "selection", [{}, {"layer": "L1"}, {"layer": "L1", "unit": 0}, {"layer": "L1", "unit": 0, "place": [2, 6]}]
)
def test_a_selection_is_read_as_it_was_written(selection):
    gaze = Gaze()
    gaze.selection = selection
    assert gaze.selection == selection
    assert gaze.look.selection.chosen_unit == (("L1", 0) if "unit" in selection else None)
    gaze.selection["layer"] = "L2"  # what was handed out is not what is looked at
    assert gaze.selection == selection


def test_whole_numbers_of_numpy_are_taken_as_numbers():
    gaze = Gaze()
    gaze.step, gaze.sample, gaze.selection = np.int64(3), np.int32(4), {"layer": "L1", "unit": np.int8(5)}
    assert gaze.look == Look(3, Selection("L1", 5), 4)
    assert [type(gaze.step), type(gaze.sample), type(gaze.selection["unit"])] == [int] * 3


@pytest.mark.parametrize(
    ("part", "value", "words"),
    [
        ("step", -1, r"a step of 0 or more, or None to follow the training, got step=-1"),
        ("step", 1.0, "got step=1.0"),
        ("step", True, "got step=True"),
        ("sample", -3, r"a sample of 0 or more, got sample=-3"),
        ("sample", None, "got sample=None"),
        ("selection", None, "Expected a unit or a layer, got selection=None.*Choose one such as"),
        ("selection", "L1", "got selection='L1'"),
        ("selection", {"unit": 0}, "got selection="),
        ("selection", {"layer": ""}, "got selection="),
        ("selection", {"layer": 3}, "got selection="),
        ("selection", {"layer": "L1", "unit": None}, "got selection="),
        ("selection", {"layer": "L1", "unit": False}, "got selection="),
        ("selection", {"layer": "L1", "evil": 1}, "got selection="),
        ("selection", {"layer": "L1", "place": [0, 0]}, "got selection="),
        ("selection", {"layer": "L1", "unit": 0, "place": [0]}, "got selection="),
        ("selection", {"layer": "L1", "unit": 0, "place": [0, -1]}, "got selection="),
    ],
)
def test_what_cannot_be_looked_at_is_refused_and_moves_nothing(part, value, words):
    gaze, heard = Gaze(), []
    gaze.subscribe(heard.append)
    with pytest.raises(ValueError, match=words):
        setattr(gaze, part, value)
    assert gaze.look == Look()
    assert heard == []


def test_listeners_hear_moves_and_nothing_else(run):
    gaze, heard = Gaze(), []
    unsubscribe = gaze.subscribe(heard.append)
    gaze.step = None
    gaze.step = 20
    gaze.step = 20
    gaze.seek_by(run, -1)
    gaze.selection = {"layer": "L1"}
    gaze.selection = {"layer": "L1"}
    unsubscribe()
    gaze.sample = 3
    assert heard == [
        Move(Look(), Look(20)),
        Move(Look(20), Look(10)),
        Move(Look(10), Look(10, Selection("L1"))),
    ]


def test_what_a_listener_moves_all_hear_of_after_the_move_before():
    gaze, first, second = Gaze(), [], []

    def move_on(move):
        first.append(move.now.step)
        gaze.step = 5

    gaze.subscribe(move_on)
    gaze.subscribe(lambda move: second.append((move.now.step, gaze.step)))
    gaze.step = 20
    assert first == [20, 5]
    assert second == [(20, 5), (5, 5)]
    assert gaze.step == 5


def test_a_move_that_a_listener_takes_back_is_told_as_taken_back():
    gaze, heard = Gaze(), []
    gaze.subscribe(lambda move: setattr(gaze, "step", None))
    gaze.subscribe(lambda move: heard.append(move.now.step))
    gaze.step = 20
    assert heard == [20, None]


def test_a_seek_made_while_another_is_told_is_neither_lost_nor_undone():
    gaze = Gaze()
    heard: list[Any] = []
    is_told, may_go_on = threading.Event(), threading.Event()

    def hold_the_first(move):
        heard.append(move.now.step)
        if move.now.step == 1:
            is_told.set()
            assert may_go_on.wait(PATIENCE_S)

    def seek_meanwhile():
        assert is_told.wait(PATIENCE_S)
        gaze.step = 2  # returns, whatever the listener waits for
        gaze.step = 3
        assert gaze.step == 3
        may_go_on.set()

    gaze.subscribe(hold_the_first)
    run_together(lambda: setattr(gaze, "step", 1), seek_meanwhile)
    assert gaze.step == 3
    assert heard == [1, 3]


@pytest.mark.usefixtures("eager_threads")
def test_parts_moved_on_different_threads_stay_all():
    gaze, lost = Gaze(), []
    start = threading.Barrier(3)

    def move(part, values):
        start.wait(PATIENCE_S)
        for value in values:
            setattr(gaze, part, value)
            if getattr(gaze, part) != value:
                lost.append((part, value))

    run_together(
        lambda: move("step", range(20_000)),
        lambda: move("sample", range(20_000)),
        lambda: move("selection", [{"layer": "L1", "unit": unit} for unit in range(20_000)]),
    )
    assert lost == []
    assert gaze.look == Look(19_999, Selection("L1", 19_999), 19_999)


def test_whatever_threads_do_each_move_begins_where_the_one_before_ended_and_the_last_told_is_the_truth():
    gaze, heard = Gaze(), []
    start = threading.Barrier(4)
    gaze.subscribe(heard.append)

    def seek(offset):
        start.wait(PATIENCE_S)
        for step in range(offset, 4000, 4):
            gaze.step = step

    run_together(*(lambda offset=offset: seek(offset) for offset in range(4)))
    assert [move.before for move in heard] == [Look(), *(move.now for move in heard[:-1])]
    assert heard[-1].now == gaze.look
    assert gaze.step >= 3996


def test_a_listener_that_fails_is_let_go_and_the_others_hear_on():
    gaze, heard = Gaze(), []
    gaze.subscribe(lambda move: 1 / 0)
    gaze.subscribe(lambda move: heard.append(move.now.step))
    with pytest.warns(RuntimeWarning, match="ZeroDivisionError"):
        gaze.step = 1
    gaze.step = 2
    assert heard == [1, 2]


def test_an_interrupt_while_it_is_told_does_not_silence_the_gaze():
    gaze, heard = Gaze(), []

    def interrupt(move):
        if move.now.step == 1:
            raise KeyboardInterrupt

    gaze.subscribe(interrupt)
    gaze.subscribe(lambda move: heard.append(move.now.step))
    with pytest.raises(KeyboardInterrupt):
        gaze.step = 1
    gaze.step = 2
    assert heard == [2]
