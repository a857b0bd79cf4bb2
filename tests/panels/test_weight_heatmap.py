from __future__ import annotations

import keras
import numpy as np
import pytest

import nnvis_widget as nv
from nnvis_widget.core.graph import Layer, Link, NetworkGraph, Parameter
from nnvis_widget.core.ramps import ramp
from nnvis_widget.core.snapshot import Moment, Snapshot, TensorKey
from nnvis_widget.errors import ModelError
from nnvis_widget.run.run import Run

from .helpers import drawn, head, note, pixels_of, plane_model, plane_trainer


def run_of(kernel: np.ndarray, bias: np.ndarray | None = None, step: int = 0) -> Run:
    """A run of one dense layer, without Keras."""
    inputs, units = kernel.shape
    parameters = [Parameter("kernel", (inputs, units), "float32", True)]
    parameters += [Parameter("bias", (units,), "float32", True)] if bias is not None else []
    layers = (
        Layer("L0", "input", "InputLayer", ((None, inputs),), units=inputs, role="input"),
        Layer("L1", "dense", "Dense", ((None, units),), tuple(parameters), "relu", units, role="dense"),
    )
    run = Run(NetworkGraph("one", layers, (Link("L0", "L1"),), ("L0",), ("L1",), kernel.size, kernel.size))
    append(run, kernel, bias, step)
    return run


def append(run: Run, kernel: np.ndarray, bias: np.ndarray | None, step: int) -> None:
    tensors = {TensorKey("weight", "L1", "kernel"): kernel.astype(np.float32)}
    if bias is not None:
        tensors[TensorKey("weight", "L1", "bias")] = bias.astype(np.float32)
    run.append(Snapshot(Moment(step), tensors=tensors, revision=step + 1))


KERNEL = np.array([[0.5, -1.0], [0.0, 2.0], [-2.0, 0.25]])
BIAS = np.array([0.1, -0.2])


def test_the_cells_have_the_colours_of_their_weights() -> None:
    panel = nv.WeightHeatmap(run_of(KERNEL, BIAS), "dense")
    picture = panel._pictures[0]
    limit = float(np.percentile(np.abs([*KERNEL.ravel(), *BIAS]), 98))
    assert picture.scale.limit == pytest.approx(limit)
    for theme in ("light", "dark"):
        pixels = pixels_of(picture.heat_map, theme)
        colors = ramp("value", theme)
        for row, values in ((0, KERNEL[0]), (1, KERNEL[1]), (2, KERNEL[2]), (4, BIAS)):
            for column, value in enumerate(values):
                place = min(256, max(0, int(np.floor((0.5 + 0.5 * value / limit) * 256 + 0.5))))
                assert tuple(pixels[row, column]) == (*colors[place], 255)
        assert not pixels[3, :, 3].any()
    panel.close()


def test_few_weights_are_written_as_numbers_and_legible() -> None:
    panel = nv.WeightHeatmap(run_of(KERNEL, BIAS), "dense")
    numbers = panel._pictures[0].heat_map._numbers
    assert list(numbers.text) == ["+0.50", "−1.00", "0.00", "+2.00", "−2.00", "+0.25", "+0.10", "−0.20"]
    assert numbers.colors[2] == "var(--nv-on-bw, #000000)"
    assert numbers.colors[3] == "var(--nv-on-wb, #ffffff)"
    panel.close()


def test_the_table_holds_every_weight_also_of_a_reduced_kernel() -> None:
    kernel, bias = np.random.default_rng(0).normal(size=(784, 64)).astype(np.float32), np.zeros(64)
    panel = nv.WeightHeatmap(run_of(kernel, bias), "dense")
    assert "means of up to 8 × 1 weights" in panel._pictures[0].head.value
    table = panel.table()
    weights = table[table.parameter == "kernel"]
    np.testing.assert_array_equal(weights.pivot(index="row", columns="column", values="value"), kernel)
    assert len(table) == kernel.size + bias.size
    panel.close()


