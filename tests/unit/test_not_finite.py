"""Does NaN spread through the layers as in arithmetic, and no further?"""

from itertools import pairwise

import numpy as np
import pytest

from nnvis_widget.core.graph import Layer, Link, NetworkGraph, Parameter
from nnvis_widget.reduce.not_finite import layers_behind, spread

NAN = np.nan


def graph(*layers):
    """A chain that begins at an input."""
    links = tuple(Link(one.id, other.id) for one, other in pairwise(layers))
    return NetworkGraph("net", layers, links, (layers[0].id,), (layers[-1].id,), 0, 0)


def layer(number, role, *shape, activation=None, **parameters):
    named = tuple(Parameter(name, size, "float32", name[:6] != "moving") for name, size in parameters.items())
    return Layer(f"L{number}", role, "Any", ((None, *shape),), named, activation, shape[-1], role=role)


def given(*shape, **parameters):
    """Zeros, NaN at some places."""
    return {
        name: np.where(np.isin(np.arange(np.prod(shape)), at), NAN, 0).reshape(shape) for name, at in parameters.items()
    }


def bad(network, layer_id, broken=None, **options):
    return np.flatnonzero(
        spread(network, broken or {}, options.pop("inputs", {}), **options).outputs[layer_id][0]
    ).tolist()


def test_a_unit_with_a_bad_weight_or_bias_is_bad_alone():
    network = graph(layer(0, "input", 2), layer(1, "dense", 3, kernel=(2, 3), bias=(3,)))
    assert bad(network, "L1", {"L1": given(2, 3, kernel=[4])}) == [1]
    assert bad(network, "L1", {"L1": given(3, bias=[2])}) == [2]
    assert bad(network, "L1") == []


def test_all_units_behind_a_bad_one_are_bad_and_samples_keep_apart():
    network = graph(layer(0, "input", 2), layer(1, "dense", 3), layer(2, "elementwise", 3), layer(3, "dense", 4))
    inputs = {"L0": np.array([[False, False], [False, True]])}
    found = spread(network, {}, inputs)
    for name in ("L1", "L2", "L3"):
        np.testing.assert_array_equal(found.outputs[name].all(axis=1), [False, True])
        np.testing.assert_array_equal(found.outputs[name].any(axis=1), [False, True])


def test_a_softmax_is_bad_as_a_whole_and_its_sums_one_by_one():
    network = graph(layer(0, "input", 2), layer(1, "dense", 3, activation="softmax", bias=(3,)))
    found = spread(network, {"L1": given(3, bias=[1])}, {})
    np.testing.assert_array_equal(found.sums["L1"], [[False, True, False]])
    assert found.outputs["L1"].all()


def test_a_dense_layer_over_a_sequence_keeps_its_places_apart():
    network = graph(layer(0, "input", 2, 3), layer(1, "dense", 2, 4, bias=(4,)))
    inputs = {"L0": np.array([[False, False, False, False, True, False]])}
    assert bad(network, "L1", inputs=inputs) == [4, 5, 6, 7]
    assert bad(network, "L1", {"L1": given(4, bias=[1])}) == [1, 5]


@pytest.mark.parametrize("role", ["reshape", "elementwise", "norm"])
def test_layers_that_take_element_by_element_keep_the_others(role):
    network = graph(layer(0, "input", 2, 3), layer(1, role, 2, 3, moving_variance=(3,)))
    assert bad(network, "L1", inputs={"L0": np.array([[False, True, False, False, True, False]])}) == [1, 4]


def test_a_norm_that_measures_its_own_variance_makes_the_whole_place_bad():
    network = graph(layer(0, "input", 2, 3), layer(1, "norm", 2, 3, gamma=(3,)))
    assert bad(network, "L1", inputs={"L0": np.array([[False, True, False, False, False, False]])}) == [0, 1, 2]
    assert bad(network, "L1", {"L1": given(3, gamma=[2])}) == [2, 5]


def test_channels_of_a_depthwise_convolution_keep_apart():
    network = graph(layer(0, "input", 3, 2), layer(1, "conv", 2, 4, kernel=(2, 2, 2)))
    assert bad(network, "L1", {"L1": given(2, 2, 2, kernel=[1])}) == [1, 5]
    assert bad(network, "L1", inputs={"L0": np.array([[True, False] * 3])}) == []


