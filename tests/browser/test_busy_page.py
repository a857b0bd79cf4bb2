"""A page that was busy for two seconds when a widget came: from then on, anywidget keeps all that the kernel says."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from .lab_page import LabPage
from .models import MOONS, VIEW
from .network_page import NetworkPage
from .processes import wait_until
from .sight import bring_into_sight
from .test_panels import panel, pictures
from .voila_page import VoilaPage

NewNotebook = Callable[..., str]

PANEL = "nv.WeightHeatmap(trainer, 'dense_1')"

# The two seconds are over before anything else can happen.
BUSY = """
AbortSignal.timeout = () => {
  const over = new AbortController();
  queueMicrotask(() => over.abort());
  return over.signal;
};
"""


@pytest.fixture
def busy_page(page: Page) -> Page:
    page.add_init_script(BUSY)
    return page


def check_that_all_is_heard(page: Page) -> None:
    network = NetworkPage(page)
    network.wait_until_drawn()
    expect(network.root).to_contain_text("moons_mlp")
    weights = pictures(panel(page, "Weights"))
    network.train()
    network.wait_until_step_after(network.wait_until_step_after(0))
    network.pause()
    expect(network.state).to_have_text("Paused")
    bring_into_sight(panel(page, "Weights"))
    expect(panel(page, "Weights")).to_contain_text(network.shown_moment())
    wait_until(lambda: pictures(panel(page, "Weights")) != weights, "another picture of the weights")


def test_a_view_and_a_panel_on_a_busy_page_of_jupyterlab(
    busy_page: Page, lab: LabPage, new_notebook: NewNotebook
) -> None:
    lab.open(new_notebook(MOONS, VIEW, PANEL))
    lab.run_all()
    check_that_all_is_heard(lab.page)


def test_a_view_and_a_panel_on_a_busy_page_of_voila(
    busy_page: Page, voila_page: VoilaPage, new_notebook: NewNotebook
) -> None:
    voila_page.open(new_notebook(MOONS, VIEW, PANEL))
    check_that_all_is_heard(voila_page.page)
