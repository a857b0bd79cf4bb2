"""Are the recorded predictions those of `model.predict`, and is the training left alone?"""

from __future__ import annotations

from typing import Any

import keras
import numpy as np
import pytest
from keras import layers

import nnvis_widget as nv
from nnvis_widget.core.command import Watch
from nnvis_widget.core.scenery import Scenery
from nnvis_widget.core.snapshot import TensorKey
from nnvis_widget.core.want import Want
from nnvis_widget.keras_adapter.probes.predictions import LEAST_SAMPLES, MOST_SAMPLES
from tests.keras.probing import Probing

RNG = np.random.default_rng(5)
ROWS = RNG.normal(size=(300, 6)).astype(np.float32)
TARGETS = RNG.integers(0, 4, 300)


def chain() -> Any:
    return keras.Sequential(
        [layers.Input((6,)), layers.Dense(8, "relu"), layers.Dropout(0.5), layers.Dense(4, "softmax")]
    )


def branches() -> Any:
    x = layers.Input((6,))
    joined = layers.Concatenate()([layers.Dense(4, "tanh")(x), layers.BatchNormalization()(x)])
    return keras.Model(x, layers.Dense(4, "softmax")(joined))


def fixed_batch() -> Any:
    x = layers.Input(batch_shape=(7, 6))
    return keras.Model(x, layers.Dense(4, "softmax")(x))


class Subclassed(keras.Model):
    def __init__(self) -> None:
        super().__init__()
        self.one = layers.Dense(4, "softmax")

    def call(self, x: Any) -> Any:
        return self.one(x)


def measured(model: Any, scenery: Scenery) -> dict[TensorKey, np.ndarray]:
    probing = Probing(model, scenery)
    once, again = (probing.measure(Want("predictions")) for _ in range(2))  # the second is compiled
    for key in once:
        np.testing.assert_array_equal(once[key], again[key])
    return again


@pytest.mark.parametrize("build", [chain, branches, fixed_batch, Subclassed])
def test_the_predictions_are_those_of_the_model(build: Any) -> None:
    keras.utils.set_random_seed(2)
    model = build()
    model(ROWS[:7])
    model.compile("sgd", "sparse_categorical_crossentropy")
    expected = np.concatenate(
        [np.asarray(model(np.resize(ROWS[start : start + 7], (7, 6)), training=False)) for start in range(0, 294, 7)]
    ).argmax(axis=1)
    ((key, pairs),) = measured(model, Scenery((ROWS,), TARGETS)).items()
    assert (key.quantity, key.name, pairs.dtype) == ("predictions", "sample", np.int16)
    np.testing.assert_array_equal(pairs[0], TARGETS)
    np.testing.assert_array_equal(pairs[1][:294], expected)


def test_validation_samples_come_first_and_one_hot_targets_are_read() -> None:
    model = chain()
    scenery = Scenery((ROWS,), TARGETS, (ROWS[:20],), np.eye(4)[TARGETS[:20]])
    ((key, pairs),) = measured(model, scenery).items()
    assert key.name == "validation"
    np.testing.assert_array_equal(pairs[0], TARGETS[:20])


def test_a_single_logit_is_compared_with_zero() -> None:
    model = keras.Sequential([layers.Input((6,)), layers.Dense(1)])
    model.compile("sgd", keras.losses.BinaryCrossentropy(from_logits=True))
    ((_, pairs),) = measured(model, Scenery((ROWS,), TARGETS % 2)).items()
    np.testing.assert_array_equal(pairs[1], (model.predict(ROWS, verbose=0)[:, 0] > 0).astype(int))


def test_large_networks_are_measured_on_fewer_samples() -> None:
    x, y = np.zeros((4_000, 6), np.float32), np.zeros(4_000, int)
    small, wide = chain(), keras.Sequential([layers.Input((6,)), layers.Dense(5_000), layers.Dense(5_000)])
    convolution = keras.Sequential([layers.Input((64, 64, 3)), layers.Conv2D(100, 3), layers.GlobalMaxPooling2D()])
    for model, inputs, count in (
        (small, x, MOST_SAMPLES),
        (wide, x, LEAST_SAMPLES),
        (convolution, np.zeros((100, 64, 64, 3), np.float32), 10**9 // (2_700 * 62 * 62)),
    ):
        model.compile("sgd", keras.losses.SparseCategoricalCrossentropy(from_logits=True))
        ((_, pairs),) = measured(model, Scenery((inputs,), y[: len(inputs)])).items()
        assert pairs.shape == (2, max(LEAST_SAMPLES, count))


def test_targets_that_are_no_classes_give_nothing() -> None:
    assert measured(chain(), Scenery((ROWS,), ROWS[:, 0])) == {}
    assert measured(chain(), Scenery((ROWS,))) == {}
    assert measured(chain(), Scenery()) == {}


def train(watch: bool, is_dropout: bool) -> list[np.ndarray]:
    keras.utils.set_random_seed(4)
    parts = [layers.Dense(8, "relu"), layers.Dropout(0.5), layers.BatchNormalization()]
    model = keras.Sequential([layers.Input((6,)), *parts[: 3 if is_dropout else 1], layers.Dense(4, "softmax")])
    model.compile(keras.optimizers.Adam(0.01), "sparse_categorical_crossentropy", metrics=["accuracy"])
    trainer = nv.Trainer(model, (ROWS, TARGETS), batch_size=16, seed=1)
    trainer.post(Watch("me", frozenset({Want("predictions")} if watch else ())))
    for _ in range(5):
        trainer.run_steps(7)
        trainer.wait(60)
    snapshot = trainer.run.latest
    assert snapshot is not None
    assert any(key.quantity == "predictions" for key in snapshot.tensors) == watch
    return [np.asarray(weight) for weight in model.variables] + [np.asarray(v) for v in model.optimizer.variables]


@pytest.mark.parametrize("is_dropout", [False, True])
def test_a_training_is_bit_equal_with_and_without_predictions(is_dropout: bool) -> None:
    for watched, alone in zip(train(True, is_dropout), train(False, is_dropout), strict=True):
        np.testing.assert_array_equal(watched, alone)


def test_nothing_is_predicted_for_nobody() -> None:
    model = chain()
    model.compile("sgd", "sparse_categorical_crossentropy")
    trainer = nv.Trainer(model, (ROWS, TARGETS))
    trainer.post(Watch("me", frozenset({Want("predictions")})))
    trainer.pause()
    assert any(key.quantity == "predictions" for key in trainer.run.latest.tensors)
    trainer.post(Watch("me"))
    trainer.pause()
    assert not any(key.quantity == "predictions" for key in trainer.run.latest.tensors)
