"""Views and panels of models of strange structure: very many layers, very deep nests, evil names, changes under way."""

import json

import keras
import numpy as np
import pytest
from keras import layers

import nnvis_widget as nv
from nnvis_widget.stream.frame import decode_frame

COLORS = ("size", "gradient", "dead", "change")
X = np.random.default_rng(3).normal(size=(12, 2)).astype(np.float32)
Y = np.zeros((12, 2), np.float32)


def assert_shown(view, colors=COLORS):
    """Whatever is asked of it, the view tells of it and nothing fails."""
    for color in colors:
        view.layer_color = color
        view.look()
        assert decode_frame(view.get_state()["frame"]).header["kind"] == "snapshot"
    assert view.source.status.problem is None
    assert view.describe()
    assert len(json.dumps([view.graph, view.index])) < 400_000


EVIL = [
    "<b>bold</b>",
    "a/b",
    "層 \u202e x",
    "😀",
    "a" * 10_000,
    "__proto__",
    "con\x00trol",
    "</script>",
    "<script>",
    "selected",
]


def test_a_deep_network_of_evil_names_twice_each_is_shown_and_its_panels_write_text():
    class Holding(keras.Model):
        def __init__(self):
            super().__init__(name="holding")
            self.parts = [layers.Dense(2, "relu") for _ in range(5 * len(EVIL))]

        def call(self, x):
            for part in self.parts:
                x = part(x)
            return x

    model = Holding()
    model.compile("sgd", "mse")
    model(X)
    for place, part in enumerate(model.parts):
        part.name = EVIL[place % len(EVIL)]
    view = nv.NetworkView(model)  # without samples: TensorFlow calls no layer of such a name
    assert_shown(view)
    for panel in (nv.GradientFlow(view), nv.WeightHeatmap(view), nv.ActivationPanel(view)):
        assert panel.describe()
        told = " ".join(str(child.value) for child in panel.children if hasattr(child, "value"))
        assert "<b>bold" not in told
        assert "<script" not in told
        panel.close()
    layer = next(one for one in view.source.structure.layers if one.path.endswith("[1]") and one.type == "Dense")
    shown = nv.WeightHeatmap(view, layer.path).table().query("parameter == 'kernel'")
    assert len(shown) == 4
    assert set(shown.layer) == {layer.path}
    view.close()


def test_three_thousand_layers_are_shown_and_those_that_are_not_listed_are_counted():
    class Many(keras.Model):
        def __init__(self):
            super().__init__(name="many")
            self.rows = [layers.Activation("relu") for _ in range(3_100)]

        def call(self, x):
            for row in self.rows:
                x = row(x)
            return x

    model = Many()
    model(X)
    view = nv.NetworkView(model)  # without samples: TensorFlow takes a minute to compile so many
    assert view.index["count"] >= 3_100
    assert len(view.index["layers"]) == 3_000
    assert_shown(view, ("dead", "change"))
    assert "3,101 layers" in view.describe()
    view.close()


def test_a_nest_twenty_deep_is_shown_opened_and_read_by_its_path():
    x = layers.Input((2,))
    model = keras.Model(x, layers.Dense(2, name="core")(x), name="depth")
    for depth in range(20):
        x = layers.Input((2,))
        model = keras.Model(x, layers.Dense(2, name=f"after_{depth}")(model(x)), name=f"depth_{depth}")
    model.compile("sgd", "mse")
    view = nv.NetworkView(model, data=(X, Y))
    groups = view.source.structure.groups
    view.opened = tuple(group.path for group in groups)
    assert len(view.opened) == 20
    assert_shown(view)
    core = next(layer for layer in view.source.structure.layers if layer.name == "core")
    assert core.path.count("/") == 20
    flow = nv.GradientFlow(view)
    assert set(flow.table().layer) == {"core", *(f"after_{depth}" for depth in range(20))}
    assert nv.WeightHeatmap(view, core.path).table().layer.unique().tolist() == ["core"]
    view.close()


def test_a_model_within_another_twice_is_drawn_once_and_its_panels_have_its_weights_once():
    inner = keras.Sequential([keras.Input((2,)), layers.Dense(2, "relu", name="shared")], name="inner")
    x = layers.Input((2,))
    model = keras.Model(x, inner(inner(x)), name="twice")
    model.compile("sgd", "mse")
    view = nv.NetworkView(model, data=(X, Y))
    view.opened = ("inner",)
    assert_shown(view)
    flow = nv.GradientFlow(view)
    view.look()
    assert flow.table().layer.unique().tolist() == ["shared"]
    assert nv.WeightHeatmap(view).table().query("parameter == 'kernel'").shape[0] == 4
    assert nv.ActivationPanel(view).describe()
    view.close()


def unfreeze(inner):
    inner.trainable = True


def add_a_layer(inner):
    inner.add(layers.Dense(2, name="new"))


def compile_anew(inner):
    del inner


@pytest.mark.parametrize("change", [unfreeze, add_a_layer, compile_anew])
def test_a_change_within_a_nested_model_is_shown_by_the_view_and_its_panels(change):
    inner = keras.Sequential(
        [keras.Input((2,)), layers.Dense(2, "relu", name="a"), layers.Dense(2, name="b")], name="in"
    )
    inner.trainable = False
    model = keras.Sequential([keras.Input((2,)), inner, layers.Dense(2, name="end")], name="around")
    model.compile("sgd", "mse")
    view = nv.NetworkView(model, data=(X, Y))
    heat_map, flow = nv.WeightHeatmap(view), nv.GradientFlow(view)
    assert flow.table().layer.unique().tolist() == ["end"]
    change(inner)
    model.compile("adam", "mse")
    assert_shown(view)
    trained = [layer.name for layer in inner.layers if layer.trainable_variables]
    assert flow.table().layer.unique().tolist() == [*trained, "end"]
    assert set(heat_map.table().layer) == {*(layer.name for layer in inner.layers), "end"}
    view.close()
