"""A lesson: from a page opened to its first live picture, and what moves when Train is pressed."""

from __future__ import annotations

import shutil
import statistics
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from time import perf_counter
from typing import Any

from playwright.sync_api import expect

from tests.browser.chromium import WHOLE, chromium
from tests.browser.network_page import NetworkPage
from tests.browser.servers import demo_server
from tests.browser.voila_page import VoilaPage

from .browser import ROUNDS, seconds_to_drawn, wait_until_drawn
from .result import Result

NOTEBOOKS = Path(__file__).parents[1] / "notebooks"
SIZE = {"width": 1400, "height": 900}

COUNT_SHIFTS = """() => {
  globalThis.shifted = 0;
  new PerformanceObserver((list) => { for (const entry of list.getEntries()) shifted += entry.value; })
    .observe({ type: "layout-shift" });
}"""


def measure() -> Iterator[Result]:
    expect.set_options(timeout=60_000)
    with tempfile.TemporaryDirectory() as folder, chromium(*WHOLE) as browser:
        root = Path(folder)
        for name in ("dashboard", "tutorial"):
            shutil.copy(NOTEBOOKS / f"{name}.ipynb", root)
        shifts: list[float] = []
        opened = _opened(root, browser, "dashboard", lambda page: shifts.append(_shift_of_train(page)))
        yield Result("Voilà dashboard, preheated: opened to drawn", opened, "s", 3.0)
        yield Result("layout shift of the dashboard in 3 s after Train", statistics.median(shifts), "", 0.001)
        opened = _opened(root, browser, "tutorial", lambda page: None)
        yield Result("Voilà tutorial, preheated: opened to drawn", opened, "s", 5.0)
        run = seconds_to_drawn(root, browser, "import nnvis_widget as nv\nimport keras", "nv.playground()")
        yield Result("JupyterLab: nv.playground() run to drawn", run, "s", 1.0)


def _opened(root: Path, browser: Any, name: str, then: Callable[[Any], object]) -> float:
    seconds = []
    with demo_server(root / f"{name}.ipynb", root / name, None, "light") as server:
        for number in range(ROUNDS):
            page = browser.new_page(viewport=SIZE)
            server.wait_until_preheated(number + 1)
            start_s = perf_counter()
            page.goto(server.url())
            wait_until_drawn(page)
            seconds.append(perf_counter() - start_s)
            then(page)
            VoilaPage(page, server).leave()
            page.close()
    return statistics.median(seconds)


def _shift_of_train(page: Any) -> float:
    """The sum of layout shifts, without a unit: the share of the window that moved times how far."""
    page.wait_for_timeout(2_000)
    page.evaluate(COUNT_SHIFTS)
    NetworkPage(page).train()
    page.wait_for_timeout(3_000)
    shifted: float = page.evaluate("shifted")
    return shifted
