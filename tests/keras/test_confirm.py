"""Is nothing claimed of a layer's arithmetic that its own numbers do not confirm?"""

from __future__ import annotations

from typing import Any

import keras
import numpy as np
import pytest
import tensorflow as tf
from keras import layers

import nnvis_widget as nv
from nnvis_widget.keras_adapter import within
from nnvis_widget.keras_adapter.confirm import OTHERWISE
from nnvis_widget.keras_adapter.read.roles import changed_kernel

from ..precisions import precisions
from .page import Page

RNG = np.random.default_rng(8)
X = RNG.normal(size=(6, 5)).astype(np.float32)
ONES = keras.initializers.Constant(0.3)


def built(layer: Any, x: np.ndarray = X, dtype: str | None = None) -> keras.Model:
    model = keras.Sequential([layers.Input(x.shape[1:]), layer, layers.Dense(2, name="after", dtype=dtype)])
    model.get_layer("after").bias.assign([0.5, -0.5])
    return model


def plain(activation: str | None) -> keras.Model:
    return built(layers.Dense(4, activation, bias_initializer=ONES, name="told"))


def patched() -> keras.Model:
    layer = layers.Dense(4, "relu", name="told")
    model = built(layer)
    own = layer.call
    layer.call = lambda x, training=None: own(2 * x)
    return model


def masked() -> keras.Model:
    layer = layers.Dense(4, name="told")
    model = built(layer)
    mask = np.float32([[1, 0, 1, 0]] * 5)
    layer.call = lambda x, training=None: keras.ops.matmul(x, layer.kernel * mask) + layer.bias
    return model


def quantized() -> keras.Model:
    layer = layers.Dense(4, name="told")
    model = built(layer)
    layer.quantize("int8")
    return model


def low_rank() -> keras.Model:
    layer = layers.Dense(4, name="told")
    model = built(layer)
    layer.enable_lora(2)
    return model


def wrapped() -> keras.Model:
    return built(layers.SpectralNormalization(layers.Dense(4), name="told"))


def swapped_activation() -> keras.Model:
    """An activation that is put on another time by the call."""
    layer = layers.Dense(4, "sigmoid", name="told")
    model = built(layer)
    own = layer.call
    layer.call = lambda x, training=None: keras.ops.sigmoid(own(x))
    return model


def told(model: keras.Model, x: np.ndarray = X) -> tuple[Any, set[str]]:
    """What is said of the layer `told`, and which of its numbers reach the page."""
    page = Page(model, data=x)
    layer = page.source.graph.by_name("told")
    tensors = page.source.run.latest.tensors
    page.close()
    return layer, {key.quantity for key in tensors if key.layer == layer.id}


@pytest.mark.parametrize("build", [patched, masked, quantized, low_rank, wrapped, swapped_activation])
def test_what_the_numbers_do_not_confirm_is_told_by_its_output_alone(build: Any) -> None:
    model = build()
    layer, quantities = told(model)
    assert layer.role == "opaque"
    assert layer.note == (None if build is wrapped else changed_kernel(model.get_layer("told")) or OTHERWISE)
    assert "z" not in quantities
    after, _ = next((one, 0) for one in nv.NetworkView(model, data=X).source.graph.layers if one.name == "after")
    assert after.role == "dense"


@pytest.mark.parametrize("activation", [None, "relu", "tanh", "sigmoid", "softmax", "gelu", "selu", "swish"])
def test_what_they_confirm_has_its_sum(activation: str | None) -> None:
    layer, quantities = told(plain(activation))
    assert (layer.role, layer.note) == ("dense", None)
    assert ("z" in quantities) == (activation is not None)


@pytest.mark.parametrize("dtype", precisions("mixed_float16", "mixed_bfloat16", "float16", "bfloat16", "float64"))
def test_less_precision_is_no_other_rule(dtype: str) -> None:
    keras.utils.set_random_seed(1)
    x = RNG.normal(size=(6, 300)).astype(np.float32)
    layer = layers.Dense(64, "tanh", name="told", dtype=dtype)
    model = built(layer, x, dtype)
    assert told(model, x)[0].role == "dense"
    own = layer.call
    layer.call = lambda x, training=None: own(2 * x)
    assert told(model, x)[0].role == "opaque"


@pytest.mark.parametrize("scale", [0.0, 1e-4, 1e6])
def test_small_and_large_inputs_are_no_other_rule(scale: float) -> None:
    assert told(plain("tanh"), X * np.float32(scale))[0].role == "dense"


def test_what_is_not_finite_says_nothing_against_a_layer() -> None:
    model = plain("relu")
    model.get_layer("told").kernel.assign(np.full((5, 4), np.nan))
    assert told(model)[0].role == "dense"


def test_layers_over_sequences_and_in_branches_are_confirmed_too() -> None:
    x = layers.Input((3, 5))
    one = layers.Dense(4, "relu", name="told", bias_initializer=ONES)(x)
    other = layers.Dense(4, "tanh", name="other")(x)
    model = keras.Model(x, layers.Add()([one, other]))
    inputs = RNG.normal(size=(6, 3, 5)).astype(np.float32)
    assert told(model, inputs)[0].role == "dense"
    layer = model.get_layer("told")
    own = layer.call
    layer.call = lambda x, training=None: own(-x)
    assert told(model, inputs)[0].role == "opaque"


class Own(layers.Layer):
    def call(self, x):
        return 2 * x


def looking() -> keras.Model:
    """Own code, an attention layer, and a dense layer that computes otherwise."""
    x = layers.Input((3, 5))
    dense = layers.Dense(4, name="told")
    y = dense(Own()(layers.MultiHeadAttention(1, 2)(x, x)))
    own = dense.call
    dense.call = lambda x, training=None: own(-x)
    return keras.Model(x, y)


class Counting(Own):
    def call(self, x):
        self.calls = getattr(self, "calls", 0) + 1
        return super().call(x)


@pytest.mark.parametrize(("own", "times"), [(Counting, 1), (Own, 0)])
def test_only_code_that_tells_of_each_run_is_compiled_and_once_for_it_and_the_first_look(
    own: type, times: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    compiled, compile_it = [], tf.function
    monkeypatch.setattr(tf, "function", lambda *args, **options: compiled.append(1) or compile_it(*args, **options))
    model = keras.Sequential([layers.Input((5,)), own(), layers.Dense(4, "tanh", name="told")])
    assert told(model)[0].role == "dense"
    assert len(compiled) == times


def test_scores_that_cannot_be_taken_out_do_not_silence_it(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: Any) -> None:
        raise ValueError("no scores")

    monkeypatch.setattr(within, "scores_of", fails)
    x = RNG.normal(size=(6, 3, 5)).astype(np.float32)
    with pytest.warns(RuntimeWarning, match="no scores"):
        assert told(looking(), x)[0].role == "opaque"
