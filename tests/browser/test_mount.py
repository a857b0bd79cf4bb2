"""Does a view that is shown and taken away many times leave nothing behind?"""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page

from ..limits import size
from .sample_views import moons_state
from .widget_page import WidgetPage

TIMES = size(60, 200)
# V8 keeps compiling for the first ones: measured over 500 mounts, what is kept for each falls from 3.4 kB to 0.5.
WARM_UP = size(60, 300)
MOST_KEPT = size(8_000, 1_500)  # a view that is kept takes forty times that

# Counts what timers are set and neither run out nor cleared.
COUNT_TIMERS = """
const active = new Set();
globalThis.activeTimers = () => active.size;
const { setTimeout: later, setInterval: every, clearTimeout: forget, clearInterval: end } = globalThis;
globalThis.setTimeout = (run, ...rest) => {
  const id = later((...args) => { active.delete(id); run(...args); }, ...rest);
  active.add(id);
  return id;
};
globalThis.setInterval = (...args) => { const id = every(...args); active.add(id); return id; };
globalThis.clearTimeout = (id) => { active.delete(id); forget(id); };
globalThis.clearInterval = (id) => { active.delete(id); end(id); };
"""

CYCLES = """
async (times) => {
  const host = document.getElementById("host");
  for (let i = 0; i < times; i++) {
    await stand.mount(host);
    await new Promise(requestAnimationFrame);
    await new Promise(requestAnimationFrame);
    stand.unmount(host);
    stand.asked.length = 0;
  }
}
"""


@pytest.fixture
def widget(page: Page) -> WidgetPage:
    page.add_init_script(COUNT_TIMERS)
    page.goto("about:blank")
    page.evaluate(COUNT_TIMERS)
    widget = WidgetPage(page)
    widget.open(moons_state())
    widget.network.wait_until_drawn()
    widget.unmount()
    return widget


def left_behind(page: Page) -> dict[str, float]:
    session = page.context.new_cdp_session(page)
    session.send("Performance.enable")
    for _ in range(3):
        session.send("HeapProfiler.collectGarbage")
    metrics = {metric["name"]: metric["value"] for metric in session.send("Performance.getMetrics")["metrics"]}
    counts: dict[str, Any] = {name: metrics[name] for name in ("Nodes", "JSEventListeners", "JSHeapUsedSize")}
    counts["timers"] = page.evaluate("() => activeTimers()")
    counts["model listeners"] = page.evaluate("() => stand.listenerCount()")
    session.detach()
    return counts


def test_many_mounts_leave_nothing_behind(widget: WidgetPage) -> None:
    widget.page.evaluate(CYCLES, WARM_UP)
    before = left_behind(widget.page)
    widget.page.evaluate(CYCLES, TIMES)
    after = left_behind(widget.page)
    for name in ("Nodes", "JSEventListeners", "timers", "model listeners"):
        assert after[name] <= before[name] + 2, (name, before, after)
    grown_per_view = (after["JSHeapUsedSize"] - before["JSHeapUsedSize"]) / TIMES
    assert grown_per_view < MOST_KEPT, (before, after)
