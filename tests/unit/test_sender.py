"""The thread that talks to one view: the newest only, with credit only, and gone when idle."""

import threading
from time import monotonic, sleep

import pytest

from nnvis_widget.stream.sender import Sender


def until(claim, timeout_s=10.0):
    end_s = monotonic() + timeout_s
    while not claim():
        assert monotonic() < end_s
        sleep(0.002)


class Wire:
    """A sender, what it encodes, and what it put on the wire."""

    def __init__(self, rate_hz=1_000.0, is_blind=False):
        self.newest = 0
        self.encoded = 0
        self.contents, self.frames, self.drawn_at_once = [], [], False
        self.name = f"wire-{id(self)}"
        self.sender = Sender(
            self.name, self.encode, self.send, lambda: ("running", self.newest), rate_hz, lambda: is_blind
        )

    def encode(self):
        self.encoded += 1
        return self.newest.to_bytes(4, "little") if self.newest else None

    def send(self, content, buffers):
        self.contents.append(content)
        if content["kind"] == "frame":
            self.frames.append(int.from_bytes(buffers[0], "little"))
            if self.drawn_at_once:
                self.sender.drawn(content["seq"])

    def show(self, value):
        self.newest = value
        self.sender.wake()

    def heartbeats(self):
        return [content for content in self.contents if content["kind"] == "heartbeat"]

    def is_alive(self):
        return self.name in {thread.name for thread in threading.enumerate()}


@pytest.fixture
def wire():
    wire = Wire()
    yield wire
    wire.sender.close()
    until(lambda: not wire.is_alive())


def test_without_credit_no_third_frame_is_sent_and_then_only_the_newest(wire):
    for value in (1, 2):
        wire.show(value)
        until(lambda value=value: len(wire.frames) == value)
    for value in range(3, 500):
        wire.show(value)
    until(wire.heartbeats)
    assert wire.frames == [1, 2]
    wire.sender.drawn(1)
    until(lambda: len(wire.frames) == 3)
    assert wire.frames[-1] == 499
    assert [content["seq"] for content in wire.contents if content["kind"] == "frame"] == [1, 2, 3]
    assert (wire.sender.sent_frames, wire.sender.sent_bytes) == (3, 12)


def test_a_heartbeat_tells_state_step_and_the_last_number(wire):
    for value in (1, 2):
        wire.show(value)
        until(lambda value=value: len(wire.frames) == value)
    wire.show(7)
    until(wire.heartbeats)
    assert wire.heartbeats()[0] == {"v": 1, "kind": "heartbeat", "seq": 2, "state": "running", "step": 7}


def test_hello_sends_the_present_frame_even_if_nothing_changed(wire):
    wire.newest = 5
    wire.sender.hello()
    until(lambda: wire.frames == [5])
    wire.sender.hello()
    until(lambda: wire.frames == [5, 5])


def test_a_hidden_view_gets_heartbeats_but_no_frame(wire):
    wire.sender.set_visible(False)
    wire.show(1)
    until(wire.heartbeats)
    assert wire.frames == []
    wire.sender.set_visible(True)
    until(lambda: wire.frames == [1])


def test_nothing_to_show_sends_nothing_and_takes_no_credit(wire):
    wire.sender.hello()
    until(lambda: wire.encoded == 1)
    wire.show(3)
    until(lambda: wire.frames == [3])
    assert wire.contents[-1]["seq"] == 1


def test_a_blind_sender_goes_on_without_credit_at_the_rhythm_of_the_heartbeat():
    wire = Wire(is_blind=True)
    for value in range(1, 4):
        wire.show(value)
        until(lambda value=value: wire.frames and wire.frames[-1] == value)
    assert wire.frames == [1, 2, 3]
    assert wire.heartbeats() == []
    wire.sender.close()


def test_every_change_is_seen_in_the_end_at_any_rate():
    wire = Wire(rate_hz=14.0)
    wire.drawn_at_once = True
    for value in range(1, 1_000):
        wire.show(value)
    until(lambda: wire.frames and wire.frames[-1] == 999)
    assert len(wire.frames) < 100
    wire.sender.close()


def test_an_idle_sender_lets_its_thread_end_and_comes_back(wire):
    wire.drawn_at_once = True
    wire.show(1)
    until(lambda: wire.frames == [1])
    until(lambda: not wire.is_alive())
    wire.show(2)
    until(lambda: wire.frames == [1, 2])


def test_a_closed_sender_sends_nothing_more_and_has_no_thread():
    wire = Wire()
    wire.show(1)
    until(lambda: wire.frames == [1])
    wire.sender.close()
    until(lambda: not wire.is_alive())
    wire.show(2)
    wire.sender.hello()
    assert not wire.is_alive()
    assert wire.frames == [1]


def test_an_error_while_encoding_is_told_once_and_the_next_frame_comes(monkeypatch):
    wire = Wire()
    wire.drawn_at_once = True
    faults = [ZeroDivisionError("one"), KeyError("two")]
    encode = wire.encode
    monkeypatch.setattr(wire.sender, "_encode", lambda: (_ for _ in ()).throw(faults.pop()) if faults else encode())

    def show_three():
        wire.show(1)
        until(lambda: len(faults) == 1)
        wire.show(2)
        until(lambda: not faults)
        wire.show(3)
        until(lambda: wire.frames == [3])

    with pytest.warns(RuntimeWarning, match="could not send a frame because of KeyError") as told:
        show_three()
    assert len(told) == 1
    wire.sender.close()
