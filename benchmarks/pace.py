"""How exactly a training keeps its pace over 5 s, and that no pace costs nothing."""

from __future__ import annotations

from collections.abc import Iterator
from time import perf_counter, sleep

import nnvis_widget as nv
from nnvis_widget.lessons.networks import classifier

from .result import Result, interleaved, median_ratio

SECONDS = 5.0
PACES = ("1 step/s", "10 steps/s", "30 epochs/s", "1 epoch/redraw")
STEPS = 6_000


def measure() -> Iterator[Result]:
    for pace in PACES:
        trainer = training()
        trainer.pace = pace
        expected = {"1 step/s": 1.0, "10 steps/s": 10.0, "30 epochs/s": 30.0, "1 epoch/redraw": trainer.redraw_rate_hz}
        yield Result(f"Off the pace of {pace} over {SECONDS:g} s", off(trainer, pace, expected[pace]), "%", 5)
    never, paced = training(), training()
    never.pace, paced.pace = None, "1000000 steps/s"
    ratio = median_ratio(*interleaved({"paced": lambda: run(paced), "never": lambda: run(never)}, rounds=7).values())
    yield Result("A pace beyond the machine / as fast as it can", ratio, "×", 1.05)


def training() -> nv.Trainer:
    """The playground's network on its data: 10 steps an epoch."""
    trainer = nv.Trainer(classifier("pace", [6, 6], "tanh"), nv.datasets.moons(n=400, seed=0), batch_size=32)
    trainer.run_epochs(2)  # compiled
    trainer.wait()
    return trainer


def off(trainer: nv.Trainer, pace: str, rate_hz: float) -> float:
    """How far off, in per cent, counted from one step to another some 5 s later."""
    unit = trainer.status.steps_per_epoch if "epoch" in pace else 1
    assert unit is not None
    trainer.start()
    (first, start_s), (last, end_s) = edge(trainer), edge(trainer, after_s=SECONDS)
    trainer.pause()
    return 100 * abs((last - first) / unit / (end_s - start_s) / rate_hz - 1)


def edge(trainer: nv.Trainer, after_s: float = 0.0) -> tuple[int, float]:
    """A step, and when it had come."""
    sleep(after_s)
    before = trainer.step
    while (step := trainer.step) == before:
        sleep(0.0002)
    return step, perf_counter()


def run(trainer: nv.Trainer) -> float:
    """Seconds for some steps."""
    start_s = perf_counter()
    trainer.run_steps(STEPS)
    trainer.wait()
    return perf_counter() - start_s
