"""What recurrent layers keep from step to step, and how far their gates are open: beside loops of numpy."""

from contextlib import closing

import keras
import numpy as np
import pytest
from keras import layers

import nnvis_widget as nv
from nnvis_widget.stream.frame import decode_frame
from tests.keras.page import told_layers, until

RNG = np.random.default_rng(5)
CLOSE = {"rtol": 1e-5, "atol": 1e-5}
STEPS, WIDTH, UNITS = 6, 3, 4


def open_share(z):
    return 1 / (1 + np.exp(-z))


def weights_of(layer):
    return [np.asarray(one, np.float64) for one in (layer.cell.kernel, layer.cell.recurrent_kernel, layer.cell.bias)]


def simple(layer, x, state):
    kernel, own, bias = weights_of(layer)
    return {"h": np.tanh(x @ kernel + state["h"] @ own + bias)}


def lstm(layer, x, state):
    kernel, own, bias = weights_of(layer)
    i, f, g, o = np.split(x @ kernel + state["h"] @ own + bias, 4)
    i, f, g, o = open_share(i), open_share(f), np.tanh(g), open_share(o)
    c = f * state["c"] + i * g
    return {"h": o * np.tanh(c), "c": c, "input": i, "forget": f, "cell": g, "output": o}


def gru(layer, x, state):
    kernel, own, bias = weights_of(layer)
    h = state["h"]
    (z, r, n), (wz, wr, wn) = np.split(x @ kernel, 3), np.split(own, 3, axis=1)
    if layer.reset_after:
        (bz, br, bn), (cz, cr, cn) = np.split(bias[0], 3), np.split(bias[1], 3)
        z, r = open_share(z + bz + h @ wz + cz), open_share(r + br + h @ wr + cr)
        n = np.tanh(n + bn + r * (h @ wn + cn))
    else:
        bz, br, bn = np.split(bias, 3)
        z, r = open_share(z + bz + h @ wz), open_share(r + br + h @ wr)
        n = np.tanh(n + bn + (r * h) @ wn)
    return {"h": z * h + (1 - z) * n, "update": z, "reset": r, "new": n}


def over_time(step, layer, x, is_seen=None):
    """Series by name, `(steps, units)`, and which steps were read, in the order of reading."""
    state = {"h": np.zeros(UNITS), "c": np.zeros(UNITS)}
    seen = np.ones(len(x), bool) if is_seen is None else is_seen
    rows, read = [], []
    for place in range(len(x))[:: -1 if layer.go_backwards else 1]:
        made = step(layer, x[place].astype(np.float64), state)
        states = {name: made.get(name, state[name]) for name in state}
        if seen[place]:
            state = states
        rows.append(
            {name: state.get(name, values if seen[place] else np.nan * values) for name, values in made.items()}
        )
        read.append(seen[place])
    return {name: np.stack([row[name] for row in rows]) for name in rows[0]}, read


def model_of(layer, *before, steps=STEPS):
    keras.utils.set_random_seed(3)
    x = keras.Input((steps, WIDTH))
    values = x
    for one in (*before, layer):
        values = one(values)
    model = keras.Model(
        x, layers.Dense(1, name="end")(layers.GlobalMaxPooling1D()(values) if len(values.shape) == 3 else values)
    )
    rng = np.random.default_rng(8)
    for one in model.layers:  # biases begin at zero, where a wrong one is not seen
        for weight in one.weights:
            if "bias" in weight.path:
                weight.assign(rng.normal(size=weight.shape))
    return model


def data_of(count=2, steps=STEPS):
    return RNG.normal(size=(count, steps, WIDTH)).astype("float32")


def card_of(view, name):
    return next(one for one in told_layers(view.graph) if one["name"] == name)


def frame_with(view, quantity, layer):
    until(lambda: decode_frame(view.get_state()["frame"]).find(quantity, layer) is not None)
    return decode_frame(view.get_state()["frame"])


def told(view, name="one", sample=0):
    """The series as the page gets them, unit by unit, and which steps are read."""
    card = card_of(view, name)
    view.sample = sample
    units = []
    for unit in range(UNITS):
        view.selection = {"layer": card["id"], "unit": unit}
        until(lambda unit=unit: is_shown(view, card["id"], unit, sample))
        section = decode_frame(view.get_state()["frame"]).find("unit_state", card["id"])
        units.append(section.values)
    read = decode_frame(view.get_state()["frame"]).find("read_place", card["id"]).values
    values = np.stack(units, axis=-1)
    return dict(zip(section.attributes["names"], values, strict=True)), read


def is_shown(view, layer, unit, sample):
    frame = decode_frame(view.get_state()["frame"])
    section = frame.find("unit_state", layer)
    return section is not None and section.attributes["unit"] == unit and frame.header["sample"] == sample


