"""Is what is read of a person's own code what the code does? Does reading it leave nothing behind?"""

import sys
import threading
from contextlib import suppress
from itertools import pairwise

import keras
import numpy as np
import pytest
import tensorflow as tf
from keras import layers, ops

from nnvis_widget import Trainer
from nnvis_widget.errors import DataError
from nnvis_widget.keras_adapter.read.read_structure import read_structure
from nnvis_widget.keras_adapter.read_graph import read_graph
from tests.keras.models import assert_same_state, state
from tests.keras.no_trace import BUILDERS, X, Y, assert_same, left_by, made
from tests.zoo import ZOO
from tests.zoo.own import OWN, Blocks


def opened(structure):
    return structure.folded({group.path for group in structure.groups})


def drawn_links(structure):
    graph = opened(structure)
    return {(graph.layer(link.source).path, graph.layer(link.target).path) for link in graph.links}


def row(*paths):
    return set(pairwise(paths))


LINKS = {
    "subclassed": row("input", "plain/dense", "plain/dense[1]"),
    "subclassed with two inputs": {
        ("input", "two_inputs/dense"),
        ("input", "two_inputs/dense[1]"),
        ("two_inputs/dense", "two_inputs/concatenate"),
        ("two_inputs/dense[1]", "two_inputs/concatenate"),
        ("two_inputs/concatenate", "two_inputs/dense[2]"),
    },
    "subclassed convolutions": row(
        "input",
        "convolving/features/conv2d",
        "convolving/features/max_pooling2d",
        "convolving/flatten",
        "convolving/dense",
    ),
    "variational": {
        ("input", "variational/dense"),
        ("input", "variational/dense[1]"),
        ("variational/dense", "variational/add"),
        ("variational/dense[1]", "variational/multiply"),
        ("variational/multiply", "variational/add"),
        ("variational/add", "variational/dense[2]"),
    },
    "own blocks": row("input", "first/dense", "first/dense[1]", "first/add", "second/dense", "second/dense[1]")
    | row("second/dense[1]", "second/add", "dense")
    | {("input", "first/add"), ("first/add", "second/add")},
    "own weights beside a layer": row("input_layer", "scaled/dense", "scaled/multiply", "dense"),
    "subclassed in functional": row("input_layer", "plain/dense", "plain/dense[1]", "dense"),
    "functional in subclassed": row(
        "input", "around/inner/input_layer", "around/inner/dense", "around/inner/dense[1]", "around/dense"
    ),
}


@pytest.mark.parametrize("name", LINKS)
def test_what_flows_between_the_layers_of_own_code_is_linked(name):
    structure = read_graph(ZOO[name]())
    assert drawn_links(structure) == LINKS[name]
    assert structure.note is None
    assert {group.note for group in structure.groups} <= {None}


class Between(layers.Layer):
    """Two layers, and a function of one's own between."""

    def __init__(self, function, **options):
        super().__init__(**options)
        self.function = function
        self.one, self.two = layers.Dense(4, name="one"), layers.Dense(4, name="two")

    def build(self, shape):
        self.one.build(shape)
        self.two.build(shape)

    def call(self, x):
        return self.function(self, x)


BETWEEN = {
    "of keras": (lambda own, x: own.two(ops.relu(own.one(x))), row("input_layer", "one", "relu", "two", "end")),
    "composite": (
        lambda own, x: own.two(keras.activations.silu(own.one(x))),
        row("input_layer", "one", "silu", "two", "end"),
    ),
    "operator": (lambda own, x: own.two(own.one(x) * 3), row("input_layer", "one", "multiply", "two", "end")),
    "several": (lambda own, x: own.two(ops.tanh(own.one(x)) * 3), row("input_layer", "one", "function", "two", "end")),
    "before": (lambda own, x: own.one(x / 255), row("input_layer", "divide", "one", "end")),
    "after": (lambda own, x: ops.softmax(own.one(x)), row("input_layer", "one", "softmax", "end")),
    "around": (
        lambda own, x: x + own.two(ops.relu(own.one(x))),
        row("input_layer", "one", "relu", "two", "add", "end") | {("input_layer", "add")},
    ),
    "cast": (lambda own, x: own.two(ops.cast(own.one(x), "float32")), row("input_layer", "one", "two", "end")),
    "none": (lambda own, x: own.two(own.one(x)), row("input_layer", "one", "two", "end")),
}


@pytest.mark.parametrize("name", BETWEEN)
def test_a_function_between_two_layers_is_told(name):
    function, expected = BETWEEN[name]
    given = keras.Input((4,))
    model = keras.Model(given, layers.Dense(1, name="end")(Between(function, name="own")(given)))
    shown = {tuple(one.removeprefix("own/") for one in link) for link in drawn_links(read_graph(model))}
    assert {(one.replace(given.name, "input_layer"), other) for one, other in shown} == expected


