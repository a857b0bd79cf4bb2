"""What befalls a page while a network learns: the training goes on, and then the page shows what it does."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from dataclasses import replace
from urllib.parse import urlsplit

from playwright.sync_api import expect

from .conftest import OpenPage
from .lab_page import LabPage
from .models import MOONS, VIEW
from .network_page import NetworkPage
from .processes import wait_until
from .proxy import proxy_to

NewNotebook = Callable[..., str]

# The step also comes past the page.
LEARNING = """
from pathlib import Path

told = Path("{}.step")
told.write_text("0")
trainer.run.subscribe(lambda step: told.write_text(str(step)))
trainer.start()
"""
TELL = "print('stands at', trainer.step)"
PRINTS = """
import time

time.sleep(1)
for _ in range(40):
    print("x" * 200_000)
    time.sleep(0.1)
"""


class Learning:
    """A notebook in JupyterLab whose network learns, from its second cell on; the third tells the step."""

    def __init__(self, lab: LabPage, new_notebook: NewNotebook, *cells: str) -> None:
        self.lab = lab
        self.notebook = new_notebook(MOONS + LEARNING.format(id(self)), VIEW, TELL, *cells)
        lab.open(self.notebook)
        for cell in range(2):
            lab.run_cell(cell)
        self.network = NetworkPage(lab.page)
        self.network.wait_until_drawn()
        self.network.wait_until_step_after(0)

    def step(self) -> int:
        """The newest step that was looked at, as the kernel says."""
        return int((self.lab.server.folder / f"{id(self)}.step").read_text() or 0)

    def wait_until_it_learns_on(self) -> None:
        before = self.step()
        wait_until(lambda: self.step() > before, "a later step")

    def expect_true(self, network: NetworkPage | None = None) -> None:
        """The view follows; paused, it stands where the training stands."""
        network = network or self.network
        network.come_into_view()
        network.wait_until_step_after(network.shown_step())
        network.pause()
        expect(network.state).to_have_text("Paused")
        lab = LabPage(network.page, self.lab.server)
        lab.run_cell(2)
        stands_at = re.compile(r"stands at (\d+)")
        expect(lab.output(2)).to_contain_text(stands_at)
        (step,) = stands_at.findall(lab.output(2).inner_text())
        expect(network.training_time).to_have_attribute("aria-valuenow", step)


def test_a_tab_is_closed_and_opened_again(lab: LabPage, new_notebook: NewNotebook, open_page: OpenPage) -> None:
    learning = Learning(lab, new_notebook)
    lab.page.keyboard.press("Control+s")
    expect(lab.page.get_by_text("Saving completed")).to_be_visible()
    lab.page.close()
    learning.wait_until_it_learns_on()
    again = LabPage(open_page(), lab.server)
    again.open(learning.notebook)
    network = NetworkPage(again.page)
    network.wait_until_drawn()
    learning.expect_true(network)


def test_two_windows_show_the_same(lab: LabPage, new_notebook: NewNotebook, open_page: OpenPage) -> None:
    learning = Learning(lab, new_notebook)
    lab.page.keyboard.press("Control+s")
    expect(lab.page.get_by_text("Saving completed")).to_be_visible()
    other = LabPage(open_page(), lab.server)
    other.open(learning.notebook)
    network = NetworkPage(other.page)
    network.wait_until_drawn()
    network.wait_until_step_after(network.shown_step())
    learning.expect_true()
    expect(network.state).to_have_text("Paused")
    expect(network.training_time).to_have_attribute("aria-valuenow", str(learning.network.shown_step()))


def test_a_page_is_frozen_and_thaws(lab: LabPage, new_notebook: NewNotebook) -> None:
    learning = Learning(lab, new_notebook)
    devtools = lab.page.context.new_cdp_session(lab.page)
    devtools.send("Page.setWebLifecycleState", {"state": "frozen"})
    learning.wait_until_it_learns_on()
    devtools.send("Page.setWebLifecycleState", {"state": "active"})
    learning.expect_true()


def test_a_machine_is_six_times_slower(lab: LabPage, new_notebook: NewNotebook) -> None:
    learning = Learning(lab, new_notebook)
    devtools = lab.page.context.new_cdp_session(lab.page)
    devtools.send("Emulation.setCPUThrottlingRate", {"rate": 6})
    learning.network.wait_until_step_after(learning.network.shown_step())
    learning.wait_until_it_learns_on()
    learning.expect_true()


def test_another_cell_prints_two_megabytes_a_second(lab: LabPage, new_notebook: NewNotebook) -> None:
    learning = Learning(lab, new_notebook, PRINTS)
    lab.run_cell(3)
    learning.network.come_into_view()
    expect(lab.notebook.get_by_text("IOPub data rate exceeded").first).to_be_attached()
    expect(lab.notebook.get_by_text("[*]:")).to_have_count(0)
    learning.expect_true()


def test_the_line_to_the_kernel_is_cut_for_ten_seconds(lab: LabPage, new_notebook: NewNotebook) -> None:
    address = urlsplit(lab.server.base_url)
    with proxy_to(int(address.port or 0)) as proxy:
        far = replace(lab.server, base_url=f"http://127.0.0.1:{proxy.port}")
        learning = Learning(LabPage(lab.page, far), new_notebook)
        proxy.cut()
        expect(learning.network.state).to_have_text("Kernel not reachable")
        learning.wait_until_it_learns_on()
        lab.page.wait_for_timeout(10_000)
        proxy.mend()
        lab.page.get_by_role("dialog", name="Server Connection Error").get_by_role("button", name="Close").click()
        expect(learning.network.state).to_contain_text("Live")
        learning.expect_true()


def test_a_kernel_is_killed_and_the_last_picture_stays(lab: LabPage, new_notebook: NewNotebook) -> None:
    learning = Learning(lab, new_notebook, "import os; print('I am', os.getpid())")
    lab.run_cell(3)
    expect(lab.output(3)).to_contain_text("I am")
    network = learning.network
    os.kill(int(lab.output(3).inner_text().split()[-1]), 9)
    lab.page.get_by_role("dialog", name="Kernel Restarting").get_by_role("button", name="Ok").click()
    expect(network.state).to_have_text("Kernel not reachable")
    expect(network.pause_button).to_have_attribute("aria-disabled", "true")
    step, picture = network.shown_step(), network.pixels()
    assert step > 0
    lab.wait_until_idle()
    lab.run_cell(3)
    assert (network.shown_step(), network.pixels()) == (step, picture)
    expect(network.state).to_have_text("Kernel not reachable")
