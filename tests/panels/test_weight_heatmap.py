from __future__ import annotations

import re
from typing import Any

import bqplot
import ipywidgets
import keras
import numpy as np
import pytest

import nnvis_widget as nv
from nnvis_widget.core.graph import Layer, Link, NetworkGraph, Parameter
from nnvis_widget.core.number_text import format_signed
from nnvis_widget.core.ramps import ramp, ramp_index
from nnvis_widget.core.snapshot import Moment, Snapshot, TensorKey
from nnvis_widget.errors import ModelError
from nnvis_widget.run.run import Run

from .helpers import (
    click,
    drawn,
    head,
    heads,
    note,
    parts,
    picture,
    pixels_of,
    plane_model,
    plane_trainer,
    point_at,
    ring,
    say_of_mark,
    written,
)


def run_of(kernel: np.ndarray, bias: np.ndarray | None = None, step: int = 0, name: str = "dense") -> Run:
    """A run of one dense layer, without Keras."""
    inputs, units = kernel.shape
    parameters = [Parameter("kernel", (inputs, units), "float32", True)]
    parameters += [Parameter("bias", (units,), "float32", True)] if bias is not None else []
    layers = (
        Layer("L0", "input", "InputLayer", ((None, inputs),), units=inputs, role="input"),
        Layer("L1", name, "Dense", ((None, units),), tuple(parameters), "relu", units, role="dense"),
    )
    run = Run(NetworkGraph("one", layers, (Link("L0", "L1"),), ("L0",), ("L1",), kernel.size, kernel.size))
    append(run, kernel, bias, step)
    return run


def append(run: Run, kernel: np.ndarray, bias: np.ndarray | None, step: int) -> None:
    tensors = {TensorKey("weight", "L1", "kernel"): kernel.astype(np.float32)}
    if bias is not None:
        tensors[TensorKey("weight", "L1", "bias")] = bias.astype(np.float32)
    run.append(Snapshot(Moment(step), tensors=tensors, revision=step + 1))


def kernel_of(panel: nv.WeightHeatmap) -> np.ndarray:
    """The numbers of the one kernel that is shown, flat."""
    return np.asarray(panel.table().query("parameter == 'kernel'").value)


KERNEL = np.array([[0.5, -1.0], [0.0, 2.0], [-2.0, 0.25]])
BIAS = np.array([0.1, -0.2])


def test_the_cells_have_the_colours_of_their_weights() -> None:
    panel = nv.WeightHeatmap(run_of(KERNEL, BIAS), "dense")
    limit = float(np.percentile(np.abs([*KERNEL.ravel(), *BIAS]), 98))
    assert f"{limit:+.2f}</span>" in heads(panel)[0]
    for theme in ("light", "dark"):
        pixels = pixels_of(picture(panel, "dense"), theme)
        colors = ramp("value", theme)
        for row, values in ((0, KERNEL[0]), (1, KERNEL[1]), (2, KERNEL[2]), (4, BIAS)):
            for column, value in enumerate(values):
                place = min(256, max(0, int(np.floor((0.5 + 0.5 * value / limit) * 256 + 0.5))))
                assert tuple(pixels[row, column]) == (*colors[place], 255)
        assert not pixels[3, :, 3].any()
    panel.close()


def test_few_weights_are_written_as_numbers_and_legible() -> None:
    panel = nv.WeightHeatmap(run_of(KERNEL, BIAS), "dense")
    (numbers,) = parts(panel, bqplot.Label)
    assert list(numbers.text) == ["+0.50", "−1.00", "0.00", "+2.00", "−2.00", "+0.25", "+0.10", "−0.20"]
    assert numbers.colors[2] == "var(--nv-on-bw, #000000)"
    assert numbers.colors[3] == "var(--nv-on-wb, #ffffff)"
    panel.close()


def test_the_table_holds_every_weight_also_of_a_reduced_kernel() -> None:
    kernel, bias = np.random.default_rng(0).normal(size=(784, 64)).astype(np.float32), np.zeros(64)
    panel = nv.WeightHeatmap(run_of(kernel, bias), "dense")
    assert "means of up to 8 × 1 weights" in heads(panel)[0]
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
    cells = picture(panel, "dense")
    drawn(panel, lambda: pixels_of(cells, "light").shape == (10, 10, 4), "the window")
    assert parts(panel, ipywidgets.IntRangeSlider)[0].value == (300, 310)
    point_at(cells, 3, 4)
    said = f"dense kernel[303, 9] = {'+' if kernel[303, 9] > 0 else '−'}{abs(kernel[303, 9]):.4f}"
    assert said in note(panel)
    panel.close()


@pytest.mark.parametrize("cell", [None, 3, {}, {"rowNum": -1, "columnNum": 0}, {"rowNum": "0", "columnNum": 0}])
def test_what_the_page_says_of_a_cell_is_checked(cell: object) -> None:
    panel = nv.WeightHeatmap(run_of(KERNEL), "dense")
    before = note(panel)
    assert "Point at or click a cell" in before
    (grid,) = parts(panel, bqplot.GridHeatMap)
    say_of_mark(grid, "hover", point=cell)
    say_of_mark(grid, "element_click", data=cell)
    for image in parts(panel, bqplot.Image):
        say_of_mark(image, "element_click", data=cell)
    assert note(panel) == before
    assert panel.selection == {}
    panel.close()


