from __future__ import annotations

from urllib.parse import urlsplit

from playwright.sync_api import ConsoleMessage, Error, Page, Request

# What Voilà 0.5.13 asks of the network by itself, on a page without our widget, and in vain when offline.
HOST_REQUESTS = ("@fortawesome/fontawesome-free", "/mathjax/")


class PageLog:
    """What a page complained about, and which other machines it asked, since it was opened."""

    def __init__(self, page: Page) -> None:
        self.errors: list[str] = []
        self.outside: list[str] = []
        page.on("console", self._on_console)
        page.on("pageerror", self._on_page_error)
        page.on("request", self._on_request)

    def _on_console(self, message: ConsoleMessage) -> None:
        source = message.location.get("url", "")
        if message.type == "error" and not _is_of_host(source):
            self.errors.append(f"{message.text} ({source})")

    def _on_page_error(self, error: Error) -> None:
        self.errors.append(error.stack or error.message)

    def _on_request(self, request: Request) -> None:
        if urlsplit(request.url).hostname not in (None, "127.0.0.1", "localhost") and not _is_of_host(request.url):
            self.outside.append(request.url)


def _is_of_host(url: str) -> bool:
    return any(part in url for part in HOST_REQUESTS)
