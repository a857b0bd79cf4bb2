from __future__ import annotations

import re

import bqplot
import ipywidgets
import keras
import numpy as np
import pytest

import nnvis_widget as nv
from nnvis_widget.errors import DataError, ModelError

from .helpers import click, drawn, heads, lines, note, parts, picture, plane_trainer, ring, written


def picture_model() -> keras.Sequential:
    keras.utils.set_random_seed(2)
    layers = [
        keras.layers.Conv2D(8, 3, activation="relu", name="maps"),
        keras.layers.MaxPooling2D(4, name="pool"),
        keras.layers.Flatten(name="flat"),
        keras.layers.Dense(10, "softmax", name="classes"),
    ]
    return keras.Sequential([keras.Input((28, 28, 1)), *layers], name="pictures")


def pictures(count: int = 3) -> np.ndarray:
    return np.random.default_rng(0).random((count, 28, 28, 1)).astype(np.float32)


def by_layer(panel: nv.ActivationPanel, name: str) -> np.ndarray:
    table = panel.table()
    return np.asarray(table[table.layer == name].value)


def test_the_activations_are_those_of_a_forward_pass_large_maps_too() -> None:
    model, x = picture_model(), pictures()
    panel = nv.ActivationPanel(model, sample=x[1])
    drawn(panel, lambda: by_layer(panel, "maps").size, "the maps, which are measured when somebody looks")
    values = x[1:2]
    for layer in model.layers:
        values = layer(values)
        if layer.name != "flat":
            np.testing.assert_allclose(by_layer(panel, layer.name), np.asarray(values).ravel(), atol=1e-5)
    assert by_layer(panel, "maps").size == 26 * 26 * 8
    panel.close()


def test_the_probabilities_are_bars_with_percents() -> None:
    model, x = picture_model(), pictures()
    panel = nv.ActivationPanel(model, sample=x[0])
    expected = np.asarray(model(x[:1]))[0]
    (bars,) = lines(picture(panel, "classes"), "act")
    np.testing.assert_allclose(np.asarray(bars.x)[:, 1], expected, atol=1e-6)
    assert written(picture(panel, "classes"))[0] == f"{100 * expected[0]:.1f}%"
    assert f"predicted: class {expected.argmax()}" in note(panel)
    panel.close()


@pytest.mark.parametrize("is_right", [True, False])
def test_right_or_wrong_is_said_in_words(is_right: bool) -> None:
    model, x = picture_model(), pictures()
    model.compile("sgd", "sparse_categorical_crossentropy")
    guess = np.asarray(model(x)).argmax(axis=1)
    panel = nv.ActivationPanel(model, data=(x, guess if is_right else (guess + 1) % 10))
    assert ("✓ right" if is_right else "✗ wrong") in note(panel)
    assert ("✓ right" if is_right else "✗ wrong: it is class") in panel.describe()
    panel.close()


def test_another_sample_is_chosen_by_index_and_by_its_picture() -> None:
    model, x = picture_model(), pictures(5)
    panel = nv.ActivationPanel(model, data=x)
    (index,) = parts(panel, ipywidgets.BoundedIntText)
    index.value = 2
    assert panel.sample == 2
    drawn(panel, lambda: np.array_equal(by_layer(panel, "input"), x[2].ravel()), "the other sample")
    click(parts(panel, bqplot.Figure)[0], x=3 * 29 + 4.5, y=5.5)
    assert panel.sample == 3
    panel.close()


def test_an_array_that_is_one_of_the_samples_is_found() -> None:
    trainer = plane_trainer()
    panel = nv.ActivationPanel(trainer, sample=trainer.scenery.inputs[0][17])
    assert panel.sample == 17
    panel.close()


class Scaled(keras.layers.Layer):
    """Computes with a number that is no weight: what it was at a kept step, the weights of then cannot tell."""

    def __init__(self) -> None:
        super().__init__()
        self.factor = 2.0

    def call(self, x: object) -> object:
        return self.factor * x  # type: ignore[operator]


