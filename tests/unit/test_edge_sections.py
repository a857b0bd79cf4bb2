"""What travels of a kernel too crowded for strokes, by what is asked for."""

import numpy as np
import pytest

from nnvis_widget.core.graph import Layer, Link, NetworkGraph, Parameter
from nnvis_widget.core.scenery import Scenery
from nnvis_widget.core.snapshot import Moment, Snapshot, TensorKey
from nnvis_widget.run.run import Run
from nnvis_widget.stream.sections.edges import edge_sections
from nnvis_widget.stream.shown import Shown, Wish

RNG = np.random.default_rng(11)
INPUT = RNG.normal(size=90).astype(np.float32)
KERNEL = RNG.normal(size=(90, 70)).astype(np.float32)
GRADIENT = RNG.normal(size=(90, 70)).astype(np.float32)


def graph_of(inputs, units):
    kernel = Parameter("kernel", (inputs, units), "float32", True)
    layers = (
        Layer("L0", "input", "InputLayer", ((None, inputs),), units=inputs, role="input"),
        Layer("L1", "dense", "Dense", ((None, units),), (kernel,), "relu", units, role="dense"),
    )
    return NetworkGraph("net", layers, (Link("L0", "L1"),), ("L0",), ("L1",), inputs * units, inputs * units)


def sections_of(tensors, quantity="weight", detail="bundles", top_k=200, shape=(90, 70)):
    snapshot = Snapshot(Moment(), tensors=tensors, samples=(3,))
    wish = Wish(edges=quantity, sample=3, detail=detail, top_k=top_k)
    shown = Shown(snapshot, Run(), graph_of(*shape), Scenery(), wish)
    return {(section.quantity, section.name): section for section in edge_sections(shown)}


def crowded():
    return {
        TensorKey("weight", "L1", "kernel"): KERNEL,
        TensorKey("gradient", "L1", "kernel"): GRADIENT,
        TensorKey("activation", "L0", sample=3): INPUT,
    }


def shown(quantity):
    return {"weight": KERNEL, "gradient": GRADIENT, "signal": KERNEL * INPUT[:, None]}[quantity]


@pytest.mark.parametrize("quantity", ["weight", "signal", "gradient"])
def test_the_strongest_are_those_of_a_full_sort_and_nothing_else_is_sent(quantity):
    sections = sections_of(crowded(), quantity, "top", 77)
    assert set(sections) == {("top", quantity), ("top_index", quantity)}
    order = np.argsort(-np.abs(shown(quantity)).ravel(), kind="stable")[:77]
    index = sections["top_index", quantity].values
    np.testing.assert_array_equal(index, np.stack(np.divmod(order, 70), axis=1))
    np.testing.assert_array_equal(sections["top", quantity].values, shown(quantity).ravel()[order])
    assert sections["top", quantity].attributes == {"input_count": 90, "unit_count": 70, "edge_count": 6300}
    assert index.dtype == np.int32


@pytest.mark.parametrize("quantity", ["weight", "signal", "gradient"])
def test_bundles_are_exact_sums_of_what_is_shown(quantity):
    sections = sections_of(crowded(), quantity)
    bundle = sections.pop(("bundle", quantity))
    assert not sections
    size = bundle.attributes["group_size"]
    cuts = np.arange(0, 90, size)
    expected = np.add.reduceat(shown(quantity).astype(np.float64), cuts, axis=0)
    np.testing.assert_allclose(bundle.values, expected, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize(("quantity", "sent"), [("weight", "weight"), ("signal", "weight"), ("gradient", "gradient")])
def test_all_sends_the_kernel_whole(quantity, sent):
    sections = sections_of(crowded(), quantity, "all")
    assert set(sections) == {(sent, "kernel")}
    np.testing.assert_array_equal(sections[sent, "kernel"].values, GRADIENT if sent == "gradient" else KERNEL)


def test_more_than_a_hundred_thousand_are_bundles_even_if_all_is_asked_for():
    for units, is_whole in ((1000, True), (1001, False)):
        tensors = {TensorKey("weight", "L1", "kernel"): np.ones((100, units), np.float32)}
        sections = sections_of(tensors, detail="all", shape=(100, units))
        assert (("weight", "kernel") in sections) == is_whole
        assert (("bundle", "weight") in sections) != is_whole


def test_strokes_travel_whole_whatever_is_asked_for():
    tensors = {TensorKey("weight", "L1", "kernel"): KERNEL[:50]}
    for detail in ("bundles", "top", "all"):
        assert set(sections_of(tensors, detail=detail, shape=(50, 70))) == {("weight", "kernel")}


SHAPE = (2000, 1500)


def large(quantity, sample=-1):
    index = np.stack([np.arange(1000), np.arange(1000)], axis=1).astype(np.int32)
    return {
        TensorKey("bundle", "L1", quantity, sample): np.ones((63, 64), np.float32),
        TensorKey("top", "L1", quantity, sample): np.linspace(9, 1, 1000, dtype=np.float32),
        TensorKey("top_index", "L1", quantity, sample): index,
    }


@pytest.mark.parametrize(("quantity", "sample"), [("weight", -1), ("gradient", -1), ("signal", 3)])
def test_a_kernel_of_millions_sends_what_was_measured_of_it(quantity, sample):
    bundle = sections_of(large(quantity, sample), quantity, shape=SHAPE)["bundle", quantity]
    assert bundle.values.shape == (63, 64)
    assert bundle.attributes == {
        "group_kind": "block",
        "group_size": 32,
        "input_count": 2000,
        "edge_count": 3_000_000,
    }
    sections = sections_of(large(quantity, sample), quantity, "top", 60, SHAPE)
    assert set(sections) == {("top", quantity), ("top_index", quantity)}
    assert sections["top", quantity].values.shape == (60,)
    assert sections["top_index", quantity].values.tolist() == [[i, i] for i in range(60)]


def test_what_was_not_measured_is_left_out():
    assert sections_of(large("weight"), "signal", shape=SHAPE) == {}
    tensors = {key: values for key, values in large("weight").items() if key.quantity == "bundle"}
    assert set(sections_of(tensors, detail="top", shape=SHAPE)) == {("bundle", "weight")}
