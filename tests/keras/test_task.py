"""Are the words that are said of an output true: what it means comes from loss, activation and targets together.

Each row is a program that a person may write; what is right is worked out from its outputs by hand.
"""

from __future__ import annotations

from functools import partial
from typing import Any

import keras
import numpy as np
import pytest
from keras import layers, losses

import nnvis_widget as nv
from tests.panels.helpers import drawn

RNG = np.random.default_rng(3)
X = RNG.normal(size=(12, 4)).astype(np.float32)
CLASSES = np.arange(12) % 3
BITS = np.arange(12) % 2
SEVERAL_ONES = np.stack([BITS, 1 - BITS, np.ones(12)], axis=1)
SHARES = RNG.dirichlet(np.ones(3), 12)
RIGHT_OR_WRONG = ("right", "wrong", "✓", "✗", "class")


def dense(units: int, activation: Any, loss: Any) -> keras.Model:
    keras.utils.set_random_seed(5)
    model = keras.Sequential([layers.Input((4,)), layers.Dense(units, activation, name="out")])
    if loss != "not compiled":
        model.compile("sgd", loss)
    return model


def said(model: keras.Model, x: Any, y: Any = None) -> tuple[str, str]:
    """What the outputs mean, and what is said of sample 0."""
    view = nv.NetworkView(model, data=x if y is None else (x, y))
    lines = view.describe().split("\n")
    view.close()
    found = [
        next((line.split(": ", 1)[1] for line in lines if line.startswith(begin)), "")
        for begin in ("Output: ", "Sample 0: ")
    ]
    return found[0], found[1]


def own_loss(y: Any, predicted: Any) -> Any:
    return keras.ops.mean(keras.ops.square(y - predicted), axis=-1)


def binary_crossentropy(y: Any, predicted: Any) -> Any:
    """A person's own, which has only the name of Keras' own."""
    return own_loss(y, predicted)


class OwnCrossentropy(losses.BinaryCrossentropy):
    def call(self, y: Any, predicted: Any) -> Any:
        return own_loss(y, predicted)


NUMBER, LABELS, UNKNOWN = "a number.", "3 labels, each yes or no.", "what it stands for is not known."
SEVERAL, TWO = "one of 3 classes.", "one of two classes."
CASES = [
    (3, "softmax", "sparse_categorical_crossentropy", CLASSES, SEVERAL),
    (3, "softmax", "sparse_categorical_crossentropy", CLASSES[:, None], SEVERAL),
    (3, "softmax", "categorical_crossentropy", np.eye(3)[CLASSES], SEVERAL),
    (3, "softmax", losses.CategoricalCrossentropy(label_smoothing=0.1), np.eye(3)[CLASSES], SEVERAL),
    (3, "softmax", "categorical_crossentropy", SHARES, SEVERAL),
    (3, "softmax", "kl_divergence", SHARES, SEVERAL),
    (3, "softmax", "mse", np.eye(3)[CLASSES], SEVERAL),
    (3, "softmax", "not compiled", CLASSES, SEVERAL),
    (3, "softmax", "not compiled", None, SEVERAL),
    (3, "softmax", "mse", SHARES, "3 numbers."),
    (3, None, losses.SparseCategoricalCrossentropy(from_logits=True), CLASSES, SEVERAL),
    (3, None, "categorical_hinge", np.eye(3)[CLASSES], SEVERAL),
    (3, "sigmoid", "mse", np.eye(3)[CLASSES], SEVERAL),
    (3, "sigmoid", "binary_crossentropy", SEVERAL_ONES, LABELS),
    (3, None, losses.BinaryCrossentropy(from_logits=True), SEVERAL_ONES, LABELS),
    (3, "sigmoid", "binary_crossentropy", SHARES, "3 numbers."),
    (1, "sigmoid", "binary_crossentropy", BITS, TWO),
    (1, "sigmoid", "bce", BITS[:, None].astype(bool), TWO),
    (1, "sigmoid", "mse", BITS, TWO),
    (1, "sigmoid", own_loss, BITS, TWO),
    (1, "sigmoid", binary_crossentropy, SHARES[:, 0], NUMBER),
    (1, "sigmoid", "binary_crossentropy", SHARES[:, 0], NUMBER),
    (1, "sigmoid", "binary_crossentropy", 0.05 + 0.9 * BITS, TWO),
    (1, None, losses.BinaryCrossentropy(from_logits=True), BITS, TWO),
    (1, None, partial(losses.binary_crossentropy, from_logits=True), BITS, TWO),
    (1, None, "hinge", 2 * BITS - 1, TWO),
    (1, "tanh", "squared_hinge", 2 * BITS - 1, TWO),
    (1, "tanh", "mse", 2 * BITS - 1, TWO),
    (1, None, "mse", BITS, NUMBER),
    (1, None, "mae", X[:, 0], NUMBER),
    (1, None, "poisson", CLASSES, NUMBER),
    (2, None, "huber", X[:, :2], "2 numbers."),
    (1, None, own_loss, X[:, :1], NUMBER),
    (1, None, own_loss, BITS, UNKNOWN),
    (1, None, OwnCrossentropy(from_logits=True), BITS, UNKNOWN),
    (3, None, binary_crossentropy, SEVERAL_ONES, UNKNOWN),
    (1, None, None, BITS, UNKNOWN),
    (1, "sigmoid", "not compiled", None, UNKNOWN),
    (3, None, "not compiled", CLASSES, UNKNOWN),
    (4, None, "mse", X, "the input again, a reconstruction."),
    (4, "sigmoid", "binary_crossentropy", X, "the input again, a reconstruction."),
]


