"""What of a network a view has open: own code and nested models are drawn layer by layer, with their true numbers."""

import keras
import numpy as np
import pytest
from keras import layers

import nnvis_widget as nv
from nnvis_widget.core.openings import opened_at_first, same_output
from nnvis_widget.stream.frame import decode_frame
from tests.keras.page import Page, deliver_state, until
from tests.zoo import ZOO

X = np.random.default_rng(3).normal(size=(40, 2)).astype(np.float32)
Y = (X[:, :1] > 0).astype(np.float32)


class Around(keras.Model):
    """A way around the second layer."""

    def __init__(self):
        super().__init__(name="around")
        self.one, self.two = layers.Dense(4, "relu", name="one"), layers.Dense(4, "tanh", name="two")
        self.out = layers.Dense(1, "sigmoid", name="out")

    def call(self, inputs):
        hidden = self.one(inputs)
        return self.out(hidden + self.two(hidden))


class Twice(keras.Model):
    """One layer, two calls of it."""

    def __init__(self):
        super().__init__()
        self.again, self.out = layers.Dense(2, "tanh", name="again"), layers.Dense(1)

    def call(self, inputs):
        return self.out(self.again(self.again(inputs)))


def made(kind):
    keras.utils.set_random_seed(5)
    model = kind()
    model(X[:1])
    return model


def deep():
    """Two stages of three blocks each."""
    keras.utils.set_random_seed(5)
    x = given = keras.Input((2,), name="given")
    for name in (f"stage{s}_block{b}" for s in (1, 2) for b in (1, 2, 3)):
        x = layers.Dense(2, name=f"{name}_dense")(x)
        x = layers.ReLU(name=f"{name}_relu")(x)
        x = layers.BatchNormalization(name=f"{name}_norm")(x)
    return keras.Model(given, layers.Dense(1, name="end")(x), name="deep")


def names_of(view):
    return [layer["name"] for layer in view.graph["layers"]]


def shown_values(view, quantity, name):
    layer = next(layer for layer in view.graph["layers"] if layer["name"] == name)
    section = decode_frame(view.get_state()["frame"]).find(quantity, layer["id"])
    return None if section is None else section.values.reshape(-1)


def test_a_model_of_own_code_is_drawn_layer_by_layer_with_what_they_put_out():
    model = made(Around)
    view = nv.NetworkView(model, data=(X, Y), sample=7)
    assert names_of(view) == ["input", "one", "two", "add", "out"]
    hidden = np.asarray(model.one(X[7:8]))
    for name, expected in {
        "input": X[7:8],
        "one": hidden,
        "two": model.two(hidden),
        "out": model.predict(X[7:8], verbose=0),
    }.items():
        np.testing.assert_allclose(shown_values(view, "activation", name), np.asarray(expected)[0], rtol=1e-5)
    assert shown_values(view, "field", "two").size == 4 * 28 * 28


class Step(layers.Layer):
    """What it puts out comes of no layer of its own."""

    def __init__(self, **options):
        super().__init__(**options)
        self.dense = layers.Dense(3)

    def call(self, x):
        return x + self.dense(x)


class Steps(layers.Layer):
    def __init__(self, **options):
        super().__init__(**options)
        self.first, self.second = Step(name="first"), Step(name="second")

    def call(self, x):
        return keras.ops.tanh(self.second(self.first(x)))


def test_groups_within_others_that_are_closed_show_what_they_put_out():
    both = layers.Bidirectional(layers.LSTM(2), name="both")
    inner = keras.Sequential([keras.Input((5, 3)), both, layers.Dense(3)], name="inner")
    steps, given = Steps(name="steps"), keras.Input((5, 3))
    model = keras.Model(given, layers.Dense(2)(steps(inner(given))))
    x = np.random.default_rng(3).normal(size=(4, 5, 3)).astype(np.float32)
    view = nv.NetworkView(model, data=x, opened=["inner", "steps"])
    first, second = steps.first(inner(x)), steps.second(steps.first(inner(x)))
    for name, expected in {"both": both(x), "first": first, "second": second}.items():
        np.testing.assert_allclose(shown_values(view, "activation", name), expected[0], rtol=1e-4, atol=1e-6)


