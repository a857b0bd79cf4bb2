"""Is what the inspector tells of a unit's learning what Keras' own step does to its weights?"""

import json

import keras
import numpy as np
import pytest
import tensorflow as tf
from keras import layers

import nnvis_widget as nv
from nnvis_widget.core.drawings import is_drawn
from nnvis_widget.core.graph import NetworkGraph
from nnvis_widget.core.number_text import MINUS
from nnvis_widget.core.snapshot import TensorKey
from nnvis_widget.core.want import Want
from nnvis_widget.core.words.say import say
from nnvis_widget.keras_adapter.read_data import read_scenery

from ..limits import PATIENCE_S
from .models import assert_same_state, plane, plane_net, rich_data, rich_net, state
from .page import Page, deliver_state, until
from .probing import Probing
from .test_drawn_samples import cross, net, pictures

BATCH = 16


def number(text):
    return float(text.replace(MINUS, "-").replace("∞", "inf"))


def opened(source, layer, unit, sample=0, place=None, **traits):
    """A page that has a unit chosen and its learning open."""
    view = Page(source, **traits)
    view.sample = sample
    view.selection = {"layer": layer, "unit": unit} | ({} if place is None else {"place": place})
    view.learning = "open"
    return view


def newest(view, quantity="learning"):
    """Of the newest frame that has it."""
    found = [frame.find(quantity, frame_layer(view)) for frame in view.frames]
    return next((bytes(one.values).decode() for one in reversed(found) if one is not None), None)


def frame_layer(view):
    return view.selection["layer"]


def message(view, is_it=lambda told: True):
    """What the page is told, once it is so."""
    until(lambda: newest(view) is not None and is_it(json.loads(newest(view))))
    return json.loads(newest(view))


def last_digit(value):
    """Three decimals are written, of what is below 0.001 behind its first digit."""
    return 5.1e-4 * (10.0 ** np.floor(np.log10(abs(value))) if 0 < abs(value) < 1e-3 else 1.0)


def gradients(model, x, y):
    with tf.GradientTape() as tape:
        loss = model.compute_loss(x, y, model(x, training=True))
    return [np.asarray(one) for one in tape.gradient(loss, model.trainable_variables)]


def twin_of(make, model):
    """Another model in the same state."""
    twin = make()
    twin.optimizer.build(twin.trainable_variables)
    twin.set_weights(model.get_weights())
    for ours, theirs in zip(twin.optimizer.variables, model.optimizer.variables, strict=True):
        ours.assign(theirs.value)
    return twin


def adam_net():
    model = plane_net()
    model.compile(keras.optimizers.Adam(0.01), "binary_crossentropy")
    return model


def test_each_number_is_that_of_autodiff_and_of_the_step_that_keras_takes():
    (x, y), trainer = plane(), nv.Trainer(adam_net(), plane(), batch_size=BATCH)
    trainer.run_steps(6)
    trainer.wait(PATIENCE_S)
    view = opened(trainer, "L1", 1, sample=20)
    told = message(view, lambda told: told["sample"] == 20)
    rows = slice(16, 32)
    assert told["rows"] == [16, 31]
    own = gradients(trainer.model, x[20:21], y[20:21])[0][:, 1]
    whole = gradients(trainer.model, x[rows], y[rows])
    twin = twin_of(adam_net, trainer.model)
    before = np.array(twin.layers[0].kernel)[:, 1]
    twin.train_on_batch(x[rows], y[rows])
    after = np.array(twin.layers[0].kernel)[:, 1]
    weights = [one for one in told["moves"] if one["variable"] == "kernel"]
    assert len(weights) == 2
    assert len(told["moves"]) == 3
    for at, one in enumerate(weights):
        assert one["at"] == [at]
        for text, theirs in (
            (one["own"], own[at]),
            (one["batch"], whole[0][at, 1]),
            (one["change"], after[at] - before[at]),
        ):
            assert number(text) == pytest.approx(theirs, abs=last_digit(theirs))
        assert number(one["before"]) == pytest.approx(before[at], abs=5.1e-4)
        assert number(one["after"]) == pytest.approx(after[at], abs=5.1e-4)
    bias = told["moves"][-1]
    assert number(bias["own"]) == number(told["delta"])  # nothing comes in beside 1
    da, slope = (number(text) for _, text in told["chain"])
    assert da * slope == pytest.approx(number(told["delta"]), abs=1.1e-3)
    assert told["failed"] == []
    count, against, _ = told["checked"]
    assert int(count) >= 4
    assert {"autodiff", "Keras' own step"} <= set(against.split(", "))
    arithmetic = nv.arithmetic(trainer, "L1", unit=1, sample=20)
    assert abs(arithmetic.delta) > 1e-3
    assert number(told["delta"]) == pytest.approx(arithmetic.delta, abs=5.1e-4)
    assert dict(told["rule"])["t: the number of this step"] == "7.000"


