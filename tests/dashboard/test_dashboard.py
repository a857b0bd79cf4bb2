"""One page: what it shows, what moves together, and what a person adds, orders and takes away."""

from __future__ import annotations

import re
from collections.abc import Iterator

import ipywidgets
import keras
import numpy as np
import pytest

import nnvis_widget as nv
from nnvis_widget.core.snapshot import TensorKey
from nnvis_widget.dashboard.kinds import KINDS, STANDARD
from nnvis_widget.dashboard.slot import Slot

from ..keras.models import reading_data, reading_net
from ..panels.helpers import parts, plane_model, plane_trainer


@pytest.fixture
def trainer() -> Iterator[nv.Trainer]:
    trainer = plane_trainer()
    yield trainer
    trainer.stop()


@pytest.fixture
def dashboard(trainer: nv.Trainer) -> Iterator[nv.Dashboard]:
    dashboard = nv.Dashboard(trainer)
    yield dashboard
    dashboard.close()


def of_class(dashboard: nv.Dashboard, name: str) -> ipywidgets.Widget:
    """The widget with a class of the page."""
    (found,) = [part for part in parts(dashboard, ipywidgets.DOMWidget) if name in part._dom_classes]
    return found


def kinds_of(dashboard: nv.Dashboard) -> list[type]:
    return [type(panel) for panel in dashboard.panels]


def test_it_has_the_network_the_controls_and_the_standard_panels(dashboard: nv.Dashboard, trainer: nv.Trainer) -> None:
    assert dashboard.view.source is trainer
    assert isinstance(dashboard.controls, nv.Controls)
    assert kinds_of(dashboard) == [KINDS[name].panel for name in STANDARD]
    assert dashboard.arrangement == "split"
    assert repr(dashboard) == "<Dashboard of 'plane'>"


def test_selection_sample_and_playhead_are_one(dashboard: nv.Dashboard, trainer: nv.Trainer) -> None:
    trainer.run_steps(8)
    trainer.wait(60)
    dashboard.panels[0].step = 0
    assert dashboard.view.step == 0
    hidden = trainer.graph.by_name("hidden")
    dashboard.view.selection = {"layer": hidden.id, "unit": 2}
    dashboard.view.sample = 3
    for panel in dashboard.panels:
        assert (panel.step, panel.selection, panel.sample) == (0, dashboard.view.selection, 3)
    # the heat map holds what the weights were before the first step
    weights = dashboard.add(nv.WeightHeatmap(dashboard.view, layer="hidden"))
    kernel = trainer.run.at(0).tensors[TensorKey("weight", hidden.id, "kernel")]
    table = weights.table().query("parameter == 'kernel'")
    np.testing.assert_array_equal(table.value.to_numpy().reshape(kernel.shape), kernel)
    assert not np.array_equal(trainer.run.latest.tensors[TensorKey("weight", hidden.id, "kernel")], kernel)


def test_panels_are_added_moved_and_removed_by_code(dashboard: nv.Dashboard) -> None:
    flow = dashboard.add("gradient_flow", place=0)
    assert dashboard.panels[0] is flow
    own = nv.WeightHeatmap(dashboard.source, layer="hidden", since=0)
    assert dashboard.add(own) is own
    dashboard.view.sample = 5
    assert own.sample == 5
    dashboard.move(own, 0)
    assert dashboard.panels[:2] == (own, flow)
    dashboard.remove("gradient_flow")
    assert flow not in dashboard.panels
    assert flow.comm is None
    dashboard.remove(own)
    assert own.comm is not None
    own.close()


def test_the_list_of_panels_keeps_what_stays(dashboard: nv.Dashboard) -> None:
    before = dict(zip(STANDARD, dashboard.panels, strict=True))
    dashboard.panels = ["training", "activations", "weights"]
    assert dashboard.panels[0] is before["training"]
    assert dashboard.panels[2] is before["weights"]
    assert isinstance(dashboard.panels[1], nv.ActivationPanel)
    assert before[STANDARD[1]].comm is None
    dashboard.panels = []
    assert dashboard.panels == ()


