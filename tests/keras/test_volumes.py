"""Slices of volumes, and the states of convolutional recurrent layers over time: beside plain calls of Keras."""

import json
from contextlib import closing
from itertools import pairwise

import keras
import numpy as np
import pytest
from keras import layers, ops

import nnvis_widget as nv
from nnvis_widget.keras_adapter.read_graph import read_structure
from nnvis_widget.keras_adapter.volumes import sliced
from nnvis_widget.stream.frame import decode_frame
from tests.keras.page import told_layers, until

RNG = np.random.default_rng(2)


def model_of(shape, *inner):
    keras.utils.set_random_seed(6)
    return keras.Sequential([keras.Input(shape), *(make() for make in inner), layers.Flatten(), layers.Dense(1)])


def told(model, x, layer="one", sample=0, unit=None):
    """The volumes of a layer as the page gets them: numbers that the codes stand for, and attributes, by name."""
    with closing(nv.NetworkView(model, data=(x, None))) as view:
        card = next(one for one in told_layers(view.graph) if one["name"] == layer)
        view.sample = sample
        view.selection = {"layer": card["id"]} | ({} if unit is None else {"unit": unit})
        found: list = []

        def is_told():
            frame = decode_frame(view.get_state()["frame"])
            found[:] = [one for one in frame.sections if one.quantity == "volume_picture"]
            return frame.header["sample"] == sample and found

        until(is_told)
    return {one.name: (numbers_of(one), one.attributes) for one in found}


def numbers_of(section):
    if not section.values.size:
        return section.values
    low, high = section.attributes["lo"], section.attributes["hi"]
    return low + (section.values - 1.0) / 254 * (high - low)


def assert_drawn(found, expected):
    """`expected`: `(slices, rows, columns, maps)`."""
    numbers, facts = found
    expected = np.moveaxis(np.asarray(expected), -1, 0)[facts["maps"]]
    np.testing.assert_allclose(numbers, expected, rtol=0, atol=(facts["hi"] - facts["lo"]) / 500 + 1e-6)


@pytest.mark.parametrize("kind", ["Conv3D", "Conv3DTranspose", "MaxPooling3D"])
def test_a_layer_over_volumes_is_told_slice_by_slice(kind):
    make = {
        "Conv3D": lambda: layers.Conv3D(20, 3, activation="relu", name="one"),
        "Conv3DTranspose": lambda: layers.Conv3DTranspose(3, 2, name="one"),
        "MaxPooling3D": lambda: layers.MaxPooling3D(2, name="one"),
    }[kind]
    model, x = model_of((6, 8, 7, 2), make), RNG.normal(size=(3, 6, 8, 7, 2)).astype("float32")
    found = told(model, x, sample=1)
    put_out = ops.convert_to_numpy(model.get_layer("one")(x[1:2]))[0]
    assert_drawn(found[""], put_out)
    assert found[""][1]["size"] == list(put_out.shape)
    assert found[""][1]["lo"] == (0.0 if kind == "Conv3D" else -found[""][1]["hi"])
    if kind == "Conv3D":
        strongest = np.sort(np.argsort(-np.abs(put_out).mean(axis=(0, 1, 2)))[:12])
        assert found[""][1]["maps"] == strongest.tolist()