def assert_same(found, expected):
    assert list(found) == list(expected)
    for name, values in expected.items():
        np.testing.assert_allclose(found[name], values, err_msg=name, **CLOSE)


CASES = {
    "simple": (lambda: layers.SimpleRNN(UNITS, name="one"), simple),
    "simple with dropout": (lambda: layers.SimpleRNN(UNITS, dropout=0.5, recurrent_dropout=0.5, name="one"), simple),
    "lstm": (lambda: layers.LSTM(UNITS, name="one"), lstm),
    "lstm with dropout": (lambda: layers.LSTM(UNITS, dropout=0.5, recurrent_dropout=0.5, name="one"), lstm),
    "lstm over places": (lambda: layers.LSTM(UNITS, return_sequences=True, name="one"), lstm),
    "gru": (lambda: layers.GRU(UNITS, name="one"), gru),
    "gru backwards": (lambda: layers.GRU(UNITS, go_backwards=True, return_sequences=True, name="one"), gru),
    "gru that resets first": (lambda: layers.GRU(UNITS, reset_after=False, unroll=True, name="one"), gru),
}


@pytest.mark.parametrize("case", CASES)
def test_states_and_gates_are_those_of_the_formula(case):
    make, step = CASES[case]
    model, x = model_of(make()), data_of()
    with closing(nv.NetworkView(model, data=(x, None))) as view:
        found, read = told(view, sample=1)
    expected, _ = over_time(step, model.get_layer("one"), x[1])
    assert_same(found, expected)
    assert read.tolist() == list(range(STEPS))[:: -1 if "backwards" in case else 1]


@pytest.mark.parametrize("is_chain", [False, True])
def test_masked_steps_are_told_and_keep_the_states(is_chain):
    model, x = model_of(layers.LSTM(UNITS, name="one"), layers.Masking()), data_of(3)
    model = keras.Sequential(model.layers) if is_chain else model
    x[0, [0, 3, 5]], x[1] = 0, 0
    with closing(nv.NetworkView(model, data=(x, None))) as view:
        for sample in (0, 1):
            found, read = told(view, sample=sample)
            expected, seen = over_time(lstm, model.get_layer("one"), x[sample], (x[sample] != 0).any(-1))
            assert read.tolist() == [place if is_seen else -1 for place, is_seen in enumerate(seen)]
            assert_same(found, expected if any(seen) else {name: expected[name] for name in ("h", "c")})


def test_both_ways_each_has_states_of_its_own_in_the_order_in_which_it_reads():
    both = layers.Bidirectional(layers.LSTM(UNITS, return_sequences=True, name="one"), name="both")
    model, x = model_of(both), data_of()
    with closing(nv.NetworkView(model, data=(x, None))) as view:
        view.opened = ["both"]
        until(lambda: any(one["name"] == "backward_one" for one in told_layers(view.graph)))
        for layer in (both.forward_layer, both.backward_layer):
            found, places = told(view, layer.name)
            assert_same(found, over_time(lstm, layer, x[0])[0])
            assert places[0] == (STEPS - 1 if layer.go_backwards else 0)


def test_a_decoder_begins_with_the_states_that_it_is_given():
    keras.utils.set_random_seed(4)
    x = keras.Input((STEPS, WIDTH))
    _, h, c = layers.LSTM(UNITS, return_state=True, name="one")(x)
    put_out = layers.LSTM(UNITS, return_sequences=True, name="two")(x, initial_state=[h, c])
    model, data = keras.Model(x, layers.Dense(1, name="end")(put_out)), data_of()
    with closing(nv.NetworkView(model, data=(data, None))) as view:
        first, _ = told(view)
        second, _ = told(view, "two")
    expected, _ = over_time(lstm, model.get_layer("one"), data[0])
    assert_same(first, expected)
    state = {name: expected[name][-1] for name in ("h", "c")}
    for step in range(STEPS):
        state = lstm(model.get_layer("two"), data[0, step].astype(np.float64), state)
        assert_same({name: values[step] for name, values in second.items()}, state)


class Squared(layers.Layer):
    """A cell of a person's own."""

    state_size = UNITS

    def call(self, inputs, states):
        return states[0] ** 2, [states[0] + inputs[:, :1]]


class Louder(layers.LSTM):
    """Puts out something else than its cell gives."""

    def inner_loop(self, *args, **named):
        last, put_out, states = super().inner_loop(*args, **named)
        return 2 * last, 2 * put_out, states


UNTOLD = {
    "louder": lambda: Louder(UNITS, name="one"),
    "too many": lambda: layers.SimpleRNN(400, name="one"),
    "stateful": lambda: layers.LSTM(UNITS, stateful=True, name="one"),
    "a cell of one's own": lambda: layers.RNN(Squared(), name="one"),
}


