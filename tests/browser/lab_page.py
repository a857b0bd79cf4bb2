from __future__ import annotations

import time

from playwright.sync_api import Locator, Page, expect

from ..limits import PATIENCE_S
from .outputs import expect_no_traceback
from .servers import LabServer

SETTLED_LOOKS = 4


class LabPage:
    """A notebook opened in JupyterLab, driven as a person drives it."""

    def __init__(self, page: Page, server: LabServer) -> None:
        self.page = page
        self.server = server

    @property
    def notebook(self) -> Locator:
        return self.page.locator(".jp-NotebookPanel:not(.lm-mod-hidden) .jp-Notebook")

    @property
    def _status(self) -> Locator:
        return self.page.locator("#jp-main-statusbar")

    @property
    def code_cells(self) -> Locator:
        return self.notebook.locator(".jp-CodeCell")

    def output(self, code_cell: int) -> Locator:
        """The outputs of a code cell, counted from 0; markdown cells do not count."""
        return self.code_cells.nth(code_cell).locator(".jp-OutputArea-output")

    def open(self, notebook: str, mode: str = "doc") -> None:
        """Open a notebook and wait until its kernel is connected and idle."""
        self.page.goto(self.server.url(notebook, mode))
        expect(self.notebook).to_be_visible()
        self._wait_until_settled()

    def run_all(self) -> None:
        """Run > Run All Cells; wait until no code cell waits and the kernel is idle; fails when a cell raised."""
        self.start_all()
        expect(self.notebook.get_by_text("[*]:")).to_have_count(0)
        self.wait_until_idle()
        self.expect_no_error_output()

    def start_all(self) -> None:
        """Run > Run All Cells; wait only until the first cell has been taken."""
        self._menu("Run", "Run All Cells")
        self._expect_taken(0)

    def run_cell(self, code_cell: int) -> None:
        """Click into a code cell and press Shift+Enter."""
        self.press_run(code_cell)
        self._expect_taken(code_cell)

    def press_run(self, code_cell: int) -> None:
        """As `run_cell`, without a look at whether the kernel takes it."""
        self.code_cells.nth(code_cell).locator(".cm-content").click()
        self.page.keyboard.press("Shift+Enter")

    def restart_kernel(self) -> None:
        """Kernel > Restart Kernel…, confirmed; wait until the new kernel is idle."""
        self._menu("Kernel", "Restart Kernel…")
        self.page.get_by_role("button", name="Confirm Kernel Restart").click()
        self._wait_until_settled()

    def choose_theme(self, name: str) -> None:
        """Settings > Theme, in the whole JupyterLab (mode "lab")."""
        self.page.get_by_role("menubar").get_by_role("menuitem", name="Settings", exact=True).click()
        # A submenu's role has no name in JupyterLab 4.6.6.
        for label in ("Theme", name):
            self.page.locator(".lm-Menu-itemLabel").get_by_text(label, exact=True).click()
        expect(self.page.locator("body")).to_have_attribute("data-jp-theme-name", name)

    def wait_until_idle(self) -> None:
        # The toolbar's indicator says "idle" while there is no kernel yet (JupyterLab 4.6.6); the status bar does not.
        expect(self._status).to_contain_text("| Idle")

    def expect_no_error_output(self) -> None:
        expect_no_traceback(self.notebook)

    def _expect_taken(self, code_cell: int) -> None:
        expect(self.code_cells.nth(code_cell).locator(".jp-InputPrompt")).not_to_have_text("[ ]:")

    def _wait_until_settled(self) -> None:
        """Wait until JupyterLab says "Idle" and keeps to it.

        It sometimes connects to the kernel a second time, and until then keys are lost.
        """
        give_up = time.monotonic() + PATIENCE_S
        idle = 0
        while idle < SETTLED_LOOKS:
            if time.monotonic() > give_up:
                raise AssertionError(f"The kernel's connection did not settle: {self._status.inner_text()}")
            self.page.wait_for_timeout(300)
            idle = idle + 1 if "| Idle" in self._status.inner_text() else 0

    def _menu(self, menu: str, item: str) -> None:
        self.page.get_by_role("menubar").get_by_role("menuitem", name=menu, exact=True).click()
        self.page.get_by_role("menu").get_by_role("menuitem", name=item, exact=True).click()
