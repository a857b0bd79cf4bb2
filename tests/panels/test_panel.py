"""What all panels share, shown on one kind of them."""

from __future__ import annotations

import gc
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import suppress
from typing import Any

import bqplot
import comm
import ipywidgets
import keras
import numpy as np
import pytest

import nnvis_widget as nv
from nnvis_widget.errors import DataError, ModelError

from ..door import Door
from ..limits import PATIENCE_S
from .helpers import (
    drawn,
    head,
    link,
    open_page,
    parts,
    picture,
    plane_model,
    plane_trainer,
    receive,
    ring,
    take,
    train,
    wait_until,
)


@pytest.fixture(scope="module")
def kept_trainer() -> Any:
    """For panels that come and go while nothing is trained."""
    return plane_trainer()


def test_a_page_that_answers_nothing_gets_nothing_more() -> None:
    trainer = plane_trainer()
    panel = nv.WeightHeatmap(trainer, "hidden")
    sent = link(panel).sent
    train(trainer, 6)
    assert link(panel).sent == sent
    take(panel)
    wait_until(lambda: link(panel).sent > sent, "the drawing after the answer")
    wait_until(lambda: "step 6" in head(panel), "the newest step")
    panel.close()


def test_only_a_panel_whose_page_answers_asks_for_new_snapshots() -> None:
    trainer = plane_trainer()
    watches = Door(trainer).watches
    panel = nv.WeightHeatmap(trainer, "hidden")
    assert (watches.is_watched, watches.is_followed) == (True, False)
    take(panel)
    assert watches.is_followed
    panel.close()
    assert not watches.is_watched


def test_panels_of_one_trainer_share_step_selection_and_sample() -> None:
    trainer = plane_trainer()
    one, other = nv.WeightHeatmap(trainer, "hidden"), nv.TrainingCurves(trainer)
    one.step, one.sample, one.selection = 0, 3, {"layer": "L1", "unit": 2}
    assert (other.step, other.sample, other.selection) == (0, 3, {"layer": "L1", "unit": 2})
    third = nv.ActivationPanel(other)
    assert third.sample == 3
    for panel in (one, other, third):
        panel.close()


@pytest.mark.parametrize("made_from", ["the view", "the trainer"])
def test_a_panel_and_a_view_of_one_trainer_share_them_both_ways(made_from: str) -> None:
    trainer = plane_trainer()
    view = nv.NetworkView(trainer)
    panel = nv.WeightHeatmap(view if made_from == "the view" else trainer, "hidden")
    view.selection = {"layer": "L1", "unit": 4}
    drawn(panel, lambda: ring(picture(panel, "hidden"))[0] == 4.0, "the ring")
    panel.step = 0
    assert view.step == 0
    panel.close()
    view.close()


KINDS: list[Callable[..., Any]] = [
    nv.WeightHeatmap,
    nv.WeightsOverTime,
    nv.WeightHistogram,
    nv.ConfusionMatrix,
    nv.ActivationPanel,
    nv.ActivationFunctionPanel,
    nv.TrainingCurves,
    nv.GradientFlow,
]


def test_a_panel_that_is_not_linked_looks_by_itself() -> None:
    trainer = plane_trainer()
    for kind in KINDS:
        shared, own = kind(trainer), kind(trainer, linked=False)
        assert shared.gaze is trainer.gaze, kind
        own.step, own.sample, own.selection = 0, 3, {"layer": "L1", "unit": 2}
        assert (shared.step, shared.sample, shared.selection) == (None, 0, {}), kind
        shared.sample = 1
        assert own.sample == 3, kind
        shared.sample = 0
        shared.close()
        own.close()


def test_the_sample_of_a_panel_that_is_not_linked_is_its_own() -> None:
    trainer = plane_trainer()
    own, of_it = nv.ActivationPanel(trainer, sample=3, linked=False), None
    assert (own.sample, trainer.gaze.sample) == (3, 0)
    of_it = nv.ActivationPanel(own)
    assert of_it.sample == 3
    for panel in (own, of_it):
        panel.close()


def test_a_panel_follows_what_is_selected_in_a_view_of_the_same_trainer() -> None:
    trainer = plane_trainer()
    view, panel = nv.NetworkView(trainer), nv.WeightHeatmap(trainer, layer="selected")
    view.selection = {"layer": trainer.graph.by_name("out").id}
    assert set(panel.table().layer) == {"out"}
    assert "out" in panel.describe()
    panel.close()
    view.close()


@pytest.mark.parametrize("is_seen", [False, True])
def test_words_are_of_what_is_looked_at_now(is_seen: bool) -> None:
    trainer = plane_trainer()
    panels, other = [kind(trainer) for kind in KINDS], nv.NetworkView(trainer)
    for panel in panels * is_seen:
        open_page(panel)
    trainer.run_steps(2)
    trainer.wait(60)
    fresh = [kind(trainer) for kind in KINDS]
    for kind, panel, new in zip(KINDS, panels, fresh, strict=True):
        other.step = None
        now = panel.describe()
        assert "step 2" in now or kind is nv.ActivationFunctionPanel or kind is nv.GradientFlow, kind
        assert now == new.describe(), kind
        other.step = 0
        then = panel.describe()
        assert then == new.describe(), kind
        assert "step 2" not in then, kind
    for widget in (*panels, *fresh, other):
        widget.close()


