"""Maps with the channels first, and sequences as strips: against a twin of the usual order, and single points."""

import keras
import numpy as np
import pytest
from keras import layers

import nnvis_widget as nv
from tests.keras.page import until
from tests.keras.test_kinds_of_convolution import answers, placed
from tests.keras.test_maps import assert_drawn, frame_of, id_of

FIRST = {"data_format": "channels_first"}
OF_MAPS = ("map_picture", "map_moments", "map_index", "map_link", "map_kernel", "patch", "patch_kernel", "picture")


def branching(order):
    """A network with skips; layers between tell of no order."""
    told = FIRST if order == "first" else {"data_format": "channels_last"}
    axis = 1 if order == "first" else -1
    shape = (3, 12, 10) if order == "first" else (12, 10, 3)
    keras.utils.set_random_seed(5)
    given = layers.Input(shape, name="given")
    conv = layers.Conv2D(4, 3, padding="same", name="conv", **told)(given)
    active = layers.ReLU(name="relu")(layers.BatchNormalization(axis=axis, name="norm")(conv))
    deep = layers.DepthwiseConv2D(3, padding="same", name="deep", **told)(active)
    both = layers.Concatenate(axis=axis, name="both")([deep, layers.Add(name="sum")([deep, active])])
    wide = layers.SeparableConv2D(18, 3, strides=2, padding="same", activation="relu", name="wide", **told)(both)
    small = layers.MaxPooling2D(name="pool", **told)(wide)
    large = layers.Conv2DTranspose(5, 3, strides=2, name="large", **told)(small)
    out = layers.Dense(3, "softmax", name="out")(layers.Flatten(data_format="channels_last")(large))
    return keras.Model(given, out)


def twins():
    """The same network in both orders, and pictures for each."""
    last, first = branching("last"), branching("first")
    weights = last.get_weights()
    rows, columns, maps = last.get_layer("large").output.shape[1:]
    *others, kernel, bias = weights
    kernel = np.moveaxis(kernel.reshape(rows, columns, maps, -1), 2, 0).reshape(kernel.shape)
    first.set_weights([*others, kernel, bias])
    x = np.random.default_rng(2).normal(size=(6, 12, 10, 3)).astype("float32")
    return (last, x), (first, np.moveaxis(x, -1, 1).copy())


def assert_twins_are_drawn_alike():
    views = [nv.NetworkView(model, data=(x, np.arange(6) % 3)) for model, x in twins()]
    for layer, unit, place in (("conv", 2, (0, 9)), ("deep", 1, (4, 4)), ("wide", 17, (2, 0)), ("large", 3, (5, 2))):
        frames = []
        for view in views:
            placed(view, id_of(view, layer), unit, place)
            until(lambda view=view: frame_of(view).find("map_index", id_of(view, "wide")).attributes["by"] != "mean")
            frames.append(frame_of(view))
        expected = [one for one in frames[0].sections if one.quantity in OF_MAPS]
        assert {"map_picture", "map_link", "patch"} <= {one.quantity for one in expected}
        for one in expected:
            other = frames[1].find(one.quantity, one.layer, one.name)
            assert other is not None, (one.quantity, one.layer)
            if one.values.dtype == np.uint8:
                assert np.abs(one.values.astype(int) - other.values).max() <= 1
            else:
                np.testing.assert_allclose(other.values, one.values, rtol=1e-3, atol=1e-5)
    given = [frame.find("activation", id_of(view, "given")) for frame, view in zip(frames, views, strict=True)]
    picture = frames[1].find("picture", id_of(views[1], "given"))
    assert given[1] is None
    low, high = picture.attributes["lo"], picture.attributes["hi"]
    shown = low + (picture.values.astype(float) - 1) / 254 * (high - low)
    np.testing.assert_allclose(shown, given[0].values.reshape(12, 10, 3), atol=(high - low) / 254 + 1e-6)


def test_a_network_with_the_channels_first_is_drawn_as_its_twin_with_the_channels_last():
    assert_twins_are_drawn_alike()


STRIPS = {
    "same": ((9, 3), lambda: layers.Conv1D(4, 3, padding="same", strides=2)),
    "causal": ((9, 3), lambda: layers.Conv1D(4, 3, padding="causal", dilation_rate=2)),
    "grouped": ((9, 4), lambda: layers.Conv1D(6, 2, groups=2)),
    "first": ((3, 9), lambda: layers.Conv1D(4, 3, **FIRST)),
    "depthwise": ((9, 3), lambda: layers.DepthwiseConv1D(3, depth_multiplier=2, padding="same")),
    "separable": ((9, 3), lambda: layers.SeparableConv1D(4, 3, depth_multiplier=2)),
    "transposed": ((9, 3), lambda: layers.Conv1DTranspose(4, 4, strides=3)),
    "transposed, same, first": ((3, 9), lambda: layers.Conv1DTranspose(4, 3, strides=2, padding="same", **FIRST)),
}