def test_a_filter_is_a_channel_and_a_bad_channel_makes_all_filters_bad():
    network = graph(
        layer(0, "input", 3, 1),
        layer(1, "conv", 2, 2, kernel=(2, 1, 2)),
        layer(2, "pool", 1, 2),
        layer(3, "conv", 1, 3, kernel=(1, 2, 3)),
    )
    broken = {"L1": given(2, 1, 2, kernel=[1])}
    assert [bad(network, name, broken) for name in ("L1", "L2", "L3")] == [[1, 3], [1], [0, 1, 2]]
    one_place = {"L0": np.array([[True, False, False]])}
    assert bad(network, "L1", inputs=one_place) == []  # what was measured is believed


def joining(units):
    sides = layer(1, "dense", 2, bias=(2,)), layer(2, "dense", 2)
    links = (Link("L0", "L1"), Link("L0", "L2"), Link("L1", "L3"), Link("L2", "L3"), Link("L3", "L4"))
    layers = (layer(0, "input", 2), *sides, layer(3, "merge", units), layer(4, "dense", 1))
    return NetworkGraph("net", layers, links, ("L0",), ("L4",), 0, 0)


def test_a_merge_joins_what_is_bad():
    broken = {"L1": given(2, bias=[1])}
    assert bad(joining(4), "L3", broken) == [1]
    assert bad(joining(2), "L3", broken) == [1]
    assert bad(joining(2), "L2", broken) == []
    assert bad(joining(2), "L4", broken) == [0]


def test_a_layer_that_is_not_known_is_believed_unless_it_is_bad_itself():
    network = graph(layer(0, "input", 2), layer(1, "dense", 2), layer(2, "opaque", 2, scale=(2,), moving=(2,)))
    assert bad(network, "L2", inputs={"L0": np.ones((1, 2), bool)}) == []
    assert bad(network, "L2", {"L2": given(2, scale=[0])}) == [0, 1]
    assert bad(network, "L2", {"L2": given(2, moving=[0])}) == [0, 1]
    assert bad(network, "L2", {"L2": {"moving": np.array([-np.inf, 0])}}) == []
    assert bad(network, "L2", measured={("activation", "L2"): np.array([[0, NAN]])}) == [1]


def test_an_overflow_in_between_spreads_and_a_relu_of_minus_infinity_does_not():
    network = graph(layer(0, "input", 2), layer(1, "dense", 2, activation="relu"), layer(2, "dense", 1))
    z = {("z", "L1"): np.array([[-np.inf, 1]]), ("activation", "L1"): np.array([[0.0, 1]])}
    assert bad(network, "L2", measured=z) == []
    z["z", "L1"][0, 1] = NAN
    assert bad(network, "L1", measured=z) == [1]
    assert bad(network, "L2", measured=z) == [0]


def test_layers_of_unknown_size_hand_on_what_is_bad_everywhere():
    unknown = Layer("L2", "pool", "Any", (), role="pool")
    network = graph(layer(0, "input", 2), layer(1, "dense", 2, bias=(2,)), unknown, layer(3, "dense", 1))
    assert bad(network, "L3", {"L1": given(2, bias=[0])}) == []
    assert bad(network, "L3", {"L1": given(2, bias=[0, 1])}) == [0]


def test_gradients_of_a_bad_output_are_bad_up_to_a_layer_that_is_not_known():
    network = graph(layer(0, "input", 2), layer(1, "dense", 2), layer(2, "dense", 1))
    assert layers_behind(network, {"L2"}) == {"L0", "L1", "L2"}
    network = graph(layer(0, "input", 2), layer(1, "dense", 2), layer(2, "opaque", 2), layer(3, "dense", 1))
    assert layers_behind(network, {"L3"}) == {"L2", "L3"}


def test_a_shared_layer_that_feeds_itself_is_as_bad_as_what_enters_it():
    """`twice(between(twice(input)))`, and a second input that enters behind it in the order of the layers."""
    layers = (
        *(layer(0, "input", 2), layer(1, "dense", 2, kernel=(2, 2)), layer(2, "elementwise", 2)),
        *(layer(3, "dense", 1), layer(4, "input", 2)),
    )
    pairs = [("L0", "L1"), ("L1", "L2"), ("L2", "L1"), ("L1", "L1"), ("L4", "L1"), ("L1", "L3")]
    ring = NetworkGraph("net", layers, tuple(Link(*pair) for pair in pairs), ("L0", "L4"), ("L3",), 0, 0)
    assert bad(ring, "L3", {"L1": given(2, 2, kernel=[0])}) == [0]
    one, other = np.array([[True, False]]), np.array([[False, False]])
    assert bad(ring, "L3", inputs={"L0": one, "L4": other}) == []
    assert bad(ring, "L3", inputs={"L0": one, "L4": one | True}) == []
    assert bad(ring, "L3", inputs={"L0": one | True, "L4": one | True}) == [0]
    assert layers_behind(ring, {"L3"}) == {"L0", "L1", "L2", "L3", "L4"}