def test_a_closed_section_measures_nothing_and_an_open_one_only_of_what_is_chosen():
    trainer = nv.Trainer(plane_net(), plane(), batch_size=BATCH)
    view = Page(trainer, selection={"layer": "L2", "unit": 1})
    trainer.run_steps(3)
    trainer.wait(PATIENCE_S)
    until(lambda: view.frames[-1].header["step"] == 3)

    def measured():
        return {key.name for key in trainer.run.latest.tensors if key.quantity == "learning"}

    assert measured() == set()
    view.learning = "open"
    until(lambda: measured() == {"1"})
    view.selection = {"layer": "L1", "unit": 3}
    until(lambda: measured() == {"3"})
    view.learning = "closed"
    until(lambda: measured() == set())


def test_a_training_that_is_told_of_all_the_while_is_bit_equal():
    def trained(learning):
        trainer = nv.Trainer(rich_net(), rich_data(), batch_size=BATCH)
        view = opened(trainer, "L1", 2, sample=3)
        view.learning = learning
        trainer.run_steps(30)
        trainer.wait(PATIENCE_S)
        steps = [trainer.run.at(step).tensors for step in trainer.run.steps]
        view.close()
        return state(trainer.model), any(key.quantity == "learning" for one in steps for key in one)

    (open_state, is_told), (closed_state, is_told_closed) = trained("latex"), trained("closed")
    assert (is_told, is_told_closed) == (True, False)
    assert_same_state(open_state, closed_state)


def test_what_was_left_out_in_haste_is_told_once_the_training_rests():
    trainer = nv.Trainer(plane_net(), plane(), batch_size=BATCH)
    view = opened(trainer, "L2", 1)
    for _ in range(2):  # of the second one no time is left for it while it runs
        trainer.run_steps(5)
        trainer.wait(PATIENCE_S)
    until(lambda: view.frames[-1].header["step"] == 10 and view.frames[-1].find("learning", "L2"))


def test_at_a_kept_step_it_is_told_with_the_weights_of_then_and_that_slots_were_not_kept():
    (x, y), trainer = plane(), nv.Trainer(adam_net(), plane(), batch_size=BATCH)
    trainer.run_steps(4)
    trainer.wait(PATIENCE_S)
    step, weights = trainer.run.latest.step, trainer.model.get_weights()
    trainer.run_steps(20)
    trainer.wait(PATIENCE_S)
    before = state(trainer.model)
    view = opened(trainer, "L2", 1, sample=2)
    view.step = step
    until(lambda: view.frames[-1].header["step"] == step and view.frames[-1].find("learning", "L2"))
    told = json.loads(bytes(view.frames[-1].find("learning", "L2").values))
    twin = adam_net()
    twin.set_weights(weights)
    own = gradients(twin, x[2:3], y[2:3])[2][:, 1]
    assert [number(one["own"]) for one in told["moves"][:4]] == pytest.approx(own, abs=5.1e-4)
    assert {one["change"] for one in told["moves"]} == {""}
    assert any("had kept at this step was not recorded" in note for note in told["notes"])
    assert "autodiff" in told["checked"][1]
    assert "step" not in told["checked"][1]
    assert_same_state(state(trainer.model), before)


def frozen():
    model = plane_net()
    model.layers[1].trainable = False
    model.compile("sgd", "binary_crossentropy")
    return model


def uncompiled(kind=keras.Sequential):
    keras.utils.set_random_seed(1)
    return kind([keras.Input((2,)), *(layers.Dense(4, "tanh") for _ in range(2)), layers.Dense(1, "sigmoid")])


def without_loss():
    model = uncompiled()
    model.compile("sgd")
    return model


