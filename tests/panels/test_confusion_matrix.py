from __future__ import annotations

from itertools import pairwise
from typing import Any

import keras
import numpy as np
import pytest

import nnvis_widget as nv
from nnvis_widget.core.graph import Layer, Link, NetworkGraph
from nnvis_widget.core.ramps import ramp, ramp_index
from nnvis_widget.core.snapshot import Moment, Snapshot, TensorKey
from nnvis_widget.errors import DataError, ModelError
from nnvis_widget.run.run import Run

from .helpers import (
    click,
    drawn,
    head,
    heads,
    lines,
    note,
    picture,
    pixels_of,
    plane_trainer,
    point_at,
    ring,
    written,
)

RNG = np.random.default_rng(1)
X = RNG.normal(size=(90, 4)).astype(np.float32)
Y = RNG.integers(0, 3, 90)


def three_classes(**compiled: Any) -> keras.Sequential:
    keras.utils.set_random_seed(1)
    layers = [keras.layers.Dense(5, "tanh", name="hidden"), keras.layers.Dense(3, "softmax", name="out")]
    model = keras.Sequential([keras.Input((4,)), *layers], name="three")
    model.compile("sgd", "sparse_categorical_crossentropy", **compiled)
    return model


def run_of(classes: int) -> Run:
    layers = (
        Layer("L0", "in", "InputLayer", ((None, 2),), units=2, role="input"),
        Layer("L1", "out", "Dense", ((None, classes),), (), "softmax", classes, role="dense"),
    )
    return Run(NetworkGraph("one", layers, (Link("L0", "L1"),), ("L0",), ("L1",), 0, 0))


def append(run: Run, true: np.ndarray, predicted: np.ndarray, step: int) -> None:
    pairs = np.stack([true, predicted]).astype(np.int16)
    tensors = {TensorKey("predictions", "L1", "validation"): pairs}
    run.append(Snapshot(Moment(step), tensors=tensors, revision=step + 1))


def test_the_counts_are_those_of_the_model_on_its_validation_samples() -> None:
    trainer = plane_trainer()
    panel = nv.ConfusionMatrix(trainer)
    trainer.run_epochs(3)
    trainer.wait(60)
    drawn(panel, lambda: "step 9" in head(panel) and "right: " in note(panel), "the last step")
    x, y = trainer.scenery.validation_inputs[0], trainer.scenery.validation_targets
    said = trainer.model.predict(x, verbose=0)[:, 0] >= 0.5
    expected = [[int(((y == t) & (said == p)).sum()) for p in (0, 1)] for t in (0, 1)]
    assert panel.table().to_numpy().tolist() == expected
    right = int((said == y).sum())
    assert f"{right} of {len(y)}" in note(panel)
    assert f"{len(y)} validation samples" in head(panel)
    assert panel.accuracies()["all"].iloc[-1] == pytest.approx(right / len(y))
    panel.close()


def test_a_plain_model_is_looked_at_on_the_samples_given() -> None:
    model = three_classes()
    panel = nv.ConfusionMatrix(model, data=(X, Y))
    drawn(panel, lambda: "right: " in note(panel), "the predictions")
    drawn(panel, lambda: "90 samples" in head(panel), "the head")
    said = model.predict(X, verbose=0).argmax(axis=1)
    assert panel.table().to_numpy().tolist() == [
        [int(((t == Y) & (said == p)).sum()) for p in range(3)] for t in range(3)
    ]
    panel.close()


def test_the_colours_are_the_shares_of_the_row_and_the_numbers_the_counts() -> None:
    run = run_of(3)
    append(run, np.array([0, 0, 0, 0, 1, 1, 2]), np.array([0, 0, 0, 1, 1, 0, 2]), 4)
    panel = nv.ConfusionMatrix(run)
    counts = [[3, 1, 0], [1, 1, 0], [0, 0, 1]]
    assert panel.table().to_numpy().tolist() == counts
    matrix = picture(panel, "rows true")
    assert written(matrix) == [str(n) for row in counts for n in row]
    for theme in ("light", "dark"):
        pixels = pixels_of(matrix, theme)
        shares = np.array(counts) / np.array([[4], [2], [1]])
        np.testing.assert_array_equal(pixels[..., :3], ramp("magnitude", theme)[ramp_index(shares)])
    (diagonal,) = lines(matrix, "ink-2")
    around = list(zip(diagonal.x, diagonal.y, strict=True))
    steps = [(i, i) for i in range(4)] + [(i + 1, i) for i in range(3)] + [(i, i + 1) for i in range(3)]
    assert set(around) == set(steps)
    assert all(abs(a - c) + abs(b - d) <= 1 for (a, b), (c, d) in pairwise(around))
    panel.close()


def test_a_cell_is_read_out_exactly_and_a_click_chooses_its_true_class() -> None:
    run = run_of(10)
    true = np.repeat(np.arange(10), 20)
    predicted = np.where(np.arange(200) % 20 < 7, 5, true)
    append(run, true, predicted, 0)
    panel = nv.ConfusionMatrix(run)
    matrix = picture(panel, "rows true")
    click(matrix, x=5.5, y=3.5)
    drawn(panel, lambda: "true 3, predicted 5: 7 of 20" in note(panel), "the reading")
    assert panel.selection == {"layer": "L1", "unit": 3}
    drawn(panel, lambda: ring(matrix) == (0, 3, 10, 4), "the ring")
    panel.close()


