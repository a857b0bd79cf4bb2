"""What runs in the kernel behind a page with a view, five panels and buttons that measure."""

from __future__ import annotations

import json
from collections.abc import Callable
from itertools import count
from threading import Thread
from time import monotonic, perf_counter, sleep, thread_time
from typing import Any

import ipywidgets
import numpy as np

import nnvis_widget as nv

from .panels import BATCH_SIZE, build, five_panels, long_run, named

EPOCHS = 24
ROUNDS = 5
REDRAWS = 20
RATE_HZ = 3.0
WATCHED_S = 20.0
PATIENCE_S = 30.0


class PanelsPage:
    """Each button measures on a thread of its own, so that the page is heard, and writes its numbers into the label."""

    def __init__(self) -> None:
        self._data = nv.datasets.digits(size=28)
        self.trainer = nv.Trainer(named(build()), self._data.training, batch_size=BATCH_SIZE)
        self.trainer.run_steps(5)
        self.trainer.wait()
        view = nv.NetworkView(self.trainer)
        self.panels = five_panels(view)
        for panel in self.panels:
            panel.layout.width = "440px"
        self._long = long_run()
        self._alone = nv.Trainer(named(build()), self._data.training, batch_size=BATCH_SIZE)
        self._place = ipywidgets.VBox(layout={"min_height": "400px"})
        self._told = ipywidgets.Label("ready")
        self._told.add_class("nnvis-told")
        self._turn = count(1)
        acts = {
            "Compare": self.compare,
            "Delay": self.delay,
            "Make heat map": self.make_heat_map,
            "Make long curves": self.make_long_curves,
            "Update": self.update,
        }
        self.widget = ipywidgets.VBox(
            [
                ipywidgets.HBox([self._button(name, act) for name, act in acts.items()]),
                self._told,
                self._place,
                ipywidgets.HBox(self.panels, layout={"flex_flow": "row wrap"}),
                view,
            ]
        )

    def compare(self) -> dict[str, Any]:
        """Seconds of a plain fit, and of the Trainer with everything on the page."""
        plain = build()

        def fit() -> float:
            start_s = perf_counter()
            plain.fit(*self._data.training, batch_size=BATCH_SIZE, epochs=EPOCHS, verbose=0)
            return perf_counter() - start_s

        def watched() -> float:
            start_s = perf_counter()
            self.trainer.run_epochs(EPOCHS)
            self.trainer.wait()
            return perf_counter() - start_s

        fit(), watched()
        taken = [panel._link.taken for panel in self.panels]
        rounds = [(fit(), watched()) for _ in range(ROUNDS)]
        return {"rounds": rounds, "drawings": [p._link.taken - t for p, t in zip(self.panels, taken, strict=True)]}

    def delay(self) -> dict[str, Any]:
        """From the end of a step to the page's answer that all panels have painted it, at three snapshots a second."""
        ends: dict[int, float] = {}
        delays: list[list[float]] = [[] for _ in self.panels]
        backlogs = [0]

        def follow(panel: Any, into: list[float]) -> None:
            drawn: dict[int, int] = {}
            steps: list[int] = [0]
            inner = panel._draw

            def draw(snapshot: Any) -> None:
                steps[0] = snapshot.step
                inner(snapshot)

            def on_sent(change: Any) -> None:
                backlogs.append(change["new"] - panel._link.taken)
                drawn[change["new"]] = steps[0]

            def on_sign(*_: Any) -> None:
                step = drawn.pop(panel._link.taken, None)
                if step in ends:
                    into.append(monotonic() - ends[step])

            panel._draw = draw
            panel._link.observe(on_sent, "sent")
            panel._link.on_msg(on_sign)

        for panel, into in zip(self.panels, delays, strict=True):
            follow(panel, into)
        self.trainer.run.subscribe(lambda step: ends.setdefault(step, monotonic()))
        self.trainer.redraw_rate_hz = RATE_HZ
        self.trainer.start()
        sleep(WATCHED_S)
        self.trainer.pause()
        for panel in self.panels:
            panel._link.unobserve_all("sent")
        if self.panels[0].step is not None:
            raise RuntimeError("The page has moved the playhead, which nobody touched.")
        return {"delays": delays, "backlog": max(backlogs)}

    def make_heat_map(self) -> dict[str, Any]:
        """Panels made until they are painted; the last one stays."""
        created = []
        for _ in range(ROUNDS):
            start_s = perf_counter()
            panel = nv.WeightHeatmap(self._alone, "dense")
            self._place.children = [panel]
            self._wait_until_painted(panel)
            created.append(perf_counter() - start_s)
        return {"created": created}

    def make_long_curves(self) -> dict[str, Any]:
        """The curves of 100,000 steps, painted."""
        self._place.children = [nv.TrainingCurves(self._long)]
        self._wait_until_painted(self._place.children[0])
        return {}

    def update(self) -> dict[str, Any]:
        """Updates of the panel that was made, until they are painted."""
        (panel,) = self._place.children
        kernel, painted = [], []
        for _ in range(REDRAWS):
            if panel.source is self._alone:
                self._alone.run_steps(1)
                self._alone.wait()
            else:
                step = int(self._long.scalars("loss")[0][-1]) + 1
                self._long.record_scalars(np.array([step]), ["loss", "accuracy"], np.array([[2 / step, 0.5]]))
            self._wait_until_painted(panel)
            start_s, cpu_s = perf_counter(), thread_time()
            panel._redraw()
            kernel.append(thread_time() - cpu_s)
            self._wait_until_painted(panel)
            painted.append(perf_counter() - start_s)
        return {"kernel": kernel, "painted": painted}

    def _wait_until_painted(self, panel: Any) -> None:
        end_s = monotonic() + PATIENCE_S
        while not panel._link.is_ready:
            if monotonic() > end_s:
                raise TimeoutError("The page has not painted a panel.")
            sleep(0.001)

    def _button(self, name: str, act: Callable[[], dict[str, Any]]) -> Any:
        button = ipywidgets.Button(description=name)

        def work() -> None:
            try:
                told = act()
            except Exception as error:
                told = {"error": repr(error)}
            self._told.value = f"{name} {next(self._turn)}: {json.dumps(told)}"

        button.on_click(lambda _: Thread(target=work, daemon=True).start())
        return button
