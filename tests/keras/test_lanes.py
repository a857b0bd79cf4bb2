"""Queries, keys and values of attention: beside numpy, from the layers' own projections."""

from contextlib import closing
from typing import NamedTuple

import keras
import numpy as np
import pytest

import nnvis_widget as nv
from nnvis_widget.stream.frame import decode_frame
from tests.keras.page import told_layers, until
from tests.keras.test_attention import CASES, CLOSE, Block, Twice, data_of, model_of, weights_of

LANES = ("query", "key", "value")


class Told(NamedTuple):
    """The lanes of a head and a place as a page gets them, by name."""

    pictures: dict
    numbers: dict
    facts: dict


def told_lanes(view, unit, place=None, layer="look"):
    card = next(one for one in told_layers(view.graph) if one["name"] == layer)
    view.selection = {"layer": card["id"], "unit": unit} | ({} if place is None else {"place": place})
    found: list = []

    def is_told():
        found[:] = [decode_frame(view.get_state()["frame"])]
        section = found[0].find("lane_picture", card["id"])
        return section is not None and section.attributes.get("unit", unit) == unit

    until(is_told)
    (frame,) = found
    drawn = {name: found for name in LANES if (found := frame.find("lane_picture", card["id"], name)) is not None}
    rows = {name: found for name in LANES if (found := frame.find("lane_row", card["id"], name)) is not None}
    return Told(
        {name: numbers_of(one) for name, one in drawn.items()},
        {name: one.values for name, one in rows.items()},
        {name: one.attributes for name, one in drawn.items()},
    )


def numbers_of(section):
    """What codes stand for."""
    low, high = section.attributes["lo"], section.attributes["hi"]
    return np.where(section.values == 0, np.nan, low + (section.values - 1.0) / 254 * (high - low))


def projected(layer, query, value):
    """`(heads, places, size)` of each lane for one sample; of a layer without projections what comes in."""
    own, rows = weights_of(layer), dict(zip(LANES, (query, value, value), strict=True))
    if "query/kernel" not in own:
        return {name: rows[name][None] for name in ("query", "value")}
    return {
        name: np.einsum("td,dhk->htk", rows[name], own[f"{name}/kernel"]) + own[f"{name}/bias"][:, None]
        for name in LANES
    }


