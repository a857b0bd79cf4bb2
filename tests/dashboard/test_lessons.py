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


@pytest.fixture
def playground() -> Iterator[Any]:
    """For what both lessons leave to the choices themselves."""
    lesson = nv.playground()
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


def test_features_are_what_their_names_say_and_one_stays(playground: Any) -> None:
    boxes = playground.choices.features.boxes
    assert [name for name, box in boxes.items() if box.value] == ["x₁", "x₂"]
    for name in ("x₁²", "x₁x₂", "sin x₂"):
        boxes[name].value = True
    boxes["x₂"].value = False
    features = playground.trainer.graph.by_name("features")
    assert features.unit_names == ("x₁", "x₁²", "x₁x₂", "sin x₂")
    points = np.random.default_rng(1).normal(size=(5, 2)).astype(np.float32)
    x, y = points.T
    computed = np.asarray(playground.trainer.model.layers[0](points))
    np.testing.assert_allclose(computed, np.stack([x, x**2, x * y, np.sin(y)], axis=1), rtol=1e-5)
    assert "features (Features, 4 units: x₁ · x₁² · x₁x₂ · sin x₂)" in view_of(playground).describe()
    for name in ("x₁", "x₁x₂", "sin x₂"):
        boxes[name].value = False
    assert [box.disabled for box in boxes.values()] == [name == "x₁²" for name in boxes]
    boxes["x₂"].value = True
    assert not any(box.disabled for box in boxes.values())
    assert playground.trainer.graph.by_name("features").unit_names == ("x₂", "x₁²")


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


def draw(lesson: Any, count: int) -> list[list[float]]:
    points = np.random.default_rng(count).uniform(-3, 3, (count, 2)).astype(np.float32)
    lesson.choices.own.pad.draw(points, np.arange(count) % 2)
    return sorted(points.tolist())


def points_of(trainer: nv.Trainer) -> list[list[float]]:
    return sorted(np.concatenate([trainer.data.inputs, trainer.data.validation_inputs]).tolist())


NEEDED = "The data stay as they are: it takes 2 points of each class, there are "
KEPT = "What was trained is not given up for a stroke: the button begins anew with these {} points."


def test_ones_own_points_are_the_data_as_they_are_drawn_while_nothing_is_trained(lesson: Any) -> None:
    own, moons = lesson.choices.own, lesson.trainer
    assert own.pad is None
    lesson.choices.data.value = "Your own"
    own.pad.draw([[0, 0], [1, 1], [2, 2]], [0, 0, 1])
    assert lesson.trainer is moons
    assert own.message.value == NEEDED + "2 of class 0 and 1 of class 1."
    assert own.button.disabled
    own.button.click()
    assert lesson.trainer is moons
    for count in (9, 30):
        points = draw(lesson, count)
        assert points_of(shown(lesson)) == points
        assert lesson.trainer.model.name == "drawn_mlp"
        assert own.message.value == f"These {count} points are the data."
        assert own.button.disabled
    own.pad.draw([], [])
    assert points_of(shown(lesson)) == points
    assert own.message.value == NEEDED + "no points."
    assert not has_way_back(lesson)


def test_a_stroke_gives_up_nothing_that_was_trained(lesson: Any) -> None:
    own, trained = lesson.choices.own, train(lesson)
    lesson.choices.data.value = "Your own"
    points = draw(lesson, 9)
    assert (shown(lesson), trained.step) == (trained, 3)
    assert own.message.value == KEPT.format(9)
    trained.reset()
    points = draw(lesson, 12)
    assert shown(lesson) is trained  # the reset can be undone
    trained.undo_reset()
    own.button.click()
    assert points_of(shown(lesson)) == points
    assert own.message.value == "These 12 points are the data."
    drawn = train(lesson)
    drawn.start()
    draw(lesson, 15)
    assert (shown(lesson), drawn.state) == (drawn, "running")
    lesson.back.click()
    assert shown(lesson) is trained
    assert own.message.value == KEPT.format(15)


def test_what_is_drawn_is_chosen_like_other_data(playground: Any) -> None:
    choices = playground.choices
    choices.data.value = "Your own"
    choices.units.value = 3
    assert "moons" in playground.trainer.model.name  # nothing is drawn
    points = draw(playground, 9)
    choices.data.value = "XOR"
    assert playground.trainer.model.name == "xor_mlp"
    xor = train(playground)
    choices.data.value = "Your own"
    assert points_of(shown(playground)) == points
    assert has_way_back(playground)
    train(playground)
    points = draw(playground, 12)
    choices.units.value = 4
    assert points_of(shown(playground)) == points  # what builds anew takes what is drawn
    playground.back.click()
    assert len(points_of(shown(playground))) == 9
    assert not choices.own.button.disabled
    choices.data.value = "XOR"
    assert shown(playground) is not xor
    playground.back.click()
    assert (choices.data.value, playground.trainer.model.name) == ("Your own", "drawn_mlp")


def test_the_picture_of_ones_own_data_is_what_is_drawn(playground: Any) -> None:
    pictures = playground.choices.data
    assert pictures.counts[-1] == 0
    pictures.value = "Your own"
    playground.choices.own.pad.draw([[1.5, -3]], [1])
    assert pictures.counts[-1] == 1
    assert np.frombuffer(pictures.drawing, "<f4")[-3:].tolist() == [0.5, -1, 1]
    train(playground)
    draw(playground, 1000)
    assert pictures.counts[-1] == 120


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
