from __future__ import annotations

from playwright.sync_api import ConsoleMessage, Error, Page

# Console errors of the hosts themselves, seen with JupyterLab 4.6.6 and Voilà 0.5.13 on a page without our widget.
HOST_NOISE: tuple[str, ...] = ()


class PageLog:
    """What a page complained about since it was opened."""

    def __init__(self, page: Page) -> None:
        self.console: list[str] = []
        self.uncaught: list[str] = []
        page.on("console", self._on_console)
        page.on("pageerror", self._on_page_error)

    @property
    def errors(self) -> list[str]:
        """Uncaught exceptions and console errors that are not the host's own."""
        return self.uncaught + [text for text in self.console if not any(noise in text for noise in HOST_NOISE)]

    def _on_console(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.console.append(f"{message.text} ({message.location.get('url', '')})")

    def _on_page_error(self, error: Error) -> None:
        self.uncaught.append(error.stack or error.message)
