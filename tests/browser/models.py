"""Notebook cells for the browser tests: real models, real data."""

MOONS = """
import keras
import ipywidgets
import nnvis_widget as nv

keras.utils.set_random_seed(3)
data = nv.datasets.moons(n=200, noise=0.15, seed=0)
model = keras.Sequential(
    [keras.Input((2,)), keras.layers.Dense(6, "tanh"), keras.layers.Dense(4, "tanh"), keras.layers.Dense(1, "sigmoid")],
    name="moons_mlp",
)
model.compile(keras.optimizers.Adam(0.01), "binary_crossentropy", metrics=["accuracy"])
trainer = nv.Trainer(model, data)
"""

VIEW = """
view = nv.NetworkView(trainer)
view
"""

CONTROLS = """
controls = nv.Controls(trainer)
controls
"""