def test_a_sample_that_was_not_measured_then_is_said_to_be_so() -> None:
    model = keras.Sequential([keras.Input((2,)), Scaled(), keras.layers.Dense(1, "sigmoid")])
    model.compile("sgd", "binary_crossentropy")
    trainer = nv.Trainer(model, nv.datasets.moons(n=64, noise=0.1, seed=0), batch_size=16)
    trainer.run_epochs(1)
    trainer.wait(60)
    panel = nv.ActivationPanel(trainer)
    panel.step = 0
    panel.sample = 9
    drawn(panel, lambda: "sample 9 was not measured at epoch 0.0 (step 0)" in heads(panel)[0], "the words")
    panel.close()


def test_a_click_on_a_unit_chooses_it() -> None:
    trainer = plane_trainer()
    panel = nv.ActivationPanel(trainer)
    click(picture(panel, "hidden"), x=3.5, y=0.5)
    assert panel.selection == {"layer": trainer.graph.by_name("hidden").id, "unit": 3}
    drawn(panel, lambda: ring(picture(panel, "hidden")) == (3, 0, 4, 1), "the ring")
    panel.close()


def test_without_a_sample_the_panel_says_what_to_pass() -> None:
    panel = nv.ActivationPanel(picture_model())
    assert "pass sample=x[0], or data=(x, y)" in note(panel)
    assert panel.table().empty
    panel.close()


@pytest.mark.parametrize(
    ("sample", "said"),
    [
        (np.zeros((5, 5)), r"Expected a sample of shape \(28, 28, 1\), got shape \(5, 5\)"),
        (np.zeros((2, 28, 28, 1)), r"got shape \(2, 28, 28, 1\)"),
        ("seven", "as an index or an array of numbers, got str"),
        (5, "Expected a sample from 0 to"),
    ],
)
def test_a_sample_that_does_not_fit_is_refused(sample: object, said: str) -> None:
    with pytest.raises(DataError, match=said):
        nv.ActivationPanel(picture_model(), sample=sample)


def test_a_strange_array_is_refused_by_a_trainer() -> None:
    with pytest.raises(DataError, match="is none of them"):
        nv.ActivationPanel(plane_trainer(), sample=np.array([9.0, 9.0]))


def test_only_the_layers_that_were_named_are_drawn() -> None:
    panel = nv.ActivationPanel(picture_model(), sample=pictures()[0], layers=["pool"])
    assert [re.findall(r">(\w+)", head)[0] for head in heads(panel)] == ["pool"]
    panel.close()
    with pytest.raises(ModelError, match="The nearest: 'pool'"):
        nv.ActivationPanel(picture_model(), sample=pictures()[0], layers=["poool"])


@pytest.mark.parametrize(("count", "drawn_as"), [(784, (28, 28)), (64, (8, 8)), (63, (63,)), (16, (16,))])
def test_a_flat_input_of_a_square_of_numbers_is_drawn_as_a_picture(count: int, drawn_as: tuple[int, ...]) -> None:
    keras.utils.set_random_seed(0)
    model = keras.Sequential([keras.Input((count,)), keras.layers.Dense(64, "relu", name="hidden")])
    sample = np.random.default_rng(0).random(count).astype(np.float32)
    panel = nv.ActivationPanel(model, sample=sample)
    sizes = [re.findall(r"\d+", re.search(r", (\d+(?: × \d+)*)", head)[1]) for head in heads(panel)]
    assert [tuple(map(int, size)) for size in sizes] == [drawn_as, (64,)]
    table = panel.table()
    first = table[table.layer == table.layer.iloc[0]]
    assert {len(index) for index in first["index"]} == {len(drawn_as)}
    np.testing.assert_array_equal([sample.reshape(drawn_as)[index] for index in first["index"]], first.value)
    panel.close()
