"""What a person waits for, in real hosts and a real Chromium."""

from __future__ import annotations

import base64
import shutil
import statistics
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from time import perf_counter
from typing import Any

from playwright.sync_api import expect

from tests.browser.chromium import WHOLE, chromium
from tests.browser.lab_page import LabPage
from tests.browser.models import MOONS
from tests.browser.network_page import NetworkPage
from tests.browser.sample_notebooks import write_notebook
from tests.browser.servers import demo_server, jupyterlab_server
from tests.browser.voila_page import VoilaPage

from .result import Result

ROUNDS = 5
NOTEBOOKS = Path(__file__).parents[1] / "notebooks"

# Clicks, then waits in the page until a test of its text holds; the time does not hold Playwright's own round trips.
ACT_AND_WAIT = """
async ([act, pattern]) => {
  const root = document.querySelector(".nv");
  const isThere = () => new RegExp(pattern).test(root.querySelector("header").textContent);
  const slider = () => [...document.querySelectorAll(".widget-hbox")]
    .find((row) => row.textContent.startsWith("Learning rate")).querySelector(".noUi-handle");
  const start = performance.now();
  if (act === "click") root.querySelector("[aria-label^='Pause training']").click();
  else slider().dispatchEvent(new KeyboardEvent("keydown", { key: act, bubbles: true, cancelable: true }));
  await new Promise((done, fail) => {
    const look = () => {
      if (isThere()) done();
      else if (performance.now() - start > 10000) fail(new Error(`no ${pattern} in 10 s`));
      else requestAnimationFrame(look);
    };
    look();
  });
  return performance.now() - start;
}
"""

# A key on the time slider, until another step has been drawn; the training goes on.
SCRUB = """
async (key) => {
  const slider = document.querySelector(".nv [role=slider][aria-label='Training time']");
  const before = slider.getAttribute("aria-valuenow");
  const start = performance.now();
  slider.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
  do {
    if (performance.now() - start > 10000) throw new Error("no other step in 10 s");
    await new Promise(requestAnimationFrame);
  } while (slider.getAttribute("aria-valuenow") === before);
  return performance.now() - start;
}
"""

INITIALIZE = """
async ([code, state]) => {
  const bytes = (text) => new DataView(Uint8Array.from(atob(text), (c) => c.charCodeAt(0)).buffer);
  const values = { ...state, frame: bytes(state.frame), scenery: bytes(state.scenery) };
  const model = { get: (key) => values[key], set() {}, save_changes() {}, send() {}, on() {}, off() {} };
  const module = await import(URL.createObjectURL(new Blob([code], { type: "text/javascript" })));
  const widget = typeof module.default === "function" ? await module.default() : module.default;
  const start = performance.now();
  await widget.initialize({ model, signal: new AbortController().signal });
  return performance.now() - start;
}
"""


# Asked anew at each frame of the page: a test's patience asks at 0.1, 0.35, 0.85 s, and would be measured with it.
IS_DRAWN = "() => document.querySelector('.nv canvas') !== null && document.querySelector('.nv .nv-pill') !== null"


def wait_until_drawn(page: Any) -> None:
    """Until the first network of a page has its picture and its state; then the frame that shows them is over."""
    page.wait_for_function(IS_DRAWN, polling="raf")
    page.evaluate("() => new Promise(requestAnimationFrame)")


def measure() -> Iterator[Result]:
    with tempfile.TemporaryDirectory() as folder, chromium(*WHOLE) as browser:
        root = Path(folder)
        for name in ("playground", "digits"):
            shutil.copy(NOTEBOOKS / f"{name}.ipynb", root)
        yield from _demo_page(root, browser)
        yield from _lab_cell(root, browser)
        yield _initialize(browser)


def _demo_page(root: Path, browser: Any) -> Iterator[Result]:
    opened, paused, steered, scrubbed = [], [], [], []
    with demo_server(root / "playground.ipynb", root / "voila", None) as server:
        for number in range(ROUNDS):
            page = browser.new_page(viewport={"width": 1400, "height": 900})
            server.wait_until_preheated(number + 1)
            start_s = perf_counter()
            page.goto(server.url())
            wait_until_drawn(page)
            opened.append(perf_counter() - start_s)
            network = NetworkPage(page)
            network.train()
            network.wait_until_step_after(50)
            for key in ("ArrowRight", "ArrowLeft"):
                pattern = "Adam 0\\.011" if key == "ArrowRight" else "Adam 0\\.01(?!\\d)"
                steered.append(page.evaluate(ACT_AND_WAIT, [key, pattern]))
            network.wait_until_step_after(400)
            scrubbed += [
                page.evaluate(SCRUB, key) for key in ("ArrowLeft", "ArrowLeft", "Home", "ArrowRight", "PageUp")
            ]
            network.go_live_button.click()
            paused.append(page.evaluate(ACT_AND_WAIT, ["click", "Paused"]))
            VoilaPage(page, server).leave()
            page.close()
    yield Result("Voilà demo page, preheated: opened to drawn", statistics.median(opened), "s", 3.0)
    yield Result("Pause: clicked to paused, while training", statistics.median(paused), "ms", 150)
    yield Result("Scrub: key to another step, while training", statistics.median(scrubbed), "ms", 100)
    yield Result("Slider: moved to applied value on the screen", statistics.median(steered), "ms", 300)


def _lab_cell(root: Path, browser: Any) -> Iterator[Result]:
    cell = "trainer = nv.Trainer(model, data)\nview = nv.NetworkView(trainer)\nview"
    yield Result("JupyterLab cell: run to drawn", seconds_to_drawn(root, browser, MOONS, cell), "s", 1.0)


def seconds_to_drawn(root: Path, browser: Any, before: str, cell: str) -> float:
    """The median over some notebooks of JupyterLab: from running their second cell to its picture."""
    seconds = []
    with jupyterlab_server(root, root / "lab") as server:
        for number in range(ROUNDS):
            write_notebook(root / f"cell{number}.ipynb", [before, cell])
            page = browser.new_page(viewport={"width": 1400, "height": 900})
            lab = LabPage(page, server)
            lab.open(f"cell{number}.ipynb")
            lab.run_cell(0)
            expect(lab.code_cells.first.locator(".jp-InputPrompt")).to_have_text("[1]:", timeout=120_000)
            lab.wait_until_idle()
            start_s = perf_counter()
            lab.press_run(1)
            wait_until_drawn(page)
            seconds.append(perf_counter() - start_s)
            server.end_kernels()
            page.close()
    return statistics.median(seconds)


def _initialize(browser: Any) -> Result:
    import nnvis_widget as nv

    from .training import build

    view = nv.NetworkView(nv.Trainer(build(), nv.datasets.digits(size=28)))
    state = view.get_state()
    told = {key: base64.b64encode(state[key]).decode() for key in ("frame", "scenery")}
    told |= {key: state[key] for key in ("graph", "selection", "step", "sample", "edges", "units", "height")}
    page = browser.new_page()
    run: Callable[[], float] = lambda: page.evaluate(INITIALIZE, [state["_esm"], told])  # noqa: E731
    milliseconds = [run() for _ in range(ROUNDS)]
    page.close()
    return Result("initialize of the front end", max(milliseconds), "ms", 100)
