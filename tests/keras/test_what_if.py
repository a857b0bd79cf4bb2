"""Is what a network says with changes what a network with those changes says, and does the model stay as it is?"""

import json
from threading import Thread
from types import SimpleNamespace

import keras
import numpy as np
import pytest
import traitlets
from keras import layers, ops

import nnvis_widget as nv
from nnvis_widget.core.command import Look
from nnvis_widget.core.snapshot import TensorKey
from nnvis_widget.keras_adapter.loops.feed import ArrayFeed
from nnvis_widget.keras_adapter.what_if.held_units import Held, units_held

from .models import (
    SIGNS,
    assert_same_state,
    plane,
    plane_net,
    reading_data,
    reading_net,
    rich_data,
    rich_net,
    state,
    train_on_batches,
)
from .page import Page, until

KERNEL = {"kind": "weight", "layer": "dense[1]", "name": "kernel", "index": [2, 1], "value": 1.5}


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


class Numpy:
    """The forward pass of `plane_net`, by hand, with its weights as plain arrays."""

    def __init__(self, model):
        self.weights = [np.array(one, np.float64) for one in model.get_weights()]
        self.held, self.input = {}, {}

    def hidden(self, x):
        first, bias_1, second, bias_2, _, _ = self.weights
        h1 = np.tanh(x @ first + bias_1)
        for unit, value in self.held.get(1, {}).items():
            h1[:, unit] = value
        h2 = np.maximum(h1 @ second + bias_2, 0)
        for unit, value in self.held.get(2, {}).items():
            h2[:, unit] = value
        return h1, h2

    def __call__(self, x):
        x = np.array(x, np.float64)
        for (row, column), value in self.input.items():
            x[row, column] = value
        return sigmoid(self.hidden(x)[1] @ self.weights[4] + self.weights[5])[:, 0]


def told_to_page(view):
    return view.get_state("_what_if")["_what_if"]


def answer(model, data, *changes, **look):
    view = nv.NetworkView(model, data=data, **look)
    view.what_if = list(changes)
    told = view.what_if_answer
    view.close()
    return told


def weight_set(net, x):
    net.weights[2][2, 1] = 1.5


def bias_set(net, x):
    net.weights[1][3] = -2.0


def unit_at_zero(net, x):
    net.held = {2: {1: 0.0}}


def unit_at_its_mean(net, x):
    net.held = {1: {0: net.hidden(x)[0][:, 0].mean()}}


def units_clamped(net, x):
    net.held = {1: {0: 0.25, 3: -3.0}, 2: {2: 7.0}}


def edge_cut(net, x):
    net.weights[4][3, 0] = 0


def edge_at_its_mean(net, x):
    mean = net.hidden(x)[0][:, 2].mean()
    net.weights[3][1] += 1.5 * mean  # the weight is set beside it
    net.weights[2][2, 1] = 0


def input_set(net, x):
    net.input = {(5, 1): -4.0}


