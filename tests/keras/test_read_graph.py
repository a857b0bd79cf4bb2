"""Does the graph say what the model is? Against what was built, and Keras' own count."""

import json

import keras
import numpy as np
import pytest
from keras import layers

from nnvis_widget.core.snapshot import TensorKey
from nnvis_widget.errors import ModelError
from nnvis_widget.keras_adapter.read_graph import read_graph
from nnvis_widget.sources.model import WatchedModel


def drawn(model):
    """What is drawn where no group is opened."""
    return read_graph(model).folded()


def names_of(graph):
    return [layer.name for layer in graph.layers]


def links_by_name(graph):
    return {(graph.layer(link.source).name, graph.layer(link.target).name) for link in graph.links}


def assert_counts_agree(graph, model):
    assert graph.parameter_count == model.count_params()
    trainable = sum(int(keras.ops.size(v)) for v in model.trainable_variables)
    assert graph.trainable_count == trainable


def branching_model():
    left, right = layers.Input((4,), name="left"), layers.Input((4,), name="right")
    shared = layers.Dense(3, "relu", name="shared")
    joined = layers.Concatenate(name="joined")([shared(left), shared(right)])
    added = layers.Add(name="added")([joined, layers.Dense(6, name="side")(left)])
    return keras.Model(
        [left, right],
        [layers.Dense(1, name="value")(added), layers.Dense(5, "softmax", name="kind")(joined)],
        name="branching",
    )


def test_a_sequential_model_is_a_chain_that_starts_with_its_input():
    model = keras.Sequential([layers.Input((4,)), layers.Dense(3, "relu", name="one"), layers.Dense(2, name="two")])
    graph = drawn(model)
    assert names_of(graph) == ["input", "one", "two"]
    assert links_by_name(graph) == {("input", "one"), ("one", "two")}
    assert (graph.inputs, graph.outputs) == (("L0",), ("L2",))
    one = graph.by_name("one")
    assert (one.type, one.activation, one.units, one.output_shape) == ("Dense", "relu", 3, ((None, 3),))
    assert [(p.name, p.shape, p.dtype) for p in one.parameters] == [
        ("kernel", (4, 3), "float32"),
        ("bias", (3,), "float32"),
    ]
    assert_counts_agree(graph, model)


def test_inputs_outputs_and_merges_of_a_functional_model_are_all_there():
    model = branching_model()
    graph = drawn(model)
    assert links_by_name(graph) == {
        ("left", "shared"),
        ("right", "shared"),
        ("shared", "joined"),
        ("joined", "added"),
        ("left", "side"),
        ("side", "added"),
        ("added", "value"),
        ("joined", "kind"),
    }
    assert [graph.layer(i).name for i in graph.inputs] == ["left", "right"]
    assert [graph.layer(i).name for i in graph.outputs] == ["value", "kind"]
    assert_counts_agree(graph, model)


def test_a_shared_layer_is_one_layer_with_two_links_into_it_and_counts_once():
    graph = drawn(branching_model())
    shared = [layer for layer in graph.layers if layer.name == "shared"]
    assert len(shared) == 1
    assert len(graph.sources_of(shared[0].id)) == 2
    assert shared[0].parameter_count == 4 * 3 + 3


def test_operations_of_keras_ops_are_layers_without_parameters():
    x = layers.Input((4,), name="x")
    y = keras.ops.tanh(layers.Dense(4, name="dense")(x)) + x
    model = keras.Model(x, layers.Dense(1, name="out")(y))
    graph = drawn(model)
    assert [layer.type for layer in graph.layers] == ["InputLayer", "Dense", "Tanh", "Add", "Dense"]
    tanh, add = graph.layers[2], graph.layers[3]
    assert tanh.parameter_count == 0
    assert set(graph.sources_of(add.id)) == {tanh.id, graph.by_name("x").id}
    assert_counts_agree(graph, model)


def test_a_nested_model_is_one_card_with_all_its_parameters():
    inner = keras.Sequential([layers.Input((4,)), layers.Dense(3), layers.Dense(2)], name="inner")
    x = layers.Input((4,), name="x")
    model = keras.Model(x, layers.Dense(1, name="out")(inner(x)))
    graph = drawn(model)
    assert names_of(graph) == ["x", "inner", "out"]
    assert graph.by_name("inner").note == "no inner view"
    assert graph.by_name("inner").parameter_count == inner.count_params()
    assert_counts_agree(graph, model)


class TwoPaths(keras.Model):
    def __init__(self):
        super().__init__(name="two_paths")
        self.one, self.two = layers.Dense(3), layers.Dense(2)

    def call(self, x):
        return self.two(self.one(x))


def test_a_subclassed_model_is_one_card():
    model = TwoPaths()
    model(keras.ops.zeros((1, 4)))
    graph = drawn(model)
    assert names_of(graph) == ["input", "two_paths"]
    assert graph.layers[1].note == "no inner view"
    assert graph.layers[1].parameter_count == model.count_params()
    assert_counts_agree(graph, model)


def test_an_unbuilt_subclassed_model_is_described_without_parameters():
    graph = drawn(TwoPaths())
    assert not graph.is_built
    assert graph.layers[1].note == "not built yet"
    assert graph.parameter_count == 0


def test_an_unbuilt_sequential_has_layers_but_no_shapes():
    graph = drawn(keras.Sequential([layers.Dense(3, name="one"), layers.Dense(2, name="two")]))
    assert names_of(graph) == ["one", "two"]
    assert not graph.is_built
    assert {layer.note for layer in graph.layers} == {"not built yet"}
    assert {layer.output_shape for layer in graph.layers} == {()}
    assert (graph.parameter_count, graph.trainable_count) == (0, 0)


