"""What is closed is gone: its widgets, its threads, and its hold on model, run and trainer."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Callable
from typing import Any

import comm
import keras
import numpy as np
import pytest

import nnvis_widget as nv
from nnvis_widget.dashboard.kinds import KINDS
from nnvis_widget.widgets.ownership import all_parts_of

from ..door import Door
from ..keras.models import reading_data, reading_net
from ..panels.helpers import open_page, plane_trainer, train, wait_until

MAKERS: dict[str, Callable[[Any], Any]] = {
    "controls": lambda trainer: nv.Controls(trainer),
    "view": lambda trainer: nv.NetworkView(trainer),
    "dashboard": lambda trainer: nv.Dashboard(trainer, panels=list(KINDS)),
    **{name: lambda trainer, kind=kind: kind.panel(trainer) for name, kind in KINDS.items()},
    "two runs": lambda trainer: nv.TrainingCurves({"a": trainer, "b": plane_trainer()}),
}


def reading_trainer() -> nv.Trainer:
    """Of a network that has something for every kind of panel."""
    return nv.Trainer(reading_net(), reading_data())


@pytest.fixture(scope="module")
def kept_trainer() -> nv.Trainer:
    return reading_trainer()


def opened() -> set[str]:
    """Every open widget, layouts and styles too: each has a comm."""
    return set(comm.get_comm_manager().comms)


def are_gone(held: list[weakref.ref[Any]]) -> bool:
    """Whether nothing holds them any more: no object, and no thread, which may end a little later."""
    gc.collect()
    return not any(one() for one in held)


@pytest.mark.parametrize("name", MAKERS)
def test_what_is_closed_leaves_no_widget_and_hears_nothing_more(name: str, kept_trainer: nv.Trainer) -> None:
    door, before = Door(kept_trainer), opened()
    made = MAKERS[name](kept_trainer)
    assert door.open
    made.close()
    made.close()
    assert opened() == before
    assert not door.open
    assert not door.watches.is_watched


@pytest.mark.parametrize("name", MAKERS)
def test_what_is_closed_is_freed_at_once_and_not_by_a_collection(name: str, kept_trainer: nv.Trainer) -> None:
    """A collection looks through all of TensorFlow's objects too, so Python puts it off for many dashboards."""
    gc.collect()
    gc.disable()
    try:
        made = MAKERS[name](kept_trainer)
        views = [part for part in all_parts_of(made) if isinstance(part, nv.NetworkView)]
        their_own = {id(part) for view in views for part in all_parts_of(view)}
        held = [weakref.ref(part) for part in all_parts_of(made) if id(part) not in their_own]
        del views
        made.close()
        del made
        wait_until(lambda: not any(one() for one in held), "the end of all its parts")
    finally:
        gc.enable()


def test_what_is_closed_lets_go_of_model_run_and_trainer_also_where_it_is_kept_by_name() -> None:
    trainer, kept = reading_trainer(), {}
    for name, make in MAKERS.items():
        kept[name] = make(trainer)
        kept[name].close()
    held = [weakref.ref(one) for one in (trainer, trainer.model, trainer.run)]
    del trainer
    try:
        wait_until(lambda: are_gone(held), "the end of trainer, model and run")
    except AssertionError as error:
        holding = next((name for name in MAKERS if kept.pop(name) and are_gone(held)), "none of them")
        raise AssertionError(f"It is held by {holding}") from error
    assert all(map(repr, kept.values()))


def test_a_closed_panel_of_a_layer_that_is_an_activation_lets_go_of_the_model() -> None:
    layers = [keras.layers.Dense(3), keras.layers.PReLU(), keras.layers.Dense(2), keras.layers.LeakyReLU(name="leaky")]
    model = keras.Sequential([keras.Input((2,)), *layers])
    panel = nv.ActivationFunctionPanel(model, "leaky", data=np.ones((4, 2), np.float32))
    table = panel.table()
    held = weakref.ref(model)
    panel.close()
    assert panel.table().equals(table)
    del model, layers
    wait_until(lambda: are_gone([held]), "the end of the model")


@pytest.mark.parametrize("name", ["weights_over_time", "activation_function", "confusion", "two runs"])
def test_a_closed_panel_keeps_the_numbers_and_words_of_its_last_drawing(name: str) -> None:
    trainer = plane_trainer()
    panel = MAKERS[name](trainer)
    open_page(panel)
    train(trainer, 4)
    table, words = panel.table(), panel.describe()
    panel.close()
    assert panel.table().equals(table)
    assert panel.describe() == words


def test_another_source_lets_go_of_the_one_before() -> None:
    first, second = reading_trainer(), reading_trainer()
    dashboard = nv.Dashboard(first, panels=list(KINDS))
    before, door = len(opened()), Door(second)
    dashboard.source = second
    assert len(opened()) == before
    held = [weakref.ref(one) for one in (first, first.model, first.run)]
    del first
    wait_until(lambda: are_gone(held), "the end of trainer, model and run")
    dashboard.close()
    assert not door.open
