"""A model gets other layers: a panel shows those, or says that the one it was made for is gone."""

from __future__ import annotations

from collections.abc import Callable
from threading import Event, Thread, current_thread
from typing import Any

import keras
import numpy as np
import pytest
from keras import layers

import nnvis_widget as nv
from nnvis_widget.errors import ModelError

from ..limits import PATIENCE_S
from .helpers import head

X = np.random.default_rng(3).normal(size=(24, 3)).astype(np.float32)
Y = np.arange(24) % 2


def end(middle: str, last: str) -> list[Any]:
    """Two layers of the same shapes under other names."""
    return [layers.Dense(4, "tanh", name=middle), layers.Dense(2, "softmax", name=last)]


def exchange(model: keras.Sequential, middle: str, last: str) -> None:
    """Take the last two layers off and put others in their places."""
    for _ in range(2):
        model.pop()
    for layer in end(middle, last):
        model.add(layer)
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])


@pytest.fixture
def view() -> nv.NetworkView:
    model = keras.Sequential([keras.Input((3,)), layers.Dense(5, "relu", name="a"), *end("b", "c")])
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    view = nv.NetworkView(model, data=(X, Y))
    model.fit(X, Y, epochs=2, verbose=0, callbacks=[nv.LiveCallback(view)])
    return view


def changed(view: nv.NetworkView, middle: str = "d", last: str = "e") -> keras.Sequential:
    exchange(view.model, middle, last)
    view.look()
    return view.model


Panels = Callable[..., Any]
OF_ALL: dict[str, Panels] = {
    "weights": nv.WeightHeatmap,
    "activations": nv.ActivationPanel,
    "gradient flow": nv.GradientFlow,
    "activation function": nv.ActivationFunctionPanel,
}
OF_ONE: dict[str, Panels] = {
    "weights": lambda view: nv.WeightHeatmap(view, "c"),
    "activation function": lambda view: nv.ActivationFunctionPanel(view, "b"),
    "activations": lambda view: nv.ActivationPanel(view, layers=["b", "c"]),
    "distribution": lambda view: nv.WeightHistogram(view, "c"),
    "weights over time": lambda view: nv.WeightsOverTime(view, "c"),
    "gradient flow": lambda view: nv.GradientFlow(view, layers=["c"]),
}


class Slow(layers.Dense):
    """A layer that is being built until somebody has looked."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.begun, self.looked = Event(), Event()

    def build(self, shape: Any) -> None:
        self.begun.set()
        assert self.looked.wait(PATIENCE_S)
        super().build(shape)


class Halting(layers.Layer):
    """Holds up a thread that runs it."""

    def __init__(self) -> None:
        super().__init__()
        self.halted: Thread | None = None
        self.reached, self.passed = Event(), Event()

    def call(self, inputs: Any) -> Any:
        if current_thread() is self.halted:
            self.reached.set()
            assert self.passed.wait(PATIENCE_S)
        return inputs


def test_a_layer_that_somebody_adds_during_a_look_is_for_them_to_build() -> None:
    halting, slow = Halting(), Slow(2, "softmax", name="slow")
    model = keras.Sequential([keras.Input((3,)), layers.Dense(2, name="a"), halting, layers.Softmax()])
    model.compile("adam", "sparse_categorical_crossentropy")
    view = nv.NetworkView(model, data=(X, Y), edges="gradient")
    view.look()
    model.pop()
    looking, adding = Thread(target=view.look), Thread(target=model.add, args=[slow])
    halting.halted = looking
    looking.start()
    assert halting.reached.wait(PATIENCE_S)
    adding.start()
    assert slow.begun.wait(PATIENCE_S)
    halting.passed.set()
    looking.join()
    slow.looked.set()
    adding.join()
    assert [weight.name for weight in slow.weights] == ["kernel", "bias"]
    view.look()
    assert "slow" in view.describe()
    assert view.source.status.problem is None
    shown = nv.ActivationPanel(view, layers=["slow"]).table().value
    np.testing.assert_allclose(shown, model.predict_on_batch(X[:1])[0], atol=1e-6)
    view.close()


def test_a_panel_of_no_layer_by_name_is_of_the_new_ones(view: nv.NetworkView) -> None:
    panels = {kind: make(view) for kind, make in OF_ALL.items()}
    changed(view)
    for kind, panel in panels.items():
        words = f"{panel.describe()} {head(panel)} {panel.table().to_string()}"
        gone = [f" {name}{after}" for name in "bc" for after in ":;,. "]
        assert not any(one in words for one in gone), kind
        assert any(name in words for name in (" d", " e")), kind


def test_the_numbers_are_those_of_the_new_layers(view: nv.NetworkView) -> None:
    heat_map, over_time = nv.WeightHeatmap(view), nv.WeightsOverTime(view, "a")
    activations = nv.ActivationPanel(view)
    model = changed(view)
    shown = heat_map.table()
    for layer in model.layers:
        kernel = shown[(shown.layer == layer.name) & (shown.parameter == "kernel")].value
        np.testing.assert_array_equal(kernel, keras.ops.convert_to_numpy(layer.kernel).ravel())
    output = activations.table()
    np.testing.assert_allclose(output[output.layer == "e"].value, model.predict_on_batch(X[:1])[0], atol=1e-6)
    assert len(over_time.table()) == 1  # what was measured before is of other layers


def test_a_panel_of_a_layer_that_is_gone_says_so_until_it_is_back(view: nv.NetworkView) -> None:
    panels = {kind: make(view) for kind, make in OF_ONE.items()}
    before = {kind: panel.table() for kind, panel in panels.items()}
    changed(view)
    for kind, panel in panels.items():
        assert "The model has other layers now." in panel.describe(), kind
        assert "The model has other layers now." in head(panel), kind
        with pytest.raises(ModelError, match="other layers now"):
            panel.table()
    changed(view, "b", "c")
    for kind, panel in panels.items():
        assert "other layers" not in panel.describe(), kind
        assert list(panel.table().columns) == list(before[kind].columns), kind
        panel.close()


def test_the_past_of_other_layers_is_no_past_of_these_and_the_metrics_stay(view: nv.NetworkView) -> None:
    run, losses = view.source.run, view.source.run.scalars("loss")[1].copy()
    assert run.kept_count > 1
    model = changed(view)
    assert run.kept_count == 1
    np.testing.assert_array_equal(run.scalars("loss")[1], losses)
    view.step = 0
    assert "e" in [layer.name for layer in view.source.graph.layers]
    model.fit(X, Y, epochs=1, verbose=0, callbacks=[nv.LiveCallback(view)])
    assert run.kept_count > 1


def test_what_is_trained_or_how_may_change_without_a_loss_of_the_past(view: nv.NetworkView) -> None:
    kept = view.source.run.kept_count
    flow = nv.GradientFlow(view)
    assert " b: " in flow.describe()
    view.model.layers[1].trainable = False
    view.model.compile("sgd", "sparse_categorical_crossentropy")
    view.look()
    assert view.source.run.kept_count == kept
    assert " b: " not in flow.describe()


def test_a_matrix_of_classes_is_of_those_that_the_model_tells_apart_now(view: nv.NetworkView) -> None:
    matrix = nv.ConfusionMatrix(view)
    assert matrix.table().shape == (2, 2)
    view.model.pop()
    view.model.add(layers.Dense(3, "softmax", name="three"))
    view.model.compile("adam", "sparse_categorical_crossentropy")
    view.look()
    assert matrix.table().shape == (3, 3)
    assert matrix.table().to_numpy().sum() == len(X)
