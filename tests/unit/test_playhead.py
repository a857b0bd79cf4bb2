import pytest

from nnvis_widget.core.snapshot import Moment, Snapshot
from nnvis_widget.run.playhead import Playhead
from nnvis_widget.run.run import Run


@pytest.fixture
def run():
    run = Run()
    for step in (0, 10, 20, 30):
        run.append(Snapshot(Moment(step)))
    return run


def test_a_new_playhead_follows_the_newest_snapshot(run):
    playhead = Playhead()
    assert playhead.step is None
    assert playhead.resolve(run).step == 30
    run.append(Snapshot(Moment(40)))
    assert playhead.resolve(run).step == 40


def test_a_sought_step_stays_while_the_training_goes_on(run):
    playhead = Playhead()
    playhead.seek(12)
    run.append(Snapshot(Moment(40)))
    assert (playhead.step, playhead.resolve(run).step) == (12, 10)
    playhead.go_live()
    assert playhead.resolve(run).step == 40


def test_an_empty_run_has_nothing_to_show():
    playhead = Playhead()
    assert playhead.resolve(Run()) is None
    playhead.seek(3)
    assert playhead.resolve(Run()) is None
    playhead.seek_by(Run(), 1)
    assert playhead.step == 3


def test_moving_by_snapshots_stops_at_the_ends(run):
    playhead = Playhead()
    places = []
    for count in (-1, -1, -9, 2, 9):
        playhead.seek_by(run, count)
        places.append(playhead.step)
    assert places == [20, 10, 0, 20, 30]


def test_forwards_while_following_goes_on_following(run):
    playhead = Playhead()
    playhead.seek_by(run, 1)
    assert playhead.step is None


def test_a_negative_step_is_refused():
    with pytest.raises(ValueError, match=r"step=-1.*go_live"):
        Playhead().seek(-1)


def test_listeners_hear_moves_and_nothing_else(run):
    playhead, heard = Playhead(), []
    unsubscribe = playhead.subscribe(heard.append)
    playhead.go_live()
    playhead.seek(20)
    playhead.seek(20)
    playhead.seek_by(run, -1)
    playhead.go_live()
    unsubscribe()
    playhead.seek(0)
    assert heard == [20, 10, None]


def test_a_listener_may_move_the_playhead_again():
    playhead = Playhead()
    playhead.subscribe(lambda step: playhead.seek(5))
    playhead.seek(20)
    assert playhead.step == 5
