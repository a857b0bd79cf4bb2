"""What few layers have in the inspector: lanes of attention, kept states, slices, states over time, reasons."""

from __future__ import annotations

import keras
import numpy as np
from keras import layers
from playwright.sync_api import expect

import nnvis_widget as nv

from .joined_page import JoinedPage
from .network_page import NetworkPage
from .scene_page import PROBES
from .test_accessibility import findings
from .widget_page import WidgetPage

RANDOM = np.random.default_rng(0)
FAULTS = (PROBES / "layout_faults.js").read_text("utf-8")
HEADINGS = (
    ("Query, key, value", "Kept state", "Slice by slice", "Along the sequence", "tuned", "small"),
    ("查询、键、值", "保留的状态", "逐片查看", "沿着序列", "tuned", "small"),
)
REASONS = (("LoRA: it computes", "quantized (int8)"), ("LoRA：用", "已量化（int8）"))


def attention() -> keras.Model:
    tokens = keras.Input((5,), dtype="int32")
    x = layers.Embedding(7, 8)(tokens)
    x = layers.MultiHeadAttention(2, 4, name="chosen")(x, x)
    return keras.Model(tokens, layers.Dense(2)(layers.Flatten()(x)))


def tuned(name: str) -> keras.Model:
    model = keras.Sequential([keras.Input((3,)), layers.Dense(4, name="tuned"), layers.Dense(4, name="small")])
    model.layers[0].enable_lora(2)
    model.layers[1].quantize("int8")
    return model


def views() -> list[nv.NetworkView]:
    shapes = {
        attention(): RANDOM.integers(0, 7, (4, 5)),
        keras.Sequential([keras.Input(batch_shape=(4, 5, 2)), layers.LSTM(3, stateful=True, name="chosen")]): (4, 5, 2),
        keras.Sequential([keras.Input((3, 5, 5, 1)), layers.Conv3D(2, 2, name="chosen")]): (4, 3, 5, 5, 1),
        keras.Sequential([keras.Input((3, 6, 6, 1)), layers.ConvLSTM2D(2, 3, name="chosen")]): (4, 3, 6, 6, 1),
    }
    chosen = [(model, "chosen", data) for model, data in shapes.items()]
    chosen += [(tuned("tuned"), "tuned", (4, 3)), (tuned("small"), "small", (4, 3))]
    made = []
    for model, layer, data in chosen:
        x = RANDOM.normal(size=data).astype("float32") if isinstance(data, tuple) else data
        view = nv.NetworkView(model, data=x)
        place = {"unit": 0, "place": [3, 1]} if layer == "chosen" and not isinstance(data, tuple) else {}
        view.selection = {"layer": view.source.structure.at(layer).id, **place}
        made.append(view)
    return made


def expect_all_well(joined: JoinedPage, networks: list[NetworkPage], language: int) -> None:
    for network, heading in zip(networks, HEADINGS[language], strict=True):
        expect(network.root.locator(".nv-inspector h3", has_text=heading).first).to_be_attached()
    for network, reason in zip(networks[-2:], REASONS[language], strict=True):
        expect(network.root.locator(".nv-inspector")).to_contain_text(reason)
    assert findings(joined.page) == []
    faults = {
        heading: joined.page.evaluate(FAULTS, f"#host > div:nth-child({number})")
        for number, heading in enumerate(HEADINGS[0], 1)
    }
    assert faults == {heading: [] for heading in HEADINGS[0]}


def test_they_are_read_by_everybody_in_both_languages_themes_and_widths(joined: JoinedPage) -> None:
    widget, networks = WidgetPage(joined.page), joined.show(*views(), width=1100)
    expect_all_well(joined, networks, 0)
    try:
        nv.set_language("zh")
        widget.set_theme("dark")
        widget.set_width(596)
        expect_all_well(joined, networks, 1)
    finally:
        nv.set_language(None)
