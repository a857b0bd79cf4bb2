"""Does a page in another language have an English word in the numbers of a step and of learning, but names?"""

import re

import keras
import numpy as np
import pytest
from keras import layers

import nnvis_widget as nv
from nnvis_widget.core.words.language import LANGUAGE
from nnvis_widget.stream.learning_message import learning_message
from nnvis_widget.stream.step_cards import cards_message

NAMES = [
    "Keras keras Model losses layers softmax logit logits tanh relu",
    "Nadam kernel gamma beta bias velocity average momentum",
]
X, Y = np.random.default_rng(3).normal(size=(40, 6, 4)).astype("float32"), np.arange(40) % 3


@pytest.fixture(autouse=True)
def in_chinese(monkeypatch):
    monkeypatch.setattr(LANGUAGE, "chosen", "zh")


def english_in(texts, names):
    """Words of three letters, but those of names, of numpy and of what Keras calls its slots."""
    known = {word.lower() for name in names for word in re.findall("[A-Za-z]+", name)}
    found = []
    for text in texts:
        plain = re.sub(r"\b\w+_\w+\b|\b\w+: ", " ", text)  # identifiers, and what a line of a formula is called
        found += [(word, text) for word in re.findall("[A-Za-z]{3,}", plain) if word.lower() not in known]
    return found


def texts_of(value):
    match value:
        case str():
            yield value
        case dict():
            for key, one in value.items():
                if key not in ("phase", "optimizer", "variable", "plot", "layer", "chosen"):
                    yield from texts_of(one)
        case list() | tuple():
            for one in value:
                yield from texts_of(one)


def several():
    keras.utils.set_random_seed(2)
    given = keras.Input((6, 4), name="given")
    x = layers.Conv1D(6, 3, padding="same", activation="relu", kernel_regularizer="l2", name="conv")(given)
    x = layers.Add(name="both")([layers.BatchNormalization(name="norm")(x), x])
    x = layers.GRU(3, name="gates")(layers.MaxPooling1D(2, name="pool")(x))
    x = layers.Dropout(0.4, seed=1, name="drop")(layers.Dense(14, "tanh", name="hidden")(x))
    model = keras.Model(given, layers.Dense(3, "softmax", name="last")(x), name="several")
    model.compile(keras.optimizers.Nadam(0.01, clipnorm=0.1, use_ema=True), "sparse_categorical_crossentropy")
    return model


def several_outputs():
    given = keras.Input((6, 4), name="given")
    hidden = layers.Dense(4, "tanh", name="hidden", kernel_regularizer="l2")(layers.Flatten(name="flat")(given))
    put_out = [layers.Dense(2, name="size")(hidden), layers.Dense(3, "softmax", name="last")(hidden)]
    model = keras.Model(given, put_out, name="several")
    model.compile("nadam", ["mse", "sparse_categorical_crossentropy"], loss_weights=[0.5, 2])
    return model


@pytest.mark.parametrize("is_one", [True, False])
def test_no_english_is_left_in_a_step_or_in_learning_of_any_layer(is_one):
    model, y = (several(), Y) if is_one else (several_outputs(), [X[:, 0, :2], Y])
    kinds = [f"{one.name} {type(one).__name__}" for one in model.layers]
    own = [*(one.name for one in model.optimizer.variables), *model.optimizer.get_config()]
    texts = []
    with nv.Trainer(model, (X, y), batch_size=8).step_through(sample=2) as steps:
        for layer in model.layers[1:]:
            told = steps.arithmetic(layer, 1)
            texts += texts_of(learning_message(told, "Nadam"))
            texts += texts_of(cards_message(told, "tanh", ("1.0", "0.9")))
            texts.append(repr(told))
    assert english_in(texts, [*NAMES, *kinds, *own]) == []
    assert "前向传播" in "".join(texts)
