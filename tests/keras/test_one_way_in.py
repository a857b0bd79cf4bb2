"""Samples go into a model as `predict` puts them there: by name, in its structure, cast and shaped as Keras does."""

import warnings

import keras
import numpy as np
import pytest
from keras import layers, ops

import nnvis_widget as nv
from nnvis_widget.core.want import Want
from nnvis_widget.keras_adapter.read_data import read_scenery
from tests.keras.page import Page, until
from tests.keras.probing import Probing

RNG = np.random.default_rng(3)
Z, A = RNG.normal(size=(2, 6, 1)).astype(np.float32)


def difference(inputs, z, a, **named):
    """z − 2 a, whatever the inputs are called."""
    return keras.Model(inputs, layers.Subtract(name="out")([z, ops.multiply(a, 2.0)]), **named)


def from_list():
    z, a = layers.Input((1,), name="z"), layers.Input((1,), name="a")
    return difference([z, a], z, a)


def from_dict():
    z, a = layers.Input((1,), name="first"), layers.Input((1,), name="second")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Keras' own, for names that differ from the keys
        return difference({"z": z, "a": a}, z, a)


def from_nest():
    z, a = layers.Input((1,), name="z"), layers.Input((1,), name="a")
    return difference({"q": [z], "b": {"a": a}}, z, a)


def from_tuple():
    z, a = layers.Input((1,), name="z"), layers.Input((1,), name="a")
    return difference((z, a), z, a)


class Named(keras.Model):
    def call(self, x):
        return x["z"] - 2.0 * x["a"]


class Nested(keras.Model):
    def call(self, x):
        return x["q"][0] - 2.0 * x["b"]["a"]


class Listed(keras.Model):
    def call(self, x):
        assert isinstance(x, list | tuple)
        return x[0] - 2.0 * x[1]


PAIRS = {
    "list of a list": (from_list, [Z, A]),
    "dict of a list": (from_list, {"z": Z, "a": A}),
    "dict in another order": (from_list, {"a": A, "z": Z}),
    "dict with more": (from_list, {"a": A, "z": Z, "b": 7 * Z}),
    "dict of a tuple": (from_tuple, {"a": A, "z": Z}),
    "tuple of a tuple": (from_tuple, (Z, A)),
    "dict of a dict": (from_dict, {"z": Z, "a": A}),
    "nest of a nest": (from_nest, {"q": [Z], "b": {"a": A}}),
    "dict of a subclass": (Named, {"z": Z, "a": A}),
    "nest of a subclass": (Nested, {"q": [Z], "b": {"a": A}}),
    "list of a subclass": (Listed, [Z, A]),
    "rank 1": (from_list, {"z": Z[:, 0], "a": A[:, 0]}),
    "float64": (from_list, [Z.astype(np.float64), A.astype(np.float64)]),
}


def last(view, sample=0):
    """What the last layer is shown to put out for a sample."""
    view.sample = sample
    until(lambda: view.source.run.latest.samples == (sample,))
    layer, tensors = view.source.graph.outputs[0], view.source.run.latest.tensors
    return next(tensor for key, tensor in tensors.items() if key[:2] == ("activation", layer))


def test_the_output_of_a_dict_is_that_of_predict():
    model = from_list()
    view = nv.NetworkView(model, data={"z": np.array([[1.0]]), "a": np.array([[10.0]])})
    assert last(view).tolist() == [-19.0]
    view.close()


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("pair", PAIRS)
def test_outputs_are_those_of_predict_for_every_structure(pair):
    build, x = PAIRS[pair]
    model = build()
    expected = np.ravel(Z - 2 * A)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Keras' own, for a structure that it reconciles
        np.testing.assert_allclose(np.ravel(model.predict(x, verbose=0)), expected, rtol=1e-6)
    view = nv.NetworkView(model, data=(x, expected))
    for sample in (0, 4):
        np.testing.assert_allclose(last(view, sample), expected[sample : sample + 1], rtol=1e-6)
    assert view.source.status.problem is None
    view.close()