@pytest.mark.parametrize(
    ("changes", "by_hand"),
    [
        ([KERNEL], weight_set),
        ([{"kind": "weight", "layer": "L1", "name": "bias", "index": [3], "value": -2}], bias_set),
        ([{"kind": "unit", "layer": "L2", "unit": 1, "to": "zero"}], unit_at_zero),
        ([{"kind": "unit", "layer": "L1", "unit": 0, "to": "mean"}], unit_at_its_mean),
        (
            [
                {"kind": "unit", "layer": layer, "unit": unit, "to": to}
                for layer, unit, to in (("L2", 2, 7.0), ("L1", 0, 0.25), ("L1", 3, -3.0))
            ],
            units_clamped,
        ),
        ([{"kind": "edge", "layer": "L3", "source": 3, "unit": 0, "to": "zero"}], edge_cut),
        ([{"kind": "edge", "layer": "L2", "source": 2, "unit": 1, "to": "mean"}, KERNEL], edge_at_its_mean),
        ([{"kind": "input", "layer": "L0", "sample": 5, "unit": 1, "value": -4.0}], input_set),
    ],
    ids=lambda one: getattr(one, "__name__", ""),
)
def test_outputs_loss_metric_and_flips_are_those_of_a_pass_by_hand(changes, by_hand):
    x, y = plane(300)
    model = plane_net()
    model.train_on_batch(x, y)  # so that its metrics are built
    told = answer(model, (x, y), *changes, sample=5)
    rows, before, after = x[:256], Numpy(model), Numpy(model)
    by_hand(after, rows)
    outs = [net(rows) for net in (before, after)]
    assert told.problem == ""
    assert told.rows == 256
    (output,) = told.outputs
    np.testing.assert_allclose([output.before, output.after], [out[5] for out in outs], rtol=1e-5)
    losses = [-np.mean(np.where(y[:256] == 1, np.log(out), np.log(1 - out))) for out in outs]
    np.testing.assert_allclose(told.loss, losses, rtol=1e-5)
    np.testing.assert_allclose(told.metrics["accuracy"], [np.mean((out > 0.5) == y[:256]) for out in outs], rtol=1e-5)
    flipped = np.flatnonzero((outs[0] > 0.5) != (outs[1] > 0.5))
    assert told.flip_count == len(flipped)
    assert [flip.sample for flip in told.flips] == flipped[:64].tolist()
    assert not np.allclose(*outs)


def convolutions(seed=2):
    keras.utils.set_random_seed(seed)
    inputs = layers.Input((6, 6, 1), name="image")
    one = layers.Conv2D(4, 3, padding="same", activation="relu", name="one")(inputs)
    two = layers.Conv2D(4, 3, padding="same", name="two")(one)
    joined = layers.Add(name="joined")([one, two])
    pooled = layers.GlobalAveragePooling2D(name="pooled")(layers.BatchNormalization(name="norm")(joined))
    model = keras.Model(inputs, layers.Dense(3, "softmax", name="out")(pooled), name="residual")
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    return model


def test_of_a_graph_of_layers_it_is_what_a_changed_copy_says():
    rng = np.random.default_rng(3)
    x, y = rng.normal(size=(40, 6, 6, 1)).astype(np.float32), np.arange(40) % 3
    model, copy = convolutions(), convolutions()
    told = answer(
        model,
        (x, y),
        {"kind": "weight", "layer": "two", "name": "kernel", "index": [1, 0, 2, 3], "value": 2.0},
        {"kind": "edge", "layer": "two", "source": 1, "unit": 0, "to": "zero"},
        {"kind": "unit", "layer": "one", "unit": 2, "to": 0.5},
        {"kind": "unit", "layer": "norm", "unit": 3, "to": "zero"},
        {"kind": "unit", "layer": "out", "unit": 1, "to": 0.25},
        sample=7,
    )
    kernel = np.array(copy.get_layer("two").kernel)
    kernel[1, 0, 2, 3] = 2.0
    kernel[:, :, 1, 0] = 0
    copy.get_layer("two").kernel.assign(kernel)
    hidden = np.array(copy.get_layer("one")(x))
    hidden[..., 2] = 0.5
    normed = np.array(copy.get_layer("norm")(hidden + np.array(copy.get_layer("two")(hidden)), training=False))
    normed[..., 3] = 0
    out = np.array(copy.get_layer("out")(normed.mean(axis=(1, 2))))
    out[:, 1] = 0.25
    np.testing.assert_allclose([one.before for one in told.outputs], model.predict(x, verbose=0)[7], rtol=1e-5)
    np.testing.assert_allclose([one.after for one in told.outputs], out[7], rtol=1e-5)
    loss = float(ops.mean(keras.losses.sparse_categorical_crossentropy(y, out)))
    np.testing.assert_allclose(told.loss, [model.evaluate(x, y, verbose=0)[0], loss], rtol=1e-5)


