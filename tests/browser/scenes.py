"""The scenes of the design as states of views: what a screenshot test draws without a kernel.

What stands for a training is recorded, so that a scene is the same on every processor.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

import nnvis_widget as nv

from .recording import State, with_header
from .sample_views import cnn_state, deep_state, digits_state, diverged_state, moons_state, moons_trainer

RUNNING = ["pause", "stop", "reset", "set_hyperparameter", "set_pace"]


@dataclass(frozen=True)
class Scene:
    """A state to open a page with, and whether a kernel stands behind it; `lost` means that it went away.

    `late` is a text that the page says only after a while.
    """

    state: Callable[[], State]
    has_kernel: bool = True
    is_lost: bool = False
    late: str = ""


@cache
def at_rest() -> State:
    return nv.NetworkView(moons_trainer(0).model, data=nv.datasets.moons(n=200, noise=0.15, seed=0)).get_state()


def loading() -> State:
    """The layers have come, the first frame has not."""
    return nv.NetworkView(moons_trainer(0)).get_state() | {"frame": b""}


def live() -> State:
    return with_header(moons_state(), state="running", commands=RUNNING)


def past() -> State:
    return with_header(moons_state("moons-past"), state="running", commands=RUNNING)


@cache
def in_chinese(build: Any, *what: Any) -> State:
    """What one of the cached states of `sample_views` is in Chinese."""
    nv.set_language("zh")
    try:
        state: State = build.__wrapped__(*what)
    finally:
        nv.set_language(None)
    return state


SCENES: dict[str, Scene] = {
    "playground": Scene(moons_state),
    "playground-unit": Scene(lambda: moons_state("moons-unit", "L2", 1)),
    "playground-signal": Scene(lambda: moons_state("moons-unit", "L2", 1) | {"edges": "signal"}),
    "playground-classes": Scene(lambda: moons_state() | {"discrete": True, "validation_points": False}),
    "deep-6-of-64": Scene(lambda: deep_state(6, 64)),
    "deep-12-of-16": Scene(lambda: deep_state(12, 16)),
    "digits": Scene(digits_state),
    "digits-unit": Scene(lambda: digits_state("L1", 7)),
    "digits-gradient": Scene(lambda: digits_state(edges="gradient")),
    "cnn": Scene(cnn_state),
    "cnn-place": Scene(lambda: cnn_state((4, 5))),
    "state-empty": Scene(lambda: nv.NetworkView().get_state()),
    "state-untrained": Scene(lambda: nv.NetworkView(moons_trainer(0)).get_state()),
    "state-rest": Scene(at_rest),
    "state-loading": Scene(loading, late="4 layers read"),
    "state-live": Scene(live),
    "state-past": Scene(past),
    "state-diverged": Scene(diverged_state),
    "state-lost": Scene(live, is_lost=True),
    "state-saved": Scene(moons_state, has_kernel=False),
    "playground-unit-zh": Scene(lambda: in_chinese(moons_state, "moons-unit", "L2", 1)),
    "digits-zh": Scene(lambda: in_chinese(digits_state)),
}