def test_a_function_that_is_not_known_to_keep_places_is_not_taken_for_one_that_does():
    roles = {}
    for name, function in {"relu": ops.relu, "flip": lambda x: x[:, ::-1], "softmax": ops.softmax}.items():
        model = keras.Sequential([keras.Input((4,)), Between(lambda own, x, act=function: own.two(act(own.one(x))))])
        (roles[name],) = [one.role for one in read_graph(model).layers if one.id.startswith("J")]
    assert roles == {"relu": "merge", "flip": "opaque", "softmax": "opaque"}


@pytest.mark.parametrize("name", ZOO)
def test_with_everything_opened_every_output_is_reached_from_an_input(name):
    graph = opened(read_graph(ZOO[name]()))
    reached, waiting = set(), list(graph.inputs)
    while waiting:
        layer = waiting.pop()
        if layer not in reached:
            reached.add(layer)
            waiting += graph.targets_of(layer)
    assert set(graph.outputs) <= reached
    aside = ("not called on this sample", "weights of its own, beside its layers")
    assert {layer.path for layer in graph.layers if layer.id not in reached and layer.note not in aside} == set()


@pytest.mark.parametrize("name", OWN)
def test_layers_have_the_same_ids_with_a_trace_and_without(name):
    def ids_of(structure):
        cards = [*structure.layers, *(group.card for group in structure.groups)]
        return {card.id: card.path for card in cards if not card.id.startswith("J")}

    model = ZOO[name]()
    assert ids_of(read_graph(model)) == ids_of(read_structure(model).structure)


def test_a_loop_is_counted_and_a_branch_that_is_not_taken_says_so():
    structure = read_graph(ZOO["blocks in a list"]())
    assert structure.at("blocks/again").uses == 3
    links = structure.group(structure.at("blocks").id).links
    again = structure.at("blocks/again").id
    assert [(one.source_use, one.target_use) for one in links if one.source == one.target == again] == [(0, 1), (1, 2)]
    for unused in ("blocks/unused", "blocks/dropout"):
        assert structure.at(unused).uses == 0
        assert structure.at(unused).note == "not called on this sample"


def test_shapes_and_types_come_from_the_call():
    structure = read_graph(ZOO["subclassed convolutions"]())
    conv = structure.at("convolving/features/conv2d")
    assert (conv.output_shape, conv.dtype, conv.units) == (((None, 8, 8, 4),), "float32", 4)


@pytest.mark.parametrize(("value", "taken", "left"), [(1.0, "up", "down"), (-1.0, "down", "up")])
def test_the_way_that_the_sample_takes_is_the_one_that_is_read(value, taken, left):
    model = ZOO["a way that depends on numbers"]()
    structure = read_graph(model, sample=np.full((3, 4), value, np.float32))
    assert structure.at(f"parting/{taken}").uses == 1
    assert structure.at(f"parting/{left}").note == "not called on this sample"


class Own(keras.Model):
    """Calls layers one after the other by code of its own."""

    def __init__(self, parts):
        super().__init__()
        self.parts = parts

    def call(self, x):
        for part in self.parts:
            x = part(x)
        return x


def own_code_around(build):
    def built():
        model = build()
        around = Own([layer for layer in model.layers if not isinstance(layer, layers.InputLayer)])
        around.built = True
        return around

    return built


@pytest.mark.parametrize("name", [name for name in BUILDERS if name != "a subclassed model"])
def test_reading_leaves_no_trace(name):
    build = own_code_around(BUILDERS[name])
    read, untouched = made(build), made(build)
    keras.utils.set_random_seed(11)
    expected = left_by(untouched, None)
    keras.utils.set_random_seed(11)
    structure = read_graph(read, X[:8])
    assert structure.note is None
    assert {layer.uses for layer in structure.layers} <= {1, None}  # None: of the cell that a layer of Keras is around
    assert_same(left_by(read, None), expected)


def test_reading_a_subclassed_model_leaves_its_attributes_as_they_were():
    read, untouched = made(BUILDERS["a subclassed model"]), made(BUILDERS["a subclassed model"])
    keras.utils.set_random_seed(11)
    expected = left_by(untouched, None)
    keras.utils.set_random_seed(11)
    assert read_graph(read).note is None
    assert_same(left_by(read, None), expected)


