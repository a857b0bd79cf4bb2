"""Are the numbers of a step on a page those of the step, in picture and cards alike?"""

import json

import keras
import numpy as np
import pytest
from keras import layers

import nnvis_widget as nv
from nnvis_widget.core.number_text import MINUS, format_number

from .models import plane, plane_net, two_input_data, two_input_net
from .page import Page, deliver_state, until


def number(text):
    return float(text.replace(MINUS, "-").replace("∞", "inf"))


def shown(view):
    return view.get_state("_steps")["_steps"]


def told(view, trainer, phase):
    trainer.steps.show(phase)
    until(lambda: shown(view)["phase"] == phase)
    return shown(view)


def column(message, layer):
    return next(one for one in message["columns"] if one["layer"] == layer)


def exact(message, layer):
    return [number(unit[2]) for unit in column(message, layer)["units"]]


def opened(model, data, layer, unit, sample=3):
    trainer = nv.Trainer(model, data, batch_size=16)
    view = Page(trainer)
    view.selection = {"layer": layer, "unit": unit}
    return trainer, view, trainer.step_through(sample)


def test_picture_and_cards_have_the_numbers_of_each_phase():
    model, (x, y) = plane_net(), plane()
    trainer, view, steps = opened(model, (x, y), "L2", 1)
    rows = list(steps.batch)
    hidden = keras.Model(model.inputs, model.layers[1].output)([x[rows]])[steps.sample]
    arithmetic = steps.arithmetic("L2", 1)
    weights = [np.array(one) for one in model.layers[1].weights]
    message = told(view, trainer, "init")
    np.testing.assert_allclose(exact(message, "L2"), weights[1], atol=5e-4)
    largest = max(np.abs(one.kernel).max() for one in model.layers)
    np.testing.assert_allclose(message["edges"][1][2], 100 * weights[0].ravel() / largest, atol=0.51)
    message = told(view, trainer, "forward")
    np.testing.assert_allclose(exact(message, "L2"), hidden, atol=5e-4)
    np.testing.assert_allclose(exact(message, "L0"), x[rows][steps.sample], atol=5e-4)
    card = message["cards"][0]
    assert number(card["total"][1]) == pytest.approx(float(arithmetic.sum.total), abs=5e-4)
    assert sum(number(row[3]) for row in card["rows"]) == pytest.approx(number(card["total"][1]), abs=1.5e-3)
    message = told(view, trainer, "backward")
    assert exact(message, "L2")[1] == pytest.approx(arithmetic.delta, abs=5e-4)
    share = column(message, "L2")["units"][1][3]
    assert share * arithmetic.delta <= 0  # what lowers the loss is drawn
    message = told(view, trainer, "update")
    card = next(one for one in message["cards"] if one["phase"] == "update")
    for at, row in enumerate(card["rows"][:4]):
        assert [number(cell) for cell in (row[1], row[2])] == pytest.approx(
            [arithmetic.gradient.sample["kernel"][at], arithmetic.gradient.batch["kernel"][at]], abs=5e-4
        )
        assert (row[4] == "▲") == (arithmetic.update.after["kernel"][at] > arithmetic.update.before["kernel"][at])
    steps.take()
    until(lambda: shown(view)["isTaken"])
    moved = np.array(model.layers[1].bias) - weights[1]
    np.testing.assert_allclose(exact(shown(view), "L2"), moved, atol=5e-4)
    loss = [one for card in shown(view)["cards"] for name, one in card["facts"] if name == "batch loss"]
    assert loss == [f"{format_number(steps.loss, 4)} → {format_number(steps.loss_after, 4)}"]
    steps.cancel()
    until(lambda: shown(view) == {})


def test_a_unit_that_is_chosen_on_the_page_has_its_cards_there():
    trainer, view, _ = opened(plane_net(), plane(), "L1", 0)
    assert shown(view)["unitTitle"] == f"{trainer.model.layers[0].name} · 0"
    deliver_state(view, {"selection": {"layer": "L3", "unit": 0}})
    until(lambda: shown(view)["chosen"] == ["L3", 0])
    assert shown(view)["cards"][0]["rows"][0][0].endswith("unit 0")
    deliver_state(view, {"_steps": {"number": 1}})  # not a page's to write
    assert shown(view)["chosen"] == ["L3", 0]
    other = Page(trainer)
    assert shown(other)["chosen"] == ["L3", 0]
    alone = Page(trainer, linked=False)
    assert shown(alone)["phase"] == "init"


def test_a_message_has_no_number_that_could_be_none_and_is_small():
    keras.utils.set_random_seed(1)
    model = keras.Sequential(
        [keras.Input((784,)), layers.Dense(64, "relu"), layers.Dropout(0.5), layers.Dense(10, "softmax")]
    )
    model.compile("adam", "sparse_categorical_crossentropy")
    x = np.random.default_rng(0).normal(size=(64, 784)).astype("float32")
    x[:, 5] = np.nan
    trainer, view, _ = opened(model, (x, np.arange(64) % 10), "L1", 63)
    for phase in ("init", "forward", "backward", "update"):
        message = told(view, trainer, phase)
        text = json.dumps(message, allow_nan=False)
        assert len(text) < 200_000
        assert 63 in [unit[0] for unit in column(message, "L1")["units"]]
        assert (column(message, "L0")["more"], column(message, "L1")["more"]) == (772, 52)
    message = told(view, trainer, "forward")
    assert [unit[1:] for unit in column(message, "L1")["units"] if unit[0] == 63] == [["NaN", "NaN", None]]


def net_of_maps():
    model = keras.Sequential(
        [keras.Input((8, 8, 1)), layers.Conv2D(3, 3, activation="relu"), layers.Flatten(), layers.Dense(2)]
    )
    model.compile("sgd", "mse")
    return model, np.random.default_rng(0).normal(size=(32, 8, 8, 1)).astype("float32"), np.zeros((32, 2))


def test_maps_several_inputs_and_deep_networks_are_drawn():
    model, x, y = net_of_maps()
    trainer, view, steps = opened(model, (x, y), "L1", 2)
    message = told(view, trainer, "forward")
    assert column(message, "L1")["place"] == "3, 3"
    assert exact(message, "L1")[2] == pytest.approx(steps.arithmetic("L1", 2).output, abs=5e-4)
    assert [edge[:2] for edge in message["edges"]] == [[0, 1], [1, 2], [2, 3]]
    trainer, view, _ = opened(two_input_net(), two_input_data(), "L2", 0)
    message = told(view, trainer, "forward")
    names = [one["name"] for one in message["columns"]]
    assert {(names[a], names[b]) for a, b, _ in message["edges"]} == {
        ("left", "a"),
        ("a", "joined"),
        ("right", "joined"),
        ("joined", "out"),
    }
    keras.utils.set_random_seed(1)
    deep = keras.Sequential([keras.Input((2,)), *(layers.Dense(3) for _ in range(12)), layers.Dense(1)])
    deep.compile("sgd", "mse")
    trainer, view, _ = opened(deep, plane(), "L7", 0)
    message = told(view, trainer, "backward")
    assert len(message["columns"]) == 8
    assert column(message, "L7")["units"][0][1]