def test_looking_back_shows_the_weights_of_then() -> None:
    trainer = plane_trainer()
    kernel = np.array(trainer.model.get_layer("hidden").kernel)
    panel = nv.WeightHeatmap(trainer, "hidden")
    trainer.run_epochs(2)
    trainer.wait(60)
    panel.step = 0
    drawn(panel, lambda: "step 0" in head(panel), "the first step")
    shown = panel.table().query("parameter == 'kernel'").value
    np.testing.assert_array_equal(shown, kernel.ravel())
    panel.close()


def test_a_table_is_of_one_step_also_while_the_panel_is_drawn() -> None:
    trainer = plane_trainer()
    panel = nv.WeightHeatmap(trainer)
    open_page(panel)
    first, *_ = parts(panel, bqplot.Image)
    is_halfway, may_go_on = threading.Event(), threading.Event()
    first.observe(lambda _: (is_halfway.set(), may_go_on.wait(PATIENCE_S)), "image")
    train(trainer)
    wait_until(lambda: take(panel) or is_halfway.is_set(), "half of a drawing")
    with ThreadPoolExecutor(1) as elsewhere:
        asked = elsewhere.submit(panel.table)
        wait([asked], timeout=0.3)  # is not there before the drawing is
        may_go_on.set()
        table = asked.result(PATIENCE_S)
    for layer in trainer.model.layers:
        values = table[(table.layer == layer.name) & (table.parameter == "kernel")].value
        np.testing.assert_array_equal(values, np.asarray(layer.kernel).ravel())
    panel.close()


def test_a_panel_changes_nothing_in_the_training() -> None:
    def trained(is_watched: bool) -> list[np.ndarray]:
        trainer = plane_trainer()
        panels = [nv.WeightHeatmap(trainer), nv.ActivationPanel(trainer), nv.TrainingCurves(trainer)] * is_watched
        for panel in panels:
            take(panel)
        trainer.run_epochs(3)
        trainer.wait(60)
        for panel in panels:
            panel.close()
        return [np.array(weight) for weight in trainer.model.weights]

    for watched, alone in zip(trained(True), trained(False), strict=True):
        np.testing.assert_array_equal(watched, alone)


@pytest.mark.parametrize(
    "make",
    [
        lambda trainer: nv.WeightHeatmap(trainer, "hidden"),
        lambda trainer: nv.WeightHeatmap(trainer, layer="selected"),
        nv.WeightsOverTime,
        nv.WeightHistogram,
        lambda trainer: nv.WeightHistogram(trainer, kind="ridge"),
        nv.ConfusionMatrix,
        nv.ActivationPanel,
        nv.ActivationFunctionPanel,
        nv.TrainingCurves,
        nv.GradientFlow,
    ],
)
def test_a_closed_panel_leaves_no_widget_and_no_thread(make: Any, kept_trainer: Any) -> None:
    trainer = kept_trainer
    gc.collect()
    open_before = count_open()
    panel = make(trainer)
    assert count_open() > open_before
    panel.close()
    panel.close()
    assert count_open() == open_before
    wait_until(
        lambda: not [thread for thread in threading.enumerate() if thread.name.startswith("nnvis-panel")], "the threads"
    )


def count_open() -> int:
    """All open widgets, layouts and styles too: each has a comm."""
    return len(comm.get_comm_manager().comms)


def test_what_a_person_gives_a_panel_is_theirs_and_what_they_replace_is_closed_with_it() -> None:
    trainer, shared = plane_trainer(), ipywidgets.Layout(width="50%")
    open_before = count_open()
    for make in (nv.WeightHeatmap, nv.NetworkView, nv.Controls):
        given, replaced = make(trainer, layout=shared), make(trainer, layout={"width": "40%"})
        own = ipywidgets.Layout()
        replaced.layout = own
        given.close()
        replaced.close()
        receive(shared, method="update", state={"height": "9px"})
        assert shared.comm is not None
        assert own.comm is not None
        own.close()
    assert shared.height == "9px"  # nor do we stand before it
    assert count_open() == open_before
    shared.close()


@pytest.mark.parametrize("kind", KINDS)
def test_a_panel_that_cannot_be_made_leaves_nothing_open(kind: Callable[..., Any]) -> None:
    model = keras.Sequential([keras.Input((4,)), keras.layers.Flatten()], name="bare")
    open_before = count_open()
    with suppress(ModelError, DataError):
        kind(model).close()
    assert count_open() == open_before


@pytest.mark.parametrize("height", [True, 10, 5000, "240"])
def test_an_impossible_height_is_refused(height: object) -> None:
    with pytest.raises(TypeError, match="120 to 1200"):
        nv.WeightHeatmap(plane_model(), height=height)


def test_an_unknown_keyword_is_refused() -> None:
    with pytest.raises(TypeError, match="unexpected keyword 'widht'"):
        nv.WeightHeatmap(plane_model(), widht=3)


def test_what_is_no_source_is_refused() -> None:
    with pytest.raises(ModelError, match="Expected a Keras model"):
        nv.WeightHeatmap(3)
    with pytest.raises(ModelError, match="Expected a view or a panel of a model, got an empty NetworkView"):
        nv.WeightHeatmap(nv.NetworkView())
    with pytest.raises(DataError, match="Leave data out"):
        nv.WeightHeatmap(plane_trainer(), data=np.zeros((3, 2)))
    with pytest.raises(ModelError, match="a run of a known network"):
        nv.WeightHeatmap(nv.Run())