def test_a_training_with_changes_tried_and_left_is_bit_equal_to_one_without():
    data = rich_data(50)
    model = rich_net()
    trainer = nv.Trainer(model, data, batch_size=16, epochs=3)
    page = Page(trainer, edges="gradient", rate_hz=14.0)
    page.what_if = [{"kind": "unit", "layer": "dense", "unit": 1, "to": "mean"}]
    trainer.run_steps(2)
    trainer.wait()
    page.what_if = [
        {"kind": "weight", "layer": "dense", "name": "kernel", "index": [0, 0], "value": 9},
        {"kind": "input", "layer": "L0", "sample": 1, "unit": 0, "value": 9},
    ]
    assert page.what_if_answer.problem == ""
    assert page.what_if_answer.moment.step == 2
    trainer.run_steps(2)
    trainer.wait()
    assert page.what_if_answer.moment.step == 4  # of the weights of now
    page.what_if = []
    trainer.start()
    assert trainer.wait(60) == "finished", trainer.status.problem
    page.close()
    assert_same_state(state(model), train_on_batches(rich_net(), data))


def test_the_picture_is_of_the_changed_network_says_so_and_is_the_former_one_after_leaving():
    x, y = plane()
    model = plane_net()
    page = Page(model, data=(x, y))
    until(lambda: page.frames)
    page.source.post(Look())  # compiled, as every pass after the first is
    until(lambda: page.source.run.latest.revision > page.frames[0].header["revision"])
    until(lambda: page.frames[-1].header["revision"] == page.source.run.latest.revision)
    before = page.frames[-1]
    described = page.describe()
    seen = state(model)
    assert page.ask("suppose", changes=[json.dumps(KERNEL | {"layer": "L2"})])["ok"]
    assert page.what_if == [KERNEL | {"layer": "L2"}]
    until(lambda: page.frames[-1].header.get("what_if") == 1)
    changed = page.frames[-1]
    kernel = np.array(model.layers[1].kernel)
    kernel[2, 1] = 1.5
    np.testing.assert_array_equal(changed.find("weight", "L2", "kernel").values, kernel)
    assert "What if: 1 change, not the model" in page.describe()
    assert "kernel[2, 1] is +1.500, not " in page.describe()
    saved = page.get_state()
    assert b"what_if" not in saved["frame"]  # a notebook keeps the model
    until(lambda: not told_to_page(page).get("isPending", True))
    assert page.ask("suppose", changes=[])["ok"]
    until(lambda: "what_if" not in page.frames[-1].header and page.frames[-1] is not changed)
    until(lambda: told_to_page(page) == {})
    after = page.frames[-1]
    for one, other in zip(before.sections, after.sections, strict=True):
        assert (one.quantity, one.layer, one.name) == (other.quantity, other.layer, other.name)
        np.testing.assert_array_equal(one.values, other.values)
    assert page.describe() == described
    assert_same_state(state(model), seen)


def test_two_views_of_a_source_try_the_same_and_the_past_is_shown_as_it_was():
    trainer = nv.Trainer(plane_net(), plane(), batch_size=16)
    one, other = Page(trainer), Page(trainer)
    trainer.run_steps(3)
    trainer.wait()
    heard = []
    other.observe(heard.append, "what_if")
    one.what_if = [{"kind": "unit", "layer": "L2", "unit": 0, "to": "zero"}]
    assert other.what_if == one.what_if
    assert heard[-1]["new"] == one.what_if
    assert other.what_if_answer == one.what_if_answer
    until(lambda: other.frames[-1].header.get("what_if") == 1)
    other.step = 0
    until(lambda: other.frames[-1].header["step"] == 0)
    assert "what_if" not in other.frames[-1].header
    other.what_if = []
    assert one.what_if == []
    assert one.what_if_answer is None
    one.close()
    other.close()


class Own(keras.Model):
    """One of its layers is used twice, one is within another."""

    def __init__(self):
        super().__init__(name="own")
        self.inner, self.out = layers.Dense(2, "tanh", name="inner"), layers.Dense(1, name="out")
        self.block = keras.Sequential([layers.Dense(3, "relu", name="deep")], name="block")

    def build(self, shape):
        for layer, size in ((self.inner, 2), (self.block, 2), (self.out, 3)):
            layer.build((None, size))

    def call(self, x, training=None):
        assert training is not None
        return self.out(self.block(self.inner(self.inner(x))))


