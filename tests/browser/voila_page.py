from __future__ import annotations

import json

from playwright.sync_api import Page, expect

from .outputs import expect_no_traceback
from .processes import wait_until
from .servers import VoilaServer


class VoilaPage:
    """A notebook opened as a Voilà page; all its cells have run before it shows anything."""

    def __init__(self, page: Page, server: VoilaServer) -> None:
        self.page = page
        self.server = server

    @property
    def kernel_id(self) -> str:
        config = json.loads(self.page.locator("#jupyter-config-data").first.inner_text() or "{}")
        kernel_id: str = config["kernelId"]
        return kernel_id

    def open(self, notebook: str | None = None, theme: str | None = None) -> None:
        """Open a notebook and wait until Voilà has taken its spinner away; fails when a cell raised."""
        self.page.goto(self.server.url(notebook, theme))
        expect(self.page.locator("#loading")).to_be_hidden()
        expect_no_traceback(self.page)
        wait_until(
            lambda: f"Connecting to kernel {self.kernel_id}" in self.server.log.read_text(errors="replace"),
            "the page's connection to its kernel",
        )

    def leave(self) -> None:
        """Go to an empty page and wait until Voilà has ended the kernel."""
        kernel_id = self.kernel_id
        self.page.goto("about:blank")
        wait_until(
            lambda: f"Kernel shutdown: {kernel_id}" in self.server.log.read_text(errors="replace"),
            "the end of the kernel of a page that was left",
        )
