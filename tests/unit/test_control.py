"""The queue, the cadence, the watch list and the worker: what lies between a wish and the training thread."""

import threading
from contextlib import suppress
from time import sleep

import pytest

from nnvis_widget.control.cadence import Cadence
from nnvis_widget.control.command_queue import CommandQueue
from nnvis_widget.control.to_measure import to_measure
from nnvis_widget.control.token_bucket import TokenBucket
from nnvis_widget.control.turnstile import Turnstile
from nnvis_widget.control.watch_list import WatchList
from nnvis_widget.control.worker import Worker
from nnvis_widget.core.command import Pause, Resume, SetHyperparameter, Stop, Unwatch, Watch
from nnvis_widget.core.want import Want
from tests.keras.page import until
from tests.limits import PATIENCE_S


def drained(queue):
    taken = []
    while (command := queue.take()) is not None:
        taken.append(command)
    return taken


def test_commands_are_obeyed_in_the_order_they_came():
    queue = CommandQueue()
    commands = [Pause(), Resume(), SetHyperparameter("learning_rate", 0.1), Pause()]
    for command in commands:
        queue.put(command)
    assert len(queue) == 4
    assert drained(queue) == commands
    assert len(queue) == 0


def test_a_flood_of_one_setting_leaves_its_last_value_only():
    queue = CommandQueue()
    queue.put(Pause())
    for index in range(10_000):
        queue.put(SetHyperparameter("learning_rate", float(index)))
        queue.put(SetHyperparameter("batch_size", 8))
    assert drained(queue) == [
        Pause(),
        SetHyperparameter("learning_rate", 9_999.0),
        SetHyperparameter("batch_size", 8),
    ]


def test_a_view_that_left_does_not_come_back():
    queue = CommandQueue()
    now = Watch("b", frozenset({Want("weight")}))
    for command in (Watch("a"), Watch("b"), Unwatch("a"), now):
        queue.put(command)
    assert drained(queue) == [Unwatch("a"), now]


def test_a_command_is_pending_until_the_next_one_is_asked_for():
    queue = CommandQueue()
    command = Pause()
    assert not queue.is_pending(command)
    queue.put(command)
    assert queue.is_pending(command)
    assert not queue.is_pending(Pause())
    queue.take()
    assert queue.is_pending(command)
    queue.take()
    assert not queue.is_pending(command)


def test_a_replaced_command_is_pending_no_longer():
    queue = CommandQueue()
    old = SetHyperparameter("learning_rate", 0.1)
    queue.put(old)
    queue.put(SetHyperparameter("learning_rate", 0.2))
    assert not queue.is_pending(old)


def test_every_put_wakes():
    wakes = []
    queue = CommandQueue(lambda: wakes.append(len(queue)))
    queue.put(Pause())
    queue.put(Pause())
    assert wakes == [1, 2]


def test_no_command_is_lost_between_threads():
    queue, taken = CommandQueue(), []

    def put():
        for _ in range(500):
            while len(queue) > 50:
                sleep(0)
            queue.put(Pause())

    threads = [threading.Thread(target=put) for _ in range(8)]
    for thread in threads:
        thread.start()
    while any(thread.is_alive() for thread in threads) or len(queue):
        taken += drained(queue)
    assert len(taken) == 4_000


def test_while_a_command_is_checked_none_comes_and_none_goes():
    queue, taken = CommandQueue(), []
    others = [
        threading.Thread(target=queue.put, args=[Resume()]),
        threading.Thread(target=lambda: taken.append(queue.take())),
    ]
    queue.put(Pause())

    def check(pending):
        for other in others:
            other.start()
            other.join(0.2)  # it must not end, however long it has
        assert pending == [Pause()]

    queue.put(Stop(), check)
    for other in others:
        other.join()
    assert taken + drained(queue) == [Pause(), Stop(), Resume()]


def test_a_measurement_is_due_at_once_and_then_at_the_rate():
    cadence = Cadence(rate_hz=10.0, share=0.5)
    assert cadence.is_due(0.0)
    cadence.done(0.0, cost_s=0.001)
    assert not cadence.is_due(0.099)
    assert cadence.is_due(0.1)