def own_by_hand(model, x, inner=(), deep=()):
    (first, bias), (second, bias_2), (last, bias_3) = (
        [np.array(one, np.float64) for one in layer.get_weights()] for layer in (model.inner, model.block, model.out)
    )
    for _ in range(2):
        x = np.tanh(x @ first + bias)
        for unit, value in inner:
            x[:, unit] = value
    x = np.maximum(x @ second + bias_2, 0)
    for unit, value in deep:
        x[:, unit] = value
    return x @ last + bias_3


class Drawing(Own):
    """What draws without a seed is called on a thread of its own."""

    def call(self, x, training=None):
        return super().call(x, training=training) + 0 * keras.random.uniform(())


@pytest.mark.parametrize("kind", [Own, Drawing])
def test_units_of_a_model_of_own_code_can_be_held_at_any_depth_and_in_every_use(kind):
    x, y = plane()
    model = kind()
    model.compile("sgd", "mse", run_eagerly=True)
    model.build((None, 2))
    held = [
        {"kind": "unit", "layer": "inner", "unit": 1, "to": 0.25},
        {"kind": "unit", "layer": "deep", "unit": 2, "to": 1.5},
    ]
    told = answer(model, (x, y), *held)
    expected = own_by_hand(model, x, [(1, 0.25)], [(2, 1.5)])
    assert told.problem == ""
    assert told.outputs[0].after == pytest.approx(float(expected[0, 0]), rel=1e-5)
    assert told.loss.after == pytest.approx(float(np.mean((expected[:, 0] - y[:64]) ** 2)), rel=1e-5)
    assert told.loss.before == pytest.approx(float(np.mean((own_by_hand(model, x)[:, 0] - y[:64]) ** 2)), rel=1e-5)
    assert "call" not in vars(model.inner)


def test_units_of_another_output_than_the_first_are_held_and_functions_are_no_layers():
    given = layers.Input((2,))
    hidden = layers.Dense(3, name="hidden")(given)
    model = keras.Model(given, [layers.Dense(1, name="one")(hidden), layers.Dense(2, name="other")(hidden)])
    told = answer(model, plane()[0], {"kind": "unit", "layer": "other", "unit": 0, "to": "zero"})
    assert (told.problem, told.outputs[0].before) == ("", told.outputs[0].after)
    joint, held = {"J0": SimpleNamespace(name="matmul")}, {"J0": Held(-1, 2, {0: 0.0})}
    with pytest.raises(nv.errors.ModelError, match="got the function 'matmul'"), units_held(joint, held):
        pass


def test_units_are_held_for_who_tries_it_alone():
    model = plane_net()
    layer, x = model.layers[0], plane()[0][:4]
    plain, results = model.predict(x, verbose=0), []
    with units_held({"L1": layer}, {"L1": Held(-1, 4, {2: 3.0})}) as expect_called:
        with pytest.raises(nv.errors.ModelError, match="Change its weights"):
            expect_called(bool)
        thread = Thread(target=lambda: results.append(np.array(layer(x))))
        thread.start()
        thread.join()
        assert (np.array(layer(x))[:, 2] == 3).all()
        expect_called(bool)
    np.testing.assert_array_equal(results[0], np.array(layer(x)))
    np.testing.assert_array_equal(plain, model.predict(x, verbose=0))


def tokens_net():
    keras.utils.set_random_seed(4)
    model = keras.Sequential(
        [
            layers.Input((5,), dtype="int32"),
            layers.Embedding(7, 3, mask_zero=True, name="words"),
            layers.LSTM(4, name="read"),
            layers.Dense(2, "softmax", name="say"),
        ]
    )
    model.compile("sgd", "sparse_categorical_crossentropy")
    return model


