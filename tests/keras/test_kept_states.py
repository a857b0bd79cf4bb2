"""What stateful recurrent layers keep for their next batch: their variables, which no look moves."""

from contextlib import closing

import keras
import numpy as np
import pytest
from keras import layers

import nnvis_widget as nv
from nnvis_widget.stream.frame import decode_frame
from tests.keras.page import told_layers, until

UNITS, ROWS = 3, 2
DATA = np.random.default_rng(0).normal(size=(8, 4, 5)).astype("float32")
TARGETS = np.random.default_rng(1).normal(size=8).astype("float32")
ON_TENSORFLOW = keras.config.backend() == "tensorflow"  # of JAX Keras 3.13 carries them through no training


def stateful(make):
    keras.utils.set_random_seed(4)
    model = keras.Sequential([keras.Input(batch_shape=(ROWS, 4, 5)), make(), layers.Dense(1, name="end")])
    model.compile("sgd", "mse")
    return model


def kept_by(model, layer="one"):
    return [np.asarray(one) for one in keras.tree.flatten(model.get_layer(layer).states)]


def told(view, layer="one"):
    """The states as the page gets them, by name: what the codes stand for."""
    card = next(one for one in told_layers(view.graph) if one["name"] == layer)
    if view.selection.get("layer") != card["id"]:
        view.selection = {"layer": card["id"]}
    frame = decode_frame(view.get_state()["frame"])
    found = {}
    for section in frame.sections:
        if section.quantity == "kept_picture":
            low, high = section.attributes["lo"], section.attributes["hi"]
            found[section.name] = low + (section.values - 1.0) / 254 * (high - low)
    return found, {one.name: one for one in frame.sections if one.quantity == "kept_unit"}


def shows(view, model, names):
    """Whether the page is told what the variables hold, as far as a code tells."""
    found, _ = told(view)
    kept = kept_by(model)
    return list(found) == list(names) and all(
        np.allclose(one, own, rtol=0, atol=max(1, np.abs(own).max()) / 200)
        for one, own in zip(found.values(), kept, strict=True)
    )


CASES = {
    "lstm": (lambda: layers.LSTM(UNITS, stateful=True, name="one"), ("h", "c")),
    "gru": (lambda: layers.GRU(UNITS, stateful=True, name="one"), ("h",)),
    "cells": (
        lambda: layers.RNN([layers.LSTMCell(UNITS), layers.GRUCell(2)], stateful=True, name="one"),
        ("0", "1", "2"),
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_kept_states_are_those_of_the_variables_and_looks_leave_them(case):
    make, names = CASES[case]
    model = stateful(make)
    model.predict(DATA, batch_size=ROWS, verbose=0)
    before = kept_by(model)
    assert all(np.abs(one).max() > 0.01 for one in before)
    with closing(nv.NetworkView(model, data=(DATA, None))) as view:
        until(lambda: shows(view, model, names))
        view.sample = 3
        card = next(one for one in told_layers(view.graph) if one["name"] == "one")
        view.selection = {"layer": card["id"], "unit": 1}
        until(lambda: set(told(view)[1]) == set(names))
        for (name, section), own in zip(told(view)[1].items(), before, strict=True):
            assert section.attributes["rows"] == ROWS, name
            np.testing.assert_array_equal(section.values, own[:, 1])
    for one, other in zip(before, kept_by(model), strict=True):
        np.testing.assert_array_equal(one, other)


@pytest.mark.skipif(not ON_TENSORFLOW, reason="on JAX Keras does not carry them through a training")
def test_they_follow_the_training_a_prediction_and_a_reset():
    model = stateful(lambda: layers.LSTM(UNITS, stateful=True, name="one"))
    trainer = nv.Trainer(model, (DATA, TARGETS), batch_size=ROWS, shuffle=False)
    with closing(nv.NetworkView(trainer)) as view:
        until(lambda: shows(view, model, ("h", "c")))
        trainer.run_steps(3)
        trainer.wait()
        assert np.abs(kept_by(model)[0]).max() > 0.01
        until(lambda: shows(view, model, ("h", "c")))
        model.get_layer("one").reset_state()
        trainer.keep_up()  # as a page that shows it has it done four times a second
        until(lambda: shows(view, model, ("h", "c")) and np.abs(told(view)[0]["h"]).max() < 0.01)
        model.predict(DATA[:ROWS], batch_size=ROWS, verbose=0)
        trainer.keep_up()
        until(lambda: shows(view, model, ("h", "c")) and np.abs(told(view)[0]["h"]).max() > 0.01)


@pytest.mark.skipif(not ON_TENSORFLOW, reason="on JAX Keras does not carry them through a training")
def test_a_training_that_is_reset_begins_with_what_was_kept_before_it():
    def trained(begin_again):
        model = stateful(lambda: layers.GRU(UNITS, stateful=True, name="one"))
        trainer = nv.Trainer(model, (DATA, TARGETS), batch_size=ROWS, shuffle=False)
        view = nv.NetworkView(trainer)
        for _ in range(2 if begin_again else 1):
            trainer.reset()
            trainer.run_steps(5)
            trainer.wait()
        view.close()
        return [*map(np.asarray, model.weights), *kept_by(model)]

    for once, again in zip(trained(False), trained(True), strict=True):
        np.testing.assert_array_equal(once, again)


def test_of_a_layer_that_keeps_nothing_nothing_is_told():
    model = stateful(lambda: layers.LSTM(UNITS, name="one"))
    with closing(nv.NetworkView(model, data=(DATA, None))) as view:
        told(view)
        until(
            lambda: decode_frame(view.get_state()["frame"]).find("state_picture", view.selection["layer"]) is not None
        )
        assert told(view) == ({}, {})
