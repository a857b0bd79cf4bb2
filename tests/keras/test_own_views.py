"""What somebody has told to draw of layers of their own: beside numpy, and whatever goes wrong in it."""

import random
import time
from contextlib import closing
from functools import cache
from importlib.metadata import EntryPoint

import keras
import numpy as np
import pytest
from keras import layers, ops

import nnvis_widget as nv
from nnvis_widget.errors import ModelError
from nnvis_widget.keras_adapter import readings
from nnvis_widget.keras_adapter.read import registry
from nnvis_widget.stream.frame import decode_frame
from tests.keras.models import assert_same_state, state
from tests.keras.page import Page, told_layers, until
from tests.zoo import told

CLOSE = {"rtol": 1e-5, "atol": 1e-6}


def card(view, name):
    return next(one for one in told_layers(view.graph) if one["name"] == name)


def newest(view):
    return decode_frame(view.get_state()["frame"])


def softmax(z):
    parts = np.exp(z - z.max(-1, keepdims=True))
    return parts / parts.sum(-1, keepdims=True)


def shares_of(model, x):
    waves, router = model.get_layer("waves"), model.get_layer("moe").router
    z = x @ np.asarray(waves.frequencies)
    return softmax(np.concatenate([np.sin(z), np.cos(z)], -1) @ np.asarray(router.kernel) + np.asarray(router.bias))


def assert_told_is_drawn():
    """The three examples of the guide, beside numpy; also run on the other backends."""
    model, (x, y) = told.mixed(), told.points()
    with closing(Page(model, data=(x, y))) as page:
        moe, waves = card(page, "moe"), card(page, "waves")
        until(lambda: page.frames[-1].find("number", moe["id"], "largest share") is not None)
        shares = shares_of(model, x)
        for sample in (0, 5):
            page.sample = sample
            until(lambda sample=sample: page.frames[-1].header["sample"] == sample)
            frame = page.frames[-1]
            np.testing.assert_allclose(frame.find("view", moe["id"]).values, shares[sample], **CLOSE)
        np.testing.assert_allclose(
            frame.find("number", moe["id"], "largest share").values, [shares.max(-1).mean()], **CLOSE
        )
        assert waves["face"] == {"kind": "units", "shape": [1, 1, 8], "title": "", "output": True}
        assert frame.find("view", waves["id"]) is None
        assert "moe (Mixture, 3 values: sums · signs · sizes, shows share of each expert, 13 layers)" in page.describe()
        assert f"Mean of the probe: largest share (moe) {shares.max(-1).mean():.3f}." in page.describe()
    data = told.graphs()
    edges = data[0][1]
    with closing(nv.NetworkView(told.over_nodes(), data=data)) as view:
        spread = card(view, "spread")
        expected = edges[0] / np.maximum(edges[0].sum(-1, keepdims=True), 1)
        picture = newest(view).find("map_picture", spread["id"]).values[0]
        moments = newest(view).find("map_moments", spread["id"]).values[0]
        np.testing.assert_allclose(moments, [expected.min(), expected.max(), expected.mean()], **CLOSE)
        np.testing.assert_allclose((picture - 1) / 254 * np.ptp(expected) + expected.min(), expected, atol=1 / 254)
        assert "spread (GraphConvolution, 1 picture, shows neighbours)" in view.describe()


def test_the_examples_of_the_guide_are_drawn_as_they_are():
    assert_told_is_drawn()


def test_no_link_leads_from_what_is_read_to_what_takes_the_output():
    with closing(nv.NetworkView(told.mixed(), data=told.points())) as view:
        moe, end = card(view, "moe"), card(view, "end")
        view.selection = {"layer": moe["id"], "unit": 1}
        frame = newest(view)
        assert frame.find("outgoing", end["id"], "weight") is None
        assert frame.find("field", moe["id"]) is None
        assert frame.find("z_histogram", moe["id"]) is None


def own_layer(**methods):
    """A layer class that nobody has registered."""
    return type("Own", (layers.Layer,), {"call": lambda self, x: x * 1.0, **methods})


