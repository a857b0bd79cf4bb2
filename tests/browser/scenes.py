"""The scenes of the design as states of real seeded views: what a screenshot test draws without a kernel."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

import keras

import nnvis_widget as nv
from nnvis_widget.stream.frame import decode_frame, encode_frame

from .sample_views import digits_trainer, mlp, moons_trainer, moons_view

State = dict[str, Any]
RUNNING = ["pause", "stop", "reset", "set_hyperparameter"]


@dataclass(frozen=True)
class Scene:
    """A state to open a page with, and whether a kernel stands behind it; `lost` means that it went away.

    `late` is a text that the page says only after a while.
    """

    state: Callable[[], State]
    has_kernel: bool = True
    is_lost: bool = False
    late: str = ""


def with_header(opened: State, **changes: Any) -> State:
    """The state with other fields in the header of its frame."""
    frame = decode_frame(opened["frame"])
    return opened | {"frame": encode_frame(dict(frame.header) | changes, frame.sections)}


def layer(view: nv.NetworkView, number: int) -> str:
    layers = view.source.graph.layers
    return str(layers[number].id)


@cache
def moons_selected() -> State:
    trainer = moons_trainer()
    view = nv.NetworkView(trainer)
    view.selection = {"layer": layer(view, 2), "unit": 1}
    # what is chosen is measured with the next snapshot
    trainer.run_steps(5)
    trainer.wait()
    return view.get_state()


@cache
def digits(edges: str = "weight", selected: bool = False) -> State:
    trainer = digits_trainer()
    view = nv.NetworkView(trainer, edges=edges, sample=3)
    if selected:
        view.selection = {"layer": layer(view, 1), "unit": 7}
    trainer.run_steps(5)
    trainer.wait()
    return view.get_state()


@cache
def past() -> State:
    trainer = moons_trainer(2)
    view = nv.NetworkView(trainer)
    for _ in range(5):
        trainer.run_epochs(1)
        trainer.wait()
    view.step = trainer.step // 2
    return with_header(view.get_state(), state="running", commands=RUNNING)


@cache
def diverged() -> State:
    keras.utils.set_random_seed(3)
    model = mlp("moons_mlp", 2, (6, "relu"), (4, "relu"), (1, "linear"))
    model.compile(keras.optimizers.SGD(0.05), "mse")
    trainer = nv.Trainer(model, nv.datasets.moons(n=200, noise=0.15, seed=0))
    trainer.run_steps(20)
    trainer.wait()
    trainer.learning_rate = 1e9
    trainer.run_steps(40)
    trainer.wait()
    return nv.NetworkView(trainer).get_state()


@cache
def at_rest() -> State:
    return nv.NetworkView(moons_trainer(0).model, data=nv.datasets.moons(n=200, noise=0.15, seed=0)).get_state()


def loading() -> State:
    """The layers have come, the first frame has not."""
    return nv.NetworkView(moons_trainer(0)).get_state() | {"frame": b""}


def live() -> State:
    return with_header(moons_view().get_state(), state="running", commands=RUNNING)


SCENES: dict[str, Scene] = {
    "playground": Scene(lambda: moons_view().get_state()),
    "playground-unit": Scene(moons_selected),
    "playground-signal": Scene(lambda: moons_selected() | {"edges": "signal"}),
    "digits": Scene(digits),
    "digits-unit": Scene(lambda: digits(selected=True)),
    "digits-gradient": Scene(lambda: digits("gradient")),
    "state-empty": Scene(lambda: nv.NetworkView().get_state()),
    "state-untrained": Scene(lambda: nv.NetworkView(moons_trainer(0)).get_state()),
    "state-rest": Scene(at_rest),
    "state-loading": Scene(loading, late="4 layers read"),
    "state-live": Scene(live),
    "state-past": Scene(past),
    "state-diverged": Scene(diverged),
    "state-lost": Scene(live, is_lost=True),
    "state-saved": Scene(lambda: moons_view().get_state(), has_kernel=False),
}
