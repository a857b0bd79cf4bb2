"""How long a look into the past takes: from the choice of another sample, or of gradients, to the filled snapshot."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Iterator
from time import perf_counter, sleep

import nnvis_widget as nv

from .browser_stand_in import BrowserStandIn
from .result import Result
from .training import build

LOOKS = 20


def measure() -> Iterator[Result]:
    trainer = nv.Trainer(build(), nv.datasets.digits(size=28), batch_size=32)
    view = nv.NetworkView(trainer)
    BrowserStandIn(view)
    for _ in range(LOOKS + 1):
        trainer.run_steps(5)
        trainer.wait()
    steps = trainer.run.steps.tolist()[1 : LOOKS + 1]

    def has(step: int, quantity: str, sample: int = -1) -> bool:
        return any(key.quantity == quantity and key.sample == sample for key in trainer.run.at(step).tensors)

    def sample_of(number: int, step: int) -> float:
        view.step = step
        return seconds(lambda: setattr(view, "sample", number + 1), lambda: has(step, "activation", number + 1))

    def gradient_of(step: int) -> float:
        view.edges = "gradient"
        return seconds(lambda: setattr(view, "step", step), lambda: has(step, "gradient"))

    samples = [1e3 * sample_of(number, step) for number, step in enumerate(steps)]
    view.step = None
    gradients = [1e3 * gradient_of(step) for step in steps]
    yield Result("Past: another sample of 784-64-10", statistics.median(samples), "ms", 200, f"most {max(samples):.0f}")
    yield Result("Past: gradients of 784-64-10", statistics.median(gradients), "ms", 200, f"most {max(gradients):.0f}")
    view.close()


def seconds(ask: Callable[[], None], is_there: Callable[[], bool]) -> float:
    start_s = perf_counter()
    ask()
    while not is_there():
        sleep(0.0005)
    return perf_counter() - start_s