def test_a_window_shows_exact_cells_and_the_pointer_reads_them() -> None:
    kernel = np.random.default_rng(0).normal(size=(784, 64)).astype(np.float32)
    panel = nv.WeightHeatmap(run_of(kernel), "dense")
    panel.rows = (300, 310)
    panel.columns = (5, 15)
    drawn(panel, lambda: panel._pictures[0].sheet.shape == (10, 10), "the window")
    assert panel._sliders[0].value == (300, 310)
    panel._pictures[0].heat_map._tell(panel._pictures[0].heat_map._on_cell, {"rowNum": 3, "columnNum": 4})
    said = f"dense kernel[303, 9] = {'+' if kernel[303, 9] > 0 else '−'}{abs(kernel[303, 9]):.4f}"
    assert said in note(panel)
    panel.close()


@pytest.mark.parametrize("cell", [None, 3, {}, {"rowNum": -1, "columnNum": 0}, {"rowNum": "0", "columnNum": 0}])
def test_what_the_page_says_of_a_cell_is_checked(cell: object) -> None:
    panel = nv.WeightHeatmap(run_of(KERNEL), "dense")
    heat_map = panel._pictures[0].heat_map
    heat_map._tell(heat_map._on_cell, cell)
    heat_map._on_image_click(None, {"data": cell})
    assert panel._reading is None
    panel.close()


def test_a_click_chooses_the_unit_and_the_chosen_unit_is_ringed() -> None:
    panel = nv.WeightHeatmap(run_of(KERNEL), "dense")
    heat_map = panel._pictures[0].heat_map
    heat_map._on_image_click(None, {"event": "element_click", "data": {"click_x": 1.4, "click_y": 0.2}})
    assert panel.selection == {"layer": "L1", "unit": 1}
    drawn(panel, lambda: list(heat_map._ring.x[:2]) == [1.0, 2.0], "the ring")
    panel.close()


def test_the_change_since_a_step_is_the_difference() -> None:
    run = run_of(KERNEL, BIAS)
    later = KERNEL + np.arange(6).reshape(3, 2)
    append(run, later, BIAS, 10)
    panel = nv.WeightHeatmap(run, "dense", since=0)
    values = panel._pictures[0].sheet.tiles[0].values
    np.testing.assert_allclose(values, later - KERNEL, atol=1e-6)
    assert "change from step 0 to step 10" in head(panel)
    panel.close()


def test_what_is_no_number_is_counted_and_has_the_colour_of_an_error() -> None:
    panel = nv.WeightHeatmap(run_of(np.array([[np.nan, 1.0], [np.inf, -1.0]])), "dense")
    assert "1 NaN and 1 infinite" in note(panel)
    pixels = pixels_of(panel._pictures[0].heat_map, "light")
    assert bytes(pixels[0, 0, :3]).hex() == bytes(pixels[1, 0, :3]).hex() == "b3261e"
    assert list(panel._pictures[0].heat_map._numbers.text) == ["NaN", "+1.00", "+∞", "−1.00"]
    panel.close()


def test_a_kernel_that_is_not_kept_whole_is_drawn_from_its_bundles() -> None:
    inputs, units = 4096, 1024
    layers = (
        Layer("L0", "input", "InputLayer", ((None, inputs),), units=inputs, role="input"),
        Layer(
            "L1",
            "big",
            "Dense",
            ((None, units),),
            (Parameter("kernel", (inputs, units), "float32", True),),
            None,
            units,
            role="dense",
        ),
    )
    run = Run(NetworkGraph("big", layers, (Link("L0", "L1"),), ("L0",), ("L1",), inputs * units, inputs * units))
    sums = np.random.default_rng(0).normal(size=(64, 64)).astype(np.float32)
    run.append(Snapshot(Moment(0), tensors={TensorKey("bundle", "L1", "weight"): sums}))
    panel = nv.WeightHeatmap(run, "big")
    np.testing.assert_allclose(panel._pictures[0].sheet.tiles[0].values, sums / (64 * 16), rtol=1e-6)
    assert "means of up to 64 × 16 weights" in panel._pictures[0].head.value
    panel.close()