class Own(keras.Sequential):
    def train_step(self, data):
        return super().train_step(data)


def with_a_step_of_its_own():
    model = uncompiled(Own)
    model.compile("sgd", "binary_crossentropy")
    return model


class Slower(keras.optimizers.SGD):
    def update_step(self, gradient, variable, learning_rate):
        super().update_step(gradient * 0.5, variable, learning_rate)


def with_an_optimizer_of_its_own():
    model = plane_net()
    model.compile(Slower(0.1), "binary_crossentropy")
    return model


@pytest.mark.parametrize(
    ("make", "words", "has"),
    [
        (uncompiled, "not compiled", ""),
        (without_loss, "compiled without a loss", ""),
        (frozen, "frozen", "delta"),
        (with_a_step_of_its_own, "train_step of its own", "delta own"),
        (with_an_optimizer_of_its_own, "Slower is not one that is written out", "delta own change"),
    ],
    ids=["not compiled", "no loss", "frozen", "own step", "own optimiser"],
)
def test_what_cannot_be_told_is_said_and_the_rest_is_told(make, words, has):
    told = message(opened(make(), "L2", 1, data=plane()))
    assert any(words in note for note in told["notes"]), told["notes"]
    moves = told["moves"]
    found = {
        "delta": told["delta"] != "",
        "own": any(one["own"] for one in moves),
        "change": any(one["change"] for one in moves),
    }
    assert {name for name, is_there in found.items() if is_there} == set(has.split())
    assert (told["checked"] != []) == (has != "")


def test_of_a_drawing_of_several_outputs_and_of_a_chosen_output_it_is_said_what_there_is():
    trainer = nv.Trainer(plane_net(), plane(), batch_size=BATCH)
    view = opened(trainer, "L3", 0)
    assert message(view)["chain"] == []  # δ of an output is that of the loss
    drawn_on = opened(net(), "L2", 1, data=pictures())
    nv.DigitPad(drawn_on).draw(cross())
    told = message(drawn_on, lambda told: is_drawn(told["sample"]))
    assert "no target" in told["notes"][0]
    given = keras.Input((2,))
    hidden = layers.Dense(3, "tanh")(given)
    model = keras.Model(given, [layers.Dense(1)(hidden), layers.Dense(1)(hidden)])
    model.compile("sgd", ["mse", "mse"])
    x, y = plane()
    told = message(opened(model, "L1", 1, data=(x, [y, y])))
    assert told["delta"]
    assert told["failed"] == []


@pytest.fixture
def english_again():
    yield
    nv.set_language(None)


def test_what_was_told_before_a_switch_of_the_language_is_told_anew_also_of_the_past(english_again):
    bare = keras.Sequential([keras.Input((2,)), layers.Dense(3, name="hidden"), layers.Dense(1)])
    at_rest = opened(bare, "L1", 1, data=plane())
    assert "not compiled" in message(at_rest)["notes"][0]
    trainer = nv.Trainer(plane_net(), plane(), batch_size=BATCH)
    trainer.run_steps(4)
    trainer.wait(PATIENCE_S)
    step = trainer.run.latest.step
    trainer.run_steps(20)
    trainer.wait(PATIENCE_S)
    in_the_past = opened(trainer, "L1", 1)
    in_the_past.step = step
    assert message(in_the_past, lambda told: any("was not recorded" in note for note in told["notes"]))
    nv.set_language("zh")
    assert "没有编译" in message(at_rest, lambda told: "编译" in told["notes"][0])["notes"][0]
    assert message(in_the_past, lambda told: any("没有记录" in note for note in told["notes"]))
    nv.set_language("en")
    assert message(at_rest, lambda told: "not compiled" in told["notes"][0])


def map_net():
    keras.utils.set_random_seed(2)
    model = keras.Sequential(
        [
            keras.Input((6, 6, 2)),
            layers.Conv2D(3, 3, padding="same", activation="relu"),
            layers.Conv2D(4, 3, activation="tanh"),
            layers.Flatten(),
            layers.Dense(2, "softmax"),
        ]
    )
    model.compile("adam", "sparse_categorical_crossentropy")
    return model


