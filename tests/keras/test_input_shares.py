"""What each input gives to the prediction: beside closed forms, with tokens, on every backend."""

import keras
import numpy as np
import pytest
from keras import layers

import nnvis_widget as nv
from nnvis_widget.core.scenery import Scenery
from nnvis_widget.core.snapshot import TensorKey
from nnvis_widget.core.want import Want
from tests.keras.probing import Probing
from tests.panels.helpers import drawn, open_page, train

RNG = np.random.default_rng(5)
CLOSE = {"rtol": 1e-4, "atol": 1e-5}
TOKENS, PLACES = 7, 3


def joined(units, activation):
    """A picture, a table and tokens, joined and told by one dense layer: its shares have a closed form."""
    keras.utils.set_random_seed(4)
    picture = keras.Input((2, 2, 1), name="picture")
    table = keras.Input((3,), name="table")
    tokens = keras.Input((PLACES,), dtype="int32", name="tokens")
    embedded = layers.Embedding(TOKENS, 2, name="words", embeddings_initializer="normal")(tokens)
    flat = [layers.Flatten()(picture), table, layers.Flatten()(embedded)]
    end = layers.Dense(units, activation, name="end")(layers.Concatenate()(flat))
    model = keras.Model([picture, table, tokens], end)
    losses = {"linear": "mse", "sigmoid": "binary_crossentropy", "softmax": "sparse_categorical_crossentropy"}
    model.compile("sgd", losses[activation])
    return model


def data(count=40):
    x = [
        RNG.normal(size=(count, 2, 2, 1)).astype("float32"),
        (1 + RNG.normal(size=(count, 3))).astype("float32"),
        RNG.integers(0, TOKENS, (count, PLACES)).astype("int32"),
    ]
    return x, RNG.integers(0, 2, count)


def measured(model, x, y):
    probing = Probing(model, Scenery(tuple(x), y))
    tensors, graph = probing.measure(Want("input_share")), probing.graph
    return {(graph.layer(key.layer).name, key.name): float(value[0]) for key, value in tensors.items()}


def expected_of(model, x):
    """Slope and ablation of float inputs, and the slope of tokens: the output is linear in what is joined."""
    kernel = np.asarray(keras.ops.convert_to_numpy(model.get_layer("end").kernel), np.float64)
    bias = np.asarray(keras.ops.convert_to_numpy(model.get_layer("end").bias), np.float64)
    words = np.asarray(keras.ops.convert_to_numpy(model.get_layer("words").embeddings), np.float64)
    parts = [x[0].reshape(len(x[0]), -1), x[1], words[x[2]].reshape(len(x[2]), -1)]
    z = np.concatenate(parts, 1) @ kernel + bias
    chosen = z.argmax(1)

    def shown(moves):
        own = np.take_along_axis(moves, chosen[:, None], 1)[:, 0]
        return own - moves.mean(1) if kernel.shape[1] > 1 else own

    found, start = {}, 0
    for name, part in zip(("picture", "table", "tokens"), parts, strict=True):
        own = kernel[start : start + part.shape[1]]
        found[name, "gradient"] = np.abs(shown(part @ own)).mean()
        if name != "tokens":
            found[name, "ablation"] = np.abs(shown((part - part.mean(0)) @ own)).mean()
        start += part.shape[1]
    return found


def assert_shares_are_told():
    for units, activation in ((3, "softmax"), (1, "sigmoid"), (1, "linear")):
        model, (x, y) = joined(units, activation), data()
        before = model.get_weights()
        found = measured(model, x, y)
        for key, value in expected_of(model, x).items():
            np.testing.assert_allclose(found[key], value, err_msg=f"{activation} {key}", **CLOSE)
        assert found["tokens", "ablation"] > 0
        for one, other in zip(before, model.get_weights(), strict=True):
            np.testing.assert_array_equal(one, other)


def test_shares_are_those_of_the_closed_form():
    assert_shares_are_told()


def test_an_input_that_leads_nowhere_has_no_share():
    model, (x, y) = joined(1, "linear"), data()
    kernel, bias = model.get_layer("end").get_weights()
    kernel[4:7] = 0
    model.get_layer("end").set_weights([kernel, bias])
    found = measured(model, x, y)
    assert found["table", "ablation"] == found["table", "gradient"] == 0


def test_before_a_softmax_layer_stands_what_is_told():
    x, y = data()
    a, b = keras.Input((3,), name="a"), keras.Input((3,), name="b")
    one, other = layers.Dense(3, name="one"), layers.Dense(3, name="other")
    model = keras.Model([a, b], layers.Softmax(name="end")(layers.Add(name="add")([one(a), other(b)])))
    model.compile("sgd", "sparse_categorical_crossentropy")
    pair = [x[1], x[1][::-1].copy()]
    z = [pair[0] @ np.asarray(one.kernel), pair[1] @ np.asarray(other.kernel)]
    chosen = (z[0] + z[1]).argmax(1)
    moves = z[0] - z[0].mean(0)
    expected = np.abs(np.take_along_axis(moves, chosen[:, None], 1)[:, 0] - moves.mean(1)).mean()
    np.testing.assert_allclose(measured(model, pair, y)["a", "ablation"], expected, **CLOSE)


def test_the_panel_tells_shares_of_a_training_over_its_steps_and_what_they_leave_out():
    model, (x, y) = joined(3, "softmax"), data()
    trainer = nv.Trainer(model, (x, y), epochs=2, batch_size=10)
    panel = nv.InputShare(trainer)
    open_page(panel)
    train(trainer, 4)
    drawn(panel, lambda: set(panel.table().step) >= {4}, "the shares after four steps")
    table, words = panel.table(), panel.describe()
    panel.close()
    last = table[table.step == table.step.max()]
    assert list(last.input) == ["picture", "table", "tokens"]
    np.testing.assert_allclose(last[["ablation", "gradient"]].sum(), 1)
    found = measured(model, x, y)
    np.testing.assert_allclose(last.ablation_effect, [found[name, "ablation"] for name in last.input], **CLOSE)
    assert "Taken away: the input is replaced by its mean" in words
    assert "Slope × input: a straight line from 0" in words


@pytest.mark.parametrize("kind", ["one input", "no single output"])
def test_a_network_without_shares_says_why(kind):
    a = keras.Input((3,), name="a")
    b = keras.Input((3,), name="b")
    alone = keras.Model(a, layers.Dense(2)(a))
    several = keras.Model([a, b], [layers.Dense(2)(a), layers.Dense(2)(b)])
    model, said = {
        "one input": (alone, "Expected a network with several inputs, got 1"),
        "no single output": (several, "Expected one output that a sample is judged by"),
    }[kind]
    with pytest.raises(nv.errors.ModelError, match=said):
        nv.InputShare(model, data=(RNG.normal(size=(4, 3)), None) if kind == "one input" else None)
    assert nv.InputShare.suits(nv.read_graph(model)) == (kind != "one input")


def test_measured_tensors_are_of_the_inputs():
    model, (x, y) = joined(1, "linear"), data(4)
    probing = Probing(model, Scenery(tuple(x), y))
    ways = {(layer, way) for layer in probing.graph.inputs for way in ("ablation", "gradient")}
    assert set(probing.measure(Want("input_share"))) == {TensorKey("input_share", layer, way) for layer, way in ways}
