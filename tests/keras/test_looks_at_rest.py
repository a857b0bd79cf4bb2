"""What is run again and again at rest, and what only once: code that tells of each run is compiled before it is run."""

import keras
import numpy as np
import pytest
from keras import layers, ops

from nnvis_widget.core.want import Want
from nnvis_widget.keras_adapter.own_code import read_own_code

from .probing import Probing

SEEN = []


class Plain(layers.Layer):
    def __init__(self, width=4, **options):
        super().__init__(**options)
        self.width, self.dense = width, layers.Dense(width)

    def build(self, shape):
        self.dense.build(shape)

    def call(self, x):
        return ops.relu(self.dense(x)) / self.width


class Printing(Plain):
    def call(self, x):
        print("was here")
        return super().call(x)


class Counting(Plain):
    def call(self, x):
        self.count = getattr(self, "count", 0) + 1
        return super().call(x)


class Listing(Plain):
    def __init__(self, **options):
        super().__init__(**options)
        self.shapes = {}

    def call(self, x):
        self.shapes[len(self.shapes)] = x.shape
        return super().call(x)


class ListingElsewhere(Plain):
    def call(self, x):
        SEEN.append(x.shape)
        return super().call(x)


class Drawing(Plain):
    def call(self, x):
        return super().call(x + keras.random.uniform(()))


def enclosed():
    runs = []

    class Enclosed(Plain):
        def call(self, x):
            runs.append(1)
            return super().call(x)

    return Enclosed()


def model_of(layer):
    return keras.Sequential([keras.Input((3,)), layer, layers.Dense(2)])


@pytest.mark.parametrize("make", [Printing, Counting, Listing, ListingElsewhere, Drawing, enclosed])
def test_code_that_tells_of_each_run_is_not_pure(make):
    assert not read_own_code(model_of(make())).is_pure


def test_code_that_only_computes_is_pure():
    assert read_own_code(model_of(Plain())).is_pure
    assert read_own_code(model_of(layers.Dense(4))).is_pure


@pytest.mark.skipif(keras.config.backend() != "tensorflow", reason="only TensorFlow compiles a look")
def test_a_layer_that_prints_does_so_no_more_often_the_longer_one_looks(capsys):
    probing = Probing(model_of(Printing()), (np.ones((2, 3), np.float32),))
    counts = []
    for _ in range(4):
        probing.measure(Want("activation", sample=0))
        counts.append(capsys.readouterr().out.count("was here"))
    assert counts[1:] == [0, 0, 0]


def test_a_look_at_rest_tells_what_predict_does_however_often_one_looks():
    model = model_of(Plain())
    x = np.random.default_rng(1).normal(size=(4, 3)).astype(np.float32)
    probing = Probing(model, (x,))
    last = probing.graph.outputs[0]
    for sample in (0, 1, 2, 3, 0):
        found = probing.measure(Want("activation", sample=sample))
        (value,) = [tensor for key, tensor in found.items() if key.layer == last and key.quantity == "activation"]
        np.testing.assert_allclose(value, model.predict(x[sample : sample + 1], verbose=0)[0], rtol=1e-5, atol=1e-6)
