"""Are the numbers of a look those of the model, and is nothing of it changed?"""

import keras
import numpy as np
import pytest
from keras import layers

from nnvis_widget.control.cadence import Cadence
from nnvis_widget.keras_adapter.observer import Observer
from nnvis_widget.keras_adapter.probes.look import LookProbe, Updates
from nnvis_widget.keras_adapter.read_data import read_scenery
from nnvis_widget.keras_adapter.read_facts import read_facts
from nnvis_widget.run.run import Run
from tests.keras.models import assert_same_state, rich_data, rich_net, state

RNG = np.random.default_rng(3)
X = RNG.normal(size=(300, 5)).astype(np.float32)
Y = np.sort(RNG.integers(0, 3, 300))  # a sorted file: its first rows are of one class


def forward_of(model, data, validation=None):
    return Observer(model, read_scenery(model, data, validation), Run(), Cadence()).forward


def net(**compiling):
    keras.utils.set_random_seed(2)
    model = keras.Sequential(
        [
            layers.Input((5,)),
            layers.Dense(12, "relu", bias_initializer=keras.initializers.RandomUniform(-4, 1)),
            layers.Dense(8, "tanh", kernel_initializer=keras.initializers.RandomNormal(0, 6), kernel_regularizer="l2"),
            layers.Dense(3, "softmax"),
        ]
    )
    model.compile(keras.optimizers.SGD(0.5), "sparse_categorical_crossentropy", metrics=["accuracy"], **compiling)
    return model


def total_loss(model, x, y):
    return float(keras.ops.convert_to_numpy(model.compute_loss(x, y, model(x, training=False))))


class Counted(layers.Dense):
    """Counts how often it is called."""

    calls = 0

    def call(self, inputs):
        type(self).calls += 1
        return super().call(inputs)


@pytest.mark.parametrize("kind", ["chain", "graph"])
def test_what_a_layer_adds_to_the_loss_counts_once_and_a_chain_is_gone_through_once(kind, monkeypatch):
    keras.utils.set_random_seed(2)
    hidden = Counted(6, "relu", activity_regularizer="l2")
    ends = layers.Input((5,)), layers.Dense(3, "softmax")
    model = keras.Sequential([ends[0], hidden, ends[1]])
    if kind == "graph":
        model = keras.Model(ends[0], ends[1](hidden(ends[0])))
    model.compile("sgd", "sparse_categorical_crossentropy")
    probe = LookProbe(forward_of(model, (X, Y)))
    monkeypatch.setattr(Counted, "calls", 0)
    look = probe.take()
    assert Counted.calls == {"chain": 1, "graph": 2}[kind]
    x, y = X[probe.rows], Y[probe.rows]
    output = model(x, training=False)
    assert look.penalty == pytest.approx(float(keras.ops.convert_to_numpy(sum(model.losses))), rel=1e-5)
    own = -np.log(keras.ops.convert_to_numpy(output)[np.arange(256), y]).mean()
    assert look.loss == pytest.approx(own, rel=1e-4)


def test_a_look_has_the_numbers_of_the_model():
    model = net()
    forward = forward_of(model, (X, Y), (X[:40], Y[40:80]))
    probe = LookProbe(forward)
    assert len(probe.rows) == 256
    assert np.bincount(Y[probe.rows]).min() > 60
    x, y = X[probe.rows], Y[probe.rows]
    for _ in range(2):  # eagerly, then compiled
        look = probe.take(7, 0.5)
        penalty = float(keras.ops.convert_to_numpy(sum(model.losses)))
        output = model.predict(x, verbose=0)
        own = -np.log(output[np.arange(256), y]).mean()
        assert (look.step, look.epoch) == (7, 0.5)
        assert look.penalty == pytest.approx(penalty, rel=1e-5)
        assert look.loss == pytest.approx(own, rel=1e-4)
        assert look.accuracy == pytest.approx((output.argmax(1) == y).mean())
        assert look.recall == pytest.approx([(output.argmax(1) == y)[y == one].mean() for one in range(3)])
        assert look.output_spread == pytest.approx(output.std(axis=0).max(), rel=1e-4)
        valid = model.predict(X[:40], verbose=0)
        assert look.validation_loss == pytest.approx(-np.log(valid[np.arange(40), Y[40:80]]).mean(), rel=1e-4)
        assert look.validation_accuracy == pytest.approx((valid.argmax(1) == Y[40:80]).mean())


