"""Which places a place of a map is made of: against which outputs move when a row or column of the input does."""

import keras
import numpy as np
import pytest
from keras import layers

from nnvis_widget.core.window import Window
from nnvis_widget.keras_adapter.read_graph import read_graph

LAYERS = {
    "zero padding": lambda: layers.ZeroPadding2D(((2, 1), (0, 3))),
    "cropping": lambda: layers.Cropping2D(((1, 2), (2, 0))),
    "up-sampling": lambda: layers.UpSampling2D((2, 3)),
    "pooling": lambda: layers.AveragePooling2D(3, strides=2, padding="same"),
    "convolution": lambda: layers.Conv2D(2, (3, 2), dilation_rate=2, padding="same"),
    "transposed": lambda: layers.Conv2DTranspose(2, (3, 2), strides=2, padding="same"),
    "zero padding of a sequence": lambda: layers.ZeroPadding1D((2, 1)),
    "cropping of a sequence": lambda: layers.Cropping1D((1, 2)),
    "up-sampling of a sequence": lambda: layers.UpSampling1D(3),
    "pooling of a sequence": lambda: layers.AveragePooling1D(2),
    "causal": lambda: layers.Conv1D(2, 3, dilation_rate=2, padding="causal"),
}


@pytest.mark.parametrize("kind", LAYERS)
def test_a_place_is_made_of_what_its_window_reads(kind):
    shape = (9, 2) if "sequence" in kind or kind == "causal" else (9, 8, 2)
    keras.utils.set_random_seed(0)
    layer = LAYERS[kind]()
    model = keras.Sequential(
        [layers.Input(shape), layers.Conv1D(2, 1) if len(shape) == 2 else layers.Conv2D(2, 1), layer]
    )
    window = read_graph(model).folded().by_name(layer.name).window
    x = np.random.default_rng(0).normal(size=(1, *shape)).astype("float32")
    plain = keras.ops.convert_to_numpy(layer(x))[0]
    for axis in range(len(shape) - 1):
        own = axis if len(shape) == 3 else 1
        moved = {}
        for place in range(shape[axis]):
            other = x.copy()
            other[(0, *[slice(None)] * axis, place)] += 1
            differs = np.abs(keras.ops.convert_to_numpy(layer(other))[0] - plain) > 1e-6
            others = tuple(one for one in range(differs.ndim) if one != axis)
            for made in np.flatnonzero(differs.any(axis=others)):
                moved.setdefault(int(made), set()).add(place)
        for made in range(plain.shape[axis]):
            at = (made, 0) if own == 0 else (0, made)
            reads = {place for place, _ in window.reads(at, own) if 0 <= place < shape[axis]}
            assert reads == moved.get(made, set())


def test_what_joins_several_has_the_window_of_a_place_unless_it_multiplies_whole_pictures():
    given = layers.Input((6, 6, 2))
    one = layers.Conv2D(2, 3, padding="same")(given)
    joins = {
        "added": layers.Add(name="added")([given, one]),
        "beside": layers.Concatenate(name="beside")([given, one]),
        "operator": one + given,
        "dotted": layers.Dot(axes=3, name="dotted")([given, one]),
    }
    graph = read_graph(keras.Model(given, list(joins.values())))
    windows = {layer.name: layer.window for layer in graph.layers if layer.role == "merge"}
    assert windows.pop("dotted") is None
    assert set(windows.values()) == {Window()}
    assert len(windows) == 3
