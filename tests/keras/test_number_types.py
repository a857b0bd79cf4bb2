"""Half precision and numbers that are not finite are told as they are."""

import keras
import numpy as np
import pytest
from keras import layers

from nnvis_widget import GradientFlow, NetworkView
from nnvis_widget.core.snapshot import TensorKey
from tests.keras.models import plane
from tests.precisions import precisions

X, Y = plane()


def net(policy="float32"):
    keras.utils.set_random_seed(3)
    model = keras.Sequential(
        [layers.Input((2,)), layers.Dense(4, "tanh", dtype=policy), layers.Dense(1, "sigmoid", dtype=policy)]
    )
    model.compile("sgd", "binary_crossentropy")
    return model


@pytest.mark.parametrize("policy", precisions("bfloat16", "mixed_bfloat16", "float16", "mixed_float16", "float64"))
def test_a_chosen_unit_has_its_pre_activations_in_every_precision(policy):
    model = net(policy)
    model.layers[0].bias.assign([0.5, -1.0, 0.25, 2.0])
    view = NetworkView(model, data=(X, Y), selection={"layer": "L1", "unit": 3})
    view.look()
    assert view.source.status.problem is None
    kernel, bias = (np.asarray(keras.ops.convert_to_numpy(one), np.float32) for one in model.layers[0].weights)
    z = view.source.run.latest.tensors[TensorKey("z_batch", "L1", "3")]
    np.testing.assert_allclose(z, X @ kernel[:, 3] + bias[3], atol=0.05)
    view.close()


@pytest.mark.parametrize("policy", precisions("bfloat16", "mixed_bfloat16", "float16", "float64"))
def test_a_network_without_an_input_layer_shows_its_input_in_every_precision(policy):
    model = keras.Sequential([layers.Dense(3, dtype=policy)])
    keras.config.set_dtype_policy(policy)
    try:
        model.build((None, 4))
        view = NetworkView(model, data=np.arange(8, dtype="uint8").reshape(2, 4))
    finally:
        keras.config.set_dtype_policy("float32")
    shown = view.source.run.latest.tensors[TensorKey("activation", "L0", sample=0)]
    np.testing.assert_array_equal(shown, [0, 1, 2, 3])
    view.close()


@pytest.mark.parametrize(("value", "told"), [(np.inf, "infinite"), (-np.inf, "infinite"), (np.nan, "NaN")])
def test_a_weight_is_told_as_what_it_is_and_its_gradient_as_not_finite(value, told):
    model = net()
    view = NetworkView(model, data=(X, Y), edges="gradient")
    panel = GradientFlow(view)
    kernel = keras.ops.convert_to_numpy(model.layers[0].kernel).copy()
    kernel[1, 2] = value
    model.layers[0].kernel.assign(kernel)
    words = view.describe()
    assert f"{model.layers[0].name}/kernel became {told} at or before" in words
    assert f"{'NaN' if told == 'NaN' else 'not finite'} since step 0" in words
    assert "gradient not finite" in panel.describe()
    assert "not measured" not in panel.describe()
    panel.close()
    view.close()