@pytest.mark.parametrize("cost_s", [0.05, 0.2, 1.0])
def test_measuring_keeps_within_its_share(cost_s):
    cadence, now, spent = Cadence(rate_hz=10.0, share=0.1), 0.0, 0.0
    while now < 1_000:
        if cadence.is_due(now):
            cadence.done(now, cost_s)
            spent += cost_s
        now += 0.01
    assert spent / now == pytest.approx(0.1, rel=0.05)


def test_one_slow_measurement_does_not_keep_the_picture_still():
    cadence = Cadence(rate_hz=10.0, share=0.1)
    for start, cost_s in ((0.0, 1.0), (0.11, 0.01), (0.22, 1.0), (0.33, 0.01)):
        assert cadence.is_due(start)
        cadence.done(start, cost_s)
    assert cadence.is_due(0.44)


def test_measurements_that_stay_slow_are_taken_seldom():
    cadence = Cadence(rate_hz=10.0, share=0.1)
    cadence.done(0.0, 1.0)
    cadence.done(0.1, 1.0)
    assert not cadence.is_due(10.0)
    assert cadence.is_due(10.11)


def test_a_single_disturbed_measurement_makes_no_pause_but_a_second_does():
    cadence = Cadence(rate_hz=10.0, share=0.1)
    for start in range(3):
        cadence.done(float(start), 0.02)
    cadence.done(3.0, 2.0)
    assert cadence.is_due(3.2)
    cadence.done(4.0, 2.0)
    assert not cadence.is_due(23.9)


def test_the_watch_list_is_the_union_of_its_views():
    watches = WatchList()
    assert (watches.wants, watches.is_watched, watches.is_followed) == (frozenset(), False, False)
    four, two, slopes = Want("activation", sample=4), Want("activation", sample=2), Want("gradient", "L1")
    watches.watch(Watch("a", frozenset({four}), is_following=False))
    assert (watches.wants, watches.is_watched, watches.is_followed) == ({four}, True, False)
    watches.watch(Watch("b", frozenset({four, slopes})))
    watches.watch(Watch("c", frozenset({two})))
    assert (watches.wants, watches.is_followed) == ({four, two, slopes}, True)
    watches.unwatch("b")
    watches.unwatch("c")
    watches.unwatch("nobody")
    assert (watches.wants, watches.is_followed) == ({four}, False)


def test_a_wish_that_is_not_what_it_was_asks_for_an_answer():
    watches, four = WatchList(), frozenset({Want("activation", sample=4)})

    def asks(watch):
        watches.is_asked = False
        watches.watch(watch)
        return watches.is_asked

    assert [asks(Watch("a", four)), asks(Watch("a", four)), asks(Watch("a", four, is_following=False))] == [1, 0, 0]
    assert [asks(Watch("b", four)), asks(Watch("a")), asks(Watch("a", four))] == [1, 1, 1]


def test_of_a_small_model_everything_is_measured_and_of_a_large_one_what_is_wanted_and_moments():
    watches = WatchList()
    one_layer = Want("gradient", "dense")
    watches.watch(Watch("view", wants=frozenset({one_layer, Want("activation", "dense", sample=3)})))
    small, large = to_measure(watches, is_small=True), to_measure(watches, is_small=False)
    outputs = {Want(quantity, sample=3) for quantity in ("activation", "map", "attention", "view")}
    assert {Want("weight"), Want("gradient"), Want("kept_state"), *outputs} == small
    moments = {Want("weight", grain="moments"), Want("gradient", grain="moments")}
    assert large == {one_layer, Want("activation", "dense", sample=3), *moments}


def test_of_a_large_model_that_nobody_watches_only_moments_of_the_weights_are_measured():
    assert to_measure(WatchList(), is_small=False) == {Want("weight", grain="moments")}
    assert Want("activation", sample=0) in to_measure(WatchList(), is_small=True)


def test_a_want_names_a_known_quantity():
    with pytest.raises(ValueError, match="got quantity='weights'"):
        Want("weights")


