"""For every x that `fit` takes, a view shows what `predict` gives, and a Trainer trains what `fit` trains."""

import keras
import numpy as np
import pandas as pd
import pytest
import scipy.sparse
import tensorflow as tf
from keras import layers

import nnvis_widget as nv
from nnvis_widget.errors import DataError
from nnvis_widget.keras_adapter import arrays
from tests.keras.models import assert_same_state, state

RNG = np.random.default_rng(5)
NUMBERS = RNG.normal(size=(8, 2)).astype(np.float32)
SPARSE = scipy.sparse.random(8, 6, 0.4, "csr", dtype=np.float64, random_state=1)
TEXTS = np.array(["a", "b", "b", "c", "a", "a", "zebra", "c"], object)
TABLE = pd.DataFrame({"n": np.arange(8), "flag": np.arange(8) % 2 == 0})
HOLED = TABLE.astype({"n": "Float64"}).replace(3, pd.NA)
ROWS = tf.ragged.constant([[1.0, 2.0], [3.0], [], [4.0, 5.0, 6.0], [1.0], [2.0], [3.0], [0.5]])
Y = RNG.normal(size=(8, 1)).astype(np.float32)


def dense(width=2, **of_input):
    return [layers.Input((width,), **of_input), layers.Dense(3, "tanh"), layers.Dense(1)]


def lookup():
    table = layers.StringLookup(vocabulary=["a", "b", "c"], output_mode="one_hot")
    return [layers.Input((1,), dtype="string"), table, layers.Dense(1)]


class Sums(layers.Layer):
    def call(self, rows):
        return tf.reduce_sum(rows, axis=1, keepdims=True)


KINDS = {
    "numpy": (dense, NUMBERS),
    "float16": (dense, NUMBERS.astype(np.float16)),
    "list in a list": (dense, [NUMBERS]),
    "tensor": (dense, tf.constant(NUMBERS)),
    "variable": (dense, tf.Variable(NUMBERS)),
    "frame": (dense, pd.DataFrame(NUMBERS.astype(np.float64), columns=["p", "q"])),
    "frame of fractions and truths": (dense, TABLE.assign(n=TABLE.n / 3.0)),
    "frame of float32 and integers": (dense, TABLE.assign(flag=TABLE.n.astype(np.float32))),
    "frame of one column": (lambda: dense(1), TABLE[["n"]]),
    "series": (lambda: dense(1), TABLE.n),
    "SciPy csr": (lambda: dense(6), SPARSE),
    "SciPy coo array": (lambda: dense(6), scipy.sparse.coo_array(SPARSE)),
    "sparse into a sparse Input": (lambda: dense(6, sparse=True), SPARSE),
    "SparseTensor": (lambda: dense(6, sparse=True), tf.sparse.from_dense(SPARSE.toarray().astype(np.float32))),
    "tensor of texts": (lookup, tf.constant(TEXTS[:, None])),
    "ragged": (lambda: [layers.Input((None,), ragged=True), Sums(), layers.Dense(1)], ROWS),
}
ALSO = {  # what `fit` refuses on TensorFlow though it is clear what is meant
    "frame of integers and truths": (dense, TABLE, TABLE.to_numpy(np.float32)),
    "frame of nullable integers": (dense, TABLE.astype({"n": "Int64"}), TABLE.to_numpy(np.float32)),
    "frame with missing numbers": (dense, HOLED, HOLED.to_numpy(np.float32, na_value=np.nan)),
    "frame of objects": (dense, TABLE.astype(object), TABLE.to_numpy(np.float32)),
    "objects that are numbers": (dense, NUMBERS.astype(object), NUMBERS),
    "lists of numbers": (dense, NUMBERS.tolist(), NUMBERS),
    "tuples of numbers": (dense, [tuple(row) for row in NUMBERS.tolist()], NUMBERS),
    "list of texts": (lookup, TEXTS.tolist(), tf.constant(TEXTS[:, None])),
    "objects that are texts": (lookup, TEXTS, tf.constant(TEXTS[:, None])),
    "numpy texts": (lookup, TEXTS.astype(str)[:, None], tf.constant(TEXTS[:, None])),
    "bytes": (lookup, TEXTS.astype("S"), tf.constant(TEXTS[:, None])),
    "series of texts": (lookup, pd.Series(TEXTS), tf.constant(TEXTS[:, None])),
}


