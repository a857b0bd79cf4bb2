from __future__ import annotations

import keras
import numpy as np
import pytest
import tensorflow as tf

import nnvis_widget as nv
from nnvis_widget.errors import ModelError

from .helpers import drawn, lines, note, picture, plane_model, plane_trainer, take
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
    with pytest.raises(ModelError, match="one to 8 layers, got 0"):
        nv.GradientFlow(plane_model(), layers=[])


def test_of_many_layers_eight_are_drawn_and_the_rest_counted() -> None:
    layers = [keras.layers.Dense(2, name=f"d{number}") for number in range(12)]
    panel = nv.GradientFlow(keras.Sequential([keras.Input((2,)), *layers]))
    drawn_ones = list(panel.table().layer.unique())
    assert (len(drawn_ones), drawn_ones[0], drawn_ones[-1]) == (8, "d0", "d11")
    assert "4 more layers are not drawn" in note(panel)
    panel.close()
