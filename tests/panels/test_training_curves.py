from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import bqplot
import ipywidgets
import numpy as np
import pytest

import nnvis_widget as nv
from nnvis_widget.errors import DataError
from nnvis_widget.run.run import Run

from .helpers import drawn, lines, note, parts, pictures, plane_trainer
from .test_weight_heatmap import KERNEL, run_of

HISTORY = {"loss": [1.0, 0.5, 0.25], "val_loss": [1.1, 0.4, 0.6], "accuracy": [0.5, 0.75, 1.0]}


def recorded(values: np.ndarray, name: str = "loss") -> Run:
    run = run_of(KERNEL)
    run.record_scalars(np.arange(1, len(values) + 1), [name], values[:, None])
    return run


def raw_line(panel: nv.TrainingCurves, prefix: str = "") -> tuple[np.ndarray, np.ndarray]:
    """The faint line as places and values."""
    (line,) = lines(panel, "val" if prefix else "train", opacities=[0.22])
    (scale,) = parts(panel, ipywidgets.Checkbox)
    heights = np.asarray(line.y)
    return np.asarray(line.x), 10**heights if scale.value else heights


def average_line(panel: nv.TrainingCurves) -> Any:
    """The line of the training, over the faint one."""
    (line,) = lines(panel, "train", stroke_width=2)
    return line


def test_a_history_is_drawn_as_it_is_and_its_best_epoch_named() -> None:
    panel = nv.TrainingCurves(SimpleNamespace(history=HISTORY, epoch=[0, 1, 2]))
    places, values = raw_line(panel)
    np.testing.assert_allclose(places[::2], [1, 2, 3])
    np.testing.assert_allclose(values[::2], HISTORY["loss"])
    np.testing.assert_allclose(raw_line(panel, "val_")[1][::2], HISTORY["val_loss"])
    assert "epoch 3: train 0.250, val 0.600" in note(panel)
    assert "best val 0.400 at epoch 2" in note(panel)
    assert list(panel.table().columns) == ["loss", "val_loss", "accuracy"]
    np.testing.assert_array_equal(panel.table()["val_loss"], HISTORY["val_loss"])
    panel.close()


def test_of_an_accuracy_the_highest_is_best() -> None:
    panel = nv.TrainingCurves({"accuracy": [0.5, 0.7, 0.6], "val_accuracy": [0.4, 0.8, 0.7]})
    assert panel.metric == "accuracy"
    assert "best val 0.800 at epoch 2" in note(panel)
    panel.close()


def test_no_extreme_is_thinned_away_in_a_long_training() -> None:
    values = np.abs(np.random.default_rng(0).normal(size=100_000)) + 1.0
    values[[12_345, 77_777]] = [90.0, 0.001]
    panel = nv.TrainingCurves(recorded(values), log=False)
    _, drawn_values = raw_line(panel)
    assert len(drawn_values) <= 800
    assert drawn_values.max() == pytest.approx(90.0)
    assert drawn_values.min() == pytest.approx(0.001)
    assert "100,000 values, drawn as 400 with every extreme" in note(panel)
    assert len(panel.table()) == 100_000
    panel.close()


def test_the_line_is_the_moving_average_and_ends_where_it_ends() -> None:
    values = np.random.default_rng(0).normal(size=300)
    panel = nv.TrainingCurves(recorded(values), log=False)
    state = values[0]
    for value in values[1:]:
        state += 0.15 * (value - state)
    assert average_line(panel).y[0][-1] == pytest.approx(state)
    panel.close()


def test_few_values_are_not_averaged() -> None:
    panel = nv.TrainingCurves(HISTORY, log=False)
    np.testing.assert_allclose(average_line(panel).y[0], HISTORY["loss"])
    panel.close()


def test_a_loss_of_nan_is_counted_and_leaves_a_gap() -> None:
    panel = nv.TrainingCurves({"loss": [1.0, float("nan"), 0.5, float("inf")]})
    assert "1 NaN and 1 infinite" in note(panel)
    assert np.isfinite(np.asarray(average_line(panel).y)[:, -1]).all()
    assert np.isnan(raw_line(panel)[1]).any()
    panel.close()


@pytest.mark.parametrize("empty", [{}, {"loss": []}, {"loss": [float("nan")]}])
def test_nothing_to_draw_is_said_and_breaks_nothing(empty: dict[str, list[float]]) -> None:
    panel = nv.TrainingCurves(empty)
    assert "recorded" in note(panel)
    panel.metric = "auc"
    panel.table()
    panel.close()


