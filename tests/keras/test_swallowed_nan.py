"""Is what lies behind NaN told as not finite, also where an activation makes 0 of NaN?

oneDNN's fused kernel of a dense layer with ReLU does so on some processors. `fused_relu` stands for it on every one;
the reference is numpy, whose maximum of NaN and 0 is NaN.
"""

import keras
import numpy as np
import pytest
from keras import layers

import nnvis_widget as nv
from nnvis_widget.core.command import Watch
from nnvis_widget.core.snapshot import TensorKey
from nnvis_widget.core.want import Want

NAN, INF = np.float32("nan"), np.float32("inf")
RNG = np.random.default_rng(2)
X = RNG.normal(size=(40, 2)).astype(np.float32)
Y = np.arange(40) % 3


def fused_relu(x):
    return keras.ops.where(keras.ops.isnan(x), 0.0, keras.ops.relu(x))


def net(outputs=(3, "softmax"), loss="sparse_categorical_crossentropy"):
    keras.utils.set_random_seed(1)
    names = iter(("one", "two", "out"))
    widths = ((4, fused_relu), (5, fused_relu), outputs)
    model = keras.Sequential([layers.Input((2,)), *(layers.Dense(*width, name=next(names)) for width in widths)])
    model.compile("sgd", loss)
    return model


def broken(model, layer, parameter, place, value=NAN):
    variable = getattr(model.get_layer(layer), parameter)
    values = np.array(variable)
    values[place] = value
    variable.assign(values)
    return model


OF_MANY = (Want("predictions"), Want("z_batch", "L2", 1), Want("z_layer", "L2"))


def looked_at(model, x=X, y=Y, wants=()):
    """A snapshot of a trainer at rest, with what is wanted of it."""
    trainer = nv.Trainer(model, (x, y))
    trainer.post(Watch("me", frozenset({Want("activation", sample=0), Want("field"), *wants})))
    trainer.pause()
    snapshot = trainer.run.latest
    assert snapshot is not None
    assert trainer.status.problem is None, trainer.status.problem
    return trainer.graph, snapshot.tensors


def by_numpy(model, x):
    """Pre-activations and activations of each layer."""
    found, a = {}, x
    with np.errstate(invalid="ignore", over="ignore"):
        for layer in model.layers:
            kernel, bias = (np.asarray(weight) for weight in layer.get_weights())
            z = np.einsum("si,iu->su", a, kernel) + bias
            a = np.maximum(z, 0) if layer.name != "out" else np.exp(z) / np.exp(z).sum(axis=1, keepdims=True)
            found["z", layer.name], found["activation", layer.name] = z, a
    return found


@pytest.mark.parametrize(
    ("layer", "parameter", "place"),
    [("one", "kernel", (0, 2)), ("one", "bias", 1), ("two", "bias", 4), ("out", "bias", 0)],
)
def test_units_behind_a_nan_weight_are_nan_and_the_others_as_they_are(layer, parameter, place):
    model = broken(net(), layer, parameter, place)
    graph, tensors = looked_at(model)
    for (quantity, name), values in by_numpy(model, X[:1]).items():
        told = tensors[TensorKey(quantity, graph.by_name(name).id, sample=0)]
        np.testing.assert_array_equal(np.isnan(told), np.isnan(values[0]), f"{quantity} of {name}")
        np.testing.assert_allclose(told, values[0], rtol=1e-5, atol=1e-6)
    for name in ("one", "two", "out"):
        codes = tensors[TensorKey("field", graph.by_name(name).id)]
        is_nan = np.isnan(by_numpy(model, X[:1])["activation", name][0])
        assert ((codes == 0).all(axis=(1, 2)) == is_nan).all()
        assert ((codes != 0).all(axis=(1, 2)) == ~is_nan).all()


def test_an_infinite_weight_is_not_finite_behind_it():
    graph, tensors = looked_at(broken(net(), "one", "kernel", (0, 2), INF))
    told = tensors[TensorKey("activation", graph.by_name("one").id, sample=0)]
    np.testing.assert_array_equal(np.isfinite(told), [True, True, False, True])
    for name in ("two", "out"):
        assert not np.isfinite(tensors[TensorKey("activation", graph.by_name(name).id, sample=0)]).any()