class Halving(keras.Model):
    def __init__(self):
        super().__init__()
        self.last = layers.Dense(2, name="last")

    def call(self, x):
        return self.last(x) / 2


def test_what_code_makes_of_the_last_layer_is_not_shown_as_that_layer():
    model = Halving()
    model(X[:1])
    for opened in ([], [model.name]):
        view = nv.NetworkView(model, data=X, opened=opened)
        expected = {"last": model.last(X[:1]), "divide": model(X[:1])} if opened else {model.name: model(X[:1])}
        assert names_of(view)[-len(expected) :] == [*expected]
        for name, values in expected.items():
            np.testing.assert_allclose(shown_values(view, "activation", name), values[0], rtol=1e-4, atol=1e-6)


class Telling(keras.Model):
    """Two outputs, each made of a layer's."""

    def __init__(self):
        super().__init__()
        self.one, self.two = layers.Dense(2, name="one"), layers.Dense(2, name="two")

    def call(self, x):
        return keras.ops.softmax(self.one(x)), keras.ops.sigmoid(self.two(x))


def test_of_several_outputs_that_code_makes_none_is_an_empty_column():
    model = Telling()
    model(X[:1])
    view = nv.NetworkView(model, data=X, opened=[model.name])
    cards = {layer["name"]: layer for layer in view.graph["layers"]}
    assert [cards[name].get("face") for name in ("softmax", "sigmoid")] == [None, None]
    np.testing.assert_allclose(shown_values(view, "activation", "two"), model.two(X[:1])[0], rtol=1e-4, atol=1e-6)


def test_what_is_called_twice_shows_no_output_as_if_there_were_one():
    view = nv.NetworkView(made(Twice), data=(X, Y))
    assert shown_values(view, "activation", "again") is None
    assert shown_values(view, "activation", names_of(view)[-1]) is not None


@pytest.mark.parametrize("name", ["autoencoder", "three deep", "own blocks", "subclassed convolutions", "variational"])
def test_the_output_of_a_zoo_model_is_drawn_where_it_comes_from(name):
    model = ZOO[name]()
    shape = (
        nv.NetworkView(model).source.graph.layers[0].output_shape[0][1:] or model.get_build_config()["input_shape"][1:]
    )
    x = np.random.default_rng(1).random((3, *shape)).astype(np.float32)
    view = nv.NetworkView(model, data=x)
    out = view.graph["outputs"]
    value = decode_frame(view.get_state()["frame"]).find("activation", out[0])
    np.testing.assert_allclose(
        value.values.reshape(-1), model.predict(x[:1], verbose=0).reshape(-1), rtol=1e-4, atol=1e-5
    )


def test_a_group_opens_and_closes_and_everything_else_stays():
    view = nv.NetworkView(deep(), data=(X, Y))
    closed = names_of(view)
    assert closed == ["given", "stage1", "stage2", "end"]
    view.selection, view.sample = {"layer": view.graph["layers"][-1]["id"], "unit": 0}, 3
    view.opened = ("stage1",)
    opened = names_of(view)
    assert opened[:3] == ["given", "stage1_block1_dense", "stage1_block1_relu"]
    assert opened[-2:] == ["stage2", "end"]
    assert len(opened) == 12
    assert (view.selection["unit"], view.sample) == (0, 3)
    assert "stage, 9 layers" in view.describe()
    view.opened = ()
    assert names_of(view) == closed


def test_two_views_of_one_model_may_have_other_groups_open():
    model = deep()
    one = nv.NetworkView(model)
    two = nv.NetworkView(one, opened=["stage2"])
    assert len(names_of(one)) < len(names_of(two))


def test_what_was_recorded_is_there_for_a_group_that_is_opened_later():
    model = made(Around)
    model.compile("sgd", "mse")
    view = nv.NetworkView(model, data=(X, Y), opened=())
    assert names_of(view) == ["input", "around"]
    before = np.asarray(model.one(X[:1]))[0]
    model.fit(X, Y, epochs=2, verbose=0, callbacks=[nv.LiveCallback(view)])
    view.step = 0
    view.opened = ("around",)
    np.testing.assert_allclose(shown_values(view, "activation", "one"), before, rtol=1e-5)


