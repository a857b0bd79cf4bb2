"""Is what is said of a layer what the layer does? Roles and their facts, against Keras itself."""

import keras
import numpy as np
import pytest
from keras import layers

import nnvis_widget as nv
from nnvis_widget.core.anatomy import ANATOMY, GATES
from nnvis_widget.errors import ModelError
from nnvis_widget.keras_adapter.read_graph import read_graph
from tests.keras.page import Page, told_layers, until

STEP = 1e-2


class Kept(layers.Dense):
    """A Dense that leaves `call` alone."""


class Doubled(layers.Dense):
    """A Dense with another arithmetic than x W + b."""

    def call(self, inputs):
        return super().call(2 * inputs)


def model_of(layer, shape):
    keras.utils.set_random_seed(3)
    return keras.Sequential([layers.Input(shape), layer])


def role_in(model):
    return read_graph(model).folded().layers[-1].role


CHAIN = [
    ("dense", layers.Dense, {"units": 6}, (6,)),
    ("dense", Kept, {"units": 6}, (6,)),
    ("conv", layers.Conv1D, {"filters": 2, "kernel_size": 2}, (3, 2)),
    ("transposed", layers.Conv2DTranspose, {"filters": 1, "kernel_size": 2}, (2, 2, 1)),
    ("depthwise", layers.DepthwiseConv2D, {"kernel_size": 2}, (3, 3, 2)),
    ("conv", layers.SeparableConv1D, {"filters": 2, "kernel_size": 2}, (3, 2)),
    ("recurrent", layers.LSTM, {"units": 2}, (3, 2)),
    ("recurrent", layers.GRU, {"units": 2}, (3, 2)),
    ("recurrent", layers.SimpleRNN, {"units": 2}, (3, 2)),
    ("norm", layers.BatchNormalization, {}, (6,)),
    ("norm", layers.LayerNormalization, {}, (6,)),
    ("norm", layers.UnitNormalization, {}, (6,)),
    ("pool", layers.MaxPooling1D, {}, (4, 2)),
    ("pool", layers.GlobalAveragePooling2D, {}, (2, 2, 2)),
    ("elementwise", layers.Activation, {"activation": "tanh"}, (6,)),
    ("elementwise", layers.ReLU, {}, (6,)),
    ("elementwise", layers.LeakyReLU, {}, (2, 3)),
    ("elementwise", layers.PReLU, {}, (6,)),
    ("elementwise", layers.Softmax, {}, (6,)),
    ("elementwise", layers.Dropout, {"rate": 0.5}, (6,)),
    ("elementwise", layers.SpatialDropout1D, {"rate": 0.5}, (3, 2)),
    ("elementwise", layers.Rescaling, {"scale": 0.5}, (2, 3)),
    ("reshape", layers.Flatten, {}, (2, 3)),
    ("reshape", layers.Reshape, {"target_shape": (3, 2)}, (2, 3)),
    ("opaque", Doubled, {"units": 6}, (6,)),
    ("opaque", layers.Flatten, {"data_format": "channels_first"}, (2, 3)),
    ("opaque", layers.Permute, {"dims": (2, 1)}, (2, 3)),
    ("opaque", layers.EinsumDense, {"equation": "ab,bc->ac", "output_shape": 6}, (6,)),
]


@pytest.mark.parametrize(("role", "layer_class", "arguments", "shape"), CHAIN)
def test_a_role_says_whether_unit_i_comes_from_unit_i(role, layer_class, arguments, shape):
    model = model_of(layer_class(**arguments), shape)
    assert role_in(model) == role
    size = int(np.prod(shape))
    x = np.random.default_rng(1).uniform(0.5, 1.5, size).astype(np.float32)
    moved = np.stack([x, *(x + STEP * np.eye(size, dtype=np.float32))]).reshape(-1, *shape)
    outputs = model.predict_on_batch(moved).reshape(size + 1, -1)
    effect = np.abs(outputs[1:] - outputs[0]) / STEP  # of input i (rows) on output j
    is_own = effect.shape == (size, size) and bool((effect.argmax(axis=1) == np.arange(size)).all())
    assert is_own == ANATOMY[role].passes_units