class Failing(keras.Model):
    def __init__(self, at=1.0):
        super().__init__()
        self.first, self.bad, self.last = layers.Dense(3), Bad(at), layers.Dense(2, name="last")

    def call(self, x):
        return self.last(self.bad(self.first(x)))


class Bad(layers.Layer):
    def __init__(self, at):
        super().__init__(name="bad")
        self.at = at
        self.inner = layers.Dense(3)

    def call(self, x):
        x = self.inner(x)
        if self.at == "now":
            raise ValueError("nothing <b>goes</b>")
        return x


def test_where_a_call_fails_the_layers_are_there_and_it_says_how_far_it_came():
    model = Failing()
    model(ops.zeros((1, 4)))
    model.bad.at = "now"
    structure = read_graph(model)
    assert structure.note == "Traced as far as 'bad' (Bad), whose call raised ValueError: nothing <b>goes</b>"
    assert drawn_links(structure) == row("input", "failing/dense", "failing/bad/dense")
    assert structure.group(structure.at("failing/bad").id).note == (
        "its call did not end: what would follow is not known"
    )
    assert sum(layer.parameter_count for layer in structure.layers) == model.count_params()


class Trying(keras.Model):
    def __init__(self):
        super().__init__()
        self.bad, self.good = Bad("now"), layers.Dense(2, name="good")

    def call(self, x):
        with suppress(ValueError):
            x = self.bad(x)
        return self.good(x)


def test_a_failure_that_the_code_itself_catches_is_none():
    model = Trying()
    model.bad.inner.build((None, 4))
    model.bad.built = True
    model(ops.zeros((1, 4)))
    structure = read_graph(model)
    assert structure.note is None
    assert ("input", "trying/good") in drawn_links(structure)


class Twofold(keras.Model):
    """Its arguments are more than one."""

    def __init__(self):
        super().__init__()
        self.one = layers.Dense(2)

    def call(self, x, y):
        return self.one(x) + y


def test_what_is_not_built_is_the_tree_of_its_layers_and_says_why():
    structure = read_graph(Blocks())
    assert structure.note.startswith("Not traced: the model is not built yet.")
    assert "blocks/block_1/dense[1]" in {layer.path for layer in structure.layers}


def test_a_model_of_two_arguments_says_that_it_failed():
    model = Twofold()
    model(ops.zeros((1, 2)), ops.zeros((1, 2)))
    structure = read_graph(model)
    assert structure.note.startswith("Not traced") or "Traced as far as 'twofold" in structure.note
    assert structure.at("twofold/dense").parameter_count == 6


def test_a_layer_that_the_call_would_build_is_not_built():
    class Lazy(keras.Model):
        def __init__(self):
            super().__init__()
            self.one, self.late = layers.Dense(3), layers.Dense(3, name="late")
            self.is_late = False

        def call(self, x):
            x = self.one(x)
            return self.late(x) if self.is_late else x

    model = Lazy()
    with pytest.warns(UserWarning, match="unbuilt state"):
        model(ops.zeros((1, 4)))
    model.is_late = True
    structure = read_graph(model)
    assert structure.note.startswith("Traced as far as 'late' (Dense), which is not built yet.")
    assert not model.late.built
    assert structure.at("lazy/late").note == "not built yet"


class Within(layers.Layer):
    """Draws where nobody looks: in a layer that holds no others, by a name of its own."""

    def call(self, x):
        from tensorflow import random as dice

        return x + dice.normal((3,))


@pytest.mark.parametrize("in_a_layer", [True, False])
def test_numbers_that_cannot_be_put_back_are_not_drawn(in_a_layer):
    class Drawing(keras.Model):
        def __init__(self):
            super().__init__()
            self.one, self.within = layers.Dense(3), Within()

        def call(self, x):
            return self.within(self.one(x)) if in_a_layer else tf.nn.dropout(self.one(x), 0.5)

    model = Drawing()
    model.within.built = True
    model(ops.zeros((1, 4)))
    tf.random.set_seed(3)
    expected = tf.random.normal((3,)).numpy()
    tf.random.set_seed(3)
    structure = read_graph(model)
    np.testing.assert_array_equal(tf.random.normal((3,)).numpy(), expected)
    assert structure.note.endswith("draws random numbers of TensorFlow, which would change those that come next.")
    assert ("input", "drawing/dense") in drawn_links(structure)


def test_a_sample_with_other_inputs_is_refused():
    x, y = layers.Input((3,)), layers.Input((3,))
    model = keras.Model([x, y], Holding()(layers.Add()([x, y])))
    with pytest.raises(DataError, match="Expected 2 input arrays"):
        read_graph(model, sample=[np.zeros((1, 3))])
    with pytest.raises(DataError, match="Expected a batch of at least one sample"):
        read_graph(model, sample=[np.zeros((0, 3)), np.zeros((0, 3))])


