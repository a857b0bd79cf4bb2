"""The panels in a real page: Voilà and Chromium, with a view and five panels on the screen at once."""

from __future__ import annotations

import json
import statistics
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, expect

from tests.browser.chromium import WHOLE, chromium
from tests.browser.sample_notebooks import write_notebook
from tests.browser.servers import voila_server
from tests.browser.voila_page import VoilaPage

from .result import Result

ROOT = Path(__file__).parents[1]
CELL = f"""
import sys
sys.path.insert(0, {str(ROOT)!r})
from benchmarks.panels_notebook import PanelsPage
page = PanelsPage()
page.widget
"""
TIMEOUT_MS = 300_000

# Waits without looking: Playwright's own waiting reads the whole page every 100 ms, which is work of the same thread.
PRESS = """
(name) => new Promise((done) => {
  const label = document.querySelector(".nnvis-told");
  const look = () => {
    if (!label.textContent.startsWith(`${name} `)) return;
    observer.disconnect();
    done(label.textContent);
  };
  const observer = new MutationObserver(look);
  observer.observe(label, { childList: true, subtree: true, characterData: true });
  [...document.querySelectorAll("button")].find((button) => button.textContent === name).click();
})
"""
NAMES = ("heat map", "activations", "activation function", "distribution", "curves")


def measure_page() -> Iterator[Result]:
    with tempfile.TemporaryDirectory() as folder, chromium(*WHOLE) as browser:
        root = Path(folder)
        (root / "state").mkdir()
        write_notebook(root / "panels.ipynb", [CELL])
        with voila_server(root, root / "state") as server:
            page = browser.new_page(viewport={"width": 1400, "height": 1900})
            opened = VoilaPage(page, server)
            opened.open("panels.ipynb", timeout_ms=TIMEOUT_MS)
            expect(page.locator(".nnvis-panel")).to_have_count(len(NAMES))
            yield from _updates(page)
            yield from _delay(page)
            yield _compare(page)
            opened.leave()


def _updates(page: Page) -> Iterator[Result]:
    told, _ = press(page, "Make heat map")
    note = "wall time there and back, with two animation frames"
    yield Result("784 × 64 heat map: made until painted", middle(told["created"]), "ms", note=note)
    yield _update(page, "784 × 64 heat map")
    press(page, "Make long curves")
    yield _update(page, "Curves of 100,000 steps", 100)


def _update(page: Page, name: str, limit: float | None = None) -> Result:
    told, worked_ms = press(page, "Update")
    kernel_ms, page_ms = middle(told["kernel"]), worked_ms / len(told["painted"])
    note = f"kernel {kernel_ms:.0f}, page {page_ms:.0f}; {middle(told['painted']):.0f} ms until painted and answered"
    return Result(f"{name}: an update, CPU of kernel and page", kernel_ms + page_ms, "ms", limit, note)


def _delay(page: Page) -> Iterator[Result]:
    told, _ = press(page, "Delay")
    delays = told["delays"]
    note = ", ".join(f"{name} {middle(values):.0f}" for name, values in zip(NAMES, delays, strict=True))
    every = [value for values in delays for value in values]
    yield Result("A step until a panel has painted it, 3 snapshots a second", middle(every), "ms", 500, note)
    yield Result("Most drawings on their way to the page at once", told["backlog"], "drawings", 1)


def _compare(page: Page) -> Result:
    told, _ = press(page, "Compare")
    ratio = statistics.median(watched / fit for fit, watched in told["rounds"])
    note = f"{sum(told['drawings'])} drawings; the browser works on the same cores"
    return Result("Trainer with a view and 5 panels in Voilà / plain fit", ratio, "×", 0.7, note)


def press(page: Page, name: str) -> tuple[dict[str, Any], float]:
    """The numbers that a button gives, and the milliseconds of CPU that the page's main thread has spent on them."""
    expect(page.locator(".nnvis-told")).to_be_attached(timeout=TIMEOUT_MS)
    session = page.context.new_cdp_session(page)
    session.send("Performance.enable", {"timeDomain": "threadTicks"})
    before_s = _worked_s(session)
    text = page.evaluate(PRESS, name)
    worked_ms = (_worked_s(session) - before_s) * 1e3
    session.detach()
    told: dict[str, Any] = json.loads(text.partition(": ")[2])
    if "error" in told:
        raise RuntimeError(f"{name}: {told['error']}")
    return told, worked_ms


def _worked_s(session: Any) -> float:
    metrics = session.send("Performance.getMetrics")["metrics"]
    return float(next(metric["value"] for metric in metrics if metric["name"] == "TaskDuration"))


def middle(seconds: list[float]) -> float:
    """The median, in ms."""
    return statistics.median(seconds) * 1e3
