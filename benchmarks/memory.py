"""What stays in the kernel's memory: of a training in a view, of dashboards closed, of a cell that is run again."""

from __future__ import annotations

import ctypes
import gc
from collections.abc import Iterator
from time import monotonic
from typing import Any
from uuid import uuid4

import comm
import psutil
from IPython.core.interactiveshell import InteractiveShell

import nnvis_widget as nv

from .browser_stand_in import BrowserStandIn
from .result import Result
from .training import build

WARM_UP_S = 30.0
WARM_UP = 3  # what the first few bring is Python's own: it does not grow
DASHBOARDS = 200
LEVEL = 50  # by then each of the allocator's arenas has once been as full as it gets
RUNS = 31
CELL = """
trainer = nv.Trainer(build(), data, batch_size=32, byte_budget=64 * 2**20)
nv.Dashboard(trainer)
"""


class Notebook(InteractiveShell):
    """A shell that is told which cell runs, as JupyterLab's kernel is."""

    def get_parent(self) -> dict[str, Any]:
        return {"header": {"msg_id": self.request, "msg_type": "execute_request"}, "metadata": {"cellId": "a cell"}}

    def run_again(self) -> None:
        self.request = uuid4().hex
        self.run_cell(CELL, store_history=True).raise_error()


def measure(minutes: float = 10.0) -> Iterator[Result]:
    yield from measure_closing()
    yield measure_cell()
    yield measure_training(minutes)


def measure_closing(count: int = DASHBOARDS) -> Iterator[Result]:
    trainer = nv.Trainer(build(), nv.datasets.digits(size=28), batch_size=32)
    for _ in range(WARM_UP):
        nv.Dashboard(trainer).close()
    before, open_before = resident(), widgets()
    at_most = before
    for i in range(count):
        nv.Dashboard(trainer).close()
        if i + 1 == LEVEL:
            at_most = resident()
    name = f"{count} dashboards opened and closed"
    now = resident()
    note = f"of it {(now - at_most) / 2**20:.0f} MiB after the first {LEVEL}; the rest the allocator keeps"
    yield Result(f"Memory left by {name}", (now - before) / 2**20, "MiB", 10, note)
    yield Result(f"Widgets left by {name}", widgets() - open_before, "widgets", 0, "layouts and styles too")


def measure_cell(count: int = RUNS) -> Result:
    notebook = Notebook.instance()
    notebook.user_ns |= {"nv": nv, "build": build, "data": nv.datasets.digits(size=28)}
    for _ in range(WARM_UP):
        notebook.run_again()
    before, open_before = resident(), widgets()
    for _ in range(count - WARM_UP):
        notebook.run_again()
    left = (resident() - before) / 2**20
    note = f"{widgets() - open_before} widgets more"
    Notebook.clear_instance()
    return Result(f"Memory left by a cell with trainer and dashboard run {count} times", left, "MiB", 30, note)


def widgets() -> int:
    """Each open widget has a comm."""
    return len(comm.get_comm_manager().comms)


def measure_training(minutes: float) -> Result:
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
    return Result(
        f"Memory grown in {minutes:g} min of training beyond the run",
        (after - before - (held_after - held_before)) / 2**20,
        "MiB",
        20,
        f"{trainer.step:,} steps, {trainer.run}, {held_after / 2**20:.0f} MiB",
    )


def resident() -> int:
    """What is held: what has been freed, and the allocator keeps for the next, is given back first, where it can be."""
    gc.collect()
    give_back = getattr(ctypes.CDLL(None), "malloc_trim", None)  # of glibc
    if give_back is not None:
        give_back(0)
    size: int = psutil.Process().memory_info().rss
    return size
