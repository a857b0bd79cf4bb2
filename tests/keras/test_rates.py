"""What colours the layers of a deep network: gradients beside weights, dead units, and the last change."""

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
    view = nv.NetworkView(model, data=(X, Y), layer_color="gradient")
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


def shown(view, name):
    found = decode_frame(view.get_state()["frame"]).find("rates", name=name)
    order = [view.source.structure.layer(row[0]).name for row in view.index["layers"]]
    return {} if found is None else dict(zip(order, found.values, strict=True))


def convolutions():
    """Two stages of three blocks, each a convolution with a ReLU of its own behind it."""
    keras.utils.set_random_seed(5)
    x = given = keras.Input((8, 8, 2), name="given")
    for name in (f"stage{s}_block{b}" for s in (1, 2) for b in (1, 2, 3)):
        x = layers.Conv2D(6, 3, padding="same", name=f"{name}_conv")(x)
        x = layers.BatchNormalization(name=f"{name}_norm")(x)
        x = layers.ReLU(name=f"{name}_relu")(x)
    x = layers.Dense(8, "relu", name="dense")(layers.Flatten(name="flat")(x))
    return keras.Model(given, layers.Dense(1, name="end")(x), name="deep")


def test_dead_units_are_those_that_put_out_0_for_every_sample_and_place_of_the_probe():
    model = convolutions()
    pictures = np.random.default_rng(3).normal(size=(20, 8, 8, 2)).astype(np.float32)
    for name, dead in (("stage1_block2_norm", 3), ("stage2_block3_norm", 5)):
        gamma, beta, mean, variance = model.get_layer(name).get_weights()
        gamma[:dead], beta[:dead] = 0, -1
        model.get_layer(name).set_weights([gamma, beta, mean, variance])
    view = nv.NetworkView(model, data=(pictures, np.zeros((20, 1), np.float32)), layer_color="dead")
    view.look()
    told = shown(view, "dead")
    expected = {}
    for layer in model.layers:
        if layer.name.endswith("_relu") or layer.name == "dense":
            put_out = np.asarray(keras.Model(model.inputs, layer.output)([pictures]))
            lives = (put_out != 0).any(axis=tuple(range(put_out.ndim - 1)))
            expected[layer.name] = 1 - lives.mean()
    assert expected["stage1_block2_relu"] == 0.5
    assert expected["stage2_block3_relu"] >= 5 / 6
    for name, share in told.items():
        np.testing.assert_allclose(share, expected.get(name, np.nan), atol=1e-6, err_msg=name)
    assert decode_frame(view.get_state()["frame"]).find("rates", name="samples").values.tolist() == [20]
    view.close()


def test_dead_units_within_nested_models_are_found_and_are_measured_only_while_they_are_wanted():
    keras.utils.set_random_seed(5)
    inner = keras.Sequential([layers.Dense(6, "relu", name=f"d{n}") for n in range(4)], name="inner")
    model = keras.Sequential([keras.Input((2,)), inner, layers.Dense(1, name="end")])
    model.build((None, 2))
    inner.layers[1].set_weights([np.zeros((6, 6)), np.array([-1.0, 1, -1, 1, 1, 1])])
    view = nv.NetworkView(model, data=(X, Y))
    view.look()
    assert "dead" not in {key.quantity for key in view.source.run.latest.tensors}
    view.layer_color = "dead"
    view.look()
    np.testing.assert_allclose(shown(view, "dead")["d1"], 2 / 6, atol=1e-6)
    view.close()


def test_time_since_the_last_change_is_counted_in_steps_and_a_frozen_layer_rests():
    model = deep()
    model.get_layer("stage1_block2_dense").trainable = False
    model.compile("sgd", "mse", run_eagerly=True)
    trainer = nv.Trainer(model, (X, Y), batch_size=10)
    view = nv.NetworkView(trainer, layer_color="change")
    assert shown(view, "change") == {}
    for _ in range(4):
        trainer.run_steps(3)
        trainer.wait(60)
        trainer.look()
    trainer.look()
    told = shown(view, "change")
    assert trainer.run.latest.step == 12
    assert told["stage1_block2_dense"] == 12
    assert told["stage2_block1_dense"] == 0
    assert np.isnan(told["stage1_block1_same"])
    view.close()