def test_a_token_can_be_another_one_of_those_there_are():
    x, y = np.random.default_rng(5).integers(1, 7, size=(12, 5)), np.arange(12) % 2
    model, change = tokens_net(), {"kind": "input", "layer": "L0", "sample": 3, "unit": 2}
    other = x.copy()
    other[3, 2] = 6
    told = answer(model, (x, y), change | {"value": 6}, sample=3)
    np.testing.assert_allclose([one.after for one in told.outputs], model.predict(other, verbose=0)[3], rtol=1e-5)
    for value in (7, 2.5, -1):
        assert "from 0 to 6" in answer(model, (x, y), change | {"value": value}).problem


def test_a_token_is_written_and_told_by_its_name():
    model, ((x, table), y) = reading_net(), reading_data()
    view = nv.NetworkView(model, data=([x, table], y), sample=3)
    change = {"kind": "input", "layer": "words", "sample": 3, "unit": 2}
    other = x.copy()
    other[3, 2] = 1 + x[3, 2] % 4
    view.what_if = [change | {"value": SIGNS[other[3, 2]]}]
    answered = [one.after for one in view.what_if_answer.outputs]
    np.testing.assert_allclose(answered, model.predict([other, table], verbose=0)[3], rtol=1e-5)
    assert (view.what_if[0]["value"], view.what_if_answer.was) == (other[3, 2], {0: x[3, 2]})
    said = told_to_page(view)["changes"][0][0]
    assert said.endswith(f"is {SIGNS[other[3, 2]]}, not {SIGNS[x[3, 2]] or '+0.000'}")
    assert said in view.describe()
    with pytest.raises(traitlets.TraitError, match="Write one of them, or its number"):
        view.what_if = [change | {"value": "nothing of the kind"}]
    view.close()


def test_a_held_unit_keeps_the_mask_of_its_layer():
    x, y = np.random.default_rng(5).integers(0, 7, size=(12, 5)), np.arange(12) % 2
    x[:, 3:] = 0  # padding
    model, twin = tokens_net(), tokens_net()
    table = np.array(model.layers[0].embeddings)
    table[:, 1] = 0.5  # every token brings the same
    twin.layers[0].embeddings.assign(table)
    told = answer(model, (x, y), {"kind": "unit", "layer": "words", "unit": 1, "to": 0.5}, sample=3)
    expected = twin.predict(x, verbose=0)
    np.testing.assert_allclose([one.after for one in told.outputs], expected[3], rtol=1e-5)
    assert told.loss.after == pytest.approx(-np.mean(np.log(expected[np.arange(12), y])), rel=1e-5)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"kind": "unit", "layer": "L2", "unit": 4, "to": "zero"}, "below 4, got unit=4"),
        ({"kind": "unit", "layer": "nowhere", "unit": 0, "to": "zero"}, "none of that name"),
        ({"kind": "unit", "layer": "L0", "unit": 0, "to": "zero"}, "kind='input'"),
        (KERNEL | {"index": [4, 0]}, "whose shape is (4, 4)"),
        (KERNEL | {"index": [1]}, "one number an axis"),
        (KERNEL | {"name": "gamma"}, "which has 'kernel', 'bias'"),
        (KERNEL | {"value": float("nan")}, "a finite number"),
        ({"kind": "edge", "layer": "L2", "source": 4, "unit": 0, "to": "zero"}, "from one of 4 to one of 4"),
        ({"kind": "input", "layer": "L1", "sample": 0, "unit": 0, "value": 1}, "an input of the network"),
        ({"kind": "input", "layer": "L0", "sample": 0, "unit": 2, "value": 1}, "below 2"),
        ({"kind": "freeze", "layer": "L0"}, "which has none"),
    ],
)
def test_what_does_not_fit_the_network_is_refused_in_words_to_python_and_page_and_changes_nothing(change, words):
    view = Page(plane_net(), data=plane())
    kept = [KERNEL | {"layer": "L2"}]
    view.what_if = kept
    with pytest.raises(traitlets.TraitError) as refusal:
        view.what_if = [change]
    told = view.ask("suppose", changes=[json.dumps(change)])
    assert words in str(refusal.value)
    assert words in told["reason"]
    assert not told["ok"]
    assert view.what_if == kept
    view.close()