def test_a_bucket_gives_what_was_saved_up_and_then_what_flows_in():
    bucket = TokenBucket(per_s=8, most=3)
    assert [bucket.take(100.0) for _ in range(5)] == [True, True, True, False, False]
    assert [bucket.take(100.125), bucket.take(100.1875), bucket.take(100.25)] == [True, False, True]
    assert [bucket.take(1_000.0) for _ in range(4)] == [True, True, True, False]


def test_what_comes_at_a_persons_pace_passes_at_once_and_of_a_flood_the_newest_of_each_kind():
    passed = []
    turnstile = Turnstile(passed.append, lambda held, newer: newer)
    for number in range(5):
        turnstile("seek", number)
    assert passed == [0, 1, 2, 3, 4]
    for number in range(5, 10_000):
        turnstile("seek", number)
    turnstile("pause", "pause")
    assert passed[-1] == "pause"
    until(lambda: passed[-1] == 9_999 or passed[-2] == 9_999)
    seeks = [item for item in passed if item != "pause"]
    assert len(seeks) < 5_000
    assert seeks == sorted(seeks)
    until(lambda: "nnvis-turnstile" not in {thread.name for thread in threading.enumerate()})


def test_a_flood_that_cannot_be_taken_ends_no_thread():
    passed = []

    def take(item):
        passed.append(item)
        raise ValueError(item)

    turnstile = Turnstile(take, lambda held, newer: newer)
    for number in range(400):
        with suppress(ValueError):  # as the caller does, where it passes at once
            turnstile("seek", number)
    until(lambda: passed[-1] == 399)


def test_a_worker_works_while_there_is_work_and_then_lets_its_thread_end():
    done, work = [], [1, 2, 3]
    worker = Worker("w", lambda: done.append(work.pop()), lambda: bool(work))
    worker.wake()
    assert worker.join(PATIENCE_S)
    assert done == [3, 2, 1]
    assert "w" not in {thread.name for thread in threading.enumerate()}
    work.append(4)
    worker.wake()
    assert worker.join(PATIENCE_S)
    assert done[-1] == 4


def test_no_wake_is_lost():
    lock, count, done = threading.Lock(), [0], [0]

    def work():
        with lock:
            done[0] += count[0]
            count[0] = 0

    worker = Worker("w", work, lambda: count[0] > 0)

    def ask():
        for _ in range(300):
            with lock:
                count[0] += 1
            worker.wake()

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert worker.join(PATIENCE_S)
    assert done[0] == 1_200


def left_undone_after_a_late_wake():
    """What nobody did where a wake comes while the thread finds that there is no more to do."""
    items, wakers = [1], []

    def ask():
        items.append(1)
        worker.wake()

    def has_work():
        found = bool(items)
        if not found and not wakers:
            wakers.append(threading.Thread(target=ask))
            wakers[0].start()
        return found

    worker = Worker("w", items.clear, has_work)
    worker.wake()
    assert worker.join(PATIENCE_S)
    wakers[0].join()
    assert worker.join(PATIENCE_S)
    return items


@pytest.mark.usefixtures("eager_threads")
def test_a_wake_that_comes_while_the_thread_ends_is_not_lost():
    assert [left_undone_after_a_late_wake() for _ in range(200)] == [[]] * 200


def test_a_wake_after_all_was_done_brings_no_work():
    done = []
    worker = Worker("w", lambda: done.append(1), lambda: False)
    worker.wake()
    assert worker.join(PATIENCE_S)
    assert not done


def test_work_that_raises_does_not_keep_the_worker_from_the_next(monkeypatch):
    told = []
    monkeypatch.setattr(threading, "excepthook", lambda args: told.append(args.exc_type))
    done, work = [], [1, 0]

    def divide():
        done.append(1 / work.pop())

    worker = Worker("w", divide, lambda: bool(work))
    worker.wake()
    assert worker.join(PATIENCE_S)
    assert told == [ZeroDivisionError]
    worker.wake()
    assert worker.join(PATIENCE_S)
    assert done == [1.0]
