"""How much a training may do now: tried with a clock of our own."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nnvis_widget.control.pacer import Pacer
from nnvis_widget.core.pace import AUTOMATIC, FASTEST, PaceText, read_pace


def train(pacer, rate_hz, seconds, step_s=0.0, most=10**9, done=0, now_s=100.0):
    """Takes steps that last `step_s`, at most so many at a time, for so long; returns how many, and the time."""
    end_s = now_s + seconds
    while now_s < end_s:
        allowed, wait_s = pacer.allowed(rate_hz, done, now_s)
        assert (allowed > 0) == (wait_s <= 0)
        taken = min(allowed, most)
        done += taken
        now_s += max(taken * step_s, 1e-4) if taken else wait_s
    return done, now_s


@given(
    rate_hz=st.floats(0.5, 5_000),
    share=st.floats(0, 0.9),
    most=st.integers(1, 50),
)
def test_a_machine_that_can_keeps_the_pace_within_one_portion(rate_hz, share, most):
    step_s = min(share / rate_hz, share * 0.0001 * most)
    done, now_s = train(Pacer(), rate_hz, 5.0, step_s, max(most, round(rate_hz * 0.01) + 1))
    assert abs(done - rate_hz * (now_s - 100)) <= max(1, 0.05 * rate_hz) + 2


def test_the_first_is_due_at_once_and_the_next_when_its_time_has_come():
    pacer = Pacer()
    assert pacer.allowed(1.0, 0, 7.0) == (1, 0.0)
    allowed, wait_s = pacer.allowed(1.0, 1, 7.25)
    assert (allowed, wait_s) == (0, pytest.approx(0.75))
    assert pacer.allowed(1.0, 1, 8.0) == (1, 0.0)


def test_many_are_let_through_about_twenty_times_a_second():
    pacer, done, portions, now_s = Pacer(), 0, 0, 0.0
    while now_s < 10:
        allowed, wait_s = pacer.allowed(300.0, done, now_s)
        done, portions, now_s = done + allowed, portions + (allowed > 0), now_s + max(wait_s, 1e-6)
    assert portions == pytest.approx(200, abs=2)
    assert done == pytest.approx(3_000, abs=20)


def test_after_a_pause_of_the_machine_no_more_than_half_a_second_is_made_up_for():
    pacer = Pacer()
    done, now_s = train(pacer, 100.0, 2.0)
    allowed, _ = pacer.allowed(100.0, done, now_s + 60)
    assert 45 <= allowed <= 55


def test_a_machine_that_cannot_takes_its_steps_one_after_the_other():
    done, _ = train(Pacer(), 30.0, 60.0, step_s=5.0, most=1)
    assert done == 12


def test_another_pace_begins_where_it_is_set():
    pacer = Pacer()
    done, now_s = train(pacer, 10.0, 3.0)
    after, then_s = train(pacer, 2.0, 10.0, done=done, now_s=now_s)
    assert after - done == pytest.approx(2 * (then_s - now_s), abs=1)
    assert pacer.allowed(2.0, 0, then_s) == (1, 0.0)  # after a reset


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("1 step/s", "1 step/s"),
        ("10 steps/s", "10 steps/s"),
        ("0.5 steps / s", "0.5 steps/s"),
        ("30 epochs/s", "30 epochs/s"),
        ("1 epoch/redraw", "1 epoch/redraw"),
        ("1e3 steps/s", "1000 steps/s"),
    ],
)
def test_a_pace_is_read_as_it_is_written(text, written):
    assert str(read_pace(text)) == written
    assert read_pace(written) == read_pace(text)
    assert PaceText().accepts(text)


@pytest.mark.parametrize(
    "value",
    [
        *(0, -1, float("nan"), None, True, b"1 step/s"),
        *("", "fast", "30", "30 epochs", "steps/s", "1 step/s/s", "9" * 10_000),
        *("0 steps/s", "-1 steps/s", "nan steps/s", "inf epochs/s", "1e7 steps/s"),
        *("1 step/redraw", "0.5 epochs/redraw"),
    ],
)
def test_what_is_no_pace_is_not_accepted(value):
    assert not PaceText().accepts(value)


def test_the_two_words_are_accepted():
    assert PaceText().accepts(AUTOMATIC)
    assert PaceText().accepts(FASTEST)
    assert read_pace(FASTEST) is None