class Holding(layers.Layer):
    def __init__(self):
        super().__init__()
        self.part = layers.Dense(3)

    def call(self, x):
        return self.part(x)


def test_a_profiler_of_the_thread_goes_on_and_none_is_left_behind():
    model, seen = ZOO["blocks in a list"](), []

    def profiler(frame, event, arg):
        seen.append(event)

    read_graph(model)
    assert sys.getprofile() is None
    sys.setprofile(profiler)
    try:
        read_graph(model)
        assert sys.getprofile() is profiler
    finally:
        sys.setprofile(None)
    assert seen
    model.again.name = "other"
    with pytest.raises(DataError):
        read_graph(model, sample=[])
    assert sys.getprofile() is None


def test_a_training_beside_which_its_model_is_read_is_bit_equal():
    def trained(is_read):
        keras.utils.set_random_seed(4)
        model = ZOO["own blocks"]()
        model.compile("adam", "mse")
        trainer = Trainer(model, (X, Y[:, None].astype(np.float32)), batch_size=8, epochs=40)
        done, notes = threading.Event(), set()

        def read():
            while not done.is_set():
                notes.add(read_graph(model).note)

        reading = threading.Thread(target=read, daemon=True)
        if is_read:
            reading.start()
        trainer.start()
        ended = trainer.wait(100)
        done.set()
        assert ended == "finished", trainer.status.problem.text
        if is_read:
            reading.join()
            assert notes == {None}
        return state(model)

    assert_same_state(trained(True), trained(False))


def test_a_loop_of_two_hundred_calls_is_read():
    class Turning(keras.Model):
        def __init__(self):
            super().__init__()
            self.turn = layers.Dense(2)

        def call(self, x):
            total = x
            for _ in range(200):
                total = total + self.turn(total)
            return total

    model = Turning()
    model(ops.zeros((1, 2)))
    structure = read_graph(model)
    assert structure.at("turning/dense").uses == 200


def halved(x):
    while float(ops.convert_to_numpy(ops.max(ops.abs(x)))) > 0.1:
        x = x / 2
    return x


def called_deeply(x, depth=300):
    return x if depth == 0 else called_deeply(x + 0, depth - 1)


class Odd(layers.Layer):
    """Puts out whatever a function makes of what the layer in it puts out."""

    def __init__(self, act):
        super().__init__()
        self.act, self.part = act, layers.Dense(3)

    def build(self, shape):
        self.part.build(shape)

    def call(self, x):
        return self.act(self.part(x))

    def compute_output_spec(self, x):
        return keras.KerasTensor((*x.shape[:-1], 3))


@pytest.mark.parametrize(
    "act",
    [ops.mean, halved, called_deeply, lambda x: None, lambda x: "text", lambda x: {"a": x, "b": [x, x + 1]}, list],
    ids=["a scalar", "a loop on values", "deep calls", "nothing", "a text", "a dict", "a list"],
)
def test_whatever_a_layer_puts_out_it_is_read(act):
    structure = read_graph(keras.Sequential([layers.Input((4,)), Odd(act)]), np.ones((2, 4), np.float32))
    assert structure.note is None
    assert ("input", "odd/dense") in drawn_links(structure)


@pytest.mark.parametrize("sample", [None, np.ones((1, 7, 4), np.float32)])
def test_sizes_that_are_not_the_same_for_all_samples_are_not_told(sample):
    x = layers.Input((None, 4))
    structure = read_graph(keras.Model(x, Odd(ops.relu)(x)), sample)
    assert structure.note is None
    assert structure.at("odd/dense").output_shape == ()
    assert structure.at("odd").output_shape == ((None, None, 3),)


def test_inputs_of_complex_numbers_and_of_texts_are_read():
    z, words = layers.Input((4,), dtype="complex64"), layers.Input((), dtype="string")
    model = keras.Model([z, words], [Odd(ops.relu)(ops.real(z)), layers.Hashing(5)(words)])
    structure = read_graph(model)
    assert structure.note is None
    dtypes = {layer.dtype for layer in structure.layers if layer.role == "input"}
    assert dtypes == {"complex64", "string"}


def test_a_model_that_got_another_layer_is_read_anew():
    model = ZOO["own blocks"]()
    before = read_graph(model)
    model.add(layers.Dense(2, name="new"))
    model.layers[0].trainable = False
    after = read_graph(model)
    assert after.at("new").parameter_count == 4
    assert after.parameter_count == before.parameter_count + 4
    assert after.trainable_count == before.trainable_count + 4 - 40
