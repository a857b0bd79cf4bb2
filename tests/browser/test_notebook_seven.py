"""A lesson in Notebook 7: quiet, on one screen, still when it begins, and with keys of its own."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import quote

from playwright.sync_api import Page, expect

from .lab_page import SETTLED_LOOKS
from .network_page import NetworkPage
from .outputs import expect_no_traceback
from .page_log import PageLog
from .processes import wait_until
from .servers import LabServer
from .standing_still import standing_still
from .test_one_screen import expect_a_playground_on_one_screen

WINDOW = {"width": 1400, "height": 900}
HOST = "/static/notebook/"  # Notebook 7.6.5 misses a schema of its own
PARTS = (".nv-header", ".nv-canvas", ".nv-timeline", ".nv-inspector .nv-bars")


def test_the_playground_is_on_one_screen_of_notebook_seven_and_nothing_moves_when_it_learns(
    page: Page, jupyterlab: LabServer, new_notebook: Callable[..., str], page_log: PageLog
) -> None:
    page.set_viewport_size(WINDOW)
    name = new_notebook("import nnvis_widget as nv\n\nnv.playground()")
    page.goto(f"{jupyterlab.base_url}/notebooks/{quote(name)}?token={jupyterlab.token}")
    cell = page.locator(".jp-CodeCell").first
    indicator = page.locator(".jp-Notebook-ExecutionIndicator")
    idle = 0
    while idle < SETTLED_LOOKS:  # as in JupyterLab, keys are lost until its second connection to the kernel
        expect(indicator).to_have_attribute("data-status", "idle")
        page.wait_for_timeout(300)
        idle = idle + 1 if indicator.get_attribute("data-status") == "idle" else 0
    cell.locator(".cm-content").click()
    page.keyboard.press("Shift+Enter")
    expect(cell.locator(".jp-InputPrompt")).not_to_have_text("[ ]:")
    network = NetworkPage(page)
    network.wait_until_drawn()
    expect(cell.locator(".jp-InputPrompt")).to_have_text("[1]:")
    expect_no_traceback(page)
    expect(cell.locator("[data-mime-type='application/vnd.jupyter.stderr']")).to_have_count(0)

    with standing_still(page):
        network.train()
        network.wait_until_step_after(60)
    network.pause()
    network.focus_picture()
    expect(network.picture.locator("[tabindex='0']").first).to_be_focused()
    page.keyboard.press("x")  # which would cut the cell
    file = jupyterlab.folder / name
    before = file.stat().st_mtime_ns
    page.keyboard.press("Control+s")
    wait_until(lambda: file.stat().st_mtime_ns > before, "the notebook is saved")
    network.choose_a_unit()
    for part in PARTS:
        expect(page.locator(part).first).to_be_visible()
        box = page.locator(part).first.bounding_box()
        assert box is not None, part
        assert box["y"] >= 0, (part, box)
        assert box["y"] + box["height"] <= WINDOW["height"], (part, box)
        assert box["x"] + box["width"] <= WINDOW["width"], (part, box)
    expect_a_playground_on_one_screen(page)
    assert [error for error in page_log.errors if HOST not in error] == []
