"""What one line opens: a network of one's own making, and the way back to the one before."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import comm
import numpy as np
import pytest

import nnvis_widget as nv
from nnvis_widget.errors import DataError

from ..limits import PATIENCE_S

LESSONS: dict[str, Callable[..., Any]] = {"playground": nv.playground, "dashboard_demo": nv.dashboard_demo}


@pytest.fixture(params=LESSONS)
def lesson(request: pytest.FixtureRequest) -> Iterator[Any]:
    lesson = LESSONS[request.param]()
    yield lesson
    lesson.close()


def shown(lesson: Any) -> Any:
    """The training that the view on the page shows."""
    return view_of(lesson).source


def view_of(lesson: Any) -> nv.NetworkView:
    view: nv.NetworkView = lesson.view if hasattr(lesson, "view") else lesson.dashboard.view
    return view


def train(lesson: Any, steps: int = 3) -> nv.Trainer:
    trainer: nv.Trainer = lesson.trainer
    trainer.run_steps(steps)
    assert trainer.wait(PATIENCE_S) == "paused"
    return trainer


def layers(lesson: Any) -> list[tuple[str, str]]:
    return [(layer.name, type(layer).__name__) for layer in lesson.trainer.model.layers]


def has_way_back(lesson: Any) -> bool:
    return lesson.back.layout.display != "none"


def test_a_choice_builds_what_it_says(lesson: Any) -> None:
    assert layers(lesson) == [("hidden_1", "Dense"), ("hidden_2", "Dense"), ("output", "Dense")]
    lesson.choices.layers.value = 1
    lesson.choices.units.value = 3
    lesson.choices.activation.value = "relu"
    lesson.choices.penalty.value = "L2 0.01"
    lesson.choices.dropout.value = 0.25
    assert layers(lesson) == [("hidden_1", "Dense"), ("dropout_1", "Dropout"), ("output", "Dense")]
    hidden, dropout, _ = lesson.trainer.model.layers
    assert (hidden.units, hidden.activation.__name__, dropout.rate) == (3, "relu", 0.25)
    assert float(hidden.kernel_regularizer.l2) == pytest.approx(0.01)
    assert shown(lesson) is lesson.trainer
    lesson.choices.layers.value = 0
    assert layers(lesson) == [("output", "Dense")]


def test_features_are_what_their_names_say_and_one_stays(lesson: Any) -> None:
    boxes = lesson.choices.features.boxes
    assert [name for name, box in boxes.items() if box.value] == ["x₁", "x₂"]
    for name in ("x₁²", "x₁x₂", "sin x₂"):
        boxes[name].value = True
    boxes["x₂"].value = False
    features = lesson.trainer.graph.by_name("features")
    assert features.unit_names == ("x₁", "x₁²", "x₁x₂", "sin x₂")
    points = np.random.default_rng(1).normal(size=(5, 2)).astype(np.float32)
    x, y = points.T
    computed = np.asarray(lesson.trainer.model.layers[0](points))
    np.testing.assert_allclose(computed, np.stack([x, x**2, x * y, np.sin(y)], axis=1), rtol=1e-5)
    assert "features (Features, 4 units: x₁ · x₁² · x₁x₂ · sin x₂)" in view_of(lesson).describe()
    for name in ("x₁", "x₁x₂", "sin x₂"):
        boxes[name].value = False
    assert [box.disabled for box in boxes.values()] == [name == "x₁²" for name in boxes]
    boxes["x₂"].value = True
    assert not any(box.disabled for box in boxes.values())
    assert lesson.trainer.graph.by_name("features").unit_names == ("x₂", "x₁²")


def test_the_same_choices_give_the_same_network() -> None:
    one, other = (nv.playground("xor") for _ in range(2))
    for ours, theirs in zip(one.trainer.model.get_weights(), other.trainer.model.get_weights(), strict=True):
        np.testing.assert_array_equal(ours, theirs)
    for lesson in (one, other):
        lesson.close()


def test_what_a_choice_gave_up_is_there_for_one_click(lesson: Any) -> None:
    trained = train(lesson)
    weights = trained.model.get_weights()
    assert not has_way_back(lesson)
    lesson.choices.units.value = 2
    lesson.choices.noise.value = 0.3  # a network that has learnt nothing is no loss
    assert has_way_back(lesson)
    assert (trained.state, lesson.trainer.step) == ("paused", 0)
    lesson.back.click()
    assert lesson.trainer is trained
    assert shown(lesson) is trained
    assert (lesson.choices.units.value, lesson.choices.noise.value) == (6, pytest.approx(0.15))
    assert not has_way_back(lesson)
    assert trained.run.latest is not None
    assert trained.run.latest.step == trained.step == 3
    for ours, theirs in zip(trained.model.get_weights(), weights, strict=True):
        np.testing.assert_array_equal(ours, theirs)
    assert train(lesson).step == 6


def test_a_choice_ends_the_training_that_runs(lesson: Any) -> None:
    running = lesson.trainer
    running.start()
    lesson.choices.data.value = "Circles"
    assert running.state in ("paused", "finished")
    assert "circles" in lesson.trainer.model.name


def test_ones_own_points_are_trained_on_when_one_says_so(lesson: Any) -> None:
    choices = lesson.choices
    before = train(lesson)
    assert choices.own.pad is None
    choices.data.value = "Your own"
    assert lesson.trainer is before
    assert choices.own.button.disabled
    assert choices.own.message.value == ("Not trained on yet: it takes 2 points of each class, there are no points.")
    choices.own.button.click()
    choices.units.value = 3
    assert "moons" in lesson.trainer.model.name
    points = np.random.default_rng(0).uniform(-3, 3, (9, 2)).astype(np.float32)
    choices.own.pad.draw(points, np.arange(9) % 2)
    assert not choices.own.button.disabled
    choices.own.button.click()
    assert lesson.trainer.model.name == "drawn_mlp"
    assert choices.own.message.value == "Trained on 9 points, as they were just now."
    data = lesson.trainer.data
    assert sorted(np.concatenate([data.inputs, data.validation_inputs]).tolist()) == sorted(points.tolist())
    choices.units.value = 4
    assert lesson.trainer.model.name == "drawn_mlp"
    train(lesson)
    choices.own.pad.draw([], [])
    assert choices.own.button.disabled
    choices.data.value = "XOR"
    assert lesson.trainer.model.name == "xor_mlp"
    lesson.back.click()
    assert (choices.data.value, lesson.trainer.model.name) == ("Your own", "drawn_mlp")


def test_it_is_closed_whole() -> None:
    before = set(comm.get_comm_manager().comms)
    lesson = nv.playground()
    lesson.choices.data.value = "Your own"
    running = lesson.trainer
    running.start()
    lesson.close()
    assert running.state == "finished"
    assert set(comm.get_comm_manager().comms) == before


@pytest.mark.parametrize("data", ["noons", "", None, 3, ["moons"]])
@pytest.mark.parametrize("name", LESSONS)
def test_data_that_there_is_not_are_refused_with_those_that_there_are(name: str, data: object) -> None:
    with pytest.raises(DataError, match="Expected one of moons, circles, xor, spiral, gaussians, got data="):
        LESSONS[name](data)
