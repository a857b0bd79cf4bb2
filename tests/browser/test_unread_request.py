"""What a page sends can lie unread in the kernel until somebody connects to it (ipython/ipykernel#1554)."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page, WebSocket, expect

from .lab_page import LabPage
from .page_log import PageLog
from .voila_page import VoilaPage

NewNotebook = Callable[..., str]

# The fault itself, on any ipykernel: the socket's events are read past its stream, as a reply sent past it reads them,
# so the stream never hears of the message that has come.
LOSE = """
import time

import ipywidgets
import nnvis_widget as nv
import zmq
from IPython import get_ipython

stream = get_ipython().kernel.shell_stream
lose = ipywidgets.Button(description="Lose the next message")
press = ipywidgets.Button(description="Press")

def wait_past_the_stream():
    lose.description = "Waiting for it"
    while not stream.socket.get(zmq.EVENTS) & zmq.POLLIN:
        time.sleep(0.01)

def say(_):
    press.description = "Pressed"

lose.on_click(lambda _: stream.io_loop.add_callback(wait_past_the_stream))
press.on_click(say)
ipywidgets.VBox([lose, press, nv.NetworkView()])
"""


def check_that_the_view_wakes_its_kernel(page: Page) -> None:
    expect(page.get_by_role("region", name="Neural network")).to_be_visible()
    page.get_by_role("button", name="Lose the next message").click()
    expect(page.get_by_role("button", name="Waiting for it")).to_be_visible()
    connections: list[WebSocket] = []
    page.on("websocket", lambda opened: connections.append(opened))
    page.get_by_role("button", name="Press", exact=True).click()
    expect(page.get_by_role("button", name="Pressed")).to_be_visible()
    assert connections


def test_a_view_in_jupyterlab_wakes_a_kernel_that_left_a_request_unread(
    lab: LabPage, new_notebook: NewNotebook, page_log: PageLog
) -> None:
    lab.open(new_notebook(LOSE))
    lab.run_all()
    check_that_the_view_wakes_its_kernel(lab.page)
    assert not page_log.errors


def test_a_view_in_voila_wakes_a_kernel_that_left_a_request_unread(
    voila_page: VoilaPage, new_notebook: NewNotebook, page_log: PageLog
) -> None:
    voila_page.open(new_notebook(LOSE))
    check_that_the_view_wakes_its_kernel(voila_page.page)
    assert not page_log.errors
