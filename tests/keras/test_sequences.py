"""What layers put out over a sequence are strips: a row for each unit, as Keras computes it."""

from contextlib import closing

import keras
import numpy as np
import pytest
from keras import layers

import nnvis_widget as nv
from nnvis_widget.stream.frame import decode_frame
from tests.keras.page import told_layers, until

RNG = np.random.default_rng(3)
PLACES = 7
OVER_PLACES = {
    "embedding": lambda: layers.Embedding(20, 5, name="one"),
    "lstm": lambda: layers.LSTM(4, return_sequences=True, name="one"),
    "gru": lambda: layers.GRU(4, return_sequences=True, name="one"),
    "simple": lambda: layers.SimpleRNN(4, return_sequences=True, go_backwards=True, name="one"),
    "cells": lambda: layers.RNN(layers.LSTMCell(3), return_sequences=True, name="one"),
    "both ways": lambda: layers.Bidirectional(layers.GRU(3, return_sequences=True), name="one"),
    "at each place": lambda: layers.TimeDistributed(layers.Dense(4), name="one"),
    "dense": lambda: layers.Dense(4, activation="softmax", name="one"),
    "normalised": lambda: layers.LayerNormalization(name="one"),
}


def model_with(kind):
    keras.utils.set_random_seed(4)
    if kind == "embedding":
        first = [keras.Input((PLACES,), dtype="int32"), OVER_PLACES[kind]()]
    else:
        first = [keras.Input((PLACES, 3)), layers.Conv1D(4, 3, padding="same", name="conv"), OVER_PLACES[kind]()]
    return keras.Sequential([*first, layers.GlobalMaxPooling1D(name="most"), layers.Dense(2, name="end")])


def data_for(model):
    if model.input_shape == (None, PLACES):
        return RNG.integers(0, 20, (3, PLACES))
    return RNG.normal(size=(3, PLACES, 3)).astype("float32")


@pytest.mark.parametrize("kind", OVER_PLACES)
def test_each_unit_is_a_strip_over_the_places(kind):
    model = model_with(kind)
    x = data_for(model)
    expected = np.asarray(keras.Model(model.inputs[0], model.get_layer("one").output)(x[1:2]))[0]
    with closing(nv.NetworkView(model, data=(x, None))) as view:
        view.sample = 1
        until(lambda: decode_frame(view.get_state()["frame"]).header["sample"] == 1)
        card = next(one for one in told_layers(view.graph) if one["name"] == "one")
        frame, said = decode_frame(view.get_state()["frame"]), view.describe()
    assert f"one ({card['type']}, " in said
    if "group" not in card:  # of a closed group its layers are counted
        assert f"{expected.shape[1]} units" in said.partition("one (")[2].partition(")")[0]
    assert card["channels"] == "last"
    moments = frame.find("map_moments", card["id"]).values
    np.testing.assert_allclose(moments, np.stack([expected.min(0), expected.max(0), expected.mean(0)], 1), atol=1e-5)
    strips = frame.find("map_picture", card["id"]).values
    assert strips.shape == (expected.shape[1], 1, PLACES)
    for strip, (low, high, _), own in zip(strips[:, 0], moments.astype(float), expected.T, strict=True):
        np.testing.assert_allclose(low + (strip - 1.0) / 254 * (high - low), own, atol=(high - low) / 508 + 1e-5)


@pytest.mark.parametrize("kind", [layers.Permute((2, 1)), layers.Reshape((4, PLACES)), layers.RepeatVector(3)])
def test_what_may_have_moved_the_places_is_no_strip(kind):
    before = [layers.Flatten()] if isinstance(kind, layers.RepeatVector) else []
    model = keras.Sequential([keras.Input((PLACES, 4)), layers.LSTM(4, return_sequences=True), *before, kind])
    model.add(layers.Flatten())
    with closing(nv.NetworkView(model, data=(RNG.normal(size=(2, PLACES, 4)), None))) as view:
        card = next(one for one in told_layers(view.graph) if one["name"] == kind.name)
        assert "channels" not in card
