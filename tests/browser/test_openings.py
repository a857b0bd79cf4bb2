"""Pages that are opened again and again are answered each time: no request of theirs lies unread in the kernel."""

from __future__ import annotations

from playwright.sync_api import expect

from ..limits import size
from .lab_page import LabPage
from .network_page import NetworkPage
from .page_log import PageLog
from .voila_page import VoilaPage

OPENINGS_IN_VOILA = size(3, 20)
OPENINGS_IN_JUPYTERLAB = size(2, 5)


def test_the_dashboard_opens_time_after_time_in_voila(voila_page: VoilaPage, page_log: PageLog) -> None:
    network = NetworkPage(voila_page.page)
    for _ in range(OPENINGS_IN_VOILA):
        voila_page.open("dashboard.ipynb")
        network.wait_until_drawn()
        network.one_step_button.click()
        expect(network.training_time).to_have_attribute("aria-valuenow", "1")
        voila_page.leave()
    assert not page_log.errors


def test_the_tutorial_opens_time_after_time_in_jupyterlab(lab: LabPage, page_log: PageLog) -> None:
    for _ in range(OPENINGS_IN_JUPYTERLAB):
        lab.open("tutorial.ipynb")
        lab.run_cell(0)
        lab.run_cell(1)
        network = NetworkPage(lab.page)
        network.wait_until_drawn()
        expect(network.inspector_heading).to_have_text("hidden · unit 3")
        expect(network.inspector).to_contain_text("#0,")
        network.focus_picture()
        lab.page.keyboard.press("]")
        expect(network.inspector).to_contain_text("#1,")
    assert not page_log.errors