def model_with(layer, units=4):
    keras.utils.set_random_seed(3)
    model = keras.Sequential([keras.Input((units,)), layer, layers.Dense(2, name="end")])
    model.compile("sgd", "mse")
    return model


X = np.random.default_rng(3).normal(size=(32, 4)).astype("float32")
Y = X[:, :2] * 2


def trained(layer_class, is_watched):
    model = model_with(layer_class(name="own"))
    trainer = nv.Trainer(model, (X, Y), epochs=2, batch_size=8)
    page = Page(trainer) if is_watched else None
    trainer.start()
    assert trainer.wait(60) == "finished"
    if page is not None:
        until(lambda: page.frames[-1].header["state"] == "finished")
    problem = trainer.status.problem
    told_of = None if page is None else card(page, "own")
    if page is not None:
        page.close()
    return state(model), problem, told_of


def of_ours(warned):
    """Numpy warns of TensorFlow's arrays, too."""
    return [str(one.message) for one in warned if "nnvis_widget" in str(one.message)]


@cache
def trained_alone():
    return trained(own_layer(), is_watched=False)[0]


def slow(_, x):
    time.sleep(0.02)
    return x


def failing(_, x):
    raise KeyError("no such thing")


FAULTS = {
    "raises": ({"read": failing}, "it raised KeyError: 'no such thing'"),
    "gives nothing": ({"read": lambda layer, x: None}, "expected a tensor of numbers, got NoneType"),
    "gives text": ({"read": lambda layer, x: "many"}, "expected"),
    "another rank": ({"read": lambda layer, x: x, "face": "maps"}, "expected .samples, rows, columns, maps., got"),
    "no samples first": ({"read": lambda layer, x: ops.ones((7, 2))}, "expected the samples as its first axis"),
    "too much": ({"read": lambda layer, x: ops.tile(x, (1, 2000))}, "expected 1 to 4,096 numbers .* got 8,000"),
    "an output of another rank": ({"face": "strip"}, "expected .samples, steps, units., got the shape .samples, 4."),
    "slow": ({"read": slow}, "it took 0.0 s, at most 0.005 s"),
}


@pytest.mark.parametrize("case", FAULTS)
def test_what_goes_wrong_in_a_view_is_told_once_and_the_training_is_the_same(case, monkeypatch):
    view, said = FAULTS[case]
    if case == "slow":
        monkeypatch.setattr(readings, "SLOW_S", 0.005)
    own = own_layer()
    nv.register_view(own, **view)
    with pytest.warns(RuntimeWarning, match=f"the view of layer 'own' .*{said}") as warned:
        found, problem, told_of = trained(own, is_watched=True)
    assert len(of_ours(warned)) == 1
    assert "view of layer 'own'" in problem.title
    assert "face" not in told_of
    assert_same_state(found, trained_alone())


def test_what_goes_wrong_in_a_number_is_told_once_and_the_training_is_the_same():
    own = own_layer()
    nv.register_probe(own, "size", failing)
    nv.register_probe(own, "mean", lambda layer, x: ops.mean(x))
    with pytest.warns(RuntimeWarning, match=r"the number 'size' of layer 'own' .*it raised KeyError") as warned:
        found, _, told_of = trained(own, is_watched=True)
    assert len(of_ours(warned)) == 1
    assert told_of["numbers"] == ("size", "mean")
    assert_same_state(found, trained_alone())


def test_what_a_view_moves_is_put_back():
    def moving(layer, x):
        layer.looks.append(random.random())
        layer.count = len(layer.looks)
        return x + np.random.rand()

    def made():
        own = own_layer()
        nv.register_view(own, read=moving) if is_watched else None
        own.looks, own.count = [], 0
        layer = own(name="own")
        layer.looks, layer.count = [], 0
        return layer

    left = []
    for is_watched in (True, False):
        random.seed(5)
        np.random.seed(5)
        layer = made()
        model = model_with(layer)
        view = nv.NetworkView(model, data=(X, Y)) if is_watched else None
        model.fit(X, Y, epochs=2, verbose=0, callbacks=[nv.LiveCallback(view)] if view else [])
        left.append((state(model), layer.looks, layer.count, random.random(), np.random.rand()))
        if view:
            assert card(view, "own")["face"]["kind"] == "units"
            view.close()
    assert_same_state(left[0][0], left[1][0])
    assert left[0][1:] == left[1][1:]


