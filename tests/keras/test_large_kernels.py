"""Kernels of more than two million links are reduced exactly, never kept, and never in the way of the training."""

import keras
import numpy as np
import pytest
from keras import layers

from nnvis_widget import Trainer
from nnvis_widget.core.snapshot import TensorKey
from nnvis_widget.keras_adapter.read_graph import read_graph
from tests.keras.page import Page, until

INPUTS, UNITS = 1500, 1400


@pytest.fixture(scope="module")
def net():
    keras.utils.set_random_seed(3)
    model = keras.Sequential([layers.Input((INPUTS,)), layers.Dense(UNITS, "tanh"), layers.Dense(3, "softmax")])
    model.compile("sgd", "sparse_categorical_crossentropy")
    return model


@pytest.fixture(scope="module")
def data():
    rng = np.random.default_rng(3)
    return rng.normal(size=(40, INPUTS)).astype(np.float32), rng.integers(0, 3, 40)


def sums(values):
    groups = np.add.reduceat(values.astype(np.float64), np.arange(0, INPUTS, 24), axis=0)
    return np.add.reduceat(groups, np.arange(64) * UNITS // 64, axis=1)


def newest(page, quantity, name=None):
    until(lambda: page.frames and page.frames[-1].find(quantity, "L1", name) is not None)
    return page.frames[-1].find(quantity, "L1", name).values


def test_bundles_strongest_links_and_single_rows_are_those_of_the_kernel(net, data):
    page = Page(net, data=data)
    kernel = np.asarray(net.layers[0].kernel)
    np.testing.assert_allclose(newest(page, "bundle", "weight"), sums(kernel), rtol=1e-4, atol=1e-5)
    snapshot = page.source.run.latest
    assert max(tensor.size for tensor in snapshot.tensors.values()) <= 1000 * 64
    assert TensorKey("top", "L1", "weight") not in snapshot.tensors, "nobody asked for it"

    page.edges, page.selection = "signal", {"layer": "L1", "unit": 1399}
    signals = kernel * data[0][0][:, None]
    np.testing.assert_allclose(newest(page, "bundle", "signal"), sums(signals), rtol=1e-4, atol=1e-5)
    np.testing.assert_array_equal(newest(page, "incoming", "weight"), kernel[:, 1399])

    page.detail, page.top_k = "top", 500
    order = np.argsort(-np.abs(signals).ravel(), kind="stable")[:500]
    until(lambda: (top := page.frames[-1].find("top", "L1", "signal")) is not None and len(top.values) == 500)
    np.testing.assert_allclose(newest(page, "top", "signal"), signals.ravel()[order], rtol=1e-6)
    index = newest(page, "top_index", "signal")
    assert (
        len({*map(tuple, index.tolist())} ^ {*zip(*map(np.ndarray.tolist, np.divmod(order, UNITS)), strict=True)}) <= 2
    )

    page.selection = {"layer": read_graph(net).inputs[0], "unit": 77}
    until(lambda: (out := page.frames[-1].find("outgoing", "L1")) is not None and out.attributes["unit"] == 77)
    np.testing.assert_array_equal(newest(page, "outgoing"), kernel[77])
    page.close()


def test_its_gradients_are_reduced_too(net, data):
    page = Page(Trainer(net, data), edges="gradient")
    bundle = newest(page, "bundle", "gradient")
    assert bundle.shape == (63, 64)
    x, y = data
    import tensorflow as tf

    with tf.GradientTape() as tape:
        loss = net.compute_loss(x=x, y=y, y_pred=net(x, training=False), training=False)
    gradient = np.asarray(tape.gradient(loss, net.layers[0].kernel.value))
    np.testing.assert_allclose(bundle, sums(gradient), rtol=1e-3, atol=1e-6)
    assert all(tensor.size <= 4_000_00 for tensor in page.source.run.latest.tensors.values())
    page.close()


def test_a_nan_in_it_is_the_first_bad_tensor(data):
    model = keras.Sequential([layers.Input((INPUTS,)), layers.Dense(UNITS), layers.Dense(3, "softmax")])
    kernel = np.zeros((INPUTS, UNITS), np.float32)
    kernel[700, 31] = np.nan
    model.layers[0].kernel.assign(kernel)
    page = Page(model, data=data)
    until(lambda: page.frames)
    assert page.frames[-1].header["first_bad"]["what"] == f"{model.layers[0].name}/kernel"
    page.close()