def test_every_layer_of_a_plain_model_without_a_trainer() -> None:
    model = plane_model()
    panel = nv.WeightHeatmap(model)
    table = panel.table()
    for layer in model.layers:
        kernel = table[(table.layer == layer.name) & (table.parameter == "kernel")]
        np.testing.assert_array_equal(kernel.value, np.asarray(layer.kernel).ravel())
        bias = table[(table.layer == layer.name) & (table.parameter == "bias")]
        np.testing.assert_array_equal(bias.value, np.asarray(layer.bias))
    assert "hidden, 2 by 5" in panel.describe()
    panel.close()


def test_the_picture_follows_the_training() -> None:
    trainer = plane_trainer()
    panel = nv.WeightHeatmap(trainer, "hidden")
    before = pixels_of(panel._pictures[0].heat_map, "light")
    trainer.run_epochs(3)
    trainer.wait(60)
    drawn(panel, lambda: "step 9" in head(panel), "the last step")
    assert (pixels_of(panel._pictures[0].heat_map, "light") != before).any()
    np.testing.assert_array_equal(panel._pictures[0].exact, np.asarray(trainer.model.get_layer("hidden").kernel))
    panel.close()


def test_an_unknown_layer_is_refused_with_the_nearest_names() -> None:
    with pytest.raises(ModelError, match=r"got 'hiden'\. The nearest: 'hidden'"):
        nv.WeightHeatmap(plane_model(), "hiden")


def test_a_layer_without_weights_is_refused_with_those_that_have_some() -> None:
    model = keras.Sequential([keras.Input((4,)), keras.layers.Flatten(name="flat"), keras.layers.Dense(2, name="d")])
    with pytest.raises(ModelError, match=r"'flat' \(Flatten\) has no kernel to draw\. Layers with one: 'd'"):
        nv.WeightHeatmap(model, "flat")


def test_an_unbuilt_model_is_told_how_to_be_built() -> None:
    panel = nv.WeightHeatmap(keras.Sequential([keras.layers.Dense(2)]))
    assert "Build the model first" in note(panel)
    assert panel.table().empty
    panel.close()


@pytest.mark.parametrize("window", [(5, 5), (-1, 3), (0, 4), (3, 1)])
def test_an_impossible_window_is_refused(window: tuple[int, int]) -> None:
    panel = nv.WeightHeatmap(run_of(KERNEL), "dense")
    with pytest.raises(ModelError, match="within 0 to 3"):
        panel.rows = window
    panel.close()


def test_names_are_text_never_markup() -> None:
    layers = (
        Layer("L0", "in", "InputLayer", ((None, 1),), units=1),
        Layer("L1", "<img src=x>", "Dense", ((None, 2),), (Parameter("kernel", (1, 2), "float32", True),), None, 2),
    )
    run = Run(NetworkGraph("x", layers, (), ("L0",), ("L1",), 2, 2))
    append(run, np.ones((1, 2)), None, 0)
    panel = nv.WeightHeatmap(run)
    panel._read(0, 0, 1)
    everything = "".join((head(panel), note(panel), panel._pictures[0].head.value))
    assert "<img" not in everything
    assert "&lt;img src=x&gt;" in everything
    panel.close()


def test_the_projections_of_attention_are_drawn_head_by_head_with_their_own_biases() -> None:
    keras.utils.set_random_seed(4)
    inputs = keras.Input((5, 8))
    attention = keras.layers.MultiHeadAttention(2, 4, name="attention")
    model = keras.Model(inputs, keras.layers.Dense(1)(attention(inputs, inputs)))
    for variable in attention.weights:
        variable.assign(np.random.default_rng(1).normal(size=variable.shape))
    panel = nv.WeightHeatmap(model, "attention")
    names = ("query", "key", "value", "attention_output")
    assert [picture.parameter.name for picture in panel._pictures] == [f"{name}/kernel" for name in names]
    for place, picture in enumerate(panel._pictures):
        kernel, bias = (np.asarray(variable) for variable in attention.weights[2 * place : 2 * place + 2])
        np.testing.assert_array_equal(picture.exact, kernel)
        np.testing.assert_array_equal(picture.bias, bias)
        heads = [tile for tile in picture.sheet.tiles if not tile.is_bias]
        axis = 0 if place == 3 else 1
        for place_of_head, tile in enumerate(heads):
            np.testing.assert_array_equal(tile.values, kernel.take(place_of_head, axis))
    panel.close()