def test_inputs_merges_models_embeddings_and_attention_have_their_roles():
    inner = keras.Sequential([layers.Input((4,)), layers.Dense(2)], name="inner")
    words, numbers = layers.Input((3,), dtype="int32", name="words"), layers.Input((4,), name="numbers")
    embedded = layers.Embedding(9, 5, name="embedded")(words)
    attended = layers.MultiHeadAttention(2, 4, name="attended")(embedded, embedded)
    summed = layers.Add(name="summed")([layers.GlobalMaxPooling1D()(attended)[:, :2], inner(numbers)])
    graph = read_graph(keras.Model([words, numbers], 2.0 * summed + summed)).folded()
    # Keras numbers its operations over the whole process
    roles = {layer.name.rstrip("_0123456789"): layer.role for layer in graph.layers}
    expected = {"words": "input", "numbers": "input", "embedded": "embedding", "attended": "attention"}
    assert {name: roles[name] for name in expected} == expected
    assert (roles["summed"], roles["inner"], roles["get_item"], roles["add"]) == ("merge", "group", "opaque", "merge")


class Rows(keras.Model):
    def call(self, x):
        return x


def test_a_model_of_its_own_is_a_group_and_its_input_an_input():
    assert [layer.role for layer in read_graph(Rows()).folded().layers] == ["input", "group"]


@pytest.mark.parametrize(
    ("layer", "shape", "sizes"),
    [
        (layers.Dense(3), (5,), {"in": 5, "out": 3}),
        (layers.Dense(3), (4, 5), {"in": 5, "out": 3}),
        (layers.Conv1D(3, 2), (7, 5), {"space": 2, "in": 5, "out": 3}),
        (layers.Conv2D(3, 2), (7, 7, 5), {"space": 2, "in": 5, "out": 3}),
        (layers.Conv3D(3, 2), (7, 7, 7, 5), {"space": 2, "in": 5, "out": 3}),
        (layers.Conv2D(4, 3, groups=2), (7, 7, 6), {"space": 3, "in": 3, "out": 4}),
        (layers.Embedding(5, 3), (7,), {"in": 5, "out": 3}),
        (layers.LSTM(3), (7, 5), {"in": 5, "gate": 12}),
        (layers.GRU(3), (7, 5), {"in": 5, "gate": 9}),
        (layers.SimpleRNN(3), (7, 5), {"in": 5, "gate": 3}),
    ],
)
def test_the_axes_of_a_kernel_are_as_long_as_what_they_stand_for(layer, shape, sizes):
    read = read_graph(model_of(layer, shape)).folded().layers[-1]
    kernel = next(one for one in read.parameters if one.kind in ("kernel", "embeddings"))
    axes = read.axes_of(kernel)
    assert [sizes[axis] for axis in axes] == list(kernel.shape)
    assert set(axes) == set(sizes)
    assert all(read.axes_of(one) == () for one in read.parameters if one.kind == "bias")


@pytest.mark.parametrize(
    "layer",
    [
        layers.DepthwiseConv2D(2),
        layers.SeparableConv2D(4, 2),
        layers.Conv2DTranspose(4, 2),
        layers.EinsumDense("abcd,de->abce", (7, 7, 6)),
    ],
)
def test_of_kernels_with_other_axes_nothing_is_claimed(layer):
    read = read_graph(model_of(layer, (7, 7, 5))).folded().layers[-1]
    assert [read.axes_of(one) for one in read.parameters] == [()] * len(read.parameters)


def test_the_projections_of_attention_have_heads():
    x = layers.Input((3, 6))
    attention = layers.MultiHeadAttention(2, 4)
    graph = read_graph(keras.Model(x, attention(x, x))).folded()
    parameters = {one.name: one for one in graph.layers[-1].parameters}
    for name, axes in (("query/kernel", ("in", "head", "out")), ("attention_output/kernel", ("head", "in", "out"))):
        assert graph.layers[-1].axes_of(parameters[name]) == axes
        assert parameters[name].shape[axes.index("head")] == 2


def test_the_gates_are_in_the_order_in_which_keras_has_them():
    lstm = layers.LSTM(3, unit_forget_bias=True)
    assert read_graph(model_of(lstm, (7, 5))).folded().layers[-1].gates == GATES[4]
    bias = np.asarray(lstm.cell.bias).reshape(4, 3)
    assert bias.all(axis=1).tolist() == [name == "forget" for name in GATES[4]]

    gru = layers.GRU(3, return_sequences=True)
    model = model_of(gru, (2, 5))
    assert read_graph(model).folded().layers[-1].gates == GATES[3]
    x = np.random.default_rng(2).normal(size=(1, 2, 5)).astype(np.float32)
    kernel, recurrent = np.asarray(gru.cell.kernel), np.asarray(gru.cell.recurrent_kernel)
    own = dict(zip(GATES[3], np.split(kernel, 3, axis=1), strict=True))
    back = dict(zip(GATES[3], np.split(recurrent, 3, axis=1), strict=True))
    state, states = np.zeros((1, 3)), []
    for row in x.swapaxes(0, 1):
        update, reset = (1 / (1 + np.exp(-(row @ own[name] + state @ back[name]))) for name in ("update", "reset"))
        state = update * state + (1 - update) * np.tanh(row @ own["new"] + reset * (state @ back["new"]))
        states.append(state)
    np.testing.assert_allclose(model.predict_on_batch(x)[0], np.concatenate(states), rtol=1e-4, atol=1e-6)