def test_a_person_moves_removes_and_adds(dashboard: nv.Dashboard) -> None:
    first, second, *rest = dashboard.panels
    slots = parts(dashboard, Slot)
    assert slots[0].earlier.disabled
    assert slots[-1].later.disabled
    slots[0].later.click()
    assert dashboard.panels == (second, first, *rest)
    assert not slots[0].earlier.disabled
    assert parts(dashboard, Slot)[1] is slots[0]
    slots[0].remove.click()
    assert dashboard.panels == (second, *rest)
    dashboard.choice.value = "gradient_flow"
    dashboard.adding.click()
    assert isinstance(dashboard.panels[-1], nv.GradientFlow)


def test_what_cannot_be_added_is_explained_on_the_page() -> None:
    model = keras.Sequential([keras.Input((4,)), keras.layers.Flatten()], name="bare")
    dashboard = nv.Dashboard(model, panels=[])
    dashboard.choice.value = "weight_histogram"
    dashboard.adding.click()
    assert "weights" in of_class(dashboard, "nnvis-message").value
    assert dashboard.panels == ()
    dashboard.close()


def messages(dashboard: nv.Dashboard) -> str:
    labels = [part for part in parts(dashboard, ipywidgets.Label) if "nnvis-message" in part._dom_classes]
    return " ".join(label.value for label in labels)


class Whole(keras.Model):
    """A model of which nothing inside is known."""

    def __init__(self) -> None:
        super().__init__()
        self.out = keras.layers.Dense(1)

    def call(self, x):
        return self.out(x)


def linear() -> tuple[keras.Model, np.ndarray, object]:
    return keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)]), np.zeros((8, 2)), np.zeros((8, 1))


def subclassed() -> tuple[keras.Model, np.ndarray, object]:
    return Whole(), np.zeros((8, 2)), np.zeros((8, 1))


def recurrent() -> tuple[keras.Model, np.ndarray, object]:
    parts = [keras.Input((5, 2)), keras.layers.LSTM(3), keras.layers.Dense(1)]
    return keras.Sequential(parts), np.zeros((8, 5, 2)), np.zeros((8, 1))


def heads() -> tuple[keras.Model, np.ndarray, object]:
    x = keras.Input((2,))
    model = keras.Model(x, [keras.layers.Dense(1, name="left")(x), keras.layers.Dense(2, name="right")(x)])
    return model, np.zeros((8, 2)), [np.zeros((8, 1)), np.zeros((8, 2))]


def convolution() -> tuple[keras.Model, np.ndarray, object]:
    parts = [keras.Input((6, 6, 1)), keras.layers.Conv2D(2, 3), keras.layers.GlobalMaxPooling2D()]
    return keras.Sequential(parts), np.zeros((8, 6, 6, 1)), np.zeros((8, 2))


@pytest.mark.parametrize("build", [linear, subclassed, recurrent, heads, convolution])
def test_a_dashboard_opens_for_every_model_and_says_which_panel_stays_away(build) -> None:
    model, x, y = build()
    model.compile("sgd", "mse")
    trainer = nv.Trainer(model, (x, y))
    dashboard = nv.Dashboard(trainer)
    there = [KINDS[name].panel for name in STANDARD]
    missing = [kind for kind in there if kind not in kinds_of(dashboard)]
    assert kinds_of(dashboard) == [kind for kind in there if kind not in missing]
    said = messages(dashboard)
    assert all(KINDS[name].name in said for name in STANDARD if KINDS[name].panel in missing)
    assert (nv.ActivationFunctionPanel in missing) == ("Activation function is not here" in said)
    trainer.run_epochs(1)
    trainer.wait(120)
    assert trainer.state == "paused"
    dashboard.choice.value = "confusion"
    dashboard.adding.click()
    assert "Expected a classifier" in messages(dashboard)
    dashboard.close()


def test_another_training_without_an_activation_takes_the_place(dashboard: nv.Dashboard) -> None:
    model, x, y = linear()
    model.compile("sgd", "mse")
    dashboard.source = nv.Trainer(model, (x, y))
    assert nv.ActivationFunctionPanel not in kinds_of(dashboard)
    assert nv.TrainingCurves in kinds_of(dashboard)
    assert "Activation function is not here" in messages(dashboard)


