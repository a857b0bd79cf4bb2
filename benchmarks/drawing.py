"""What drawing costs in a software-rendered Chromium: the built front end on a bare page, frames of real models."""

from __future__ import annotations

import statistics
from collections.abc import Iterator
from time import sleep
from typing import Any

from tests.browser.chromium import WHOLE, chromium
from tests.browser.widget_page import WidgetPage, text_of

from .result import Result

FRAMES = 8
ROUNDS = 30
MOUNTS = 200
IDLE_S = 5.0

# The work of a frame, or of an event, without the wait for the display: reading it, every animation frame that it
# causes, layout, and reading one pixel of each canvas back within the animation frame that drew it. That makes Chromium
# rasterise it there: in the next one it would have happened already, unmeasured. Two animation frames pass for each.
WORK = """
async ([kind, texts, rounds]) => {
  const frames = texts.map((text) => stand.bytes(text));
  const wait = globalThis.requestAnimationFrame.bind(globalThis);
  let spent = 0;
  const spend = (work) => {
    const start = performance.now();
    work();
    spent += performance.now() - start;
  };
  const finish = () => {
    document.querySelector(".nv").getBoundingClientRect();
    for (const canvas of document.querySelectorAll(".nv canvas")) {
      if (canvas.width > 0) canvas.getContext("2d")?.getImageData(0, 0, 1, 1);
    }
  };
  globalThis.requestAnimationFrame = (draw) => wait((now) => spend(() => {
    draw(now);
    finish();
  }));
  const picture = document.querySelector(".nnvis-picture");
  const box = picture.getBoundingClientRect();
  const wheel = (options) => picture.dispatchEvent(new WheelEvent("wheel", {
    bubbles: true, cancelable: true, clientX: box.x + 0.45 * box.width, clientY: box.y + 0.5 * box.height, ...options,
  }));
  const there = (i) => (i % 16 < 8 ? 1 : -1);
  const acts = {
    frame: (i) => stand.push(frames[i % frames.length]),
    zoom: (i) => wheel({ ctrlKey: true, deltaY: -10 * there(i) }),
    pan: (i) => wheel({ shiftKey: true, deltaX: 9 * there(i) }),
  };
  const settle = (pause_ms) => new Promise((done) => wait(() => wait(() => setTimeout(done, pause_ms))));
  for (let i = 0; kind === "pan" && i < 4; i++) {
    acts.zoom(0);
    await settle(300);
  }
  const times = [];
  for (let i = 0; i < rounds; i++) {
    spent = 0;
    spend(() => acts[kind](i));
    await new Promise((done) => wait(() => wait(() => {
      spend(finish);
      times.push(spent);
      done();
    })));
    await new Promise((done) => setTimeout(done, 20));
  }
  globalThis.requestAnimationFrame = wait;
  return times;
}
"""

# From the event to the first animation frame after the DOM or a canvas has changed as asked.
HOVER = """
async ([x, y]) => {
  const target = document.elementFromPoint(x, y);
  const start = performance.now();
  const at = { bubbles: true, clientX: x, clientY: y, pointerType: "mouse" };
  target.dispatchEvent(new PointerEvent("pointermove", at));
  while (document.querySelector(".nv-canvas svg rect.hover") === null) {
    if (performance.now() - start > 5000) throw new Error("nothing was highlighted in 5 s");
    await new Promise(requestAnimationFrame);
  }
  return performance.now() - start;
}
"""

SELECT = """
async ([x, y]) => {
  const heading = () => document.querySelector(".nv [aria-label=Inspector]")?.textContent;
  const before = heading();
  const target = document.elementFromPoint(x, y);
  const start = performance.now();
  const at = { bubbles: true, clientX: x, clientY: y, pointerType: "mouse", button: 0, pointerId: 1 };
  for (const type of ["pointerdown", "pointerup", "click"]) target.dispatchEvent(new PointerEvent(type, at));
  while (heading() === before) {
    if (performance.now() - start > 5000) throw new Error("the inspector did not change in 5 s");
    await new Promise(requestAnimationFrame);
  }
  return performance.now() - start;
}
"""


def measure() -> Iterator[Result]:
    with chromium(*WHOLE) as browser:
        for name, build, limit in (
            ("784-64-10", digits, 33.0),
            ("playground 6 layers × 8 units, fields", lambda: playground(8), 30.0),
            ("playground 6 layers × 32 units", lambda: playground(32), 50.0),
        ):
            page = browser.new_page(viewport={"width": 1400, "height": 900})
            state, frames = build()
            widget = WidgetPage(page)
            widget.open(state)
            widget.network.wait_until_drawn()
            times = page.evaluate(WORK, ["frame", [text_of(frame) for frame in frames], ROUNDS])
            yield Result(f"New frame to pixels: {name}", statistics.median(times), "ms", limit)
            page.close()
        for name, build in (
            ("784-64-10", digits),
            ("784-64-10, all edges", lambda: digits("all")),
            ("784-300-1500", wide),
        ):
            yield from _moves(browser, name, build()[0])
        page = browser.new_page(viewport={"width": 1400, "height": 900})
        yield from _pointer(page)
        yield _out_of_sight(page)
        page.close()


