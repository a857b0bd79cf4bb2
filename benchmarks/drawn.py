"""How long a drawn digit takes: from the pointer on the paper to the painted picture of what a network makes of it."""

from __future__ import annotations

import statistics
from collections.abc import Iterator
from time import monotonic, sleep, time
from typing import Any
from unittest.mock import patch

import nnvis_widget as nv
from nnvis_widget.core.drawings import is_drawn
from nnvis_widget.stream.frame import decode_frame
from tests.browser.chromium import chromium
from tests.browser.joined_page import JoinedPage
from tests.browser.kernel_stand_in import kernel_stand_in

from .result import Result
from .training import build

STROKES = 20
AGAIN = range(STROKES, 2 * STROKES)
PATIENCE_S = 30
NOTE_PRESS = """() => addEventListener("pointerdown", () => {
  globalThis.pressed = (performance.timeOrigin + performance.now()) / 1000;
}, true)"""


def measure() -> Iterator[Result]:
    with kernel_stand_in() as kernel, patch("comm.create_comm", kernel.create_comm), chromium() as browser:
        page = browser.new_page(viewport={"width": 1400, "height": 1400})
        trainer = nv.Trainer(build(), nv.datasets.digits(size=28), batch_size=32)
        trainer.run_epochs(1)
        trainer.wait()
        view = Noting(trainer, height=500)
        pad = nv.DigitPad(view)
        joined = JoinedPage(page, kernel)
        joined.put(view, pad, width=1100)
        page.evaluate(NOTE_PRESS)
        for name, start, places in (("at rest", None, range(STROKES)), ("while it trains", trainer.start, AGAIN)):
            if start is not None:
                start()
            took = [1e3 * stroke(page, view, place) for place in places]
            label = f"Drawn digit to painted prediction, 784-64-10, {name}"
            yield Result(label, statistics.median(took), "ms", None if start else 100, f"most {max(took):.0f}")
        trainer.stop()
        joined.close()


class Noting(nv.NetworkView):
    """A view that notes when a page has painted a frame of which sample."""

    def __init__(self, *args: Any, **traits: Any) -> None:
        self.shown: dict[int, int] = {}
        self.painted: dict[int, float] = {}
        super().__init__(*args, **traits)
        self.on_msg(self._note)

    def send(self, content: Any, buffers: Any = None) -> None:
        if content["kind"] == "frame":
            self.shown[content["seq"]] = decode_frame(buffers[0]).header["sample"]
        super().send(content, buffers)

    def _note(self, _: Any, content: Any, __: Any) -> None:
        if content.get("op") == "drawn":
            self.painted.setdefault(self.shown.get(content["args"]["seq"], -1), time())


def stroke(page: Any, view: Noting, place: int) -> float:
    """Seconds from the pointer's press, each on another place of the paper, to the picture."""
    box = page.get_by_role("application").bounding_box()
    page.mouse.move(box["x"] + 30 + 60 * (place % 5), box["y"] + 30 + 35 * (place // 5))
    before = view.sample
    page.mouse.down()
    end_s = monotonic() + PATIENCE_S
    while not (is_drawn(view.sample) and view.sample != before and view.sample in view.painted):
        if monotonic() > end_s:
            raise TimeoutError("Expected a picture of the drawing, none came.")
        sleep(0.001)
    page.mouse.up()
    sleep(0.3)
    pressed: float = page.evaluate("() => pressed")
    return view.painted[before + 1 if is_drawn(before) else view.sample] - pressed