def test_dead_and_saturated_units_are_those_of_a_forward_pass():
    model = net()
    probe = LookProbe(forward_of(model, (X, Y)))
    first, second = probe.take().layers
    hidden = np.maximum(X[probe.rows] @ model.layers[0].get_weights()[0] + model.layers[0].get_weights()[1], 0)
    dead = np.flatnonzero((hidden == 0).all(axis=0))
    assert (first.units, first.dead, first.dead_count) == (12, tuple(dead), len(dead))
    assert 0 < len(dead) < 12
    kernel, bias = model.layers[1].get_weights()
    ends = np.flatnonzero((np.abs(np.tanh(hidden @ kernel + bias)) > 0.99).mean(axis=0) > 0.9)
    assert (second.units, second.saturated, second.saturated_count) == (8, tuple(ends), len(ends))
    assert 0 < len(ends) < 8


def test_slopes_are_those_of_finite_differences_and_updates_those_of_a_step():
    model = net()
    forward = forward_of(model, (X, Y))
    probe, updates = LookProbe(forward), Updates(forward)
    kernels = probe.take().kernels
    assert [(one.name, one.fan_in) for one in kernels] == [("kernel", 5), ("kernel", 12), ("kernel", 8)]
    x, y = X[probe.rows], Y[probe.rows]
    last = model.layers[-1].kernel
    weights = np.array(keras.ops.convert_to_numpy(last))
    slopes = np.zeros_like(weights)
    for place in np.ndindex(*weights.shape):
        losses = []
        for move in (1e-2, -1e-2):
            moved = weights.copy()
            moved[place] += move
            last.assign(moved)
            losses.append(total_loss(model, x, y))
        slopes[place] = (losses[0] - losses[1]) / 2e-2
    last.assign(weights)
    assert kernels[-1].gradient == pytest.approx(np.abs(slopes).mean(), rel=0.01)
    assert kernels[-1].norm == pytest.approx(np.linalg.norm(slopes), rel=0.01)
    assert kernels[-1].mean == pytest.approx(np.abs(weights).mean(), rel=1e-5)
    assert kernels[-1].std == pytest.approx(weights.std(), rel=1e-5)
    updates.begin()
    model.train_on_batch(X[:20], Y[:20])
    now = np.array(keras.ops.convert_to_numpy(last))
    assert updates.end()[-1] == pytest.approx(np.abs(now - weights).mean() / np.abs(weights).mean(), rel=1e-4)


def test_biases_of_heads_and_of_gates_are_no_kernels_though_they_have_two_axes():
    x = keras.Input((6, 4))
    found = layers.GRU(3)(layers.MultiHeadAttention(2, 3)(x, x))
    model = keras.Model(x, layers.Dense(2, "softmax")(found))
    model.compile("adam", "sparse_categorical_crossentropy")
    rows = RNG.normal(size=(20, 6, 4)).astype(np.float32)
    names = [kernel.name for kernel in LookProbe(forward_of(model, (rows, np.arange(20) % 2))).take().kernels]
    assert len(names) == 7  # four of the heads, two of the gates, one of the output
    assert not [name for name in names if "bias" in name]


def test_a_look_leaves_no_trace_and_knows_batch_statistics():
    model, data = rich_net(), rich_data()
    model.fit(*data, epochs=1, verbose=0)
    forward = forward_of(model, data, data)
    before, probe = state(model), LookProbe(forward)
    looks = [probe.take() for _ in range(3)]
    assert_same_state(state(model), before)
    assert all(np.isfinite(one.loss) for one in looks)
    assert model.get_metrics_result()["accuracy"] >= 0


def test_facts_are_read_from_model_and_data():
    facts = read_facts(forward_of(net(), (X, Y), (X[:40] * 30, Y[:40])))
    assert (facts.output_activation, facts.output_units, facts.loss) == ("softmax", 3, "sparsecategoricalcrossentropy")
    shares = np.bincount(Y[LookProbe(forward_of(net(), (X, Y))).rows]) / 256
    assert facts.base_loss == pytest.approx(-(shares * np.log(shares)).sum())
    assert facts.targets.counts == tuple(np.bincount(Y))
    assert facts.targets.next_alike > 0.98
    assert facts.validation.spread > 20
    assert [layer.activation for layer in facts.layers if layer.has_kernel] == ["relu", "tanh", "softmax"]
    smoothed = net()
    smoothed.compile("sgd", keras.losses.CategoricalCrossentropy(label_smoothing=0.1))
    facts = read_facts(forward_of(smoothed, (X, np.eye(3)[Y])))
    assert np.isnan(facts.base_loss)
    assert "smooths labels" in facts.why_unknown("loss")
