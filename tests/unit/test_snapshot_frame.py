"""What one view gets of a snapshot: exact bundles, whole strokes, the selected unit's own links."""

import gc
import weakref
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from nnvis_widget.core.graph import Layer, Link
from nnvis_widget.core.scenery import Scenery
from nnvis_widget.core.snapshot import Moment, Snapshot, TensorKey
from nnvis_widget.core.status import Problem, Status
from nnvis_widget.core.want import Want
from nnvis_widget.core.words.language import LANGUAGE
from nnvis_widget.run.run import Run
from nnvis_widget.stream.frame import decode_frame
from nnvis_widget.stream.shown import Drawn, Wish
from nnvis_widget.stream.snapshot_frame import snapshot_frame
from tests.contract.make_golden import dense_graph

SIZES = (784, 64, 10)
RNG = np.random.default_rng(5)


def tensors_of(sizes=SIZES, samples=(0,)):
    tensors = {}
    for sample in samples:
        for index, size in enumerate(sizes):
            tensors[TensorKey("activation", f"L{index}", sample=sample)] = RNG.random(size).astype(np.float32)
    for index, (inputs, units) in enumerate(pairwise(sizes), 1):
        for quantity in ("weight", "gradient"):
            kernel = RNG.normal(size=(inputs, units)).astype(np.float32)
            tensors[TensorKey(quantity, f"L{index}", "kernel")] = kernel
        tensors[TensorKey("weight", f"L{index}", "bias")] = RNG.normal(size=units).astype(np.float32)
    return tensors


def encode(tensors, wish=None, sizes=SIZES, samples=(0,), status=None, image_shape=(28, 28), run=None):
    snapshot = Snapshot(Moment(7, 1, 2), {"loss": 0.5}, {"learning_rate": 0.01}, tensors, samples, 1)
    if run is None:
        run = Run()
    run.append(snapshot)
    scenery = Scenery((np.zeros((3, sizes[0]), np.float32),), np.arange(3), image_shape=image_shape)
    return snapshot_frame(snapshot, run, dense_graph(*sizes), scenery, status or Status(), wish or Wish())


def expected_bundles(tensors, edges):
    kernel = tensors[TensorKey("weight", "L1", "kernel")].astype(np.float64)
    if edges == "gradient":
        kernel = tensors[TensorKey("gradient", "L1", "kernel")].astype(np.float64)
    if edges == "signal":
        kernel = kernel * tensors[TensorKey("activation", "L0", sample=0)][:, None].astype(np.float64)
    return kernel.reshape(28, 28, 64).sum(axis=1)


@pytest.mark.parametrize("edges", ["weight", "signal", "gradient"])
def test_bundles_are_the_sums_over_the_rows_of_the_picture(edges):
    tensors = tensors_of()
    frame = decode_frame(encode(tensors, Wish(edges)))
    bundle = frame.find("bundle", "L1", edges)
    np.testing.assert_allclose(bundle.values, expected_bundles(tensors, edges), rtol=1e-5, atol=1e-5)
    assert bundle.attributes == {
        "group_kind": "image_row",
        "group_size": 28,
        "input_count": 784,
        "edge_count": 50_176,
    }
    assert frame.find("weight", "L1", "kernel") is None


def test_small_kernels_travel_whole_and_with_their_gradient_only_where_it_is_shown():
    tensors = tensors_of()
    frame = decode_frame(encode(tensors, Wish("gradient")))
    for quantity in ("weight", "gradient"):
        expected = tensors[TensorKey(quantity, "L2", "kernel")]
        np.testing.assert_array_equal(frame.find(quantity, "L2", "kernel").values, expected)
    assert decode_frame(encode(tensors, Wish("weight"))).find("gradient", "L2") is None


@pytest.mark.parametrize(("units", "is_whole"), [(40, True), (41, False)])
def test_four_thousand_links_are_strokes_and_more_are_bundles(units, is_whole):
    sizes = (100, units)
    frame = decode_frame(encode(tensors_of(sizes), sizes=sizes, image_shape=None))
    assert (frame.find("weight", "L1", "kernel") is not None) == is_whole
    assert (frame.find("bundle", "L1") is None) == is_whole


