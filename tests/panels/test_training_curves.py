from __future__ import annotations

import re
from threading import Event
from types import SimpleNamespace
from typing import Any

import bqplot
import ipywidgets
import keras
import numpy as np
import pytest

import nnvis_widget as nv
from nnvis_widget.errors import DataError
from nnvis_widget.run.run import Run

from ..limits import PATIENCE_S
from .helpers import drawn, lines, note, open_page, parts, pictures, plane_model, plane_trainer
from .test_weight_heatmap import KERNEL, run_of

HISTORY = {"loss": [1.0, 0.5, 0.25], "val_loss": [1.1, 0.4, 0.6], "accuracy": [0.5, 0.75, 1.0]}


def recorded(values: np.ndarray, name: str = "loss") -> Run:
    run = run_of(KERNEL)
    run.record_scalars(np.arange(1, len(values) + 1), [name], values[:, None])
    return run


def drawn_line(panel: nv.TrainingCurves, prefix: str = "") -> tuple[np.ndarray, np.ndarray]:
    """The line of training or validation as places and values."""
    (line,) = lines(panel, "val" if prefix else "train", stroke_width=2)
    return np.asarray(line.x)[0], values_of(panel, np.asarray(line.y)[0])


def values_of(panel: nv.TrainingCurves, heights: np.ndarray) -> np.ndarray:
    (scale,) = parts(panel, ipywidgets.Checkbox)
    return 10**heights if scale.value else heights


def band_of(panel: nv.TrainingCurves) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Places, and the lower and upper end of the faint band of the training."""
    (band,) = lines(panel, "train", fill="inside")
    assert band.fill_opacities == [0.22]
    half = len(band.x) // 2
    return band.x[:half], values_of(panel, band.y[:half]), values_of(panel, band.y[half:][::-1])


def beyond(panel: nv.TrainingCurves) -> tuple[np.ndarray, np.ndarray]:
    """Where strokes at the lower and at the upper frame say that values lie beyond it."""
    (strokes,) = lines(panel, "train", opacities=[0.3])
    (figure,) = pictures(panel)
    scale = figure.marks[0].scales["y"]
    return np.asarray(strokes.x)[strokes.y == scale.min], np.asarray(strokes.x)[strokes.y == scale.max]


def average_line(panel: nv.TrainingCurves) -> Any:
    """The line of the training."""
    (line,) = lines(panel, "train", stroke_width=2)
    return line


def test_a_history_is_drawn_as_it_is_and_its_best_epoch_named() -> None:
    panel = nv.TrainingCurves(SimpleNamespace(history=HISTORY, epoch=[0, 1, 2]))
    places, values = drawn_line(panel)
    np.testing.assert_allclose(places, [1, 2, 3])
    np.testing.assert_allclose(values, HISTORY["loss"])
    np.testing.assert_allclose(drawn_line(panel, "val_")[1], HISTORY["val_loss"])
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


def test_spikes_do_not_set_the_range_and_are_told_at_the_frame() -> None:
    values = np.linspace(2.0, 1.0, 100_000) * (1 + 0.01 * np.random.default_rng(0).normal(size=100_000))
    values[[12_345, 77_777]] = [90.0, 0.001]
    panel = nv.TrainingCurves(recorded(values), log=False)
    (figure,) = pictures(panel)
    scale = figure.marks[0].scales["y"]
    assert 0.8 < scale.min < 1 < 2 < scale.max < 2.2
    under, over = beyond(panel)
    (low,), (high,) = under[np.abs(under - 77_778) < 300], over[np.abs(over - 12_346) < 300]
    assert abs(low - 77_778) <= 256
    assert abs(high - 12_346) <= 256
    assert "band: 90 % of 100,000 values, strokes at the frame: beyond it" in note(panel)
    assert len(panel.table()) == 100_000
    panel.close()


def test_the_band_holds_nine_tenths_of_the_values_around() -> None:
    trend = np.linspace(50.0, 0.0, 20_000)
    panel = nv.TrainingCurves(recorded(trend + np.random.default_rng(3).normal(size=20_000)), log=False)
    places, *ends = band_of(panel)
    inside = slice(20, -20)
    for end, quantile in zip(ends, (-1.645, 1.645), strict=True):
        off = end[inside] - trend[places[inside].astype(int)]
        assert abs(off.mean() - quantile) < 0.1
        assert abs(off - quantile).max() < 1.2
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
    assert np.isnan(drawn_line(panel)[1]).any()
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
    drawn(curves, lambda: "epoch 1.0:" in note(curves), "the playhead")
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


def test_by_epoch_each_epoch_is_its_value_as_keras_has_it() -> None:
    trainer = plane_trainer()
    trainer.run_epochs(3)
    trainer.wait(60)
    panel = nv.TrainingCurves(trainer, by="epoch")
    np.testing.assert_allclose(panel.table()["loss"].dropna(), trainer.history["loss"], rtol=1e-5)
    panel.close()


def test_places_and_axis_are_told_in_epochs_and_numbers_are_those_of_whole_epochs() -> None:
    trainer = plane_trainer()
    trainer.run_epochs(20)
    trainer.wait(60)
    trainer.run_steps(2)
    trainer.wait(60)
    panel = nv.TrainingCurves(trainer)
    clock, values = trainer.run.clock, trainer.history["loss"]
    assert f"{clock.text(trainer.step)}: train {values[-1]:.3f}" in note(panel)
    assert clock.text_with_step(trainer.step) in panel.describe()
    axis = pictures(panel)[0].axes[0]
    assert [clock.epoch_at(place) for place in axis.tick_values] == [float(name) for name in axis.tick_labels.values()]
    panel.step = int(clock.step_at(7))
    drawn(panel, lambda: f"epoch 7.0: train {values[6]:.3f}" in note(panel), "the seventh epoch")
    panel.close()


def test_while_it_runs_the_curves_tell_the_moment_that_the_other_parts_show() -> None:
    is_held, is_free = Event(), Event()

    class Hold(keras.callbacks.Callback):
        def on_train_batch_end(self, batch: int, logs: object = None) -> None:
            latest = trainer.run.latest
            if latest is not None and 2 < latest.step < trainer.step:
                is_held.set()
                is_free.wait(PATIENCE_S)

    data = nv.datasets.moons(n=64, noise=0.1, seed=0)
    trainer = nv.Trainer(plane_model(), data, batch_size=16, callbacks=[Hold()])
    curves, weights = nv.TrainingCurves(trainer), nv.WeightHeatmap(trainer, "hidden")
    open_page(weights)
    trainer.start()
    assert is_held.wait(PATIENCE_S)
    told = [re.findall(r"\(step (\d+)\)", panel.describe())[0] for panel in (curves, weights)]
    assert told[0] == told[1] != str(trainer.run.scalars("loss")[0][-1])
    is_free.set()
    trainer.stop()
    for panel in (curves, weights):
        panel.close()