def test_a_click_chooses_the_unit_and_the_chosen_unit_is_ringed() -> None:
    panel = nv.WeightHeatmap(run_of(KERNEL), "dense")
    cells = picture(panel, "dense")
    click(cells, x=1.4, y=0.2)
    assert panel.selection == {"layer": "L1", "unit": 1}
    drawn(panel, lambda: ring(cells) == (1, 0, 2, 3), "the ring")
    panel.close()


def test_the_change_since_a_step_is_the_difference() -> None:
    run = run_of(KERNEL, BIAS)
    later = KERNEL + np.arange(6).reshape(3, 2)
    append(run, later, BIAS, 10)
    panel = nv.WeightHeatmap(run, "dense", since=0)
    np.testing.assert_allclose(kernel_of(panel), np.arange(6), atol=1e-6)
    assert written(panel) == ["0.00", "+1.00", "+2.00", "+3.00", "+4.00", "+5.00", "0.00", "0.00"]
    assert "change from step 0 to step 10" in head(panel)
    panel.close()


def test_what_is_no_number_is_counted_and_has_the_colour_of_an_error() -> None:
    panel = nv.WeightHeatmap(run_of(np.array([[np.nan, 1.0], [np.inf, -1.0]])), "dense")
    assert "1 NaN and 1 infinite" in note(panel)
    pixels = pixels_of(picture(panel, "dense"), "light")
    assert bytes(pixels[0, 0, :3]).hex() == bytes(pixels[1, 0, :3]).hex() == "b3261e"
    assert written(panel) == ["NaN", "+1.00", "+∞", "−1.00"]
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
    means, cells = sums / (64 * 16), picture(panel, "big")
    limit = float(np.percentile(np.abs(means), 98))
    colors = ramp("value", "light")[ramp_index(0.5 + 0.5 * means / limit)]
    np.testing.assert_array_equal(pixels_of(cells, "light")[..., :3], colors)
    for place in range(64):
        click(cells, x=place + 0.5, y=place + 0.5)
        assert f"mean {format_signed(float(means[place, place]), 4)}" in note(panel)
    assert "means of up to 64 × 16 weights" in heads(panel)[0]
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
    before = pixels_of(picture(panel, "hidden"), "light")
    trainer.run_epochs(3)
    trainer.wait(60)
    drawn(panel, lambda: "step 9" in head(panel), "the last step")
    assert (pixels_of(picture(panel, "hidden"), "light") != before).any()
    np.testing.assert_array_equal(kernel_of(panel), np.asarray(trainer.model.get_layer("hidden").kernel).ravel())
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
    click(picture(panel, "&lt;img"), x=1.5, y=0.5)
    everything = "".join((head(panel), note(panel), *heads(panel)))
    assert "[0, 1] = +1.0000" in everything
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
    names = [f"{name}/kernel" for name in ("query", "key", "value", "attention_output")]
    assert [re.findall(r">attention (\S+),", head) for head in heads(panel)] == [[name] for name in names]
    table = panel.table()
    for name, kernel, bias in zip(names, attention.weights[::2], attention.weights[1::2], strict=True):
        kernel, bias = np.asarray(kernel), np.asarray(bias)
        shown, table = table[: kernel.size + bias.size], table[kernel.size + bias.size :]
        assert list(shown.parameter) == [name] * kernel.size + ["bias"] * bias.size
        np.testing.assert_array_equal(shown.value, [*kernel.ravel(), *bias.ravel()])
        axis, cells = 0 if name == names[3] else 1, read_cells(panel, f"attention {name}")
        for head_number in range(2):
            tile = {place: value for place, (index, value) in cells.items() if index[axis] == head_number}
            np.testing.assert_allclose(matrix_of(tile), kernel.take(head_number, axis), atol=1e-4)
    assert table.empty
    panel.close()


def read_cells(panel: nv.WeightHeatmap, name: str) -> dict[tuple[int, int], tuple[list[int], float]]:
    """What is read out of a kernel with the pointer: by row and column of the cell the index and the weight."""
    cells: dict[tuple[int, int], Any] = {}
    picture_of_it = picture(panel, name)
    for row, column in np.ndindex(pixels_of(picture_of_it, "light").shape[:2]):
        point_at(picture_of_it, row, column)
        said = re.match(rf'<div class="nnvis-note">{name}\[([\d, ]+)\] = (\S+)<', note(panel))
        if said is not None:
            index = [int(number) for number in said[1].split(", ")]
            cells[row, column] = index, float(said[2].replace("−", "-"))
    return cells


def matrix_of(cells: dict[tuple[int, int], float]) -> np.ndarray:
    """Cells that lie side by side as they lie there, without a gap."""
    rows, columns = (sorted(set(places)) for places in zip(*cells, strict=True))
    assert (rows[-1] - rows[0] + 1, columns[-1] - columns[0] + 1) == (len(rows), len(columns))
    return np.array([[cells[row, column] for column in columns] for row in rows])
