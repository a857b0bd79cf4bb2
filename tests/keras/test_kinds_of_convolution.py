"""Maps of depthwise, separable, transposed and grouped convolutions: against what these answer to single points."""

import keras
import numpy as np
import pytest
from keras import layers

import nnvis_widget as nv
from tests.keras.page import until
from tests.keras.test_maps import frame_of, id_of, network, pictures

SIDE, MAPS = 7, 4
KINDS = {
    "plain": lambda **more: layers.Conv2D(6, 3, **more),
    "grouped": lambda **more: layers.Conv2D(6, 3, groups=2, **more),
    "depthwise": lambda **more: layers.DepthwiseConv2D(3, **more),
    "depthwise twice": lambda **more: layers.DepthwiseConv2D(3, depth_multiplier=2, **more),
    "separable": lambda **more: layers.SeparableConv2D(5, 3, depth_multiplier=2, **more),
    "transposed": lambda **more: layers.Conv2DTranspose(5, 3, **more),
}


def shown(kind, maps=MAPS, side=SIDE, **more):
    """A view of a network with the layer behind a convolution, the layer, and its id."""
    x, y = pictures(side=side)
    layer = KINDS[kind](name="own", bias_initializer="normal", **more)
    view = nv.NetworkView(network(layers.Conv2D(maps, 1, name="first"), layer, side=side), data=(x, y))
    return view, layer, id_of(view, "own")


def answers(layer, shape=(SIDE, SIDE, MAPS)):
    """What the layer puts out for 1 at one place of one map, without its bias: `(row, column, map, …output)`."""
    linear = type(layer).from_config(layer.get_config() | {"activation": "linear"})
    linear.build((None, *shape))
    linear.set_weights(layer.get_weights())
    points = np.eye(np.prod(shape), dtype="float32").reshape(-1, *shape)
    put_out = keras.ops.convert_to_numpy(linear(points)) - keras.ops.convert_to_numpy(linear(points[:1] * 0))
    return put_out.reshape(*shape, *put_out.shape[1:])


def placed(view, layer, unit, place):
    """The sections of a place of a map, once they are there."""

    def sections():
        frame = frame_of(view)
        patch = frame.find("patch", layer)
        told = {} if patch is None else patch.attributes
        is_there = [told.get(name) for name in ("unit", "row", "column")] == [unit, *place]
        return (patch, frame.find("patch_kernel", layer)) if is_there else None

    view.selection = {"layer": layer, "unit": unit, "place": list(place)}
    until(sections)
    return sections()


@pytest.mark.parametrize("kind", KINDS)
def test_the_line_between_two_maps_is_the_norm_of_what_the_one_answers_to_a_point_in_the_other(kind):
    view, layer, own = shown(kind, padding="same")
    told = answers(layer)[SIDE // 2, SIDE // 2]
    expected = np.sqrt((told.astype(np.float64) ** 2).sum((1, 2)))
    lines = frame_of(view).find("map_link", own, "weight").values
    is_joined = expected > 1e-6
    np.testing.assert_array_equal(lines[~is_joined], -1)
    np.testing.assert_allclose(lines[is_joined], expected[is_joined], rtol=1e-4)
    assert f"{is_joined.sum()} links of maps" in view.describe()


@pytest.mark.parametrize("kind", ["grouped", "depthwise", "separable"])
def test_of_maps_that_are_not_drawn_only_those_that_are_joined_count(kind):
    view, layer, own = shown(kind, maps=20, padding="same")
    frame = frame_of(view)
    before = frame.find("map_index", id_of(view, "first")).values
    index = frame.find("map_index", own)
    squares = (answers(layer, (SIDE, SIDE, 20))[3, 3].astype(np.float64) ** 2).sum((1, 2))
    after = np.arange(squares.shape[1]) if index is None else index.values
    lines = frame.find("map_link", own, "weight").values
    for row, sources in enumerate([*before[:, None], np.delete(np.arange(20), before)]):
        rest = np.delete(np.arange(squares.shape[1]), after)
        for column, targets in enumerate([*after[:, None], *([rest] if rest.size else [])]):
            joined = squares[np.ix_(sources, targets)]
            joined = joined[joined > 1e-10]
            expected = np.sqrt(joined.mean()) if joined.size else -1
            np.testing.assert_allclose(lines[row, column], expected, rtol=1e-4)
    if kind == "depthwise":
        np.testing.assert_array_equal(before, after)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    "moved",
    [
        {"padding": "same"},
        {"padding": "valid", "strides": 2},
        {"padding": "same", "strides": 2},
        {"padding": "same", "dilation_rate": 2},
        {"padding": "valid", "strides": 3},
    ],
    ids=str,
)
def test_the_parts_of_a_place_are_what_each_map_gives_to_it(kind, moved):
    view, layer, own = shown(kind, activation="relu", **moved)
    model = view.source.model
    source = keras.Model(model.inputs[0], model.get_layer("first").output)(pictures(side=SIDE)[0][:1])
    source = keras.ops.convert_to_numpy(source)
    made = keras.ops.convert_to_numpy(layer(source))[0]
    given = answers(layer) * source[0].reshape(SIDE, SIDE, MAPS, 1, 1, 1)
    for place in ((0, 0), (1, made.shape[1] // 2), (made.shape[0] - 1, made.shape[1] - 1)):
        for unit in (0, made.shape[2] - 1):
            patch, kernel = placed(view, own, unit, place)
            first, parts = patch.attributes["first"], (patch.values * kernel.values).sum((1, 2))
            expected = given[..., place[0], place[1], unit].sum((0, 1))
            np.testing.assert_allclose(parts, expected[first : first + len(parts)], atol=1e-5)
            np.testing.assert_allclose(np.delete(expected, range(first, first + len(parts))), 0, atol=1e-6)
            z = parts.sum() + patch.attributes["bias"]
            np.testing.assert_allclose([z, max(z, 0)], [patch.attributes["z"], made[(*place, unit)]], atol=1e-5)


def test_where_nothing_reaches_a_place_it_is_the_bias():
    view, layer, own = shown("transposed", padding="valid", strides=4)
    patch, _ = placed(view, own, 1, (3, 0))
    assert patch.values.size == 0
    assert patch.attributes["z"] == pytest.approx(float(layer.bias[1]))


def test_a_gradient_of_a_product_of_kernels_is_not_made_up():
    view, _, own = shown("separable", padding="same")
    view.edges = "gradient"
    until(lambda: frame_of(view).find("map_link", id_of(view, "out"), "gradient") is not None)
    assert frame_of(view).find("map_link", own, "gradient") is None


@pytest.mark.parametrize("kind", ["depthwise", "separable", "transposed"])
def test_kernels_over_one_map_are_pictures(kind):
    view, layer, own = shown(kind, maps=1, padding="valid")
    kernels = frame_of(view).find("map_kernel", own).values
    answer = answers(layer, (SIDE, SIDE, 1))[SIDE // 2, SIDE // 2, 0]
    at = (answer != 0).any(-1)
    told = answer[at].reshape(3, 3, -1)
    told = told if kind == "transposed" else told[::-1, ::-1]
    np.testing.assert_allclose(np.moveaxis(kernels[..., 0], 0, -1), told, atol=1e-6)
