from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, sync_playwright

# Without the background-networking flags Chromium looks up hosts of its own at every start.
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


# A person's, with the whole of its windows, and the same without them: a page of JupyterLab takes it 40 % less.
WHOLE = ("chromium", "chromium-browser", "google-chrome")
SHELL = "chromium-headless-shell"


@contextmanager
def chromium(*names: str) -> Iterator[Browser]:
    """A headless Chromium, a fresh profile: NNVIS_CHROMIUM, else the first of `names`, else any, or Playwright's."""
    with sync_playwright() as playwright:
        path = find_chromium(*names, SHELL, *WHOLE)
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        try:
            yield browser
        finally:
            browser.close()


def find_chromium(*names: str) -> str | None:
    found = (shutil.which(name) for name in (os.environ.get("NNVIS_CHROMIUM"), *names) if name)
    return next((path for path in found if path is not None), None)