def test_the_selected_unit_brings_all_its_own_links():
    tensors = tensors_of()
    frame = decode_frame(encode(tensors, Wish(selection=("L1", 63))))
    incoming, outgoing = frame.find("incoming", "L1", "weight"), frame.find("outgoing", "L2", "weight")
    np.testing.assert_array_equal(incoming.values, tensors[TensorKey("weight", "L1", "kernel")][:, 63])
    np.testing.assert_array_equal(outgoing.values, tensors[TensorKey("weight", "L2", "kernel")][63])
    np.testing.assert_array_equal(
        frame.find("incoming", "L1", "gradient").values, tensors[TensorKey("gradient", "L1", "kernel")][:, 63]
    )
    assert incoming.attributes == {"unit": 63}
    assert outgoing.attributes == {"unit": 63, "source": "L1"}


def test_the_selected_unit_reaches_the_next_layer_through_dropout():
    graph, tensors = dense_graph(20, 6, 3), tensors_of((20, 6, 3))
    dropout = Layer("D", "dropout", "Dropout", ((None, 6),), units=6, role="elementwise")
    links = (Link("L0", "L1"), Link("L1", "D"), Link("D", "L2"))
    graph = replace(graph, layers=(*graph.layers[:2], dropout, graph.layers[2]), links=links)
    snapshot, run = Snapshot(Moment(), tensors=tensors, samples=(0,)), Run()
    for selection in (("L1", 4), ("D", 4)):
        frame = decode_frame(snapshot_frame(snapshot, run, graph, Scenery(), Status(), Wish(selection=selection)))
        outgoing = frame.find("outgoing", "L2", "weight")
        np.testing.assert_array_equal(outgoing.values, tensors[TensorKey("weight", "L2", "kernel")][4])
        assert outgoing.attributes == {"unit": 4, "source": selection[0]}


@pytest.mark.parametrize("selection", [("L1", 64), ("L9", 0), ("L0", 10**9)])
def test_a_selection_that_does_not_exist_brings_nothing(selection):
    frame = decode_frame(encode(tensors_of(), Wish(selection=selection)))
    assert frame.find("incoming", selection[0]) is None
    assert not [section for section in frame.sections if section.quantity == "outgoing"]


def test_the_chosen_sample_is_shown_where_it_was_measured_and_else_the_first_that_was():
    tensors = tensors_of(samples=(4, 2))
    for wanted, shown in ((2, 2), (4, 4), (0, 4)):
        frame = decode_frame(encode(tensors, Wish(sample=wanted), samples=(4, 2)))
        assert frame.header["sample"] == shown
        expected = tensors[TensorKey("activation", "L2", sample=shown)]
        np.testing.assert_array_equal(frame.find("activation", "L2").values, expected)


def test_scalars_stand_in_the_order_of_their_names():
    frame = decode_frame(encode(tensors_of()))
    assert frame.header["scalar_names"] == ["loss"]
    assert frame.find("scalars").values.tolist() == [0.5]
    assert frame.find("hyperparameters").values.tolist() == [0.01]
    assert frame.header["step"] == 7


def test_a_784_64_10_frame_is_at_most_60_kilobytes_with_everything_in_it():
    run = Run()
    run.record_scalars(np.arange(100_000), ["loss", "val_loss"], RNG.random((100_000, 2)))
    for step in range(1_000):
        run.append(Snapshot(Moment(10 + step)))
    for edges in ("weight", "signal", "gradient"):
        assert len(encode(tensors_of(), Wish(edges, selection=("L1", 3)), run=run)) <= 60_000


def test_a_problem_is_cut_to_what_a_page_can_show():
    status = Status("failed", problem=Problem("t" * 9_999, "begin" + "x" * 10**6 + "the end"))
    problem = decode_frame(encode(tensors_of(), status=status)).header["problem"]
    assert len(problem["title"]) == 500
    assert len(problem["text"]) == 20_000
    assert problem["text"].endswith("the end")


