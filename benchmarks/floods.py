"""What a person who looks around, or a page that asks without end, costs a training that is watched."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from itertools import count
from threading import Event, Thread
from time import monotonic, sleep
from typing import Any

import nnvis_widget as nv
from nnvis_widget.stream.frame import decode_frame

from .browser_stand_in import BrowserStandIn
from .panel_stand_in import PanelStandIn
from .result import Result, interleaved, median_ratio
from .training import BATCH_SIZE, build

WINDOW_S = 3.0
ROUNDS = 5
FEWEST = {"] held, 30/s": 0.9, "slider dragged, 60/s": 0.9, "10,000 messages/s": 0.8}
"""Steps a second that must be left of those without a flood."""

Ask = Callable[[Any, int], None]


def measure() -> Iterator[Result]:
    trainer = watched_trainer()
    yield from in_floods("view", trainer, nv.NetworkView(trainer))
    trainer = watched_trainer()
    dashboard = nv.Dashboard(trainer)
    for panel in dashboard.panels:
        PanelStandIn(panel)
    yield from in_floods("dashboard", trainer, dashboard.view)


def in_floods(what: str, trainer: Any, view: Any) -> Iterator[Result]:
    page = BrowserStandIn(view)
    trainer.start()
    wait_until(lambda: trainer.step > 200)
    times = interleaved(
        {
            "none": lambda: step_time(trainer, flood(page, look_around, 0)),
            "] held, 30/s": lambda: step_time(trainer, flood(page, look_around, 30)),
            "slider dragged, 60/s": lambda: step_time(trainer, flood(page, slide, 60)),
            "10,000 messages/s": lambda: step_time(trainer, flood(page, ask_anything, 10_000)),
        },
        ROUNDS,
    )
    base = f"{1 / statistics.median(times['none']):.0f} steps/s without"
    for title, fewest in FEWEST.items():
        ratio = median_ratio(times[title], times["none"])
        yield Result(f"Time a step, {title}, {what}", ratio, "×", round(1 / fewest, 2), base)
    yield Result(f"Choice to frame, ] held, {what}", 1e3 * choice_to_frame(page), "ms", 150)
    yield Result(f"Pause in 10,000 messages/s, {what}", 1e3 * pause_in_a_flood(trainer, page), "ms", 200)
    trainer.stop()


def watched_trainer() -> Any:
    return nv.Trainer(build(), nv.datasets.digits(size=28).training, batch_size=BATCH_SIZE)


def look_around(page: BrowserStandIn, number: int) -> None:
    page.choose(sample=number % 64)


def slide(page: BrowserStandIn, number: int) -> None:
    page.request("set_hyperparameter", {"name": "learning_rate", "value": 1e-3 * (1 + number % 10)})


def ask_anything(page: BrowserStandIn, number: int) -> None:
    match number % 4:
        case 0:
            page.request("run_steps", {"count": 1})
        case 1:
            page.request("hello", {})
        case 2:
            slide(page, number)
        case _:
            look_around(page, number)


@contextmanager
def flood(page: BrowserStandIn, ask: Ask, per_s: float) -> Iterator[None]:
    """Ask on a thread of its own, in bursts every 5 ms where that is needed to keep up."""
    is_over = Event()

    def go() -> None:
        start_s, numbers = monotonic(), count()
        asked = 0
        while not is_over.wait(0.005):
            while asked < (monotonic() - start_s) * per_s and not is_over.is_set():
                ask(page, next(numbers))
                asked += 1

    thread = Thread(target=go, daemon=True)
    if per_s:
        thread.start()
    try:
        yield
    finally:
        is_over.set()
        if per_s:
            thread.join()


def step_time(trainer: Any, flooded: AbstractContextManager[None]) -> float:
    """Seconds a step during a window."""
    with flooded:
        before, start_s = trainer.step, monotonic()
        sleep(WINDOW_S)
        return (monotonic() - start_s) / max(1, trainer.step - before)


def choice_to_frame(page: BrowserStandIn) -> float:
    """Seconds from a choice to the frame that answers it, while a key is held: the median of 20."""
    seconds = []
    arrived: dict[int, float] = {}
    take = page.view.send

    def note(content: dict[str, Any], buffers: list[bytes] | None = None) -> None:
        if content["kind"] == "frame" and buffers:
            arrived.setdefault(int(decode_frame(buffers[0]).header["sample"]), monotonic())
        take(content, buffers)

    page.view.send = note
    for number in range(20):
        with flood(page, look_around, 30):
            sleep(0.3)
        chosen = 64 + number
        arrived.pop(chosen, None)
        asked_s = monotonic()
        page.choose(sample=chosen)
        wait_until(lambda chosen=chosen: chosen in arrived)
        seconds.append(arrived[chosen] - asked_s)
    page.view.send = take
    return statistics.median(seconds)


def pause_in_a_flood(trainer: Any, page: BrowserStandIn) -> float:
    """Seconds from the page's pause to the state, the slowest of 10."""
    seconds = []
    for _ in range(10):
        with flood(page, lambda page, number: ask_anything(page, 4 * number + number % 3 + 1), 10_000):
            sleep(0.3)
            asked_s = monotonic()
            page.request("pause", {})
            wait_until(lambda: trainer.status.state == "paused")
            seconds.append(monotonic() - asked_s)
        trainer.start()
        wait_until(lambda: trainer.status.state == "running")
    return max(seconds)


def wait_until(is_true: Callable[[], bool]) -> None:
    while not is_true():
        sleep(0.001)
