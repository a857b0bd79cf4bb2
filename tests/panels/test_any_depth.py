"""Panels take layers at any depth, by name, path or selection, and tell what there is where there is none."""

from __future__ import annotations

from typing import Any

import keras
import numpy as np
import pytest
import tensorflow as tf
from keras import layers

import nnvis_widget as nv
from nnvis_widget.errors import ModelError

from .helpers import drawn, head, open_page

X = np.random.default_rng(5).normal(size=(24, 4)).astype(np.float32)
Y = np.arange(24) % 3


class Block(layers.Layer):
    """A block of a person's own: two layers and a weight of its own."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.wide, self.norm = layers.Dense(4, "tanh", name="wide"), layers.LayerNormalization(name="norm")

    def build(self, shape: Any) -> None:
        self.scale = self.add_weight(shape=(4,), initializer="ones", name="scale")
        self.wide.build(shape)
        self.norm.build(shape)
        self.built = True

    def call(self, inputs: Any) -> Any:
        return self.norm(self.wide(inputs)) * self.scale


def nested() -> keras.Sequential:
    """Two blocks of the same inside, then a model with a model in it."""
    keras.utils.set_random_seed(4)
    deepest = keras.Sequential([layers.Dense(5, "relu", name="deepest")], name="deep")
    inner = keras.Sequential([deepest, layers.Dense(3, "softmax", name="end")], name="inner")
    model = keras.Sequential([keras.Input((4,)), Block(name="one"), Block(name="two"), inner], name="nested")
    model.compile("sgd", "sparse_categorical_crossentropy")
    return model


def kernel(layer: Any) -> np.ndarray:
    return np.asarray(layer.kernel).ravel()


@pytest.mark.parametrize("name", ["deepest", "inner/deep/deepest"])
def test_a_heat_map_shows_a_layer_two_models_deep_by_its_name_and_by_its_path(name: str) -> None:
    model = nested()
    shown = nv.WeightHeatmap(model, name).table().query("parameter == 'kernel'")
    assert set(shown.layer) == {"deepest"}
    np.testing.assert_array_equal(shown.value, kernel(model.layers[2].layers[0].layers[0]))


def test_layers_of_one_name_are_told_apart_by_their_paths() -> None:
    model = nested()
    with pytest.raises(ModelError, match=r"2 layers are called 'wide'\. Pass a path: 'one/wide', 'two/wide'"):
        nv.WeightHeatmap(model, "wide")
    panel = nv.WeightHistogram(model, "two/wide")
    assert panel.counts()["count"].sum() == 16
    np.testing.assert_allclose(panel.table()["100%"], kernel(model.layers[1].wide).max())
    assert "two/wide" in panel.describe()
    assert set(nv.WeightHeatmap(model).table().layer) == {"one/wide", "two/wide", "deepest", "end"}


def test_of_a_group_a_heat_map_shows_what_is_in_it_and_a_distribution_asks_for_one() -> None:
    model = nested()
    assert set(nv.WeightHeatmap(model, "inner").table().layer) == {"deepest", "end"}
    with pytest.raises(ModelError, match=r"'inner' .* has no 'kernel'; its parameters are: 'deep/deepest/kernel'"):
        nv.WeightHistogram(model, "inner")


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("inner/depest", "In 'inner' there are: 'inner/deep', 'inner/end'"),
        ("one/wide/none", "In 'one/wide' there are: no layers"),
        ("dee", "The nearest: 'deep'"),
        ("qqqqqq", "The layers are: 'input', 'one/wide', 'one/norm'"),
    ],
)
def test_a_path_that_does_not_exist_says_what_there_is(path: str, said: str) -> None:
    model = nested()
    for make in (nv.WeightHeatmap, nv.WeightHistogram, nv.ActivationFunctionPanel, nv.WeightsOverTime):
        with pytest.raises(ModelError, match=said):
            make(model, path)
    for make in (nv.ActivationPanel, nv.GradientFlow):
        with pytest.raises(ModelError, match=said):
            make(model, layers=[path])


def test_activations_are_of_the_inner_layers_and_the_verdict_of_the_last_of_them() -> None:
    model = nested()
    panel = nv.ActivationPanel(model, data=(X, Y))
    table = panel.table()
    assert set(table.layer) == {"input", "one/wide", "one/norm", "two/wide", "two/norm", "deepest", "end"}
    one, two, inner = model.layers
    between = two(one(X[:1]))
    expected = {
        "one/wide": one.wide(X[:1]),
        "two/wide": two.wide(one(X[:1])),
        "deepest": inner.layers[0](between),
        "end": model(X[:1]),
    }
    for name, values in expected.items():
        np.testing.assert_allclose(table[table.layer == name].value, np.ravel(values), atol=1e-6)
    assert "Predicted" in panel.describe() or "predicted" in panel.describe()


def test_panels_follow_the_selection_into_a_block() -> None:
    model = nested()
    panels = [nv.WeightHeatmap(model, "selected"), nv.WeightHistogram(model), nv.ActivationFunctionPanel(model)]
    structure = panels[0].source.structure
    panels[0].selection = {"layer": structure.at("two/wide").id, "unit": 1}
    for panel in (panels[0], nv.WeightHistogram(panels[0]), nv.ActivationFunctionPanel(panels[0])):
        drawn(panel, lambda panel=panel: "two/wide" in head(panel), "the layer in the block")
    for panel in panels:
        panel.close()


def test_the_flow_of_gradients_is_that_of_the_innermost_layers_and_of_own_weights() -> None:
    model = nested()
    panel = nv.GradientFlow(model, data=(X, Y))
    open_page(panel)
    with tf.GradientTape() as tape:
        loss = keras.losses.SparseCategoricalCrossentropy()(Y, model(X, training=False))
    slopes = dict(zip(map(id, model.trainable_variables), tape.gradient(loss, model.trainable_variables), strict=True))
    one, two, inner = model.layers

    def norm(*variables: Any) -> float:
        return float(np.sqrt(sum(np.square(slopes[id(variable)]).sum() for variable in variables)))

    table = panel.table().set_index("layer").gradient_norm
    expected = {
        "one/wide": norm(*one.wide.trainable_variables),
        "one/norm": norm(*one.norm.trainable_variables),
        "one/weights": norm(one.scale),
        "two/wide": norm(*two.wide.trainable_variables),
        "deepest": norm(*inner.layers[0].trainable_variables),
        "end": norm(*inner.layers[1].trainable_variables),
    }
    assert len(table) == 8
    for name, value in expected.items():
        assert table[name] == pytest.approx(value, rel=1e-4), name
    panel.close()
    some = nv.GradientFlow(model, layers=["one", "end"])
    assert set(some.table().layer) == {"one/wide", "one/norm", "one/weights", "end"}