def test_an_unknown_path_is_told_and_left_out():
    view = nv.NetworkView(deep())
    with pytest.warns(RuntimeWarning, match="'nowhere', which is none"):
        view.opened = ("stage1", "nowhere", "stage1")
    assert view.opened == ("stage1",)


@pytest.mark.parametrize("wrong", [["x"] * 300, [""], ["x" * 3000], [1], "stage1", {"stage1": 1}, None, [["stage1"]]])
def test_a_page_may_open_groups_and_nothing_else(wrong):
    page = Page(deep())
    deliver_state(page, {"opened": ["stage2"]})
    assert page.opened == ("stage2",)
    deliver_state(page, {"opened": wrong})
    assert page.opened == ("stage2",)


def test_the_line_that_brings_a_view_back_opens_what_is_open():
    view = nv.NetworkView(deep())
    assert view.to_python() == "nv.NetworkView(model)"
    view.opened = ["stage1"]
    assert eval(view.to_python(), {"nv": nv, "model": view.model}).opened == ("stage1",)


def test_where_own_code_fails_its_layers_are_there_with_the_reason():
    class Failing(keras.Model):
        def __init__(self):
            super().__init__(name="failing")
            self.one, self.two = layers.Dense(3, name="one"), layers.Dense(3, name="two")
            self.build((None, 2))

        def build(self, shape):
            self.one.build(shape)
            self.two.build((None, 3))
            self.built = True

        def call(self, inputs):
            return self.two(self.one(inputs)) + keras.ops.zeros((7, 7))

    with pytest.warns(RuntimeWarning, match="cannot measure"):
        view = nv.NetworkView(Failing(), data=(X, Y))
    assert names_of(view) == ["input", "one", "two"]
    assert "Traced as far as 'failing'" in view.graph["note"]


@pytest.mark.parametrize("name", ZOO)
def test_of_a_small_model_a_first_look_has_at_most_twelve_layers_and_opens_what_it_can(name):
    structure = nv.read_graph(ZOO[name]())
    shown = structure.folded(opened_at_first(structure)).layers
    assert len(shown) <= 12
    closed = [structure.group(one.id) for one in shown if structure.is_group(one.id)]
    assert all(group.kind != "model" or group.card.uses != 1 for group in closed)


def test_what_puts_out_the_same_is_found_in_both_directions():
    structure = nv.read_graph(ZOO["three deep"]())
    outermost, innermost = structure.members[-1], structure.whole.outputs[0]
    assert innermost in [*same_output(structure, outermost), outermost]
    assert outermost in [*same_output(structure, innermost), innermost]


@pytest.mark.parametrize(
    ("layer", "shape"),
    [(layers.RNN(layers.GRUCell(3)), (5, 3)), (layers.ConvLSTM1D(3, 2), (5, 6, 3))],
    ids=["RNN", "ConvLSTM1D"],
)
def test_a_cell_that_a_loop_calls_is_closed_at_first_so_that_its_layer_shows_what_it_puts_out(layer, shape):
    x = np.random.default_rng(2).normal(size=(4, *shape)).astype(np.float32)
    model = keras.Sequential([keras.Input(shape), layer])
    page = Page(model, data=(x,))
    frame = decode_frame(page.get_state("frame")["frame"])
    assert page.opened == ()
    shown = frame.find("activation", page.graph["layers"][-1]["id"]).values
    np.testing.assert_allclose(shown.ravel(), model.predict(x[:1], verbose=0).ravel(), rtol=1e-5, atol=1e-6)


def test_own_code_opens_when_its_first_batch_has_told_what_is_in_it_unless_somebody_has_closed_it():
    batches = keras.utils.PyDataset
    data = type("Data", (batches,), {"__len__": lambda _: 2, "__getitem__": lambda _, i: (X[:8], Y[:8])})
    model = Around()
    model.compile("sgd", "binary_crossentropy")
    page, closed = Page(model), Page(model, opened=())
    model.fit(data(), epochs=1, verbose=0, callbacks=[nv.LiveCallback(page), nv.LiveCallback(closed)])
    until(lambda: page.source.status.state == closed.source.status.state == "finished")
    assert page.opened == ("around",)
    assert closed.opened == ()