@pytest.mark.parametrize("build", [from_list, from_dict, from_tuple])
def test_each_input_shows_what_goes_into_it(build):
    model = build()
    view = nv.NetworkView(model, data={"a": A, "z": Z})
    shown = {
        key.layer: tensor for key, tensor in view.source.run.latest.tensors.items() if key.quantity == "activation"
    }
    names = {"z": Z, "a": A, "first": Z, "second": A}
    for layer in view.source.graph.layers:
        if layer.role == "input":
            np.testing.assert_array_equal(shown[layer.id], names[layer.name][0])
    view.close()


def test_one_card_for_several_inputs_shows_none_of_them():
    model = Named()
    model.predict({"z": Z, "a": A}, verbose=0)
    view = nv.NetworkView(model, data={"z": Z, "a": A})
    assert last(view).size
    assert [k.layer for k in view.source.run.latest.tensors if k.quantity == "activation"] == ["L1"]
    view.close()


@pytest.mark.skipif(keras.config.backend() != "tensorflow", reason="gradients are measured on TensorFlow")
def test_gradients_of_inputs_by_name_are_finite_differences():
    z, a = layers.Input((1,), name="z"), layers.Input((1,), name="a")
    scaled = layers.Dense(1, use_bias=False, name="scale")(a)
    model = keras.Model([z, a], layers.Subtract()([z, scaled]))
    model.compile("sgd", "mse")
    model.get_layer("scale").set_weights([np.array([[2.0]], np.float32)])
    y = np.zeros((6, 1), np.float32)
    scenery = read_scenery(model, ({"a": A, "z": Z}, y))
    tensors = Probing(model, scenery).measure(Want("gradient"))
    expected = np.mean(2 * (Z - 2 * A) * -A)  # d/dw mean((z − w a)²)
    np.testing.assert_allclose(list(tensors.values()), [[[expected]]], rtol=1e-4)


def test_gradients_of_a_subclass_with_a_dict_are_measured():
    class Scaled(keras.Model):
        def __init__(self):
            super().__init__()
            self.scale = layers.Dense(1, use_bias=False)

        def call(self, x):
            return x["z"] - self.scale(x["a"])

    model = Scaled()
    model.compile("sgd", "mse")
    y = np.zeros((6, 1), np.float32)
    trainer = nv.Trainer(model, ({"a": A, "z": Z}, y), batch_size=3)
    page = Page(trainer, edges="gradient")
    trainer.run_steps(2)
    assert trainer.wait(60) == "paused", trainer.status.problem
    assert trainer.status.problem is None
    page.close()


def test_predictions_of_inputs_by_name_are_those_of_predict():
    z, a = layers.Input((1,), name="z"), layers.Input((1,), name="a")
    both = ops.concatenate([z * 3.0, a], axis=-1)
    model = keras.Model([z, a], layers.Softmax()(both))
    model.compile("sgd", "sparse_categorical_crossentropy")
    x, y = {"a": A, "z": Z}, np.arange(6) % 2
    tensors = Probing(model, read_scenery(model, (x, y))).measure(Want("predictions"))
    (found,) = tensors.values()
    np.testing.assert_array_equal(found, [y, model.predict(x, verbose=0).argmax(axis=1)])


def embedding():
    return keras.Sequential([layers.Input((3,)), layers.Embedding(9, 2), layers.Flatten(), layers.Dense(2)])


def fractions_as_integers():
    return keras.Sequential([layers.Input((3,), dtype="int32"), layers.Rescaling(2.0)])


