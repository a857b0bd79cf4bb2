"""The layers of docs/own-layers.md with what is to be drawn of them, run from the guide itself, and models of them."""

import re
from pathlib import Path

import keras
import numpy as np
from keras import layers, ops

import nnvis_widget as nv

GUIDE = Path(__file__).parents[2] / "docs/own-layers.md"

names = {"__name__": "guide", "keras": keras, "ops": ops, "nv": nv}
for block in re.findall(r"^```python\n(.*?)^```", GUIDE.read_text("utf-8"), re.DOTALL | re.MULTILINE):
    exec(compile(block, str(GUIDE), "exec"), names)
Fourier, Mixture, GraphConvolution = (names[name] for name in ("Fourier", "Mixture", "GraphConvolution"))


def mixed():
    """Fourier, then a mixture of experts."""
    x = keras.Input((2,), name="x")
    inner = Mixture(name="moe")(Fourier(name="waves")(x))
    return keras.Model(x, layers.Dense(2, "softmax", name="end")(inner), name="mixed")


def over_nodes(nodes=5):
    """A convolution over a graph of so many nodes."""
    x, edges = keras.Input((nodes, 3), name="nodes"), keras.Input((nodes, nodes), name="edges")
    spread = layers.GlobalAveragePooling1D(name="mean")(GraphConvolution(4, name="spread")([x, edges]))
    return keras.Model([x, edges], layers.Dense(1, name="end")(spread), name="over_nodes")


def points(count=24):
    x = np.random.default_rng(7).normal(size=(count, 2)).astype("float32")
    return x, (x[:, 0] * x[:, 1] > 0).astype("int32")


def graphs(count=8, nodes=5):
    rng = np.random.default_rng(7)
    edges = (rng.random((count, nodes, nodes)) < 0.5).astype("float32")
    return [rng.normal(size=(count, nodes, 3)).astype("float32"), edges], rng.normal(size=count).astype("float32")
