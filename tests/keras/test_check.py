"""Does `nv.check` say what is wrong before any training, and what it could not look at?"""

import keras
import numpy as np
import pytest
from keras import layers

import nnvis_widget as nv
from tests.keras.models import (
    assert_same_state,
    plane,
    plane_net,
    rich_data,
    rich_net,
    state,
    two_input_data,
    two_input_net,
)

RNG = np.random.default_rng(5)
X = RNG.normal(size=(200, 6)).astype(np.float32)
Y = RNG.integers(0, 3, 200)
MANY = (RNG.random((200, 3)) > 0.4).astype(np.float32)
SPARSE, BINARY = "sparse_categorical_crossentropy", "binary_crossentropy"


def net(*last, loss=SPARSE, hidden="relu"):
    keras.utils.set_random_seed(1)
    model = keras.Sequential([layers.Input((6,)), layers.Dense(8, hidden), *last])
    model.compile("adam", loss)
    return model


def three():
    return net(layers.Dense(3, "softmax"))


def still():
    model = three()
    model.trainable = False
    model.compile("adam", SPARSE)
    return model


def with_nan(x):
    x = x.copy()
    x[3, 2] = np.nan
    return x


FAULTY = {
    "one unit of softmax": (
        lambda: net(layers.Dense(1, "softmax"), loss=BINARY),
        (X, Y > 0),
        None,
        "output_activation",
    ),
    "no shares": (lambda: net(layers.Dense(3)), (X, Y), None, "output_activation"),
    "several labels": (lambda: net(layers.Dense(3, "softmax"), loss=BINARY), (X, MANY), None, "output_activation"),
    "out of reach": (lambda: net(layers.Dense(1, "sigmoid"), loss="mse"), (X, X[:, :1] * 4), None, "output_activation"),
    "nothing trainable": (still, (X, Y), None, "frozen"),
    "nothing bends": (
        lambda: net(layers.Dense(8), layers.Dense(3, "softmax"), hidden=None),
        (X, Y),
        None,
        "missing_activation",
    ),
    "NaN": (three, (with_nan(X), Y), None, "nan_input"),
    "one class": (three, (X, Y * 0), None, "labels_corrupt"),
    "scaled otherwise": (three, (X, Y), (X / 255, Y), "val_mismatch"),
    "all alike": (
        lambda: net(
            layers.Dense(8, "tanh", kernel_initializer="ones"), layers.Dense(3, "softmax", kernel_initializer="ones")
        ),
        (X, Y),
        None,
        "init_symmetric",
    ),
    "no such class": (three, (X, Y + 5), None, "does_not_fit"),
    "not compiled": (lambda: keras.Sequential([layers.Input((6,)), layers.Dense(3)]), (X, Y), None, "does_not_fit"),
}


@pytest.mark.parametrize("name", FAULTY)
@pytest.mark.filterwarnings("ignore:You are using a softmax over axis")
def test_a_fault_is_found_before_any_training(name):
    make, data, validation, rule = FAULTY[name]
    model = make()
    before = [np.array(keras.ops.convert_to_numpy(one)) for one in model.variables]
    found = nv.check(model, data, validation)
    assert found.faults[0].rule == rule
    assert found.describe().startswith(f"✗ Fault: {found.faults[0].title}")
    assert found.table()[0]["rule"] == rule
    for one, known in zip(model.variables, before, strict=True):
        np.testing.assert_array_equal(keras.ops.convert_to_numpy(one), known)


def with_low_rank():
    model = three()
    model.layers[0].enable_lora(2)  # its kernel is still, what is beside it learns
    model.compile("adam", SPARSE)
    return model


HEALTHY = {
    "a kernel with a part of low rank": (with_low_rank, (X, Y), None),
    "raw inputs behind batch normalisation": (
        lambda: net(layers.BatchNormalization(), layers.Activation("relu"), layers.Dense(3, "softmax"), hidden=None),
        (X * 900, Y),
        None,
    ),
    "plane": (plane_net, plane(), None),
    "rich": (rich_net, rich_data(), rich_data(30, 1)),
    "digits of 0 to 16": (three, (X * 3 + 8, Y), (X[:50] * 3 + 8, Y[:50])),
    "several inputs": (two_input_net, two_input_data(), None),
    "logits": (
        lambda: net(layers.Dense(3), loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True)),
        (X, Y),
        None,
    ),
    "an activation of its own": (lambda: net(layers.Dense(3), layers.Softmax()), (X, Y), None),
    "pixels that the model scales": (
        lambda: keras.Sequential(
            [layers.Input((6,)), layers.Rescaling(1 / 255), layers.Dense(8, "relu"), layers.Dense(3, "softmax")]
        ),
        (X * 80 + 128, Y),
        None,
    ),
    "a dataset": (lambda: net(layers.Dense(3, "softmax")), [(X[:20], Y[:20]), (X[20:40], Y[20:40])], None),
    "texts": (
        lambda: keras.Sequential(
            [
                layers.Input((1,), dtype="string"),
                layers.TextVectorization(vocabulary=["a", "b"], output_sequence_length=2),
                layers.Embedding(4, 3),
                layers.Flatten(),
                layers.Dense(3, "softmax"),
            ]
        ),
        (np.array([["a b"], ["b"], ["a"]] * 9), np.arange(27) % 3),
        None,
    ),
    "a loss of its own": (lambda: net(layers.Dense(1), loss=lambda y, p: keras.ops.mean((y - p) ** 2)), (X, Y), None),
}


@pytest.mark.parametrize("name", HEALTHY)
def test_nothing_is_found_where_nothing_is_wrong(name):
    make, data, validation = HEALTHY[name]
    model = make()
    if not model.compiled:
        model.compile("adam", SPARSE)
    before = state(model)
    found = nv.check(model, data, validation)
    assert list(found) == []
    assert_same_state(state(model), before)
    assert found.not_checked["plateau"] in (
        "no step has been taken yet",
        "the loss is your own, or there are several",
    )


def test_what_could_not_be_looked_at_is_said():
    make, data, _ = HEALTHY["texts"]
    model = make()
    model.compile("adam", SPARSE)
    told = nv.check(model, data).describe()
    assert "Not checked: inputs not scaled: the inputs are no numbers, or rows of different lengths." in told
    assert "the network was not run on the data" in told or "no step has been taken yet" in told
