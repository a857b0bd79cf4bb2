"""What befalls a page while a network learns: the training goes on, and then the page shows what it does.

One notebook, in which one thing befalls it after the other.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from .conftest import OpenPage
from .lab_page import LabPage
from .models import MOONS, VIEW
from .network_page import NetworkPage
from .processes import wait_until
from .proxy import Proxy, proxy_to
from .sample_notebooks import write_notebook
from .servers import LabServer

NOTEBOOK, TOLD = "hard_times.ipynb", "hard_times.step"
# The step also comes past the page.
TELLING = f"""
from pathlib import Path

told, new = Path("{TOLD}"), Path("{TOLD}.new")

def tell(status):
    new.write_text(str(status.moment.step))
    new.replace(told)

trainer.subscribe(tell)
"""
I_AM = "import os; print('I am', os.getpid())"
# Each in place of the one before, as a bar of progress.
PRINTS = """
import time

time.sleep(1)
for _ in range(25):
    print("x" * 200_000, end="\\r")
    time.sleep(0.1)
"""


class Learning:
    """A notebook in JupyterLab whose second cell shows a network that learns."""

    def __init__(self, lab: LabPage) -> None:
        self.lab = lab

    @property
    def network(self) -> NetworkPage:
        return NetworkPage(self.lab.page)

    def open(self) -> None:
        self.lab.open(NOTEBOOK)
        self.network.wait_until_drawn()

    def told(self) -> int:
        """Where the training stands, past the page."""
        return int((self.lab.server.folder / TOLD).read_text())

    def wait_until_it_learns_on(self) -> None:
        before = self.told()
        wait_until(lambda: self.told() > before, "a later step")

    def expect_true(self) -> None:
        """The view follows; paused, it stands where the training stands."""
        network = self.network
        network.come_into_view()
        network.wait_until_step_after(network.shown_step())
        network.pause()
        expect(network.state).to_have_text("Paused")
        wait_until(lambda: network.shown_step() == self.told(), "the view where the training stands")


@pytest.fixture(scope="module")
def proxy(jupyterlab: LabServer) -> Iterator[Proxy]:
    with proxy_to(int(urlsplit(jupyterlab.base_url).port or 0)) as proxy:
        yield proxy


@pytest.fixture(scope="module")
def opened(open_lasting_page: OpenPage, jupyterlab: LabServer, proxy: Proxy) -> Iterator[Learning]:
    write_notebook(jupyterlab.folder / NOTEBOOK, [MOONS + TELLING, VIEW, I_AM, PRINTS])
    far = replace(jupyterlab, base_url=f"http://127.0.0.1:{proxy.port}")
    learning = Learning(LabPage(open_lasting_page(), far))
    learning.lab.open(NOTEBOOK)
    for cell in range(2):
        learning.lab.run_cell(cell)
    learning.network.wait_until_drawn()
    learning.lab.page.keyboard.press("Control+s")
    expect(learning.lab.page.get_by_text("Saving completed")).to_be_visible()
    yield learning
    jupyterlab.end_kernels()


@pytest.fixture
def learning(opened: Learning) -> Learning:
    """It learns; each test leaves it paused."""
    opened.network.come_into_view()
    opened.network.train()
    opened.network.wait_until_step_after(opened.network.shown_step())
    return opened


def test_a_page_is_frozen_and_thaws(learning: Learning) -> None:
    page = learning.lab.page
    devtools = page.context.new_cdp_session(page)
    devtools.send("Page.setWebLifecycleState", {"state": "frozen"})
    learning.wait_until_it_learns_on()
    devtools.send("Page.setWebLifecycleState", {"state": "active"})
    learning.expect_true()


def test_a_machine_is_six_times_slower(learning: Learning) -> None:
    page, network = learning.lab.page, learning.network
    devtools = page.context.new_cdp_session(page)
    devtools.send("Emulation.setCPUThrottlingRate", {"rate": 6})
    network.wait_until_step_after(network.shown_step())
    learning.wait_until_it_learns_on()
    learning.expect_true()
    devtools.send("Emulation.setCPUThrottlingRate", {"rate": 1})


def test_another_cell_prints_two_megabytes_a_second(learning: Learning) -> None:
    lab = learning.lab
    lab.run_cell(3)
    learning.network.come_into_view()
    expect(lab.notebook.get_by_text("IOPub data rate exceeded").first).to_be_attached()
    expect(lab.notebook.get_by_text("[*]:")).to_have_count(0)
    learning.expect_true()


def test_the_line_to_the_kernel_is_cut_and_mended(learning: Learning, proxy: Proxy) -> None:
    page, network = learning.lab.page, learning.network
    proxy.cut()
    expect(network.state).to_have_text("Kernel not reachable")
    learning.wait_until_it_learns_on()
    page.get_by_role("dialog", name="Server Connection Error").get_by_role("button", name="Close").click()
    proxy.mend()
    expect(network.state).to_contain_text("Live")
    learning.expect_true()


def test_two_windows_show_the_same(learning: Learning, open_page: OpenPage) -> None:
    other = Learning(LabPage(open_page(), learning.lab.server))
    other.open()
    network = other.network
    network.wait_until_step_after(network.shown_step())
    learning.expect_true()
    expect(network.state).to_have_text("Paused")
    expect(network.training_time).to_have_attribute("aria-valuenow", str(learning.network.shown_step()))


def test_a_tab_is_closed_and_opened_again(learning: Learning, open_lasting_page: OpenPage) -> None:
    learning.lab.page.close()
    learning.wait_until_it_learns_on()
    learning.lab = LabPage(open_lasting_page(), learning.lab.server)
    learning.open()
    learning.expect_true()


def test_a_kernel_is_killed_and_the_last_picture_stays(learning: Learning) -> None:
    lab, network = learning.lab, learning.network
    lab.run_cell(2)
    expect(lab.output(2)).to_contain_text("I am")
    os.kill(int(lab.output(2).inner_text().split()[-1]), 9)
    lab.page.get_by_role("dialog", name="Kernel Restarting").get_by_role("button", name="Ok").click()
    expect(network.state).to_have_text("Kernel not reachable")
    expect(network.pause_button).to_have_attribute("aria-disabled", "true")
    step, picture = network.shown_step(), network.pixels()
    assert step > 0
    lab.wait_until_idle()
    lab.run_cell(2)
    assert (network.shown_step(), network.pixels()) == (step, picture)
    expect(network.state).to_have_text("Kernel not reachable")
