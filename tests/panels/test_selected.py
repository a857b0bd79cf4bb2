"""Panels of one layer follow the selection; a layer that is chosen as a whole is no unit and breaks nothing."""

from __future__ import annotations

from typing import Any

import ipywidgets
import keras
import numpy as np
import pytest

import nnvis_widget as nv
from nnvis_widget.core.graph import Layer
from nnvis_widget.run.gaze import Selection
from nnvis_widget.widgets.panels.reading.selected import FollowedLayer, selected_unit

from .helpers import (
    drawn,
    head,
    lines,
    note,
    open_page,
    parts,
    picture,
    pictures,
    plane_trainer,
    ring,
    train,
)


def three_layers() -> keras.Sequential:
    keras.utils.set_random_seed(1)
    layers = [
        keras.layers.Dense(20, "tanh", name="first"),
        keras.layers.Dropout(0.5, name="drop"),
        keras.layers.LSTM(3, name="recurrent"),
        keras.layers.Dense(2, "softmax", name="last"),
    ]
    return keras.Sequential([keras.Input((7, 6)), *layers], name="three")


def ids(panel: Any) -> dict[str, str]:
    return {layer.name: layer.id for layer in panel.source.graph.layers}


def test_a_heat_map_follows_the_selected_layer_and_its_sliders_do() -> None:
    model = three_layers()
    panel = nv.WeightHeatmap(model, layer="selected")
    of = ids(panel)
    assert set(panel.table().layer) == {"first"}
    panel.columns = (5, 10)
    sliders = parts(panel, ipywidgets.IntRangeSlider)
    for name, figures in (("recurrent", 2), ("last", 1), ("first", 1)):
        panel.selection = {"layer": of[name]}
        drawn(panel, lambda name=name: set(panel.table().layer) == {name}, name)
        drawn(panel, lambda name=name: name in head(panel), "the head")
        kernel = panel.table().query("parameter == 'kernel'").value
        np.testing.assert_array_equal(kernel, np.asarray(model.get_layer(name).weights[0]).ravel())
        assert len(pictures(panel)) == figures
        assert len(parts(panel, ipywidgets.IntRangeSlider)) == (2 if name == "first" else 0)
        assert [slider.disabled for slider in sliders] == [len(pictures(panel)) > 1] * 2  # nothing to look closer at
    assert (panel.rows, panel.columns) == (None, None)
    assert [slider.value for slider in parts(panel, ipywidgets.IntRangeSlider)] == [(0, 6), (0, 20)]
    panel.close()


def test_a_layer_that_a_panel_cannot_show_leaves_the_one_before() -> None:
    panel = nv.WeightHeatmap(three_layers(), layer="selected")
    of = ids(panel)
    for name, shown in (("last", "last"), ("drop", "last"), ("first", "first")):
        panel.selection = {"layer": of[name], "unit": 0}
        drawn(panel, lambda shown=shown: shown in head(panel), shown)
    panel.selection = {}
    assert set(panel.table().layer) == {"first"}
    panel.close()


def test_a_heat_map_of_a_named_layer_or_of_all_stays() -> None:
    model = three_layers()
    for layer, count in (("first", 1), (None, 4)):
        panel = nv.WeightHeatmap(model, layer)
        panel.selection = {"layer": ids(panel)["last"], "unit": 1}
        assert panel.table().layer.iloc[0] == "first"
        assert len(pictures(panel)) == count
        panel.close()


@pytest.mark.parametrize("layer", [None, "selected"])
def test_the_activation_and_what_is_measured_for_it_follow_the_selected_layer(layer: str | None) -> None:
    trainer = plane_trainer()
    panel = nv.ActivationFunctionPanel(trainer, layer)
    assert panel.layer == "hidden"
    panel.selection = {"layer": ids(panel)["out"]}
    count = len(trainer.scenery.inputs[0])
    drawn(panel, lambda: f"of {count} values lie flat" in note(panel), "the other layer")
    assert "out, sigmoid" in head(panel)
    (curve,) = lines(panel, "ink")
    np.testing.assert_allclose(curve.y, 1 / (1 + np.exp(-curve.x)), atol=1e-6)
    panel.close()


def test_the_distribution_follows_the_selected_layer() -> None:
    model = three_layers()
    panel = nv.WeightHistogram(model, layer="selected")
    panel.selection = {"layer": ids(panel)["last"], "unit": 1}
    drawn(panel, lambda: "last" in head(panel), "the other layer")
    kernel = np.asarray(model.get_layer("last").kernel)
    np.testing.assert_allclose(panel.table()["100%"], kernel.max())
    assert panel.counts()["count"].sum() == kernel.size
    panel.close()


def test_a_layer_chosen_as_a_whole_breaks_no_panel() -> None:
    trainer = plane_trainer()
    panels = [
        nv.WeightHeatmap(trainer),
        nv.ActivationPanel(trainer),
        nv.ActivationFunctionPanel(trainer, "hidden"),
        nv.WeightHistogram(trainer, quantity="activation"),
        nv.GradientFlow(trainer),
        nv.TrainingCurves(trainer),
    ]
    for panel in panels:
        open_page(panel)
    panels[0].selection = {"layer": ids(panels[0])["hidden"]}
    train(trainer)
    for panel in panels:
        drawn(panel, lambda panel=panel: "step 1" in head(panel) + note(panel), "the step after the choice")
    assert ring(picture(panels[0], "hidden")) == (0, 0, 5, 4)
    assert ring(picture(panels[1], "hidden")) == (0, 0, 5, 1)
    for panel in panels:
        panel.close()


LAYERS = [Layer("L1", "one", "Dense", ()), Layer("L2", "two", "Dense", ())]


@pytest.mark.parametrize("selection", [Selection(), Selection("L9"), Selection("L9", 1)])
def test_what_is_no_layer_is_not_followed(selection: Selection) -> None:
    assert FollowedLayer(LAYERS).find(selection) is LAYERS[0]


@pytest.mark.parametrize(
    ("selection", "unit"),
    [(Selection("L1", 2), 2), (Selection("L1"), None), (Selection("L1", 3), None), (Selection("L2", 2), None),
     (Selection(), None)],
)  # fmt: skip
def test_a_unit_is_only_one_that_is_there(selection: Selection, unit: int | None) -> None:
    assert selected_unit(selection, LAYERS[0], 3) == unit
