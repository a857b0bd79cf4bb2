"""The one logger: silent by default, and of use when it is turned on."""

from __future__ import annotations

import logging
import subprocess
import sys
from collections.abc import Callable
from time import monotonic, sleep
from typing import Any

import pytest

import nnvis_widget  # the logger is there as soon as the package is
from nnvis_widget.stream.sender import Sender

NAME = nnvis_widget.__name__


def wait_until(is_true: Callable[[], bool]) -> None:
    end_s = monotonic() + 30
    while not is_true():
        assert monotonic() < end_s
        sleep(0.002)


def test_what_was_sent_and_by_whom_is_told_when_one_listens(caplog: pytest.LogCaptureFixture) -> None:
    sender = Sender("nnvis-sender-here", lambda: b"frame", lambda *_: None, lambda: ("idle", 0), 10.0)
    with caplog.at_level(logging.DEBUG, NAME):
        sender.wake()
        wait_until(lambda: "frame 1: 5 bytes" in caplog.text)
        sender.close()
        wait_until(lambda: "nnvis-sender-here ends" in caplog.text)
    assert {record.name for record in caplog.records} == {NAME}
    said = [record.getMessage() for record in caplog.records if record.threadName == "nnvis-sender-here"]
    assert said == ["thread nnvis-sender-here begins", "frame 1: 5 bytes", "thread nnvis-sender-here ends"]


@pytest.mark.filterwarnings("ignore:nnvis_widget could not send a frame:RuntimeWarning")
def test_a_failure_of_the_wire_is_told_with_its_traceback(caplog: pytest.LogCaptureFixture) -> None:
    def fail(*_: Any) -> None:
        raise OSError("no wire")

    sender = Sender("nnvis-sender-here", lambda: b"frame", fail, lambda: ("idle", 0), 10.0)
    with caplog.at_level(logging.DEBUG, NAME):
        sender.wake()
        wait_until(lambda: "sending failed" in caplog.text)
        sender.close()
    assert 'raise OSError("no wire")' in caplog.text


def test_nothing_is_told_by_default() -> None:
    script = "import nnvis_widget, logging; logging.getLogger('nnvis_widget').error('not to be seen')"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout + done.stderr == ""
