from __future__ import annotations

import re

import bqplot
import keras
import numpy as np
import pytest
import tensorflow as tf

import nnvis_widget as nv
from nnvis_widget.errors import ModelError
from nnvis_widget.keras_adapter.evaluate_activation import activation_function, is_elementwise, slope

from .helpers import drawn, lines, note, parts, plane_trainer

ELEMENTWISE = [
    *("relu", "tanh", "sigmoid", "elu", "selu", "gelu", "softplus", "softsign", "silu", "hard_sigmoid", "mish"),
    *("exponential", "leaky_relu", "relu6", "log_sigmoid", "hard_silu", "celu", "linear"),
]
Z = np.linspace(-4.05, 4.05, 82).reshape(-1, 1)


@pytest.mark.parametrize("name", ELEMENTWISE)
def test_the_slope_is_that_of_automatic_differentiation(name: str) -> None:
    function = activation_function(None, name)
    variable = tf.Variable(Z)
    with tf.GradientTape() as tape:
        values = keras.activations.get(name)(variable)
    np.testing.assert_allclose(function(Z), values.numpy(), atol=1e-9)
    np.testing.assert_allclose(slope(function, Z), tape.gradient(values, variable).numpy(), atol=1e-6)
    assert is_elementwise(function)


def test_a_softmax_is_known_to_work_on_all_units_together() -> None:
    assert not is_elementwise(activation_function(None, "softmax"))


def test_a_function_of_ones_own_and_a_layer_that_is_an_activation_are_tried_too() -> None:
    dense = keras.layers.Dense(3, activation=lambda z: z * z)
    np.testing.assert_allclose(activation_function(dense)(Z), Z * Z)
    leaky = keras.layers.LeakyReLU(negative_slope=0.25)
    np.testing.assert_allclose(activation_function(leaky)(Z), np.where(Z < 0, 0.25 * Z, Z), atol=1e-6)


def flat_zones(name: str) -> list[tuple[float, float]]:
    model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(3, name, name="d")])
    panel = nv.ActivationFunctionPanel(model, "d")
    zones = [(zone.x.min(), zone.x.max()) for zone in lines(panel, "warn", fill="inside")]
    panel.close()
    return [(round(left, 1), round(right, 1)) for left, right in zones if left < right]


def test_the_flat_zones_are_those_of_the_design() -> None:
    assert flat_zones("tanh") == [(-4.0, -2.0), (2.0, 4.0)]
    assert flat_zones("relu")[0][0] == -4.0
    assert flat_zones("relu")[0][1] == pytest.approx(0.0, abs=0.05)
    assert flat_zones("leaky_relu") == []


def test_the_histogram_counts_every_pre_activation_of_the_probe_batch() -> None:
    trainer = plane_trainer()
    panel = nv.ActivationFunctionPanel(trainer, "hidden")
    drawn(panel, lambda: panel.table()["count"].sum(), "the pre-activations")
    layer = trainer.model.get_layer("hidden")
    x = trainer.scenery.inputs[0]
    z = x @ np.asarray(layer.kernel) + np.asarray(layer.bias)
    table = panel.table()
    edges = np.append(table["from"], table["to"].iloc[-1])
    assert table["count"].sum() == z.size
    np.testing.assert_allclose(edges[[0, -1]], [z.min(), z.max()], atol=1e-5)
    share = float((1 - np.tanh(z) ** 2 < 0.0707 * (1 - np.tanh(0.0) ** 2)).mean())
    said = re.search(rf"([\d.]+)% of {z.size} values lie flat", note(panel))
    assert said is not None
    assert float(said[1]) / 100 == pytest.approx(share, abs=0.02)
    panel.close()


def test_the_chosen_units_point_and_tangent_are_those_of_its_sample() -> None:
    trainer = plane_trainer()
    panel = nv.ActivationFunctionPanel(trainer, "hidden")
    panel.sample = 5
    panel.selection = {"layer": trainer.graph.by_name("hidden").id, "unit": 2}
    layer = trainer.model.get_layer("hidden")
    z = float((trainer.scenery.inputs[0][5] @ np.asarray(layer.kernel) + np.asarray(layer.bias))[2])
    drawn(panel, lambda: "z, this sample" in note(panel), "the chosen unit")
    (units,), (tangent,) = parts(panel, bqplot.Scatter), lines(panel, "neg")
    assert units.x == pytest.approx([z], abs=1e-5)
    assert units.y[0] == pytest.approx(np.tanh(z), abs=1e-5)
    (left, right), (low, high) = tangent.x, tangent.y
    assert (high - low) / (right - left) == pytest.approx(1 - np.tanh(z) ** 2, abs=1e-5)
    panel.close()


def test_a_softmax_is_drawn_for_one_unit_with_the_others_as_they_are() -> None:
    keras.utils.set_random_seed(0)
    model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(3, "softmax", name="out")])
    x = np.array([[0.3, -0.7]], np.float32)
    panel = nv.ActivationFunctionPanel(model, data=x)
    logits = np.asarray(x @ np.asarray(model.layers[0].kernel))[0]
    unit = int(logits.argmax())
    changed = logits.astype(np.float64).copy()
    (curve,) = lines(panel, "ink")
    changed[unit] = curve.x[0]
    expected = np.exp(changed)[unit] / np.exp(changed).sum()
    assert curve.y[0] == pytest.approx(expected, abs=1e-6)
    panel.close()


def test_a_layer_without_an_activation_is_refused_with_those_that_have_one() -> None:
    model = keras.Sequential(
        [keras.Input((2,)), keras.layers.Dense(3, name="plain"), keras.layers.Dense(1, "tanh", name="t")]
    )
    with pytest.raises(ModelError, match=r"'plain' \(Dense\) has no activation to draw\. Layers with one: 't'"):
        nv.ActivationFunctionPanel(model, "plain")
    with pytest.raises(ModelError, match="this model has none"):
        nv.ActivationFunctionPanel(keras.Sequential([keras.Input((2,)), keras.layers.Dense(3)]))