def test_a_sequential_built_by_a_call_has_no_batch_size_in_its_shapes():
    model = keras.Sequential([layers.Dense(3, name="one")])
    model(keras.ops.zeros((7, 4)))
    graph = drawn(model)
    assert names_of(graph) == ["input", "one"]
    assert graph.by_name("one").output_shape == ((None, 3),)
    assert_counts_agree(graph, model)


def test_a_sequential_built_by_a_shape_counts_like_keras():
    model = keras.Sequential([layers.Dense(3, name="one")])
    model.build((None, 4))
    graph = drawn(model)
    assert graph.by_name("one").parameter_count == 15
    assert_counts_agree(graph, model)


def test_a_model_without_layers_is_an_empty_graph():
    graph = drawn(keras.Sequential(name="empty"))
    assert (graph.layers, graph.links, graph.inputs, graph.outputs) == ((), (), (), ())
    assert graph.parameter_count == 0


class Doubling(layers.Layer):
    def __init__(self, factor, **options):
        super().__init__(**options)
        self.factor = factor

    def call(self, x):
        return x * self.factor


def test_a_custom_layer_without_get_config_is_still_linked():
    x = layers.Input((4,), name="x")
    hidden = layers.Dense(3, name="dense")(x)
    both = layers.Add(name="both")([Doubling(2.0, name="double")(hidden), hidden])
    model = keras.Model(x, both)
    graph = drawn(model)
    assert links_by_name(graph) == {
        ("x", "dense"),
        ("dense", "double"),
        ("double", "both"),
        ("dense", "both"),
    }
    assert_counts_agree(graph, model)


def test_frozen_layers_are_counted_as_not_trainable():
    model = keras.Sequential([layers.Input((4,)), layers.Dense(3, name="frozen"), layers.BatchNormalization()])
    model.get_layer("frozen").trainable = False
    graph = drawn(model)
    assert not any(parameter.is_trainable for parameter in graph.by_name("frozen").parameters)
    assert graph.parameter_count == 15 + 12
    assert graph.trainable_count == 6
    assert_counts_agree(graph, model)


def test_convolutions_keep_their_shapes():
    model = keras.Sequential([layers.Input((8, 8, 1)), layers.Conv2D(4, 3, name="conv"), layers.Flatten(name="flat")])
    graph = drawn(model)
    assert graph.by_name("conv").output_shape == ((None, 6, 6, 4),)
    assert graph.by_name("conv").units == 4
    assert graph.by_name("flat").output_shape == ((None, 144),)
    assert_counts_agree(graph, model)


@pytest.mark.parametrize("name", ["branching", "a/b", "<b>bold</b>", "層 \u202e x"])
def test_the_graph_is_plain_json_whatever_the_names(name):
    model = branching_model()
    graph = drawn(model).to_json() | {"name": name}
    assert json.loads(json.dumps(graph, allow_nan=False))["name"] == name
    assert [layer["parameter_count"] for layer in graph["layers"]] == [
        layer.parameter_count for layer in drawn(model).layers
    ]


@pytest.mark.parametrize("thing", [None, 3, "model", layers.Dense(3), keras.Model])
def test_what_is_no_model_is_refused_with_a_way_out(thing):
    with pytest.raises(ModelError, match=r"Expected a Keras model, got .*\. Pass a keras\.Sequential"):
        read_graph(thing)


def test_a_deep_model_is_read_without_asking_for_its_weights_again_and_again(monkeypatch):
    x = start = layers.Input((2,))
    for _ in range(40):
        x = layers.Dense(2)(x)
    model = keras.Model(start, x)
    asked = []
    weights = keras.Model.weights.fget
    monkeypatch.setattr(keras.Model, "weights", property(lambda self: asked.append(1) or weights(self)))
    graph = drawn(model)
    assert graph.parameter_count == 40 * 6
    assert len(asked) <= 2


def test_variables_of_the_same_name_are_told_apart_by_their_path():
    inputs = keras.Input((5, 8))
    attention = keras.layers.MultiHeadAttention(2, 4, name="attention")
    both = keras.layers.Bidirectional(keras.layers.LSTM(3, name="lstm"), name="both")
    model = keras.Model(inputs, keras.layers.Dense(1)(both(attention(inputs, inputs))))
    graph = drawn(model)
    parts = ("query", "key", "value", "attention_output")
    assert [one.name for one in graph.by_name("attention").parameters] == [
        f"{part}/{name}" for part in parts for name in ("kernel", "bias")
    ]
    assert [one.name for one in graph.by_name("both").parameters][:2] == [
        "forward_lstm/lstm_cell/kernel",
        "forward_lstm/lstm_cell/recurrent_kernel",
    ]
    assert {one.kind for one in graph.by_name("both").parameters} == {"kernel", "recurrent_kernel", "bias"}
    assert [one.name for one in graph.layers[-1].parameters] == ["kernel", "bias"]

    snapshot = WatchedModel(model, np.zeros((2, 5, 8), np.float32)).run.latest
    layer = graph.by_name("attention")
    for parameter, variable in zip(layer.parameters, attention.weights, strict=True):
        np.testing.assert_array_equal(snapshot.tensors[TensorKey("weight", layer.id, parameter.name)], variable)


def test_what_is_joined_is_told_in_its_order_whatever_that_of_the_inputs():
    a, b, c = (layers.Input((size,), name=name) for size, name in ((2, "a"), (3, "b"), (4, "c")))
    joined = layers.Concatenate(name="joined")([c, a, b])
    graph = read_graph(keras.Model([a, b, c], layers.Dense(1)(joined))).folded()
    assert [graph.layer(one).name for one in graph.sources_of(graph.by_name("joined").id)] == ["c", "a", "b"]
