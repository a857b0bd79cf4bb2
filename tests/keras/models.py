"""Small models and data, each made from a seed, so that two calls give twins."""

import keras
import numpy as np
from keras import layers

from nnvis_widget.keras_adapter.loops.feed import ArrayFeed


def plane(count=64, seed=0):
    """Points `(n, 2)` and classes `(n,)`."""
    x = np.random.default_rng(seed).normal(size=(count, 2)).astype(np.float32)
    return x, (x[:, 0] * x[:, 1] > 0).astype(np.float32)


def plane_net(seed=1, hidden=("tanh", "relu"), learning_rate=0.01, **compiling):
    """A small net that is quick to trace: plain gradient descent."""
    keras.utils.set_random_seed(seed)
    model = keras.Sequential(
        [layers.Input((2,)), *(layers.Dense(4, kind) for kind in hidden), layers.Dense(1, "sigmoid")], name="plane"
    )
    model.compile(keras.optimizers.SGD(learning_rate), "binary_crossentropy", metrics=["accuracy"], **compiling)
    return model


def rich_net(seed=1, **compiling):
    """Dropout, batch normalisation and Adam: weights, statistics, moments and a random state of its own."""
    keras.utils.set_random_seed(seed)
    model = keras.Sequential(
        [
            layers.Input((2,)),
            layers.Dense(8, "relu"),
            layers.BatchNormalization(),
            layers.Dropout(0.4, seed=3),
            layers.Dense(3, "softmax"),
        ],
        name="rich",
    )
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"], **compiling)
    return model


def rich_data(count=50, seed=0):
    x = np.random.default_rng(seed).normal(size=(count, 2)).astype(np.float32)
    return x, np.arange(count) % 3


def two_input_net(seed=1):
    keras.utils.set_random_seed(seed)
    left, right = layers.Input((2,), name="left"), layers.Input((3,), name="right")
    joined = layers.Concatenate(name="joined")([layers.Dense(4, "relu", name="a")(left), right])
    model = keras.Model([left, right], layers.Dense(1, name="out")(joined), name="two")
    model.compile("sgd", "mse")
    return model


def two_input_data(count=40, seed=0):
    rng = np.random.default_rng(seed)
    return [rng.normal(size=(count, size)).astype(np.float32) for size in (2, 3)], rng.normal(size=(count, 1)).astype(
        np.float32
    )


def state(model):
    """Every variable but the metrics', as numpy: weights, statistics, random states, the optimiser's."""
    metrics = {id(variable) for variable in model.metrics_variables}
    variables = [*model.variables, *model.optimizer.variables]
    return [np.array(keras.ops.convert_to_numpy(v)) for v in variables if id(v) not in metrics]


def assert_same_state(one, other, case=""):
    assert len(one) == len(other), case
    for left, right in zip(one, other, strict=True):
        np.testing.assert_array_equal(left, right, err_msg=case)


def train_on_batches(model, data, batch_size=16, epochs=3, shuffle=True, seed=0, **weighing):
    """The reference: Keras' own `train_on_batch`, one batch after the other."""
    x, y, sample_weight = (*data, None)[:3]
    feed = ArrayFeed(x, y, sample_weight, batch_size, shuffle, seed)
    for epoch in range(epochs):
        feed.start_epoch(epoch)
        while feed.remaining_steps:
            batch_x, batch_y, batch_weight = feed.batch(feed.take(1)[0])
            model.train_on_batch(batch_x, batch_y, sample_weight=batch_weight, **weighing)
    return state(model)


SIGNS = ["", "one", "two", "three", "four"]


def reading_net():
    """Words that look at each other and are read one by one, and a table beside them: for every kind of panel."""
    keras.utils.set_random_seed(5)
    words, table = keras.Input((4,), dtype="int32", name="words"), keras.Input((3,), name="table")
    signs = keras.layers.Embedding(5, 6, name="signs")
    signs.token_names = SIGNS
    x = signs(words)
    x = keras.layers.MultiHeadAttention(2, 3, name="look")(x, x)
    x = keras.layers.LSTM(3, name="read")(x)
    x = keras.layers.Concatenate(name="join")([x, keras.layers.Dense(2, "relu", name="part")(table)])
    model = keras.Model([words, table], keras.layers.Dense(2, "softmax", name="out")(x), name="reading")
    model.compile("adam", "sparse_categorical_crossentropy")
    return model


def reading_data(count=24, seed=0):
    random = np.random.default_rng(seed)
    return [random.integers(0, 5, (count, 4)), random.normal(size=(count, 3))], np.arange(count) % 2