@pytest.mark.parametrize(("units", "activation", "loss", "y", "meaning"), CASES)
def test_the_outputs_mean_what_loss_activation_and_targets_say(units, activation, loss, y, meaning) -> None:
    model = dense(units, activation, loss)
    output, sample = said(model, X, y)
    assert output == meaning
    if meaning in (SEVERAL, TWO):
        values = np.asarray(model(X))[0]
        boundary = 0.5 if activation == "sigmoid" else 0
        guess = int(values.argmax()) if units > 1 else int(values[0] > boundary)
        names = ["class −1", "class +1"] if y is not None and np.min(y) < 0 else [f"class {i}" for i in range(3)]
        assert sample.startswith(f"predicted {names[guess]}")
        shares = values if units > 1 else np.array([1 - values[0], values[0]])
        is_share = activation == "softmax" or (activation == "sigmoid" and units == 1)
        assert ("%" in sample) == is_share or y is SHARES
        if is_share:
            assert f"{names[guess]}, {100 * shares[guess]:.1f}%" in sample
        if y is None or y is SHARES:
            assert "✓" not in sample
            assert "✗" not in sample
        else:
            true = int(np.argmax(y[0])) if np.ndim(y[0]) and len(y[0]) > 1 else int(np.ravel(y)[0] > 0.5)
            assert sample.endswith("✓ right." if guess == true else f"✗ wrong: it is {names[true]}.")
    elif meaning != LABELS:
        assert not any(word in sample for word in RIGHT_OR_WRONG)


def test_two_sigmoids_with_two_ones_are_two_labels() -> None:
    model = dense(2, "sigmoid", "binary_crossentropy")
    model.get_layer("out").set_weights([np.zeros((4, 2)), np.array([2.0, -2.0])])
    output, sample = said(model, X[:1], np.array([[1, 1]]))
    assert (output, sample) == ("2 labels, each yes or no.", "predicted label 0, ✗ 1 of 2 labels wrong.")
    panel = nv.ActivationPanel(model, data=(X[:1], np.array([[1, 1]])))
    assert "✗ 1 of 2 labels wrong" in panel.describe()
    assert "labels label 0, label 1" in panel.describe()
    assert "class" not in panel.describe()
    panel.close()
    with pytest.raises(nv.errors.ModelError, match="tells 2 labels, each yes or no"):
        nv.ConfusionMatrix(model, data=(X[:1], np.array([[1, 1]])))


@pytest.mark.parametrize("loss", ["binary_crossentropy", "mse", own_loss])
@pytest.mark.parametrize("shape", [(9,), (8, 8, 1)])
def test_an_autoencoder_is_never_right_or_wrong(loss: Any, shape: tuple[int, ...]) -> None:
    keras.utils.set_random_seed(1)
    flat = int(np.prod(shape))
    parts = [layers.Flatten(), layers.Dense(3, "relu"), layers.Dense(flat, "sigmoid"), layers.Reshape(shape)]
    model = keras.Sequential([layers.Input(shape), *parts])
    model.compile("sgd", loss)
    x = RNG.integers(0, 2, (6, *shape)).astype(np.float32)
    off = np.abs(np.asarray(model(x))[0] - x[0]).mean()
    output, sample = said(model, x, x)
    assert (output, sample) == ("the input again, a reconstruction.", f"reconstruction, off by {off:.3f} on average.")
    panel = nv.ActivationPanel(model, data=(x, x))
    assert not any(word in panel.describe() for word in RIGHT_OR_WRONG)
    panel.close()
    with pytest.raises(nv.errors.ModelError, match="the input again"):
        nv.ConfusionMatrix(model, data=(x, x))


def test_a_picture_from_a_noisy_picture_is_no_label() -> None:
    model = keras.Sequential([layers.Input((64,)), layers.Dense(64, "sigmoid")])
    model.compile("sgd", "binary_crossentropy")
    y = RNG.integers(0, 2, (6, 64)).astype(np.float32)
    output, sample = said(model, y + RNG.normal(size=y.shape).astype(np.float32), y)
    assert output == "a picture."
    assert sample.startswith("picture, off by")


def test_a_class_beyond_the_outputs_is_told_as_that() -> None:
    model = dense(3, "softmax", "sparse_categorical_crossentropy")
    assert said(model, X, np.array([7] + 11 * [1]))[1].endswith("the target 7 is none of the 3 classes.")


