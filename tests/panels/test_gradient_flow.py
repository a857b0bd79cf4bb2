from __future__ import annotations

import keras
import numpy as np
import pytest
import tensorflow as tf

import nnvis_widget as nv
from nnvis_widget.errors import ModelError

from .helpers import drawn, lines, note, open_page, picture, pictures, plane_model, plane_trainer, take
from .test_weight_heatmap import append, run_of


def test_the_norm_is_that_of_the_gradient_by_automatic_differentiation() -> None:
    trainer = plane_trainer()
    panel = nv.GradientFlow(trainer)
    drawn(panel, lambda: panel.table().gradient_norm.notna().all() and len(panel.table()), "the gradients")
    x, y = trainer.scenery.inputs[0], np.asarray(trainer.scenery.targets, np.float32).reshape(-1, 1)
    with tf.GradientTape() as tape:
        loss = keras.losses.BinaryCrossentropy()(y, trainer.model(x, training=False))
    table = panel.table()
    gradients = tape.gradient(loss, trainer.model.trainable_variables)
    expected = {
        "hidden": np.sqrt(sum(float((gradient**2).numpy().sum()) for gradient in gradients[:2])),
        "out": np.sqrt(sum(float((gradient**2).numpy().sum()) for gradient in gradients[2:])),
    }
    for name, norm in expected.items():
        assert float(table[table.layer == name].gradient_norm.iloc[-1]) == pytest.approx(norm, rel=1e-4)
    panel.close()


def test_the_move_is_the_distance_between_two_snapshots_for_each_step() -> None:
    first, later = np.random.default_rng(0).normal(size=(2, 6, 4)).astype(np.float32)
    bias = np.arange(4, dtype=np.float32)
    run = run_of(first, bias)
    append(run, later, bias + 1, 10)
    panel = nv.GradientFlow(run)
    before, after = np.append(first, bias), np.append(later, bias + 1)
    expected = np.linalg.norm(after.astype(float) - before) / 10 / np.linalg.norm(before.astype(float))
    ratios = panel.table().update_ratio
    assert np.isnan(ratios.iloc[0])
    assert ratios.iloc[1] == pytest.approx(expected, rel=1e-6)
    (line,) = lines(picture(panel, "move a step"), "train")
    assert line.y[-1] == pytest.approx(np.log10(expected), rel=1e-6)
    assert "Gradients need data with targets" in note(panel)
    panel.close()


def test_gradients_are_measured_only_while_somebody_looks() -> None:
    trainer = plane_trainer()
    panel = nv.GradientFlow(trainer)
    take(panel)
    trainer.pause()
    assert "gradient" in {key.quantity for key in trainer.run.latest.tensors}
    panel.close()
    trainer.run_steps(1)
    trainer.wait(60)
    assert "gradient" not in {key.quantity for key in trainer.run.latest.tensors}


def test_zeros_and_nan_leave_gaps_and_break_nothing() -> None:
    run = run_of(np.zeros((2, 2)))
    append(run, np.full((2, 2), np.nan), None, 1)
    append(run, np.ones((2, 2)), None, 2)
    panel = nv.GradientFlow(run)
    assert panel.table().update_ratio.isna().all()
    panel.close()


def test_a_model_that_is_not_built_is_told_so() -> None:
    panel = nv.GradientFlow(keras.Sequential([keras.layers.Dense(2)]))
    assert "Build the model first" in note(panel)
    assert panel.table().empty
    panel.close()


def test_a_layer_without_trainable_weights_is_refused() -> None:
    with pytest.raises(ModelError, match=r"'input' has no trainable weights\. Layers with some: 'hidden', 'out'"):
        nv.GradientFlow(plane_model(), layers=["input"])
    with pytest.raises(ModelError, match="at least one layer, got 0"):
        nv.GradientFlow(plane_model(), layers=[])


def test_twelve_layers_are_a_profile_over_the_depth_with_the_least_and_the_largest_named() -> None:
    keras.utils.set_random_seed(2)
    layers = [keras.layers.Dense(4, "sigmoid", name=f"d{number}") for number in range(12)]
    model = keras.Sequential([keras.Input((2,)), *layers, keras.layers.Dense(1, name="out")])
    model.compile("sgd", "mse")
    random = np.random.default_rng(0)
    x, y = random.normal(size=(32, 2)).astype(np.float32), random.normal(size=(32, 1)).astype(np.float32)
    panel = nv.GradientFlow(model, data=(x, y))
    open_page(panel)
    with tf.GradientTape() as tape:
        loss = keras.losses.MeanSquaredError()(y, model(x, training=False))
    slopes = iter(tape.gradient(loss, model.trainable_variables))
    expected = [np.linalg.norm([np.linalg.norm(next(slopes)), np.linalg.norm(next(slopes))]) for _ in range(13)]
    weights = [np.linalg.norm([np.linalg.norm(one) for one in layer.get_weights()]) for layer in model.layers]
    table = panel.table()
    assert list(table.layer) == [*(f"d{number}" for number in range(12)), "out"]
    np.testing.assert_allclose(table.gradient_norm, expected, rtol=1e-4)
    np.testing.assert_allclose(table.gradient_ratio, np.array(expected) / weights, rtol=1e-4)
    norm, _ = pictures(panel)
    (line,) = lines(norm, "ink", stroke_width=1.5, line_style="solid")
    np.testing.assert_allclose(line.y, np.log10(expected), rtol=1e-4)
    assert "From d0 to out; least gradients: d0 (" in panel.describe()
    assert "largest: out (" in panel.describe()
    panel.close()


def test_of_a_profile_what_is_not_finite_and_what_is_zero_is_counted_and_leaves_gaps() -> None:
    layers = [keras.layers.Dense(2, "relu", name=f"d{number}") for number in range(10)]
    model = keras.Sequential([keras.Input((2,)), *layers])
    model.compile("sgd", "mse")
    model.layers[4].set_weights([-np.ones((2, 2)), -np.ones(2)])  # so that nothing of it is above 0
    panel = nv.GradientFlow(model, data=(np.ones((4, 2), np.float32), np.ones((4, 2), np.float32)))
    open_page(panel)
    assert "layers have a gradient of 0" in panel.describe()
    model.layers[9].set_weights([np.full((2, 2), np.nan), np.zeros(2)])
    assert "gradients that are NaN or infinite" in panel.describe()
    panel.close()