def test_what_a_page_sends_that_is_no_change_is_refused():
    view = Page(plane_net(), data=plane())
    for text in ("nonsense", "[" * 900, "3", '{"kind": "unit"}'):
        told = view.ask("suppose", changes=[text])
        assert not told["ok"]
        assert told["reason"]
    assert view.what_if == []
    view.close()


def test_without_samples_loss_or_a_model_it_answers_what_it_can():
    view = nv.NetworkView(plane_net())
    view.what_if = [KERNEL]
    told = view.what_if_answer
    assert told.problem == ""
    assert told.outputs == ()
    assert told.loss is None
    view.close()
    model = keras.Sequential([layers.Input((2,)), layers.Dense(2, name="dense_1")])
    told = answer(model, plane()[0], {"kind": "unit", "layer": "dense_1", "unit": 1, "to": "zero"})
    assert told.loss is None
    assert told.outputs[1].after == 0
    empty = nv.NetworkView()
    assert empty.what_if == []
    assert empty.what_if_answer is None
    with pytest.raises(traitlets.TraitError, match="Set one"):
        empty.what_if = [KERNEL]


def test_a_change_that_no_longer_fits_the_model_is_said_and_the_model_is_drawn():
    model = keras.Sequential([layers.Input((2,)), layers.Dense(3, name="a"), layers.Dense(1, name="b")])
    view = Page(model, data=plane()[0])
    view.what_if = [{"kind": "unit", "layer": "a", "unit": 2, "to": "zero"}]
    assert view.what_if_answer.problem == ""
    model.pop()
    model.add(layers.Dense(2, name="c"))
    model.layers[0].units = 3
    view.what_if = []
    view.look()
    view.what_if = [{"kind": "unit", "layer": "c", "unit": 1, "to": "zero"}]
    assert view.what_if_answer.outputs[1].after == 0
    model.pop()
    model.add(layers.Dense(1, name="d"))
    view.look()
    told = view.what_if_answer
    assert "below 1, got unit=1" in told.problem
    assert told.snapshot is None
    until(lambda: told_to_page(view).get("problem"))
    until(lambda: "what_if" not in view.frames[-1].header)
    view.close()


def test_numbers_that_are_not_finite_are_told_as_such():
    view = nv.NetworkView(plane_net(), data=plane())
    view.what_if = [
        change
        for unit, sign in ((0, 1), (1, -1))
        for change in (
            {"kind": "unit", "layer": "L1", "unit": unit, "to": 1e30},
            {"kind": "weight", "layer": "L2", "name": "kernel", "index": [unit, 0], "value": sign * 1e30},
        )
    ]
    told = view.what_if_answer
    assert told.problem == ""
    assert np.isnan(told.loss.after)
    assert "→ NaN" in view.describe()
    json.dumps(told_to_page(view), allow_nan=False)
    view.close()


def test_a_kernel_that_is_drawn_by_its_strongest_links_is_drawn_with_the_change():
    model = keras.Sequential([layers.Input((1500,)), layers.Dense(1500, name="large")])
    view = Page(model, detail="top")
    until(lambda: view.frames)
    view.what_if = [{"kind": "weight", "layer": "large", "name": "kernel", "index": [3, 1400], "value": 100}]
    assert view.what_if_answer.problem == ""
    until(lambda: view.frames[-1].header.get("what_if"))
    tensors = view.what_if_answer.snapshot.tensors
    place = tensors[TensorKey("top", "L1", "weight")].argmax()
    assert tensors[TensorKey("top", "L1", "weight")][place] == 100
    assert tensors[TensorKey("top_index", "L1", "weight")][place].tolist() == [3, 1400]
    assert max(np.abs(tensors[TensorKey("bundle", "L1", "weight")]).ravel()) > 90
    view.close()