def test_layers_that_are_an_activation_say_which():
    kinds = (layers.ReLU, layers.LeakyReLU, layers.ELU, layers.Softmax, layers.Dropout, layers.PReLU)
    arguments = {layers.Dropout: {"rate": 0.1}}
    read = [
        read_graph(model_of(kind(**arguments.get(kind, {})), (4,))).folded().layers[-1].activation for kind in kinds
    ]
    assert read == ["relu", "leaky_relu", "elu", "softmax", None, None]


X = np.random.default_rng(5).normal(size=(7, 5)).astype(np.float32)


def page_of(layer):
    keras.utils.set_random_seed(7)
    model = keras.Sequential([layers.Input((5,)), layer, layers.Dense(2, name="out")])
    return model, Page(model, data=X)


def frame_with(page, *section):
    """The newest frame, once it has a section."""
    until(lambda: page.frames and page.frames[-1].find(*section) is not None)
    return page.frames[-1]


def test_a_subclass_that_leaves_call_alone_has_kernel_and_z_like_a_dense():
    layer = Kept(4, "tanh", bias_initializer="normal")
    _, page = page_of(layer)
    frame = frame_with(page, "weight", "L1", "kernel")
    kernel, bias = np.asarray(layer.kernel), np.asarray(layer.bias)
    np.testing.assert_array_equal(frame.find("weight", "L1", "kernel").values, kernel)
    np.testing.assert_allclose(frame.find("z", "L1").values, X[0] @ kernel + bias, rtol=1e-5, atol=1e-6)
    page.close()


def test_of_a_subclass_with_a_call_of_its_own_only_the_output_is_told():
    model, page = page_of(Doubled(4, "tanh", bias_initializer="normal"))
    page.selection = {"layer": "L1", "unit": 1}
    frame = frame_with(page, "z_histogram", "L1")
    assert frame.find("weight", "L1", "kernel") is None
    assert frame.find("z", "L1") is None
    assert not [section for section in frame.sections if section.quantity == "incoming"]
    output = np.asarray(model.layers[0](X[:1]))[0]
    np.testing.assert_allclose(frame.find("activation", "L1").values, output, rtol=1e-5, atol=1e-6)
    page.close()


def own_layer():
    """A class of its own in each test, so that what one registers is not known to another."""

    class Own(layers.Layer):
        def build(self, shape):
            self.kernel = self.add_weight(shape=(shape[-1], 4), name="kernel", initializer="normal")

        def call(self, x):
            return keras.ops.tanh(x @ self.kernel)

    return Own


def test_a_registered_layer_is_drawn_and_computed_as_what_it_is_registered_as():
    own = own_layer()
    own.activation = staticmethod(keras.activations.tanh)
    nv.register_role(own, "dense")
    layer = own()
    model, page = page_of(layer)
    frame = frame_with(page, "weight", "L1", "kernel")
    kernel = np.asarray(layer.kernel)
    assert read_graph(model).folded().layers[1].role == "dense"
    np.testing.assert_array_equal(frame.find("weight", "L1", "kernel").values, kernel)
    np.testing.assert_allclose(frame.find("z", "L1").values, X[0] @ kernel, rtol=1e-5, atol=1e-6)
    page.selection = {"layer": "L1", "unit": 3}
    incoming = frame_with(page, "incoming", "L1", "weight").find("incoming", "L1", "weight")
    np.testing.assert_array_equal(incoming.values, kernel[:, 3])
    page.close()


def test_a_role_holds_for_subclasses_that_leave_call_alone_and_may_be_changed():
    own = own_layer()
    nv.register_role(own, "dense")
    kept = type("KeptOwn", (own,), {})
    other = type("OtherOwn", (own,), {"call": lambda self, x: x})
    assert [role_in(model_of(one(), (5,))) for one in (own, kept, other)] == ["dense", "dense", "opaque"]
    nv.register_role(own, "norm")
    assert [role_in(model_of(one(), (5,))) for one in (own, kept)] == ["norm", "norm"]
    nv.register_role(other, "elementwise")
    assert role_in(model_of(other(), (5,))) == "elementwise"


@pytest.fixture
def english_again():
    yield
    nv.set_language(None)


