"""What the panels beside a view cost: the training, the kernel, and the person who looks at them."""

from __future__ import annotations

import importlib.util
import io
import statistics
from collections.abc import Callable, Iterator
from time import perf_counter, thread_time
from typing import Any

import numpy as np

import nnvis_widget as nv
from nnvis_widget.run.run import Run

from .browser_stand_in import BrowserStandIn
from .panel_stand_in import PanelStandIn
from .panels_page import measure_page
from .result import Result, interleaved, median_ratio
from .training import BATCH_SIZE, build

EPOCHS = 24
LONG_STEPS = 100_000
HEAT_MAP = "784 × 64 kernel as a heat map"


def measure() -> Iterator[Result]:
    yield from training_beside_panels()
    yield from heat_map()
    yield from long_curves()
    yield from measure_page()


def five_panels(source: Any) -> list[Any]:
    """The panels of a dashboard."""
    return [
        nv.WeightHeatmap(source, "dense"),
        nv.ActivationPanel(source),
        nv.ActivationFunctionPanel(source),
        nv.WeightHistogram(source),
        nv.TrainingCurves(source),
    ]


def training_beside_panels() -> Iterator[Result]:
    data = nv.datasets.digits(size=28)
    trainer = nv.Trainer(named(build()), data.training, batch_size=BATCH_SIZE)
    view = nv.NetworkView(trainer)
    BrowserStandIn(view)
    stand_ins = [PanelStandIn(panel) for panel in five_panels(view)]
    plain = build()

    def fit() -> float:
        start_s = perf_counter()
        plain.fit(*data.training, batch_size=BATCH_SIZE, epochs=EPOCHS, verbose=0)
        return perf_counter() - start_s

    def watched() -> float:
        start_s = perf_counter()
        trainer.run_epochs(EPOCHS)
        trainer.wait()
        return perf_counter() - start_s

    runs = {"fit": fit, "trainer": watched}
    for run in runs.values():
        run()
    before = [stand_in.drawings for stand_in in stand_ins]
    seconds = interleaved(runs, rounds=7)
    drawn = sum(stand_in.drawings for stand_in in stand_ins) - sum(before)
    steps = EPOCHS * -(-len(data.training[0]) // BATCH_SIZE)
    each = {name: statistics.median(values) / steps * 1e3 for name, values in seconds.items()}
    note = f"fit {each['fit']:.2f}, Trainer {each['trainer']:.2f} ms a step; {drawn} drawings"
    yield Result(
        "Trainer with a view and 5 panels / plain fit", median_ratio(seconds["trainer"], seconds["fit"]), "×", 0.7, note
    )
    backlog = max(stand_in.largest_backlog for stand_in in stand_ins)
    yield Result("Most drawings of a panel on their way at once", backlog, "drawings", 1)


def named(model: Any) -> Any:
    """The model with its first layer called `dense`: Keras counts its names on through a process."""
    model.layers[0].name = "dense"
    return model


def heat_map() -> Iterator[Result]:
    """CPU time in the kernel, as that of matplotlib."""
    trainer = nv.Trainer(named(build()), nv.datasets.digits(size=28), batch_size=BATCH_SIZE)
    kernel = trainer.model.get_layer("dense").kernel

    def first() -> float:
        start_s = thread_time()
        panel = nv.WeightHeatmap(trainer, "dense")
        spent_s = thread_time() - start_s
        panel.close()
        return spent_s

    shown = nv.WeightHeatmap(trainer, "dense")

    def update() -> float:
        trainer.run_steps(1)
        trainer.wait()
        start_s = thread_time()
        shown._redraw()
        return thread_time() - start_s

    runs: dict[str, Callable[[], float]] = {"first": first, "update": update}
    has_matplotlib = importlib.util.find_spec("matplotlib") is not None
    if has_matplotlib:
        runs["matshow"] = lambda: matshow(np.array(kernel))
    for run in runs.values():
        run()
    seconds = interleaved(runs, rounds=15)
    shown.close()
    each = {name: statistics.median(values) * 1e3 for name, values in seconds.items()}
    if not has_matplotlib:
        note = "beside plt.matshow where matplotlib is installed"
        yield Result(f"{HEAT_MAP}: first, kernel", each["first"], "ms", note=note)
        yield Result(f"{HEAT_MAP}: update, kernel", each["update"], "ms", note=note)
        return
    note = f"{each['first']:.1f} and {each['matshow']:.1f} ms"
    yield Result(f"{HEAT_MAP} / plt.matshow", median_ratio(seconds["first"], seconds["matshow"]), "×", 1 / 3, note)
    note = f"{each['update']:.1f} and {each['matshow']:.1f} ms"
    yield Result("… updated / plt.matshow", median_ratio(seconds["update"], seconds["matshow"]), "×", 0.1, note)


def matshow(values: np.ndarray) -> float:
    import matplotlib

    matplotlib.use("agg")
    from matplotlib import pyplot as plt

    start_s = thread_time()
    plt.matshow(values)
    plt.savefig(io.BytesIO(), format="png")
    plt.close("all")
    return thread_time() - start_s


def long_run(steps: int = LONG_STEPS) -> Run:
    """A run of 100,000 steps, with a validation every 100."""
    rng = np.random.default_rng(0)
    run = nv.Trainer(build(), nv.datasets.digits(size=28), batch_size=BATCH_SIZE).run
    places = np.arange(1, steps + 1)
    trends = 2 * np.exp(-places / steps) + 0.05
    run.record_scalars(
        places, ["loss", "accuracy"], np.stack([trends * rng.lognormal(0, 0.2, steps), 1 - trends / 3], 1)
    )
    every = places[99::100]
    run.record_scalars(every, ["val_loss"], (trends * rng.lognormal(0, 0.1, steps))[99::100, None])
    return run


def long_curves() -> Iterator[Result]:
    run = long_run()
    panel = nv.TrainingCurves(run)

    def update() -> float:
        last = int(run.scalars("loss")[0][-1])
        run.record_scalars(np.array([last + 1]), ["loss", "accuracy"], np.array([[0.5, 0.5]]))
        start_s = thread_time()
        panel._redraw()
        return thread_time() - start_s

    seconds = [update() for _ in range(15)]
    panel.close()
    yield Result(f"Curves of {LONG_STEPS:,} steps: an update, kernel", statistics.median(seconds) * 1e3, "ms", 100)