def test_of_a_large_volume_blocks_are_told():
    model, x = model_of((80, 12, 16, 1), lambda: layers.Conv3D(8, 1, name="one")), RNG.normal(size=(1, 80, 12, 16, 1))
    numbers, facts = told(model, x.astype("float32"))[""]
    put_out = ops.convert_to_numpy(model.get_layer("one")(x.astype("float32")))[0]
    assert numbers.shape == (8, 64, 10, 10)
    assert facts["size"] == [80, 12, 16, 8]
    high, wide = ([at * size // 10 for at in range(11)] for size in (12, 16))
    at = next(place for place in range(64) if place * 80 // 64 == 5)  # which is slice 5 alone
    assert (at + 1) * 80 // 64 == 6
    expected = [[put_out[5, a:b, c:d, 0].mean() for c, d in pairwise(wide)] for a, b in pairwise(high)]
    np.testing.assert_allclose(numbers[0, at], expected, rtol=0, atol=facts["hi"] / 200)


def over_time(layer, x):
    """h and c of one sample after each step, `(steps, rows, columns, maps)`, by convolutions."""
    kernel, recurrent, bias = (ops.convert_to_numpy(one) for one in layer.weights)
    h = c = np.zeros((1, *layer.cell.compute_output_shape((1, *x.shape[1:]))[0][1:]), "float32")
    found = []
    for inputs in x[:: -1 if layer.go_backwards else 1]:
        z = ops.conv(inputs[None], kernel, strides=layer.strides, padding=layer.padding) + bias
        z = ops.convert_to_numpy(z + ops.conv(h, recurrent, padding="same"))
        i, f, new, o = np.split(z, 4, axis=-1)
        i, f, o = (1 / (1 + np.exp(-one)) for one in (i, f, o))
        c = f * c + i * np.tanh(new)
        h = o * np.tanh(c)
        found.append((h[0], c[0]))
    return [np.stack(one) for one in zip(*found, strict=True)]


RECURRENT = {
    "last": {},
    "all": {"return_sequences": True},
    "backwards": {"go_backwards": True, "padding": "valid", "dropout": 0.5},
}


@pytest.mark.parametrize("case", RECURRENT)
def test_states_of_a_convolutional_layer_are_told_over_time(case):
    def make():
        named = {"padding": "same", "recurrent_activation": "sigmoid", **RECURRENT[case]}
        return layers.ConvLSTM2D(3, 3, name="one", **named)

    model, x = model_of((5, 8, 7, 2), make), RNG.normal(size=(2, 5, 8, 7, 2)).astype("float32")
    found = told(model, x, sample=1)
    assert list(found) == ["h", "c"]
    for name, expected in zip(found, over_time(model.get_layer("one"), x[1]), strict=True):
        assert_drawn(found[name], expected)


def test_states_over_a_sequence_of_lines_have_one_row():
    def make():
        return layers.ConvLSTM1D(2, 3, padding="same", recurrent_activation="sigmoid", name="one")

    model, x = model_of((4, 9, 1), make), RNG.normal(size=(2, 4, 9, 1)).astype("float32")
    found = told(model, x)
    h, c = over_time(model.get_layer("one"), x[0])
    assert_drawn(found["h"], h[:, None])
    assert_drawn(found["c"], c[:, None])


def test_what_cannot_be_told_is_said_not_to_be():
    x = np.ones((2, 3, 6, 6, 1), "float32")
    given = keras.Input(batch_shape=(2, 3, 6, 6, 1))
    put_out = layers.ConvLSTM2D(2, 3, stateful=True, name="one")(given)
    model = keras.Model(given, layers.Dense(1)(layers.Flatten()(put_out)))
    assert told(model, x)[""][0].size == 0


def test_which_axis_counts_maps_is_told_or_nothing_is():
    given = keras.Input((2, 5, 6, 7))
    turned = layers.UpSampling3D(1, data_format="channels_first", name="turned")(given)
    model = keras.Model(given, layers.ReLU(name="bent")(turned))
    structure, operations = read_structure(model)
    names = {one.name: one.id for one in structure.layers}
    found = sliced({one.id: one for one in structure.layers}, operations)
    assert found == {names["turned"]: True}  # what follows it may be in any order


def frame_of(view, is_it):
    """The newest frame of a view, once it is so."""
    found: list = []

    def is_told():
        found[:] = [decode_frame(view.get_state()["frame"])]
        return is_it(found[0])

    until(is_told)
    return found[0]


def numbers_of_map(frame, layer, unit):
    """What the codes of a map stand for."""
    picture, moments = frame.find("map_picture", layer), frame.find("map_moments", layer)
    low, high, _ = moments.values[unit]
    return low + (picture.values[unit] - 1.0) / 254 * (high - low), high - low


def test_slices_are_pictures_in_the_network_and_what_comes_in_too():
    model = model_of((4, 6, 5, 1), lambda: layers.Conv3D(3, (2, 3, 2), activation="relu", name="one"))
    model.compile("sgd", "mse")
    x = RNG.normal(size=(3, 4, 6, 5, 1)).astype("float32")
    with closing(nv.NetworkView(model, data=(x, x[:, 0, 0, 0]))) as view:
        cards = {one["name"]: one for one in told_layers(view.graph)}
        layer = cards["one"]["id"]
        assert cards["one"]["grid"] == [4, 12, 3, 1, 3]
        place = [3, 5]  # column 1 of slice 1
        view.selection, view.learning = {"layer": layer, "unit": 2, "place": place}, "open"
        frame = frame_of(view, lambda one: one.find("learning", layer) is not None and one.find("map_link", layer))
    put_out = ops.convert_to_numpy(model.get_layer("one")(x[:1]))[0]
    expected = np.concatenate(list(put_out), axis=1)  # three slices side by side
    for unit in range(3):
        found, spread = numbers_of_map(frame, layer, unit)
        np.testing.assert_allclose(found, expected[..., unit], rtol=0, atol=spread / 500 + 1e-6)
    [given] = [one for one in frame.sections if one.quantity == "picture"]
    low, high = given.attributes["lo"], given.attributes["hi"]
    rows = [np.concatenate(list(pair), axis=1) for pair in (x[0, :2], x[0, 2:])]
    shown = low + (given.values - 1.0) / 254 * (high - low)
    np.testing.assert_allclose(shown, np.concatenate(rows, axis=0), rtol=0, atol=(high - low) / 500 + 1e-6)
    np.testing.assert_array_equal(frame.find("activation", given.layer).values, x[0].reshape(-1))
    kernel = np.asarray(model.get_layer("one").kernel)
    norms = np.sqrt(np.square(kernel).sum(axis=(0, 1, 2)))
    np.testing.assert_allclose(frame.find("map_link", layer).values, norms, rtol=1e-5)
    told_of = json.loads(bytes(frame.find("learning", layer).values))
    assert told_of["place"] == [1, 3, 1]
    assert told_of["failed"] == []


def test_maps_over_time_are_pictures_in_the_network():
    model = model_of((4, 6, 6, 1), lambda: layers.ConvLSTM2D(2, 3, return_sequences=True, name="one"))
    x = RNG.normal(size=(2, 4, 6, 6, 1)).astype("float32")
    with closing(nv.NetworkView(model, data=(x, None))) as view:
        layer = next(one["id"] for one in told_layers(view.graph) if one["name"] == "one")
        frame = frame_of(view, lambda one: one.find("map_picture", layer) is not None)
    put_out = ops.convert_to_numpy(model.get_layer("one")(x[:1]))[0]
    rows = [np.concatenate(list(pair), axis=1) for pair in (put_out[:2], put_out[2:])]
    found, spread = numbers_of_map(frame, layer, 1)
    np.testing.assert_allclose(found, np.concatenate(rows)[..., 1], rtol=0, atol=spread / 500 + 1e-6)
