"""When a frame may be sent: two in flight, a rate, half a megabyte a second."""

import numpy as np
import pytest

from nnvis_widget.stream.flow import BYTES_PER_S, MAX_IN_FLIGHT, Flow


def test_two_frames_may_be_in_flight_and_no_more():
    flow = Flow()
    for number in (1, 2):
        assert flow.has_credit
        assert flow.sent(0.0, 10) == number
    assert not flow.has_credit
    flow.drawn(1)
    assert flow.has_credit
    flow.sent(0.0, 10)
    assert not flow.has_credit
    flow.drawn(3)
    flow.sent(0.0, 10)
    assert flow.has_credit
    assert MAX_IN_FLIGHT == 2


@pytest.mark.parametrize("seq", [0, 3, 10**9, -1])
def test_a_number_that_was_never_sent_gives_no_credit(seq):
    flow = Flow()
    flow.sent(0.0, 1)
    flow.sent(0.0, 1)
    flow.drawn(seq)
    assert not flow.has_credit


def test_an_old_number_takes_no_credit_back():
    flow = Flow()
    for _ in range(2):
        flow.sent(0.0, 1)
    flow.drawn(2)
    flow.drawn(1)
    flow.sent(0.0, 1)
    assert flow.has_credit


def test_the_rate_is_kept():
    flow = Flow(rate_hz=10.0)
    assert flow.wait_s(5.0) == 0
    flow.sent(5.0, 100)
    assert flow.wait_s(5.0) == pytest.approx(0.1)
    assert flow.wait_s(5.06) == pytest.approx(0.04)
    assert flow.wait_s(6.0) == 0
    flow.rate_hz = 1.0
    flow.sent(6.0, 100)
    assert flow.wait_s(6.0) == pytest.approx(1.0)


def test_large_frames_keep_to_the_bytes_a_second():
    flow = Flow(rate_hz=10.0)
    flow.sent(0.0, BYTES_PER_S * 3)
    assert flow.wait_s(0.0) == pytest.approx(3.0)


def test_a_hidden_view_has_no_credit_until_it_says_hello():
    flow = Flow()
    flow.set_visible(False)
    assert not flow.has_credit
    flow.set_visible(True)
    assert flow.has_credit
    flow.set_visible(False)
    flow.hello()
    assert flow.has_credit


def test_hello_forgets_what_was_on_its_way_and_waits_for_no_rate():
    flow = Flow()
    for _ in range(2):
        flow.sent(0.0, 1000)
    assert flow.wait_s(0.04) > 0
    flow.hello()
    assert flow.has_credit
    assert flow.wait_s(0.04) == 0
    assert flow.sent(0.04, 1) == 3


@pytest.mark.parametrize("in_a_hurry", [Flow.hello, Flow.hurry])
def test_whatever_a_page_asks_it_gets_thirty_frames_and_its_bytes_a_second(in_a_hurry):
    for size in (10, 20_000, 300_000):
        flow, sent = Flow(), []
        for now_s in np.arange(0, 10, 1 / 10_000):
            in_a_hurry(flow)
            if flow.has_credit and flow.wait_s(now_s) == 0:
                flow.drawn(flow.sent(now_s, size))
                sent.append(now_s)
        for second in range(9):
            frames = sum(second <= now_s < second + 1 for now_s in sent)
            assert frames <= 31
            assert frames * size <= 1.1 * BYTES_PER_S + size
        assert len(sent) * size > 9 * min(30 * size, BYTES_PER_S)  # and no less than that


def test_a_heartbeat_is_due_once_a_second_and_not_right_after_a_frame():
    flow = Flow()
    assert flow.is_heartbeat_due(0.0)
    assert not flow.is_heartbeat_due(0.5)
    assert flow.is_heartbeat_due(1.0)
    flow.sent(1.5, 1)
    assert not flow.is_heartbeat_due(2.2)
    assert flow.is_heartbeat_due(2.5)