def by_name(model):
    metrics = {id(variable) for variable in model.metrics_variables}
    variables = [*model.variables, *model.optimizer.variables]
    return {one.path: np.array(one) for one in variables if id(one) not in metrics}


def test_what_is_applied_changes_exactly_those_weights_and_is_marked():
    model = rich_net()
    trainer = nv.Trainer(model, rich_data(50), batch_size=16)
    page = Page(trainer)
    trainer.run_steps(2)
    trainer.wait()
    before, metrics = by_name(model), [np.array(one) for one in model.metrics_variables]
    held = {"kind": "unit", "layer": "L1", "unit": 4, "to": "zero"}
    page.what_if = [
        {"kind": "weight", "layer": "L1", "name": "kernel", "index": [1, 5], "value": 2.5},
        held,
        {"kind": "edge", "layer": "L4", "source": 6, "unit": 2, "to": "zero"},
    ]
    assert page.what_if_answer.problem == ""
    tried = by_name(model)
    assert all(np.array_equal(before[name], tried[name]) for name in before)
    assert page.ask("apply_what_if")["ok"]
    until(lambda: page.what_if == [held])
    trainer.keep_up()
    after = by_name(model)
    (first, last) = (model.layers[0].kernel.path, model.layers[-1].kernel.path)
    before[first][1, 5], before[last][6, 2] = 2.5, 0
    for name, value in before.items():
        np.testing.assert_array_equal(after[name], value, name)
    assert_same_state([np.array(one) for one in model.metrics_variables], metrics)
    assert page.what_if_answer.changes[0].to_dict() == held
    until(lambda: page.frames[-1].header.get("notes"))
    ((step, text),) = page.frames[-1].header["notes"]
    assert step == 2
    assert text.startswith("Applied: dense")
    assert "kernel[1, 5] is +2.500; " in text
    refused = page.ask("apply_what_if")
    assert "no part of a training" in refused["reason"]
    page.close()


def test_a_frozen_layer_is_constant_through_the_next_steps_and_the_others_learn_as_beside_it():
    """Frozen for steps of two epochs; then one of the two layers is thawed."""
    data, model, twin = rich_data(50), rich_net(), rich_net()
    trainer = nv.Trainer(model, data, batch_size=16, epochs=3)
    view = nv.NetworkView(trainer)
    view.what_if = [{"kind": "freeze", "layer": "L1"}, {"kind": "freeze", "layer": "L2"}]
    trainer.apply_what_if()
    assert trainer.frozen == ("L1", "L2")
    assert view.what_if == []
    first = [np.array(one) for layer in model.layers[:2] for one in layer.weights]
    with pytest.raises(nv.errors.CommandError, match="Thaw them first"):
        trainer.step_through()
    frozen = [one for layer in twin.layers[:2] for one in layer.weights]
    feed, taken = ArrayFeed(*data, None, 16, True, 0), 0
    epoch = -1
    for part, count in enumerate([6, 2, 3]):
        if part == 1:
            trainer.thaw("L1")
            frozen = list(twin.layers[1].weights)
        trainer.run_steps(count)
        trainer.wait()
        for _ in range(count):
            if taken % 4 == 0:
                epoch += 1
                feed.start_epoch(epoch)
            kept = [np.array(one) for one in frozen]
            twin.train_on_batch(*feed.batch(feed.take(1)[0])[:2])
            for variable, value in zip(frozen, kept, strict=True):
                variable.assign(value)
            taken += 1
        if part == 0:
            assert_same_state([np.array(one) for layer in model.layers[:2] for one in layer.weights], first)
    assert_same_state(state(model), state(twin))
    with pytest.raises(nv.errors.CommandError, match="frozen layer"):
        trainer.thaw("L4")
    view.close()


def test_a_model_that_is_not_trained_here_takes_no_changes():
    page = Page(plane_net(), data=plane())
    page.what_if = [KERNEL]
    told = page.ask("apply_what_if")
    assert not told["ok"]
    assert "apply_what_if" in told["reason"]
    until(lambda: told_to_page(page).get("applicable") == 0)
    page.close()