CASTS = {
    "int32 into Conv1D": (
        lambda: keras.Sequential([layers.Input((6, 1)), layers.Conv1D(2, 3)]),
        np.arange(12, dtype=np.int32).reshape(2, 6, 1),
    ),
    "a missing last axis": (
        lambda: keras.Sequential([layers.Input((6, 1)), layers.Conv1D(2, 3), layers.Flatten()]),
        RNG.normal(size=(2, 6)),
    ),
    "a last axis too many": (
        lambda: keras.Sequential([layers.Input((6,)), layers.Dense(2, "relu")]),
        RNG.normal(size=(2, 6, 1)),
    ),
    "bool into Dense": (
        lambda: keras.Sequential([layers.Input((4,)), layers.Dense(3, "tanh")]),
        RNG.normal(size=(2, 4)) > 0,
    ),
    "float into Embedding": (embedding, np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 8.0]])),
    "uint8 into Rescaling": (
        lambda: keras.Sequential([layers.Input((3,)), layers.Rescaling(1 / 255), layers.Dense(1)]),
        np.array([[0, 128, 255], [1, 2, 3]], np.uint8),
    ),
    "float into an integer Input": (fractions_as_integers, np.array([[0.5, 1.7, 2.2], [3.9, 4.0, 5.0]])),
    "without an Input": (lambda: keras.Sequential([layers.Dense(3), layers.Dense(2)]), np.arange(8).reshape(2, 4)),
    "float64 model": (
        lambda: keras.Sequential([layers.Input((3,), dtype="float64"), layers.Dense(2, dtype="float64")]),
        RNG.normal(size=(2, 3)),
    ),
}


@pytest.mark.parametrize("cast", CASTS)
def test_numbers_are_cast_and_shaped_as_in_predict(cast):
    build, x = CASTS[cast]
    model = build()
    expected = np.asarray(model.predict(x, verbose=0))[0].ravel()
    view = nv.NetworkView(model, data=x)
    assert view.source.status.problem is None
    np.testing.assert_allclose(last(view), expected, rtol=1e-6)
    view.close()


def test_an_input_shows_the_numbers_that_the_model_makes_of_the_data():
    view = nv.NetworkView(fractions_as_integers(), data=np.array([[0.5, 1.7, 2.2]]))
    first = next(t for key, t in view.source.run.latest.tensors.items() if key[:2] == ("activation", "L0"))
    assert first.tolist() == [0.0, 1.0, 2.0]
    view.close()


def test_a_sequential_over_a_dict_shows_what_it_predicts():
    class Join(layers.Layer):
        def call(self, x):
            return x["z"] - 2.0 * x["a"]

    model = keras.Sequential([Join(), layers.Rescaling(2.0)])
    x = {"a": A, "z": Z}
    expected = np.ravel(model.predict(x, verbose=0))
    view = nv.NetworkView(model, data=x)
    assert view.source.status.problem is None
    np.testing.assert_allclose(last(view), expected[:1], rtol=1e-6)
    view.close()


def test_a_stateful_sequential_is_run_with_its_own_number_of_samples():
    model = keras.Sequential([layers.Input(batch_shape=(2, 4, 1)), layers.LSTM(3, stateful=True)])
    x = RNG.normal(size=(6, 4, 1)).astype(np.float32)
    expected = model.predict(x[:2], verbose=0, batch_size=2)[1]
    model.layers[0].reset_states()
    view = nv.NetworkView(model, data=x)
    np.testing.assert_allclose(last(view, sample=1), expected, rtol=1e-5)
    assert view.source.status.problem is None
    view.close()


@pytest.mark.parametrize(
    "x",
    [{"z": Z, "b": A}, [Z], [Z, A, A], {"z": Z, "a": np.zeros((6, 2))}, {"z": Z, "a": np.zeros((6, 1, 2))}],
    ids=["name", "too few", "too many", "size", "rank"],
)
def test_inputs_that_do_not_fit_are_refused_by_view_and_trainer(x):
    model = from_list()
    with pytest.raises(nv.errors.DataError, match=r"^Expected .*, got .*"):
        nv.NetworkView(model, data=x)
    model.compile("sgd", "mse")
    with pytest.raises(nv.errors.DataError, match=r"^Expected .*, got .*"):
        nv.Trainer(model, (x, Z))