@pytest.mark.parametrize("case", UNTOLD)
def test_of_others_nothing_is_told_and_nothing_is_lost(case):
    keras.utils.set_random_seed(3)
    steps = 170 if case == "too many" else STEPS
    x = keras.Input(batch_shape=(2 if case == "stateful" else None, steps, WIDTH))
    model = keras.Model(x, layers.Dense(1, name="end")(UNTOLD[case]()(x)))
    with closing(nv.NetworkView(model, data=(data_of(2, steps), None))) as view:
        card = told_layers(view.graph)[1]
        view.selection = {"layer": card["id"]}
        end = told_layers(view.graph)[-1]["id"]
        frame = frame_with(view, *(("activation", end) if card["role"] != "recurrent" else ("read_place", card["id"])))
        assert card["role"] != "recurrent" or frame.find("read_place", card["id"]).values.size == 0
        assert frame.find("state_picture", card["id"]) is None
        assert np.isfinite(frame.find("activation", end).values).all()


@pytest.mark.parametrize("steps", [1, 256])
def test_one_step_and_hundreds(steps):
    model, x = model_of(layers.GRU(UNITS, name="one"), steps=steps), data_of(1, steps)
    with closing(nv.NetworkView(model, data=(x, None))) as view:
        card = card_of(view, "one")
        view.selection = {"layer": card["id"]}
        frame = frame_with(view, "state_picture", card["id"])
        found, _ = told(view)
    section = frame.find("state_picture", card["id"])
    assert section.values.shape == (4, UNITS, min(steps, 128))
    expected, _ = over_time(gru, model.get_layer("one"), x[0])
    assert_same(found, expected)
    ranges = zip(*(section.attributes[key] for key in ("names", "lo", "hi")), section.values, strict=True)
    for name, low, high, codes in ranges:
        blocks = expected[name].reshape(min(steps, 128), -1, UNITS).mean(axis=1).T
        np.testing.assert_allclose(low + (codes - 1.0) / 254 * (high - low), blocks, atol=(high - low) / 500)
    shares, opened = frame.find("gate_share", card["id"]).values[1], expected["update"]
    np.testing.assert_allclose(shares, [opened.mean(), (opened < 0.1).mean(), (opened > 0.9).mean()], atol=1e-4)


def test_in_half_precision_the_states_are_those_of_the_layer():
    model, x = model_of(layers.LSTM(UNITS, return_sequences=True, dtype="mixed_bfloat16", name="one")), data_of()
    with closing(nv.NetworkView(model, data=(x, None))) as view:
        found, _ = told(view)
    put_out = keras.Model(model.inputs[0], model.get_layer("one").output)(x[:1])
    np.testing.assert_allclose(found["h"], np.asarray(keras.ops.convert_to_numpy(put_out), np.float32)[0], atol=0.01)
    assert list(found) == ["h", "c", "input", "forget", "cell", "output"]


def test_with_an_activation_of_ones_own_there_are_states_but_no_gates():
    def tanh(z):
        return keras.ops.sin(z)

    model, x = model_of(layers.LSTM(UNITS, activation=tanh, name="one")), data_of()
    with closing(nv.NetworkView(model, data=(x, None))) as view:
        found, _ = told(view)
    assert list(found) == ["h", "c"]
    expected = keras.Model(model.inputs[0], model.get_layer("one").output).predict(x[:1], verbose=0)
    np.testing.assert_allclose(found["h"][-1], expected[0], **CLOSE)


def dropping():
    """Not compiled: how states are told of what is compiled, the tests above ask."""
    model = model_of(layers.LSTM(UNITS, dropout=0.3, recurrent_dropout=0.3, name="one"))
    model.compile(keras.optimizers.SGD(0.5), "mse", run_eagerly=True)
    return model, nv.Trainer(model, (X, np.arange(8.0)), epochs=2, batch_size=4)


X = data_of(8)


def test_in_a_training_they_are_of_the_weights_of_each_step_and_change_nothing():
    unwatched, trainer = dropping()
    trainer.start()
    trainer.wait()
    model, trainer = dropping()
    first = over_time(lstm, model.get_layer("one"), X[0])[0]
    with closing(nv.NetworkView(trainer)) as view:
        assert_same(told(view)[0], first)
        trainer.start()
        trainer.wait()
        until(lambda: decode_frame(view.get_state()["frame"]).header["step"] == 4)
        assert_same(told(view)[0], over_time(lstm, model.get_layer("one"), X[0])[0])
        view.step = 0
        until(lambda: decode_frame(view.get_state()["frame"]).header["step"] == 0)
        assert_same(told(view)[0], first)
    for one, other in zip(unwatched.get_weights(), model.get_weights(), strict=True):
        np.testing.assert_array_equal(one, other)
