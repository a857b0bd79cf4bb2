"""Is one unit over a batch what a forward pass of the whole model gives?"""

import keras
import numpy as np
import pytest
from keras import layers

from nnvis_widget.core.snapshot import TensorKey
from nnvis_widget.core.want import Want
from tests.keras.probing import Probing

ROWS = np.random.default_rng(7).normal(size=(5, 6)).astype(np.float32)


def chain():
    kinds = ("relu", "linear", "softmax")
    return keras.Sequential([layers.Input((6,)), *(layers.Dense(4, k, bias_initializer="normal") for k in kinds)])


def branches():
    x = layers.Input((6,))
    left, right = layers.Dense(4, "tanh")(x), layers.Dense(4, "relu", use_bias=False)(x)
    return keras.Model(x, layers.Dense(2, "sigmoid")(layers.Add()([left, right])))


def fixed_batch():
    x = layers.Input(batch_shape=(2, 6))
    return keras.Model(x, layers.Dense(3, "tanh")(layers.Dense(4, "relu")(x)))


def sequence():
    return keras.Sequential([layers.Input((6,)), layers.Reshape((3, 2)), layers.Dense(4, "tanh"), layers.Flatten()])


class Subclassed(keras.Model):
    def __init__(self):
        super().__init__()
        self.one = layers.Dense(3, "relu")

    def call(self, x):
        return self.one(x)


@pytest.mark.parametrize("build", [chain, branches, fixed_batch, sequence, Subclassed])
def test_a_unit_has_the_z_that_the_whole_model_gives_it(build):
    keras.utils.set_random_seed(2)
    model = build()
    model(ROWS[:2])
    probing = Probing(model, [ROWS])
    measured = probing.measure(*(Want("activation", sample=sample) for sample in range(len(ROWS))))

    def of_samples(quantity, layer):
        rows = [measured.get(TensorKey(quantity, layer, sample=sample)) for sample in range(len(ROWS))]
        return None if rows[0] is None else np.array(rows)

    def of_unit(layer, unit):
        return probing.measure(Want("z_batch", layer, unit)).get(TensorKey("z_batch", layer, str(unit)))

    seen = 0
    for layer in probing.graph.layers:
        z, activation = of_samples("z", layer.id), of_samples("activation", layer.id)
        expected = activation if z is None else z
        if expected is None:
            continue
        for unit in range(expected.shape[1]):
            for _ in range(2):  # the second call is compiled
                values = of_unit(layer.id, unit)
            np.testing.assert_allclose(values, expected[:, unit], rtol=1e-4, atol=1e-6, err_msg=f"{layer.name} {unit}")
            seen += 1
        assert of_unit(layer.id, expected.shape[1]) is None
    assert seen >= 3
    assert of_unit("nowhere", 0) is None
