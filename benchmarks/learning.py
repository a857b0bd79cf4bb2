"""What it costs a training of the 784-64-10 network that the inspector tells how a unit learns."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Iterator
from time import perf_counter, sleep
from typing import Any

import nnvis_widget as nv

from .browser_stand_in import BrowserStandIn
from .result import Result, interleaved, median_ratio
from .training import BATCH_SIZE, EPOCHS, build

ROUNDS = 7
TRAINER_EPOCHS = 360
"""Six seconds: it is told once in as many."""
OPENINGS = 9
POLL_S = 0.001


def measure() -> Iterator[Result]:
    data = nv.datasets.digits(size=28)
    ways = ("closed", "open")
    runs = {f"{name} {way}": make(data, way) for name, make in MAKERS.items() for way in ways}
    for run in runs.values():
        run()
    seconds = interleaved(runs, ROUNDS)
    for name in MAKERS:
        closed = seconds[f"{name} closed"]
        note = f"closed {statistics.median(closed):.2f} s"
        yield Result(f"{name}: Learning open / closed", median_ratio(seconds[f"{name} open"], closed), "×", 1.03, note)
    yield opening(data)


def chosen(source: Any, learning: str, data: Any = None) -> nv.NetworkView:
    """A view with a unit of the hidden layer chosen, which a browser takes the frames of."""
    view = nv.NetworkView(source, data=data, learning=learning)
    assert view.source is not None
    view.selection = {"layer": view.source.graph.layers[1].id, "unit": 7}
    BrowserStandIn(view)
    return view


def training(data: Any, learning: str) -> Callable[[], float]:
    """Seconds of some epochs in a Trainer that a browser watches."""
    trainer = nv.Trainer(build(), data.training, batch_size=BATCH_SIZE)
    view = chosen(trainer, learning)

    def run() -> float:
        start_s = perf_counter()
        trainer.run_epochs(TRAINER_EPOCHS)
        trainer.wait()
        seconds = perf_counter() - start_s
        assert view.learning == learning
        return seconds

    return run


def fitting(data: Any, learning: str) -> Callable[[], float]:
    """The same of a plain fit with a LiveCallback."""
    model = build()
    view = chosen(model, learning, data)

    def run() -> float:
        start_s = perf_counter()
        callbacks = [nv.LiveCallback(view)]
        model.fit(*data.training, batch_size=BATCH_SIZE, epochs=EPOCHS, verbose=0, callbacks=callbacks)
        return perf_counter() - start_s

    return run


def opening(data: Any) -> Result:
    """From opening the section of a training at rest until the run has what it shows."""
    trainer = nv.Trainer(build(), data.training, batch_size=BATCH_SIZE)
    view = chosen(trainer, "closed")
    assert view.source is not None
    layer, took = view.source.graph.layers[1].id, []
    for unit in range(OPENINGS):
        view.learning = "closed"
        view.selection = {"layer": layer, "unit": unit}
        until(lambda: not learnt(trainer))
        start_s = perf_counter()
        view.learning = "open"
        until(lambda unit=unit: str(unit) in learnt(trainer))
        took.append(perf_counter() - start_s)
    return Result("Learning of a unit told, at rest", statistics.median(took) * 1e3, "ms", 150)


def learnt(trainer: nv.Trainer) -> set[str]:
    latest = trainer.run.latest
    return set() if latest is None else {key.name for key in latest.tensors if key.quantity == "learning"}


def until(claim: Callable[[], bool]) -> None:
    while not claim():
        sleep(POLL_S)


MAKERS: dict[str, Callable[[Any, str], Callable[[], float]]] = {"Trainer": training, "LiveCallback": fitting}