def test_of_a_map_it_is_told_at_the_chosen_place_and_of_its_strongest_weights():
    rng = np.random.default_rng(0)
    data = rng.normal(size=(20, 6, 6, 2)).astype("float32"), np.arange(20) % 2
    model = map_net()
    view = opened(model, "L2", 3, sample=4, place=[1, 2], data=data)
    told = message(view, lambda told: told.get("place") == [1, 2])
    own = gradients(model, data[0][4:5], data[1][4:5])[2][..., 3]
    shown = [one for one in told["moves"] if one["variable"] == "kernel"]
    assert (told["shape"], told["weights"], len(shown)) == ([3, 3, 3], 28, 6)
    largest = sorted(np.abs(own).ravel(), reverse=True)[:6]
    assert sorted((abs(number(one["own"])) for one in shown), reverse=True) == pytest.approx(largest, abs=5.1e-4)
    for one in shown:
        assert number(one["own"]) == pytest.approx(own[tuple(one["at"])], abs=5.1e-4)
    arithmetic = nv.arithmetic(model, model.layers[1], 3, 4, (1, 2), data=data)
    assert number(told["delta"]) == pytest.approx(arithmetic.delta, abs=5.1e-4)
    view.selection = {"layer": "L2", "unit": 3, "place": [0, 0]}
    assert message(view, lambda told: told["place"] == [0, 0])["delta"] != told["delta"]


def test_the_texts_to_be_copied_come_when_they_are_asked_for_and_are_those_of_the_arithmetic():
    trainer = nv.Trainer(adam_net(), plane(), batch_size=BATCH)
    view = opened(trainer, "L2", 1, sample=5)
    told = message(view)
    assert newest(view, "latex") is None
    arithmetic = nv.arithmetic(trainer, "L2", unit=1, sample=5)
    for form, expected in (("latex", arithmetic.to_latex()), ("numpy", arithmetic.to_numpy())):
        deliver_state(view, {"learning": form})
        until(lambda form=form: newest(view, form) is not None)
        assert newest(view, form) == expected
        assert number(told["delta"]) == pytest.approx(arithmetic.delta, abs=5.1e-4)
    found = {}
    exec(newest(view, "numpy"), found)
    card = next(values for name, values in found["results"].items() if "Backward" in name)
    assert float(card["delta"]) == pytest.approx(arithmetic.delta, rel=1e-6)
    deliver_state(view, {"learning": "everything"})  # not a page's to write
    assert view.learning == "numpy"


def test_a_bias_that_the_next_layer_takes_away_again_is_not_called_wrong():
    keras.utils.set_random_seed(5)
    given, x = keras.Input((48, 48, 2)), np.random.default_rng(5).normal(size=(2, 48, 48, 2))
    hidden = layers.ReLU()(layers.BatchNormalization()(layers.Conv2D(3, 3)(given)))
    model = keras.Model(given, layers.Dense(2, "softmax")(layers.Flatten()(hidden)))
    model.compile("adam", "sparse_categorical_crossentropy")
    data = x.astype("float32"), np.arange(2)
    for unit in range(3):  # its slope is 0 but for rounding, on either side
        told = message(opened(model, "L1", unit, sample=1, data=data))
        assert (told["failed"], told["isOtherwise"]) == ([], True)
        assert "autodiff" in told["checked"][1]


def test_of_a_large_network_the_batch_is_smaller_and_its_samples_are_told(monkeypatch):
    monkeypatch.setattr("nnvis_widget.keras_adapter.probes.learning.MOST_NUMBERS", 50)
    told = message(opened(plane_net(), "L2", 1, data=plane()))
    assert told["rows"] == [0, 3]  # of 2 + 4 + 4 + 1 numbers each
    assert told["notes"][0].startswith("The loss of these 4 samples")


def test_of_a_large_network_it_is_told_only_while_no_step_is_taken(monkeypatch):
    probing = Probing(plane_net(), read_scenery(plane_net(), plane()))
    monkeypatch.setattr(NetworkGraph, "is_small", property(lambda _: False))

    def told(is_at_rest):
        probing.forward.is_at_rest = is_at_rest
        found = probing.measure(Want("learning", "L2", 1, 0))
        return json.loads(bytes(found[TensorKey("learning", "L2", "1", 0)]))

    assert told(False)["notes"] == [say("learningAtRest")]
    assert probing.forward.is_owed
    assert told(True)["moves"]