COMPILED = {"numpy", "SciPy csr", "sparse into a sparse Input", "SparseTensor", "ragged"}
"""Kinds that go through a compiled step too; the others are made arrays of the same kinds before it."""


def made(build, kind=""):
    keras.utils.set_random_seed(1)
    model = keras.Sequential(build())
    model.compile(keras.optimizers.SGD(0.1), "mse", run_eagerly=kind not in COMPILED)
    return model


def shown(model, data):
    """What the last layer is shown to put out for the first sample."""
    view = nv.NetworkView(model, data=data)
    assert view.source.status.problem is None
    layer, tensors = view.source.graph.outputs[0], view.source.run.latest.tensors
    view.close()
    return next(tensor for key, tensor in tensors.items() if key[:2] == ("activation", layer))


def trained(model, data, **options):
    trainer = nv.Trainer(model, data, epochs=2, batch_size=3, shuffle=False, **options)
    trainer.start()
    assert trainer.wait(60) == "finished", trainer.status.problem
    assert trainer.status.problem is None
    return trainer


@pytest.mark.filterwarnings("ignore:The structure of `inputs`")  # Keras' own, for a list of one
@pytest.mark.parametrize("kind", KINDS)
def test_what_fit_takes_is_shown_as_predict_gives_it_and_trained_as_fit_does(kind):
    build, x = KINDS[kind]
    model, twin = made(build, kind), made(build, kind)
    expected = model.predict(x, verbose=0)[0]
    np.testing.assert_allclose(shown(model, x), expected, rtol=1e-5)
    np.testing.assert_allclose(shown(model, (x, Y)), expected, rtol=1e-5)
    twin.fit(x, Y, epochs=2, batch_size=3, shuffle=False, verbose=0)
    trainer = trained(model, (x, Y), validation_data=(x, Y))
    for ours, theirs in zip(state(model), state(twin), strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=1e-5, atol=1e-7)
    np.testing.assert_allclose(trainer.history["val_loss"][-1], twin.evaluate(x, Y, verbose=0), rtol=1e-4)
    assert trainer.scenery.sample_count == 8


@pytest.mark.parametrize("kind", ALSO)
def test_what_is_clear_is_taken_as_the_array_that_is_meant(kind):
    build, x, meant = ALSO[kind]
    model, twin = made(build), made(build)
    np.testing.assert_allclose(shown(model, x), model.predict(meant, verbose=0)[0], rtol=1e-5)
    twin.fit(meant, Y, epochs=2, batch_size=3, shuffle=False, verbose=0)
    trained(model, (x, Y))
    for ours, theirs in zip(state(model), state(twin), strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=1e-5, atol=1e-7)


def two_heads():
    keras.utils.set_random_seed(2)
    x = layers.Input((2,))
    model = keras.Model(x, {"p": layers.Dense(1, name="p")(x), "q": layers.Dense(1, name="q")(x)})
    model.compile(keras.optimizers.SGD(0.1), {"p": "mse", "q": "mae"})
    return model


WEIGHTS = np.linspace(0.1, 2.0, 8).astype(np.float32)


@pytest.mark.parametrize("weights", [WEIGHTS, {"p": WEIGHTS, "q": WEIGHTS[::-1].copy()}], ids=["one", "each"])
def test_several_outputs_are_weighed_as_in_fit(weights):
    model, twin = two_heads(), two_heads()
    y = {"p": Y, "q": Y * 2}
    twin.fit(NUMBERS, y, sample_weight=weights, epochs=2, batch_size=3, shuffle=False, verbose=0)
    trained(model, (NUMBERS, y), sample_weight=weights)
    for ours, theirs in zip(state(model), state(twin), strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=1e-5, atol=1e-7)