def test_the_lines_are_the_accuracies_of_the_kept_snapshots() -> None:
    run, true = run_of(4), RNG.integers(0, 4, 200)
    said = [np.where(RNG.random(200) < share, true, 3) for share in (0.2, 0.5, 0.9)]
    for step, predicted in enumerate(said):
        append(run, true, predicted, 10 * step)
    panel = nv.ConfusionMatrix(run)
    table = panel.accuracies()
    for step, predicted in enumerate(said):
        for one in range(4):
            assert table.loc[10 * step, str(one)] == pytest.approx((predicted[true == one] == one).mean())
        assert table.loc[10 * step, "all"] == pytest.approx((predicted == true).mean())
    worst = int(np.argmin(table.iloc[-1, :4]))
    over_time = picture(panel, "right over the training")
    (worst_line,) = lines(over_time, "warn")
    np.testing.assert_allclose(worst_line.y, 100 * table.iloc[:, worst])
    assert sorted(written(over_time)) == ["0", "1", "2", "3", "all"]
    panel.step = 0
    drawn(panel, lambda: "step 0" in head(panel), "the first step")
    assert panel.table().to_numpy()[0, 3] == ((said[0] == 3) & (true == 0)).sum()
    panel.close()


def test_of_many_classes_the_worst_and_the_chosen_are_drawn_and_blocks_are_said() -> None:
    run, true = run_of(300), np.repeat(np.arange(300), 4)
    append(run, true, np.where(true < 9, 0, true), 0)
    panel = nv.ConfusionMatrix(run)
    panel.selection = {"layer": "L1", "unit": 200}
    drawn(panel, lambda: "lines of 6 of 300 classes" in note(panel), "the lines")
    assert written(picture(panel, "right over the training"))[1:] == ["1", "2", "3", "4", "5", "200"]
    assert "sums of up to 3 × 3 classes" in heads(panel)[0]
    click(picture(panel, "rows true"), x=0.5, y=0.5)
    assert "true 0–1, predicted 0–1: 8 of 8" in note(panel)
    panel.close()


def test_what_is_no_number_is_counted_in_words() -> None:
    model = three_classes()
    model.get_layer("out").bias.assign([0.0, np.nan, 0.0])
    panel = nv.ConfusionMatrix(model, data=(X, Y))
    drawn(panel, lambda: "90 samples without a prediction" in note(panel), "the words")
    assert "0% right: 0 of 90" in note(panel)
    assert not panel.table().to_numpy().any()
    panel.close()


def test_fewer_samples_than_there_are_are_said() -> None:
    x, y = np.zeros((2_100, 4), np.float32), np.zeros(2_100, int)
    panel = nv.ConfusionMatrix(three_classes(), data=(x, y))
    drawn(panel, lambda: "the first 2,048 of 2,100 samples" in head(panel), "the words")
    panel.close()


def test_a_run_without_predictions_says_so_and_the_other_way_round() -> None:
    run = run_of(3)
    run.append(Snapshot(Moment(0)))
    panel = nv.ConfusionMatrix(run)
    assert "not measured at step 0" in note(panel)
    assert panel.accuracies().empty
    append(run, np.array([0, 1]), np.array([0, 0]), 5)
    drawn(panel, lambda: "50.0% right: 1 of 2" in note(panel), "the prediction")
    assert "measured at 1 of 2 kept snapshots" in note(panel)
    panel.close()


def test_what_is_no_classifier_is_refused() -> None:
    regression = keras.Sequential([keras.Input((4,)), keras.layers.Dense(2, name="out")])
    regression.compile("sgd", "mse")
    with pytest.raises(ModelError, match=r"Expected a classifier.* got 'out' \(Dense, linear, output 2\)"):
        nv.ConfusionMatrix(regression, data=(X, Y))
    labels = keras.Sequential([keras.Input((4,)), keras.layers.Dense(2, "sigmoid", name="out")])
    labels.compile("sgd", "binary_crossentropy")
    with pytest.raises(ModelError, match="tells 2 labels, each yes or no"):
        nv.ConfusionMatrix(labels, data=(X, np.ones((90, 2))))

    class OfMyOwn(keras.Sequential):
        def call(self, inputs: Any, training: Any = None, mask: Any = None) -> Any:
            return super().call(inputs, training=training)

    own = OfMyOwn([keras.Input((4,)), keras.layers.Dense(3, "softmax")])
    own.compile("sgd", "sparse_categorical_crossentropy")
    panel = nv.ConfusionMatrix(own, data=(X, np.arange(90) % 3))  # what it puts out was seen on the samples
    right = (own.predict(X, verbose=0).argmax(axis=1) == np.arange(90) % 3).sum()
    drawn(panel, lambda: f"{right} of 90" in note(panel), "the predictions")
    panel.close()


def test_missing_or_odd_targets_are_refused() -> None:
    with pytest.raises(DataError, match=r"true classes, got none\. Pass some"):
        nv.ConfusionMatrix(three_classes())
    with pytest.raises(DataError, match=r"got targets of shape \(90,\)"):
        nv.ConfusionMatrix(three_classes(), data=(X, X[:, 0]))


def test_class_names_are_text_never_markup() -> None:
    trainer = plane_trainer()
    object.__setattr__(trainer.scenery, "class_names", ("<img src=x>", "b"))
    panel = nv.ConfusionMatrix(trainer)
    drawn(panel, lambda: "right: " in note(panel), "the predictions")
    point_at(picture(panel, "rows true"), 0, 1)
    drawn(panel, lambda: "&lt;img src=x&gt;" in note(panel), "the name")
    assert "<img" not in note(panel)
    panel.close()