def test_the_arrangement_is_shown_and_chosen(dashboard: nv.Dashboard) -> None:
    dashboard.arrangement = "panels"
    (choice,) = parts(of_class(dashboard, "nnvis-dashboard-tools"), ipywidgets.ToggleButtons)
    assert choice.value == "panels"
    classes = of_class(dashboard, "nnvis-dashboard-grid")._dom_classes
    assert [one for one in classes if one.startswith("nnvis-shows-")] == ["nnvis-shows-panels"]
    choice.value = "network"  # as a click does
    assert dashboard.arrangement == "network"
    with pytest.raises(nv.errors.ModelError, match="network, split, panels"):
        dashboard.arrangement = "grid"


def test_another_training_takes_the_place(dashboard: nv.Dashboard) -> None:
    dashboard.panels = ["training", "weights"]
    before = dashboard.panels
    other = plane_trainer()
    dashboard.source = other
    assert dashboard.source is other
    assert kinds_of(dashboard) == [type(panel) for panel in before]
    assert all(panel.source is other for panel in dashboard.panels)
    assert all(panel.comm is None for panel in before)
    other.stop()


def test_what_is_no_training_changes_nothing(dashboard: nv.Dashboard) -> None:
    source, panels, controls = dashboard.source, dashboard.panels, dashboard.controls
    with pytest.raises(nv.errors.ModelError, match="Expected a Keras model"):
        dashboard.source = "a name"
    assert (dashboard.source, dashboard.panels, dashboard.controls) == (source, panels, controls)
    assert all(panel.comm is not None for panel in panels)


def test_one_panel_has_one_place(dashboard: nv.Dashboard) -> None:
    own = nv.TrainingCurves(dashboard.source)
    before = dashboard.panels
    with pytest.raises(nv.errors.ModelError, match="each panel once"):
        dashboard.panels = [own, "weights", own]
    assert dashboard.panels == before
    dashboard.panels = ["weights", "weights"]  # two of a kind are two panels
    assert len(set(dashboard.panels)) == 2
    own.close()


def test_a_model_without_a_trainer_has_no_controls() -> None:
    dashboard = nv.Dashboard(plane_model(), data=np.zeros((4, 2), np.float32))
    assert dashboard.controls is None
    assert "nnvis-steers" not in of_class(dashboard, "nnvis-dashboard-grid")._dom_classes
    dashboard.close()


@pytest.mark.parametrize(
    ("panels", "words"),
    [
        (["wieghts"], "Did you mean 'weights'"),
        ("weights", "list of panels"),
        ([3], "list of panels"),
    ],
)
def test_wrong_panels_are_refused(trainer: nv.Trainer, panels: object, words: str) -> None:
    with pytest.raises(nv.errors.ModelError, match=words):
        nv.Dashboard(trainer, panels=panels)


def test_a_panel_is_there_once_and_must_be_there_to_go(dashboard: nv.Dashboard) -> None:
    with pytest.raises(nv.errors.ModelError, match="again"):
        dashboard.add(dashboard.panels[0])
    with pytest.raises(nv.errors.ModelError, match="of this dashboard"):
        dashboard.remove("activations")
    with pytest.raises(TypeError, match="options"):
        dashboard.add(nv.WeightHeatmap(dashboard.view), layer="hidden")


def test_nothing_to_show_is_refused() -> None:
    with pytest.raises(nv.errors.ModelError):
        nv.Dashboard("model.keras")


def test_closing_ends_it_all_and_the_training_goes_on(trainer: nv.Trainer) -> None:
    dashboard = nv.Dashboard(trainer)
    panels, view = dashboard.panels, dashboard.view
    dashboard.close()
    assert all(one.comm is None for one in (*panels, view))
    trainer.run_steps(2)
    trainer.wait(60)
    assert trainer.status.moment.step == 2


def test_each_card_says_in_two_sentences_what_it_shows() -> None:
    trainer = nv.Trainer(reading_net(), reading_data())
    for name, kind in KINDS.items():
        panel = kind.panel(trainer)
        (help_,) = [part for part in parts(panel, ipywidgets.HTML) if "<details>" in part.value]
        (said,) = re.findall(r"<p>(.*)</p>", help_.value)
        assert len(re.findall(r"[.](?: |$)", said)) == 2, (name, said)
        assert re.findall(r'aria-label="What (.*?) shows"', help_.value) == [panel.title], name
        panel.close()
