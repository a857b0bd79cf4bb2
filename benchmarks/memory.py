"""What ten minutes of training in a view leave in the kernel's memory."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from time import monotonic

import psutil

import nnvis_widget as nv

from .browser_stand_in import BrowserStandIn
from .result import Result
from .training import build

WARM_UP_S = 30.0


def measure(minutes: float = 10.0) -> Iterator[Result]:
    data = nv.datasets.digits(size=28)
    trainer = nv.Trainer(build(), data, batch_size=32, byte_budget=64 * 2**20)
    stand_in = BrowserStandIn(nv.NetworkView(trainer, edges="signal"))
    trainer.start()
    trainer.wait(WARM_UP_S)
    before, held_before = resident(), trainer.run.byte_count
    end_s = monotonic() + minutes * 60
    while monotonic() < end_s:
        trainer.wait(5.0)
        stand_in.messages.clear()
        stand_in.frames.clear()
    trainer.pause()
    after, held_after = resident(), trainer.run.byte_count
    yield Result(
        f"Memory grown in {minutes:g} min of training beyond the run",
        (after - before - (held_after - held_before)) / 2**20,
        "MiB",
        20,
        f"{trainer.step:,} steps, {trainer.run}, {held_after / 2**20:.0f} MiB",
    )


def resident() -> int:
    gc.collect()
    size: int = psutil.Process().memory_info().rss
    return size