def test_a_metric_that_comes_late_is_offered_then() -> None:
    run = recorded(np.array([1.0, 0.9]))
    panel = nv.TrainingCurves(run, metric="auc")
    assert "No &#x27;auc&#x27; is recorded yet" in note(panel) or "'auc'" in note(panel)
    run.record_scalars(np.array([2]), ["auc"], np.array([[0.75]]))
    panel.metric = "auc"
    drawn(panel, lambda: "train 0.750" in note(panel), "the late metric")
    panel.close()


def test_one_value_is_drawn() -> None:
    panel = nv.TrainingCurves({"loss": [0.5]})
    assert "epoch 1: train 0.500" in note(panel)
    panel.close()


def test_several_runs_are_compared_under_their_names() -> None:
    panel = nv.TrainingCurves({"slow": recorded(np.array([3.0, 2.0])), "fast": {"loss": [3.0, 1.0]}})
    assert "slow train 2.000" in note(panel)
    assert "fast train 1.000" in note(panel)
    assert set(panel.table().columns.get_level_values("run")) == {"slow", "fast"}
    panel.close()


@pytest.mark.parametrize("bad", [{"loss": ["a"]}, {"loss": [[1.0, 2.0]]}, [], [{"loss": [1.0]}] * 7])
def test_what_is_no_history_is_refused(bad: object) -> None:
    with pytest.raises(DataError, match="Expected"):
        nv.TrainingCurves(bad)


def test_the_pointer_moves_the_playhead_of_all_and_a_double_click_frees_it() -> None:
    trainer = plane_trainer()
    curves, weights = nv.TrainingCurves(trainer), nv.WeightHeatmap(trainer, "hidden")
    trainer.run_epochs(2)
    trainer.wait(60)
    pointer = pictures(curves)[0].interaction
    pointer.selected = np.array([3.2])
    assert weights.step == 3
    drawn(curves, lambda: "step 3:" in note(curves), "the playhead")
    pointer.selected = np.array([1e9])
    assert weights.step == trainer.step
    pointer.selected = None
    assert weights.step is None
    for panel in (curves, weights):
        panel.close()


def test_the_slider_does_the_same_and_the_button_goes_live() -> None:
    trainer = plane_trainer()
    trainer.run_epochs(2)
    trainer.wait(60)
    panel = nv.TrainingCurves(trainer)
    (slider,), (live,) = parts(panel, ipywidgets.IntSlider), parts(panel, ipywidgets.Button)
    assert (slider.max, slider.value) == (1000, 1000)
    slider.value = 333  # thousandths of the six steps
    assert panel.step == 2
    assert live.description == "Go live"
    live.click()
    assert panel.step is None
    slider.value = 0
    assert panel.step == 0
    slider.value = 1000
    assert panel.step is None
    panel.close()


def test_a_growing_training_moves_nothing_that_a_page_would_write_back() -> None:
    trainer = plane_trainer()
    panel = nv.TrainingCurves(trainer)
    written: list[object] = []
    (slider,) = parts(panel, ipywidgets.IntSlider)
    slider.observe(written.append)
    trainer.run_epochs(2)
    trainer.wait(60)
    drawn(panel, lambda: "step 6" in panel.describe(), "the last step")
    assert written == []
    assert panel.step is None
    panel.close()


def test_a_changed_learning_rate_is_marked_where_it_changed() -> None:
    trainer = plane_trainer()
    trainer.run_epochs(1)
    trainer.wait(60)
    trainer.learning_rate = 0.01
    trainer.run_epochs(1)
    trainer.wait(60)
    panel = nv.TrainingCurves(trainer)
    (changes,) = [label for label in parts(panel, bqplot.Label) if label.font_weight == "normal"]
    assert list(changes.text) == ["lr 0.01"]
    assert list(changes.x) == [3.0]
    panel.close()


def test_by_epoch_each_epoch_is_its_last_value() -> None:
    trainer = plane_trainer()
    trainer.run_epochs(3)
    trainer.wait(60)
    panel = nv.TrainingCurves(trainer, by="epoch")
    steps, values = trainer.run.scalars("loss")
    np.testing.assert_array_equal(panel.table()["loss"].dropna(), values[steps % 3 == 0])
    np.testing.assert_allclose(panel.table()["loss"].dropna(), trainer.history["loss"], rtol=1e-5)
    panel.close()
