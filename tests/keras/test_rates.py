"""How large the gradient of each layer of a deep network is beside its weights."""

import keras
import numpy as np
from keras import layers

import nnvis_widget as nv
from nnvis_widget.stream.frame import decode_frame

X = np.random.default_rng(3).normal(size=(40, 2)).astype(np.float32)
Y = (X[:, :1] > 0).astype(np.float32)


def deep():
    """Two stages of three blocks each."""
    keras.utils.set_random_seed(5)
    x = given = keras.Input((2,), name="given")
    for name in (f"stage{s}_block{b}" for s in (1, 2) for b in (1, 2, 3)):
        x = layers.Dense(2, "tanh", name=f"{name}_dense")(x)
        x = layers.Rescaling(1.0, name=f"{name}_same")(x)
        x = layers.BatchNormalization(name=f"{name}_norm")(x)
    return keras.Model(given, layers.Dense(1, name="end")(x), name="deep")


def test_the_gradient_of_each_layer_beside_its_weights_is_that_of_the_loss():
    import tensorflow as tf

    model = deep()
    model.compile("sgd", "mse")
    view = nv.NetworkView(model, data=(X, Y), edges="gradient")
    view.look()
    rates = decode_frame(view.get_state()["frame"]).find("rates").values
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean(tf.square(model(X, training=False) - Y))
    trained = {layer.name: layer.trainable_variables for layer in model.layers if layer.trainable_variables}
    slopes = dict(zip(trained, tape.gradient(loss, list(trained.values())), strict=True))
    order = [view.source.structure.layer(row[0]).name for row in view.index["layers"]]
    for name, variables in trained.items():
        size = [
            float(np.sqrt(sum(np.square(np.asarray(one)).sum() for one in many))) for many in (slopes[name], variables)
        ]
        np.testing.assert_allclose(rates[order.index(name)], size[0] / size[1], rtol=1e-4)
    assert np.isnan(rates[[order.index(layer.name) for layer in model.layers if not layer.trainable_variables]]).all()