@pytest.mark.parametrize(
    ("codes", "expected"),
    [
        (np.uint8([[[7]]]), {"value": 7}),
        (np.uint8([[[9]], [[7]]]), {"value": 7}),
        (np.uint8([[[9]], [[7]], [[200]]]), {"class": 2, "confidence": 200}),
    ],
)
def test_a_prediction_is_a_value_or_a_class_with_its_confidence(codes, expected):
    tensors = tensors_of((2, 3, 3))
    tensors[TensorKey("prediction", "L2")] = codes
    tensors[TensorKey("prediction_range", "L2")] = np.float32([0, 1])
    frame = decode_frame(encode(tensors, sizes=(2, 3, 3)))
    shown = {section.name: section.values.item() for section in frame.sections if section.quantity == "prediction"}
    assert shown == expected


def test_what_a_view_remembers_of_a_snapshot_is_what_it_would_draw_anew():
    graph, scenery, run, drawn = dense_graph(*SIZES), Scenery(), Run(), Drawn()

    def frames(wish, drawn, snapshot):
        return snapshot_frame(snapshot, run, graph, scenery, Status(), wish, None, drawn)

    wishes = (Wish(), Wish(), Wish("gradient"), Wish(selection=("L1", 3)), Wish(sample=1), Wish())
    for number in range(3):
        run.record_scalars(np.array([number]), ["loss"], np.array([[1 / (number + 1)]]))
        snapshot = Snapshot(Moment(number, 1, number), {}, {}, tensors_of(samples=(0, 1)), (0, 1), number)
        run.append(snapshot)
        for wish in wishes:
            run.record_scalars(np.array([number]), ["loss"], np.array([[1 / (number + 1)]]))
            assert frames(wish, drawn, snapshot) == frames(wish, Drawn(), snapshot)


def test_what_is_told_in_words_is_remembered_in_one_language(monkeypatch):
    tensors = tensors_of()
    for language, text in {"": "English", "zh": "Chinese"}.items():
        name = Want("learning", "L1", 3, language=language).name
        tensors[TensorKey("learning", "L1", name, 0)] = np.frombuffer(text.encode(), np.uint8)
    snapshot, run, drawn = Snapshot(Moment(1, 1, 1), {}, {}, tensors, (0,)), Run(), Drawn()
    run.append(snapshot)
    wish, told = Wish(selection=("L1", 3), learning="open"), []
    for language in ("en", "zh", "en"):
        monkeypatch.setattr(LANGUAGE, "chosen", language)
        frame = snapshot_frame(snapshot, run, dense_graph(*SIZES), Scenery(), Status(), wish, None, drawn)
        told.append(decode_frame(frame).find("learning", "L1").values.tobytes().decode())
    assert told == ["English", "Chinese", "English"]


def test_what_a_view_remembers_goes_with_it_at_once():
    snapshot, run, drawn = Snapshot(Moment(1, 1, 1), {}, {}, tensors_of()), Run(), Drawn()
    snapshot_frame(snapshot, run, dense_graph(*SIZES), Scenery(), Status(), Wish(), None, drawn)
    held, was_on = weakref.ref(snapshot), gc.isenabled()
    gc.disable()
    try:
        del snapshot, drawn
        assert held() is None
    finally:
        if was_on:
            gc.enable()


def test_new_metrics_are_told_though_the_snapshot_is_the_same():
    snapshot, run, drawn = Snapshot(Moment(1, 1, 1), {"loss": 0.5}, {}, tensors_of()), Run(), Drawn()
    run.append(snapshot)
    told = []
    for step in (1, 2):
        run.record_scalars(np.array([step]), ["loss"], np.array([[0.5 / step]]))
        frame = snapshot_frame(snapshot, run, dense_graph(*SIZES), Scenery(), Status(), Wish(), None, drawn)
        told.append([section.values.tolist() for section in decode_frame(frame).sections if section.name == "loss"])
    assert told[0] != told[1]