def assert_lanes_are_projected(layer, x, model, queries=(0, 4), keys=(0, 6)):
    """Of each head, in the first sample; the numbers at two places each, the pictures as far as a code tells."""
    expected = projected(layer, *(one[0].astype(np.float64) for one in x))
    heads = len(expected["query"])
    with closing(nv.NetworkView(model, data=(x, None))) as view:
        for head in range(heads):
            for place in zip(queries, keys, strict=True):
                told = told_lanes(view, head, list(place))
                assert set(told.pictures) == set(told.numbers) == set(expected)
                for name, whole in expected.items():
                    lane = whole[head * len(whole) // heads]
                    np.testing.assert_allclose(told.numbers[name], lane[place[name != "query"]][:8], **CLOSE)
                    step = np.abs(lane).max() / 254
                    np.testing.assert_allclose(told.pictures[name], lane, rtol=0, atol=1.01 * step)


CASES_OF_LANES = ("heads", "grouped heads", "one head", "added up")


@pytest.mark.parametrize("case", CASES_OF_LANES)
def test_lanes_are_what_the_projections_put_out(case):
    layer, x = CASES[case][0](), data_of()
    assert_lanes_are_projected(layer, x, model_of(layer))


def test_keys_and_values_of_other_sequences_and_sizes():
    keras.utils.set_random_seed(5)
    sizes = {"query": (4, 6), "value": (7, 3), "key": (7, 5)}
    given = {name: keras.Input(size, name=name) for name, size in sizes.items()}
    layer = keras.layers.MultiHeadAttention(2, 4, value_dim=9, name="look")
    put_out = layer(given["query"], given["value"], given["key"])
    model = keras.Model(list(given.values()), keras.layers.Dense(1, name="end")(put_out))
    x = [np.random.default_rng(0).normal(size=(2, *size)).astype("float32") for size in sizes.values()]
    own, rows = weights_of(layer), dict(zip(sizes, x, strict=True))
    with closing(nv.NetworkView(model, data=(x, None))) as view:
        told = told_lanes(view, 1, [3, 6])
    for name, place in (("query", 3), ("key", 6), ("value", 6)):
        lane = rows[name][0].astype(np.float64) @ own[f"{name}/kernel"][:, 1] + own[f"{name}/bias"][1]
        assert told.pictures[name].shape == lane.shape
        np.testing.assert_allclose(told.numbers[name], lane[place, :8], **CLOSE)  # of nine values the first eight
    assert told.facts["value"]["size"] == 9


def test_of_long_sequences_a_row_is_the_mean_of_a_block():
    layer, x = keras.layers.MultiHeadAttention(2, 4, name="look"), data_of(100, 130, count=2)
    model = model_of(layer, 100, 130)
    with closing(nv.NetworkView(model, data=(x, None))) as view:
        told = told_lanes(view, 1, [0, 0])
    assert not told.numbers  # they would be of no place
    for name, whole in projected(layer, *(one[0].astype(np.float64) for one in x)).items():
        size = 2 if name == "query" else 3
        means = np.stack([whole[1][start : start + size].mean(axis=0) for start in range(0, len(whole[1]), size)])
        np.testing.assert_allclose(told.pictures[name], means, rtol=0, atol=1.01 * np.abs(means).max() / 254)


def test_of_wide_vectors_a_column_is_the_mean_of_a_block():
    layer, x = keras.layers.Attention(name="look"), data_of(count=2, width=100)
    model = model_of(layer, width=100)
    with closing(nv.NetworkView(model, data=(x, None))) as view:
        told = told_lanes(view, 0, [4, 6])
    assert (told.pictures["query"].shape, told.facts["query"]["size"]) == ((5, 64), 100)
    np.testing.assert_allclose(told.numbers["value"], x[1][0, 6, :8], **CLOSE)


def test_a_key_beside_the_value_of_a_layer_without_projections():
    x = [np.random.default_rng(0).normal(size=(2, 5, 3)).astype("float32") for _ in range(3)]
    given = [keras.Input((5, 3), name=name) for name in ("query", "value", "key")]
    model = keras.Model(given, keras.layers.Attention(name="look")(given))
    with closing(nv.NetworkView(model, data=(x, None))) as view:
        told = told_lanes(view, 0, [1, 2])
    for name, one, place in zip(("query", "value", "key"), x, (1, 2, 2), strict=True):
        np.testing.assert_allclose(told.numbers[name], one[0, place], **CLOSE)


def test_lanes_of_a_layer_within_own_code_and_none_of_one_that_is_called_twice():
    for make, is_told in ((Block, True), (Twice, False)):
        model = keras.Sequential([keras.Input((5, 6)), make(name="block"), keras.layers.Dense(1, name="end")])
        x = data_of()[0]
        with closing(nv.NetworkView(model, data=(x, None))) as view:
            view.opened = ["block"]
            until(lambda: any(one["name"] == "look" for one in told_layers(view.graph)))
            told = told_lanes(view, 0, [4, 2])
        assert bool(told.pictures) == is_told
        if is_told:
            block = model.get_layer("block")
            rows = keras.ops.convert_to_numpy(block.norm(x[:1])[0]).astype(np.float64)
            lane = projected(block.look, rows, rows)["query"][0]
            np.testing.assert_allclose(told.numbers["query"], lane[4], **CLOSE)


def test_lanes_follow_the_training_and_are_told_of_its_past():
    layer, x = keras.layers.MultiHeadAttention(2, 4, name="look"), data_of()
    model = model_of(layer)
    before = projected(layer, *(one[0].astype(np.float64) for one in x))["query"][1, 2]
    model.compile("sgd", "mse")
    trainer = nv.Trainer(model, (x, np.arange(4.0)), epochs=1, batch_size=2)
    with closing(nv.NetworkView(trainer)) as view:
        trainer.start()
        trainer.wait()
        until(lambda: decode_frame(view.get_state()["frame"]).header["step"] == 2)
        after = projected(layer, *(one[0].astype(np.float64) for one in x))["query"][1, 2]
        np.testing.assert_allclose(told_lanes(view, 1, [2, 2]).numbers["query"], after, **CLOSE)
        assert np.abs(after - before).max() > 1e-4
        view.step = 0  # nobody had asked for them then
        until(lambda: decode_frame(view.get_state()["frame"]).header["step"] == 0)
        np.testing.assert_allclose(told_lanes(view, 1, [2, 2]).numbers["query"], before, **CLOSE)