def _moves(browser: Any, name: str, state: dict[str, Any]) -> Iterator[Result]:
    for kind, title in (("zoom", "Zooming"), ("pan", "Panning")):
        page = browser.new_page(viewport={"width": 1400, "height": 900})
        widget = WidgetPage(page)
        widget.open(state, width=1400)
        widget.network.wait_until_drawn()
        times = page.evaluate(WORK, [kind, [], ROUNDS])
        note = f"slowest {max(times):.0f} ms: drawn anew"
        yield Result(f"{title}, a frame: {name}", statistics.median(times), "ms", 33.0, note)
        page.close()


def _pointer(page: Any) -> Iterator[Result]:
    state, _ = playground(8)
    widget = WidgetPage(page)
    widget.open(state)
    widget.network.wait_until_drawn()
    hovers, selects = [], []
    for _ in range(FRAMES):
        for unit in (1, 3):
            x, y = _unit_at(widget, unit)
            page.mouse.move(x, y)
            page.mouse.move(2, 2)
            page.locator(".nv-canvas svg rect.hover").wait_for(state="detached")
            hovers.append(page.evaluate(HOVER, [x, y]))
            selects.append(page.evaluate(SELECT, [x, y]))
    yield Result("Hover to highlight", statistics.median(hovers), "ms", 50)
    yield Result("Select to inspector", statistics.median(selects), "ms", 150)


def _unit_at(widget: WidgetPage, unit: int) -> tuple[float, float]:
    """The middle of a drawn unit of the third layer in px of the page, from the ring round it when it is chosen."""
    page = widget.page
    layer = page.evaluate("() => stand.model.get('graph').layers[3].id")
    page.evaluate("(chosen) => stand.model.set('selection', chosen)", {"layer": layer, "unit": unit})
    ring = page.locator(".nv-canvas svg rect.selection")
    ring.wait_for(state="attached")
    page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
    box = ring.bounding_box()
    assert box is not None
    page.evaluate("() => stand.model.set('selection', {})")
    ring.wait_for(state="detached")
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def _out_of_sight(page: Any) -> Result:
    state, _ = playground(8)
    widget = WidgetPage(page)
    widget.open(state)
    widget.network.wait_until_drawn()
    page.evaluate("() => { document.getElementById('host').style.marginTop = '3000px'; }")
    page.wait_for_function("() => stand.asked.some((ask) => ask.op === 'set_visible' && !ask.args.is_visible)")
    session = page.context.new_cdp_session(page)
    session.send("Performance.enable")
    asked = len(widget.asked())
    before = _task_s(session)
    sleep(IDLE_S)
    share = 100 * (_task_s(session) - before) / IDLE_S
    note = f"{len(widget.asked()) - asked} operations asked in {IDLE_S:g} s"
    return Result("A view out of sight: share of a core in its page", share, "%", 1.0, note)


def _task_s(session: Any) -> float:
    metrics = session.send("Performance.getMetrics")["metrics"]
    return next(float(metric["value"]) for metric in metrics if metric["name"] == "TaskDuration")


def digits(detail: str = "bundles") -> tuple[dict[str, Any], list[bytes]]:
    import nnvis_widget as nv

    from .training import build

    return _states(nv.Trainer(build(), nv.datasets.digits(size=28)), detail)


def wide() -> tuple[dict[str, Any], list[bytes]]:
    import keras

    import nnvis_widget as nv

    keras.utils.set_random_seed(1)
    layers = [keras.layers.Dense(300, "relu"), keras.layers.Dense(1500, "softmax")]
    model = keras.Sequential([keras.Input((784,)), *layers])
    model.compile("adam", "sparse_categorical_crossentropy")
    return _states(nv.Trainer(model, nv.datasets.digits(size=28)))


def playground(units: int) -> tuple[dict[str, Any], list[bytes]]:
    import keras

    import nnvis_widget as nv

    keras.utils.set_random_seed(1)
    hidden = [keras.layers.Dense(units, "tanh") for _ in range(6)]
    model = keras.Sequential([keras.Input((2,)), *hidden, keras.layers.Dense(1, "sigmoid")])
    model.compile("adam", "binary_crossentropy", metrics=["accuracy"])
    return _states(nv.Trainer(model, nv.datasets.spiral(seed=1)))


def _states(trainer: Any, detail: str = "bundles") -> tuple[dict[str, Any], list[bytes]]:
    """The state a page opens with, and the frames of some later steps."""
    import nnvis_widget as nv

    view = nv.NetworkView(trainer, detail=detail)
    frames = []
    for _ in range(FRAMES):
        trainer.run_steps(20)
        trainer.wait()
        frames.append(view.get_state()["frame"])
    return view.get_state(), frames