def test_a_sample_that_is_not_finite_has_no_outputs_and_the_others_have_theirs():
    x = X.copy()
    x[7, 1] = NAN
    model = net()
    one, two = 3, 7
    trainer = nv.Trainer(model, (x, Y))
    for view, sample in (("a", one), ("b", two)):
        trainer.post(Watch(view, frozenset({Want("activation", sample=sample), *OF_MANY})))
    trainer.pause()
    graph, tensors = trainer.graph, trainer.run.latest.tensors
    expected = by_numpy(model, x)
    for name in ("one", "two", "out"):
        layer = graph.by_name(name).id
        told = tensors[TensorKey("activation", layer, sample=one)]
        np.testing.assert_allclose(told, expected["activation", name][one], rtol=1e-5, atol=1e-6)
        assert np.isnan(tensors[TensorKey("activation", layer, sample=two)]).all()
        assert np.isnan(tensors[TensorKey("z", layer, sample=two)]).all()
    np.testing.assert_allclose(
        tensors[TensorKey("z_batch", "L2", "1")], expected["z", "two"][:, 1], rtol=1e-5, atol=1e-6
    )
    np.testing.assert_allclose(tensors[TensorKey("z_layer", "L2")], expected["z", "two"], rtol=1e-5, atol=1e-6)
    true, said = tensors[TensorKey("predictions", "L3", "sample")]
    np.testing.assert_array_equal(true, Y)
    np.testing.assert_array_equal(np.flatnonzero(said == -1), [two])


def test_a_network_with_a_nan_weight_predicts_nothing():
    graph, tensors = looked_at(broken(net(), "one", "bias", 0), wants=[Want("predictions")])
    assert (tensors[TensorKey("predictions", graph.by_name("out").id, "sample")][1] == -1).all()


def test_the_gradient_of_a_loss_that_is_not_finite_is_not_finite():
    _, tensors = looked_at(broken(net(), "one", "bias", 0), wants=[Want("gradient")])
    gradients = [values for key, values in tensors.items() if key.quantity == "gradient"]
    assert len(gradients) == 6
    assert not any(np.isfinite(values).any() for values in gradients)


def test_a_large_kernel_and_its_signals_are_told_too():
    keras.utils.set_random_seed(1)
    model = keras.Sequential(
        [layers.Input((3,)), layers.Dense(2_000, fused_relu, name="one"), layers.Dense(1_001, fused_relu, name="two")]
    )
    model.compile("sgd", "mse")
    x, y = np.ones((4, 3), np.float32), np.zeros((4, 1_001), np.float32)
    graph, tensors = looked_at(broken(model, "two", "kernel", (3, 7)), x, y, [Want("signal", sample=0)])
    two = graph.by_name("two").id
    np.testing.assert_array_equal(np.flatnonzero(np.isnan(tensors[TensorKey("activation", two, sample=0)])), [7])
    broken(model, "one", "bias", 0)
    _, tensors = looked_at(model, x, y, [Want("signal", sample=0)])
    assert np.isnan(tensors[TensorKey("activation", two, sample=0)]).all()
    assert np.isnan(tensors[TensorKey("bundle", two, "signal", 0)][0]).all()  # the group of inputs that unit 0 is in


def test_weights_so_large_that_their_sum_overflows_are_finite():
    model = net((3, "linear"), "mse")
    model.get_layer("out").bias.assign(np.full(3, 3e38, np.float32))
    graph, tensors = looked_at(model, y=np.zeros((40, 3), np.float32))
    told = tensors[TensorKey("activation", graph.by_name("out").id, sample=0)]
    np.testing.assert_allclose(told, 3e38, rtol=1e-6)


class Masked(layers.Layer):
    """Adds a mask that is minus infinity for the last unit, then takes what is larger than -1."""

    def build(self, shape):
        self.mask = self.add_weight(shape=shape[-1:], initializer="zeros", trainable=False, name="mask")
        self.mask.assign([*np.zeros(shape[-1] - 1), -INF])

    def call(self, x):
        return keras.ops.maximum(x + self.mask, -1.0)


def test_a_layer_that_is_not_known_is_believed():
    x = layers.Input((2,))
    model = keras.Model(x, layers.Dense(1, name="out")(Masked(name="masked")(layers.Dense(3, name="one")(x))))
    model.compile("sgd", "mse")
    graph, tensors = looked_at(model, y=Y.astype(np.float32))
    assert tensors[TensorKey("activation", graph.by_name("masked").id, sample=0)][-1] == -1
    assert np.isfinite(tensors[TensorKey("activation", graph.by_name("out").id, sample=0)]).all()


@pytest.mark.parametrize("is_broken", [False, True])
def test_a_training_is_bit_equal_whether_or_not_it_is_corrected(is_broken):
    def trained(is_watched):
        model = broken(net(), "one", "bias", 0) if is_broken else net()
        trainer = nv.Trainer(model, (X, Y), batch_size=8, seed=1)
        if is_watched:
            trainer.post(Watch("me", frozenset({Want("gradient"), Want("field"), *OF_MANY})))
        for _ in range(3):
            trainer.run_steps(2)
            trainer.wait(60)
        return [np.array(variable) for variable in (*model.variables, *model.optimizer.variables)]

    for one, other in zip(trained(True), trained(False), strict=True):
        np.testing.assert_array_equal(one, other)


def test_the_view_says_that_there_is_no_prediction():
    view = nv.NetworkView(broken(net(), "one", "bias", 0), data=(X, Y))
    assert "Sample 0: no prediction: NaN." in view.describe().splitlines()
    view.close()