@pytest.mark.parametrize(
    ("register", "said"),
    [
        (lambda: nv.register_view(dict), "Expected a subclass of keras.layers.Layer, got dict"),
        (lambda: nv.register_view(told.Fourier, face="unit"), "Expected a face, got 'unit'. Did you mean 'units'"),
        (lambda: nv.register_view(told.Fourier, read="x"), "Expected read as a function of the layer .* got str"),
        (lambda: nv.register_view(told.Fourier, names="ab"), "Expected names as a list of texts, got str"),
        (lambda: nv.register_probe(told.Fourier, "", abs), "Expected the name of a number as a text, got ''"),
        (lambda: nv.register_probe(told.Fourier, "size", None), "Expected read as a function .* got NoneType"),
    ],
)
def test_a_wrong_registration_is_refused_in_words(register, said):
    with pytest.raises(ModelError, match=said):
        register()


def test_of_two_packages_that_register_one_class_the_first_stays_and_it_is_said(monkeypatch):
    own, other = own_layer(), own_layer()
    registered = {
        "one:register": lambda: nv.register_view(own, title="of one"),
        "two:register": lambda: (nv.register_view(other, title="of two"), nv.register_view(own, title="of two")),
        "three:register": lambda: nv.register_view(0),
    }

    class Entry:
        def __init__(self, value):
            self.value, self.dist = value, EntryPoint(value.partition(":")[0], value, registry.GROUP)

        def load(self):
            return registered[self.value]

    monkeypatch.setattr(registry, "entry_points", lambda group: [Entry(value) for value in registered])
    registry.load_packages.cache_clear()
    with pytest.warns(RuntimeWarning) as warned:
        view = nv.NetworkView(model_with(own(name="own")), data=(X, Y))
    assert card(view, "own")["face"]["title"] == "of one"
    view.close()
    texts = of_ours(warned)
    assert len(texts) == 2
    assert "without the layers of the package 'two' (two:register): Expected one view for Own" in texts[0]
    assert "the package 'one' has registered one and the package 'two' brings another. The first stays" in texts[0]
    assert "the package 'three' (three:register): Expected a subclass of keras.layers.Layer" in texts[1]
    nv.register_view(own, title="of mine")  # a person chooses
    view = nv.NetworkView(model_with(own(name="own")), data=(X, Y))
    assert card(view, "own")["face"]["title"] == "of mine"
    view.close()


def test_words_rows_and_strips_are_drawn_as_such():
    order, sizes, wave = own_layer(), own_layer(), own_layer(call=lambda self, x: ops.stack([x, -x, x * x], -1))
    words = ["the", "cat", "sat", "on"]
    nv.register_view(order, read=lambda layer, x: ops.argsort(x, -1), face="text", names=words)
    nv.register_view(
        sizes, read=lambda layer, x: ops.stack([ops.max(x, -1), ops.min(x, -1)], -1), face="card", names=["max", "min"]
    )
    nv.register_view(wave, face="strip")
    model = keras.Sequential([keras.Input((4,)), order(name="order"), sizes(name="sizes"), wave(name="wave")])
    with closing(nv.NetworkView(model, data=(X, None))) as view:
        frame, ids = newest(view), {one["name"]: one["id"] for one in told_layers(view.graph)}
        assert frame.header["tokens"][ids["order"]] == [words[i] for i in np.argsort(X[0])]
        np.testing.assert_allclose(frame.find("view", ids["sizes"]).values, [X[0].max(), X[0].min()])
        assert frame.find("map_picture", ids["wave"]).values.shape == (3, 1, 4)
        assert "order (Own, 4 tokens)" in view.describe()