@pytest.mark.parametrize(("shape", "make"), STRIPS.values(), ids=STRIPS)
def test_a_convolution_over_a_sequence_has_strips_and_the_parts_of_a_place_are_what_each_map_gives_to_it(shape, make):
    assert_strips_are_told(shape, make)


def assert_strips_are_told(shape, make):
    is_first = shape[0] < shape[1]
    keras.utils.set_random_seed(1)
    layer = make()
    model = keras.Sequential([layers.Input(shape, name="given"), layer, layers.Flatten(), layers.Dense(2, name="out")])
    x = np.random.default_rng(0).normal(size=(3, *shape)).astype("float32")
    view = nv.NetworkView(model, data=x)
    own = id_of(view, layer.name)
    made = keras.ops.convert_to_numpy(layer(x[:1]))[0]
    given = answers(layer, shape) * x[0].reshape(*shape, 1, 1)
    if is_first:
        made, given = made.T, given.transpose(1, 0, 3, 2)
    assert_drawn(frame_of(view), own, made[None])
    frame, own_input = frame_of(view), view.source.graph.inputs[0]
    assert frame.find("picture", own_input) is None  # of few channels lines are drawn, of the numbers themselves
    np.testing.assert_array_equal(frame.find("activation", own_input).values, x[0].reshape(-1))
    for place in (0, 1, len(made) - 1):
        for unit in (0, made.shape[1] - 1):
            patch, kernel = placed(view, own, unit, (0, place))
            first, parts = patch.attributes["first"], (patch.values * kernel.values).sum((1, 2))
            expected = given[:, :, place, unit].sum(0)
            np.testing.assert_allclose(parts, expected[first : first + len(parts)], atol=1e-5)
            np.testing.assert_allclose(np.delete(expected, range(first, first + len(parts))), 0, atol=1e-6)
            np.testing.assert_allclose(parts.sum() + patch.attributes["bias"], made[place, unit], atol=1e-5)


def test_what_a_sequence_goes_through_is_a_strip():
    keras.utils.set_random_seed(0)
    kinds = [
        layers.Embedding(20, 4, name="embedding"),
        layers.LayerNormalization(name="norm"),
        layers.Conv1D(6, 3, name="conv"),
        layers.BatchNormalization(name="norm_1"),
        layers.UpSampling1D(2, name="up"),
        layers.MaxPooling1D(name="pool"),
        layers.GRU(4, return_sequences=True, name="steps"),
    ]
    model = keras.Sequential([layers.Input((12,)), *kinds])
    graph = nv.NetworkView(model, data=np.zeros((2, 12))).source.graph
    shapes = {name: graph.by_name(name).map_shape for name in ("embedding", "norm", "conv", "norm_1", "up", "pool")}
    assert shapes == {
        "embedding": (1, 12, 4),
        "norm": (1, 12, 4),
        "conv": (1, 10, 6),
        "norm_1": (1, 10, 6),
        "up": (1, 20, 6),
        "pool": (1, 10, 6),
    }
    assert graph.by_name("steps").map_shape == (1, 10, 4)


def test_a_long_strip_is_means_over_blocks():
    keras.utils.set_random_seed(0)
    layer = layers.Conv1D(2, 1, name="conv")
    model = keras.Sequential([layers.Input((4000, 1)), layer])
    x = np.random.default_rng(0).normal(size=(2, 4000, 1)).astype("float32")
    view = nv.NetworkView(model, data=x)
    frame = frame_of(view)
    codes = frame.find("map_picture", id_of(view, "conv")).values
    made = keras.ops.convert_to_numpy(layer(x[:1]))[0]
    edges = np.arange(257) * 4000 // 256
    means = np.add.reduceat(made, edges[:-1], axis=0) / np.diff(edges)[:, None]
    low, high = frame.find("map_moments", id_of(view, "conv")).values[:, :2].T
    np.testing.assert_allclose(low, made.min(0), rtol=1e-5)
    values = low + (codes[:, 0].T.astype(float) - 1) / 254 * (high - low)
    np.testing.assert_allclose(values, means, atol=(high - low).max() / 254 / 2 + 1e-4)
