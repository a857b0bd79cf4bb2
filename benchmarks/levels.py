"""What it takes to see a deep network, to open a group of it, and what is sent of it."""

from __future__ import annotations

import json
import statistics
from collections.abc import Iterator
from time import perf_counter, process_time
from typing import Any
from unittest.mock import patch

import keras

import nnvis_widget as nv
from nnvis_widget.keras_adapter.read_graph import read_graph
from tests.browser.chromium import chromium
from tests.browser.joined_page import JoinedPage
from tests.browser.kernel_stand_in import kernel_stand_in

from .result import Result

ROUNDS = 5
CARDS = "document.querySelectorAll('.nv-level-card').length > 3"
PRESS = """
async ([name, isOpened]) => {
  const row = () => [...document.querySelectorAll(".nv-level h3")].some((trail) => trail.textContent.endsWith(name));
  const card = [...document.querySelectorAll(".nv-level-card")].find((one) => one.firstChild.textContent === name);
  const start = performance.now();
  card.click();
  while (row() !== isOpened) await new Promise(requestAnimationFrame);
  return performance.now() - start;
}
"""


def measure() -> Iterator[Result]:
    model = keras.applications.NASNetLarge(weights=None)
    read_graph(model)  # what Keras computes once of a model
    costs_s = [_cpu_s(lambda: read_graph(model)) for _ in range(ROUNDS)]
    yield Result("CPU time to read the graph of NASNetLarge", min(costs_s), "s", 0.15)
    with kernel_stand_in() as kernel, patch("comm.create_comm", kernel.create_comm), chromium() as browser:
        page = browser.new_page(viewport={"width": 1400, "height": 900})
        took_s, cpu_s = [], []
        for _ in range(ROUNDS):
            joined = JoinedPage(page, kernel)
            start_s, before_s = perf_counter(), process_time()
            view = nv.NetworkView(model)
            joined.put(view, width=1400)
            page.wait_for_function(CARDS)
            took_s.append(perf_counter() - start_s)
            cpu_s.append(process_time() - before_s)
            joined.close()
        note = f"{min(cpu_s):.2f} s CPU in the kernel"
        yield Result("NetworkView(NASNetLarge) to cards on the page", statistics.median(took_s), "s", 0.7, note)
        yield from sizes(model)
        joined = JoinedPage(page, kernel)
        joined.put(nv.NetworkView(keras.applications.ResNet50(weights=None)), width=1400)
        page.wait_for_function(CARDS)
        names = ("conv2", "conv3", "conv4", "conv5")
        opened_ms = []
        for name in names * 3:
            opened_ms.append(page.evaluate(PRESS, [name, True]))
            page.evaluate(PRESS, [name, False])
        note = f"most {max(opened_ms):.0f}"
        yield Result("Opening a stage of ResNet50, click to its row", statistics.median(opened_ms), "ms", 100, note)
        joined.close()


def sizes(model: Any) -> Iterator[Result]:
    """What a page is told of NASNetLarge: its list of layers, and the graph with each group opened, alone and all."""
    view = nv.NetworkView(model)
    yield Result("List of the layers of NASNetLarge", _kb(view.index), "kB", 200, f"{len(view.index['layers'])} layers")
    paths = [group.path for group in view.source.structure.groups]
    alone_kb = []
    for path in paths:
        view.opened = (path,)
        alone_kb.append(_kb(view.graph))
    yield Result("Largest graph with one group open", max(alone_kb), "kB", 200, f"{len(paths)} groups")
    view.opened = paths
    yield Result("Graph with every group open", _kb(view.graph), "kB", 200, f"{len(view.graph['layers'])} layers")
    view.close()


def _kb(told: Any) -> float:
    return len(json.dumps(told, ensure_ascii=False)) / 1e3


def _cpu_s(act: Any) -> float:
    before_s = process_time()
    act()
    return process_time() - before_s