@pytest.mark.parametrize(
    ("layer", "shape", "change", "said"),
    [
        (layers.Dense(4, "relu"), (3,), lambda layer: layer.enable_lora(2), ("LoRA: it", "LoRA：用")),
        (layers.Dense(4, "relu"), (3,), lambda layer: layer.quantize("int8"), ("quantized (int8)", "已量化（int8）")),
        (layers.Conv1D(4, 2, activation="relu"), (5, 3), lambda layer: layer.enable_lora(2), ("LoRA: it", "LoRA：用")),
    ],
    ids=["Dense with LoRA", "Dense in int8", "Conv1D with LoRA"],
)
def test_a_kernel_that_is_not_computed_with_as_it_stands_draws_no_weights_and_adds_up_nothing(
    layer, shape, change, said, english_again
):
    model = model_of(type(layer).from_config(layer.get_config()), shape)
    own = model.layers[-1]
    change(own)
    for variable in own.variables:
        variable.assign(keras.ops.ones_like(variable))
    view = nv.NetworkView(model, data=np.ones((4, *shape), np.float32))
    told = read_graph(model).folded().layers[1]
    assert (told.role, told.window) == ("opaque", None)
    assert told.note.startswith(said[0])
    assert "Strongest weights" not in view.describe()
    place = {} if len(shape) == 1 else {"position": (1,)}
    card = nv.arithmetic(
        model, layer=own.name, unit=1, sample=0, data=(np.ones((4, *shape), np.float32), None), **place
    )
    assert card.sum is None
    np.testing.assert_allclose(card.output, float(np.ravel(own(np.ones((1, *shape), np.float32)))[-1]), rtol=1e-5)
    for language, words in zip(("en", "zh"), said, strict=True):  # on the page; the structure itself keeps English
        nv.set_language(language)
        assert told_layers(view.graph)[1]["note"].startswith(words)
        assert read_graph(model).folded().layers[1].note == told.note
    view.close()


def test_a_dense_without_a_kernel_is_a_card_that_says_why():
    class Hollow(layers.Layer):
        def call(self, x):
            return x

    nv.register_role(Hollow, "dense")
    model, page = page_of(Hollow())
    layer = read_graph(model).folded().layers[1]
    assert (layer.role, layer.note) == ("opaque", "registered as dense, but it has no kernel of shape (inputs, units)")
    np.testing.assert_allclose(frame_with(page, "activation", "L1").find("activation", "L1").values, X[0])
    page.close()


@pytest.mark.parametrize(
    ("what", "role", "said"),
    [
        (layers.Dense(2), "dense", "Expected a subclass of keras.layers.Layer, got an object of class Dense"),
        (dict, "dense", "Expected a subclass of keras.layers.Layer, got dict"),
        (Kept, "dens", "Expected the role of a layer, got 'dens'. Did you mean 'dense'"),
        (Kept, None, "Expected the role of a layer, got None. The roles are: dense, conv"),
        (Kept, "input", "Kept cannot be registered as 'input'"),
        (Rows, "dense", "Rows cannot be registered as 'dense'"),
    ],
)
def test_a_wrong_registration_is_refused_in_words(what, role, said):
    with pytest.raises(ModelError, match=said):
        nv.register_role(what, role)
    assert role_in(model_of(Kept(2), (3,))) == "dense"


@pytest.mark.parametrize(("shape", "units"), [((784,), 16), ((28, 28), 16), ((28, 28), 2600)])
def test_the_weights_out_of_a_pixel_are_told_whatever_the_shape_of_the_picture(shape, units):
    dense = layers.Dense(units, name="first")
    model = keras.Sequential([layers.Input(shape), layers.Flatten(), layers.Dropout(0.2), dense, layers.Dense(3)])
    page = Page(model, data=np.random.default_rng(0).random((3, *shape)).astype(np.float32))
    page.selection = {"layer": "L0", "unit": 300}
    outgoing = frame_with(page, "outgoing", "L3", "weight").find("outgoing", "L3", "weight")
    np.testing.assert_array_equal(outgoing.values, np.asarray(dense.kernel)[300])
    assert outgoing.attributes == {"unit": 300, "source": "L0"}
    page.close()


class Named(layers.Layer):
    """Names its units, or tries to."""

    def __init__(self, unit_names):
        super().__init__()
        self.unit_names = unit_names

    def call(self, x):
        return 2 * x


@pytest.mark.parametrize(
    ("given", "read"),
    [
        (("left", "right"), ("left", "right")),
        (["left"], ()),
        ("ab", ()),
        ((1, 2), ()),
        (None, ()),
        ({"a": 1, "b": 2}, ()),
    ],
)
def test_a_layer_names_its_units_by_a_text_each_or_not_at_all(given, read):
    assert read_graph(model_of(Named(given), (2,))).folded().layers[-1].unit_names == read