def test_outputs_of_several_heads_are_judged_by_nobody() -> None:
    x = layers.Input((4,))
    two = keras.Model(x, [layers.Dense(1, "sigmoid")(x), layers.Dense(3, "softmax")(x)])
    two.compile("sgd", ["binary_crossentropy", "sparse_categorical_crossentropy"])
    assert said(two, X) == ("", "")


PLACES = RNG.integers(0, 3, (6, 5))
ONE_HOT = np.eye(3)[PLACES]
TOKENS = RNG.normal(size=(6, 5, 4)).astype(np.float32)


def of_places(activation: str | None, loss: Any) -> keras.Model:
    keras.utils.set_random_seed(5)
    model = keras.Sequential([layers.Input((5, 4)), layers.Dense(3, activation)])
    model.compile("sgd", loss)
    return model


@pytest.mark.parametrize(
    ("activation", "loss", "y"),
    [
        ("softmax", "sparse_categorical_crossentropy", PLACES),
        ("softmax", "sparse_categorical_crossentropy", PLACES[..., None]),
        ("softmax", "categorical_crossentropy", ONE_HOT),
        (None, losses.SparseCategoricalCrossentropy(from_logits=True), PLACES),
        (None, losses.CategoricalCrossentropy(from_logits=True, label_smoothing=0.1), ONE_HOT),
        ("softmax", own_loss, ONE_HOT),
    ],
)
def test_of_a_class_for_each_place_those_that_are_right_are_counted(activation: str | None, loss: Any, y: Any) -> None:
    model = of_places(activation, loss)
    guesses = np.asarray(model(TOKENS))[0].argmax(axis=-1)
    output, sample = said(model, TOKENS, y)
    assert output == "one of 3 classes at each of 5 places."
    listed = ", ".join(f"class {guess}" for guess in guesses[:4])
    assert sample == f"predicted {listed} and 1 more, right at {(guesses == PLACES[0]).sum()} of 5 places."


def test_a_place_whose_target_is_no_class_is_not_counted() -> None:
    model = of_places("softmax", losses.SparseCategoricalCrossentropy(ignore_class=-1))
    y = PLACES.copy()
    y[0, 3:] = -1
    right = (np.asarray(model(TOKENS))[0].argmax(axis=-1) == y[0]).sum()
    assert said(model, TOKENS, y)[1].endswith(f"right at {right} of 3 places.")


@pytest.mark.parametrize(
    ("activation", "loss", "y"),
    [
        ("softmax", "sparse_categorical_crossentropy", PLACES[:, 0]),  # Keras broadcasts it: what is meant is not known
        ("softmax", losses.CategoricalCrossentropy(axis=1), ONE_HOT),  # the places are the classes
        (None, own_loss, np.concatenate([ONE_HOT, ONE_HOT], axis=1)),
        ("softmax", own_loss, ONE_HOT * 0.7 + 0.1 * np.roll(ONE_HOT, 1, axis=-1) + 0.2),  # shares
    ],
)
def test_what_may_be_something_else_is_no_class_of_each_place(activation: str | None, loss: Any, y: Any) -> None:
    output, sample = said(of_places(activation, loss), TOKENS, y)
    assert output in (UNKNOWN, "15 numbers.")
    assert not any(word in sample for word in RIGHT_OR_WRONG)


def test_another_loss_is_another_meaning() -> None:
    model = dense(1, "sigmoid", "not compiled")
    view = nv.NetworkView(model, data=(X, SHARES[:, 0]))
    assert UNKNOWN not in view.describe()  # fractions are compared as numbers, whatever the loss
    view.close()
    model = dense(3, None, "not compiled")
    view = nv.NetworkView(model, data=(X, CLASSES))
    assert UNKNOWN in view.describe()
    model.compile("sgd", losses.SparseCategoricalCrossentropy(from_logits=True))
    model.fit(X, CLASSES, verbose=0, callbacks=[nv.LiveCallback(view)])
    assert f"Output: {SEVERAL}" in view.describe()
    view.close()


def test_class_weights_change_no_word() -> None:
    model = dense(3, "softmax", "sparse_categorical_crossentropy")
    trainer = nv.Trainer(model, (X, CLASSES), class_weight={0: 5.0, 1: 1.0, 2: 0.0})
    view = nv.NetworkView(trainer)
    assert f"Output: {SEVERAL}" in view.describe()
    view.close()


def test_the_matrix_counts_logits_and_signs_as_the_model_means_them() -> None:
    for loss, y in ((losses.BinaryCrossentropy(from_logits=True), BITS), ("hinge", 2 * BITS - 1)):
        model = dense(1, None, loss)
        panel = nv.ConfusionMatrix(model, data=(X, y))
        drawn(panel, lambda panel=panel: panel.table().to_numpy().sum() == 12, "the counts")
        said_yes = np.asarray(model(X))[:, 0] > 0
        expected = [[int((((y > 0) == t) & (said_yes == p)).sum()) for p in (False, True)] for t in (False, True)]
        assert panel.table().to_numpy().tolist() == expected
        panel.close()