def test_a_frame_is_handed_over_by_its_columns():
    p, q = layers.Input((1,), name="p"), layers.Input((1,), name="q")
    model = keras.Model([q, p], layers.Subtract()([q, p]))
    frame = pd.DataFrame({"p": [1.0, 2.0], "q": [10.0, 30.0]})
    assert shown(model, dict(frame)).tolist() == [9.0]


def test_a_large_sparse_matrix_is_looked_at_by_its_first_rows(monkeypatch):
    monkeypatch.setattr(arrays, "LOOKED_AT_BYTES", 2**20)
    wide = scipy.sparse.random(3000, 320, 1e-2, "csr", dtype=np.float32, random_state=2)
    model = keras.Sequential([layers.Input((320,)), layers.Dense(1)])
    view = nv.NetworkView(model, data=(wide, np.arange(3000.0)))
    scenery = view.source.scenery
    assert 500 < scenery.sample_count == len(scenery.targets) < 3000
    assert scenery.inputs[0].nbytes <= 2**20
    view.close()


REFUSED = {
    "a generator function": lambda: lambda: iter([(NUMBERS, Y)]),
    "a name of a file": lambda: "data.csv",
    "a number": lambda: 3,
    "a set": lambda: {1, 2},
    "nothing in a list": lambda: [],
    "a dict of numbers": lambda: {"a": 1.0},
    "a dict of nothing": lambda: {"a": None},
    "a dataset beside targets": lambda: (tf.data.Dataset.from_tensor_slices(NUMBERS).batch(2), Y),
    "complex numbers": lambda: NUMBERS * 1j,
    "dates": lambda: pd.DataFrame({"p": pd.date_range("2026-01-01", periods=8), "q": range(8)}),
    "times": lambda: np.arange(16).reshape(8, 2).astype("datetime64[s]"),
    "a frame of texts and numbers": lambda: pd.DataFrame({"p": TEXTS, "q": range(8)}),
    "texts for numbers": lambda: TEXTS,
    "a mix": lambda: np.array([["a", 1]] * 8, object),
    "lists of different lengths": lambda: [[1.0, 2.0], [3.0]],
    "a sparse cube": lambda: tf.sparse.from_dense(np.ones((2, 2, 2), np.float32)),
    "records": lambda: np.zeros(8, [("p", "f4"), ("q", "f4")]),
}


@pytest.mark.parametrize("kind", REFUSED)
def test_what_is_no_data_is_refused_by_view_panel_and_trainer_in_three_parts(kind):
    model = made(dense)
    for make in (nv.NetworkView, nv.ActivationPanel, nv.Trainer):
        data = REFUSED[kind]()
        with pytest.raises(DataError, match=r"^Expected .*, got .*\. .*\.?$"):
            make(model, data) if make is nv.Trainer else make(model, data=data)


def test_numbers_for_texts_are_refused():
    with pytest.raises(DataError, match="texts"):
        nv.NetworkView(made(lookup), data=np.ones((8, 1)))


def test_targets_that_are_no_numbers_are_refused():
    for y in (TEXTS, SPARSE, [["a"]] * 8):
        with pytest.raises(DataError, match="Expected y as numbers"):
            nv.Trainer(made(dense), (NUMBERS, y))


def test_looking_at_sparse_and_ragged_rows_leaves_a_training_as_it_was():
    for kind in ("SciPy csr", "ragged"):
        build, x = KINDS[kind]
        watched, alone = made(build, kind), made(build, kind)
        view = nv.NetworkView(watched, data=(x, Y))
        for model, callbacks in ((watched, [nv.LiveCallback(view)]), (alone, [])):
            keras.utils.set_random_seed(4)
            model.fit(x, Y, epochs=2, verbose=0, callbacks=callbacks)
        assert_same_state(state(watched), state(alone))
        view.close()
