from __future__ import annotations

import numpy as np
import pytest

import nnvis_widget as nv
from nnvis_widget.errors import ModelError

from .helpers import drawn, head, lines, note, plane_model, plane_trainer
from .test_weight_heatmap import append, run_of

GREY = {"opacities": [0.55]}
KERNELS = [np.random.default_rng(step).normal(size=(6, 4)) for step in range(5)]


def run_of_all(kernels: list[np.ndarray]) -> nv.Run:
    run = run_of(kernels[0])
    for step, kernel in enumerate(kernels[1:], 1):
        append(run, kernel, None, 10 * step)
    return run


def test_each_weight_is_a_line_over_the_kept_snapshots() -> None:
    panel = nv.WeightsOverTime(run_of_all(KERNELS), "dense")
    table = panel.table()
    assert list(table.index) == [0, 10, 20, 30, 40]
    for i in range(6):
        for j in range(4):
            np.testing.assert_allclose(table[f"[{i}, {j}]"], [kernel[i, j] for kernel in KERNELS], rtol=1e-6)
    (grey,) = lines(panel, "ink-3", **GREY)
    np.testing.assert_allclose(np.asarray(grey.y).T, table.to_numpy())
    assert "24 weights" in note(panel)
    panel.close()


def test_lines_into_the_selected_unit_have_the_colour_of_their_newest_sign() -> None:
    panel = nv.WeightsOverTime(run_of_all(KERNELS))
    panel.selection = {"layer": "L1", "unit": 2}
    drawn(panel, lambda: "colour: the 6 into unit 2" in note(panel), "the unit")
    (grey,), (coloured,) = lines(panel, "ink-3", **GREY), lines(panel, "pos", "neg")
    np.testing.assert_allclose(coloured.y, np.array(KERNELS)[:, :, 2].T, rtol=1e-6)
    signs = ["neg" if value < 0 else "pos" for value in KERNELS[-1][:, 2]]
    assert [name for color in coloured.colors for name in ("neg", "pos") if f"nv-{name}," in color] == signs
    assert len(grey.y) == 18
    panel.selection = {"layer": "L1"}
    drawn(panel, lambda: "each weight" in note(panel), "the layer as a whole")
    assert len(grey.y) == 24
    panel.close()


def test_many_weights_are_bands_and_the_selected_units_own_lines() -> None:
    kernels = [np.random.default_rng(step).normal(size=(50, 8)) for step in range(3)]
    panel = nv.WeightsOverTime(run_of_all(kernels))
    panel.selection = {"layer": "L1", "unit": 7}
    drawn(panel, lambda: "into unit 7" in note(panel), "the unit")
    table = panel.table()
    expected = [np.percentile(kernel.astype(np.float32), [0, 5, 25, 50, 75, 95, 100]) for kernel in kernels]
    np.testing.assert_allclose(table.iloc[:, :7], expected, rtol=1e-6)
    np.testing.assert_allclose(table.iloc[:, 7:], np.array(kernels)[:, :, 7], rtol=1e-6)
    assert list(table.columns[7:9]) == ["[0, 7]", "[1, 7]"]
    (median,) = lines(panel, "ink", line_style="solid")
    np.testing.assert_allclose(median.y, [row[3] for row in expected], rtol=1e-5)
    panel.close()


def test_a_unit_with_too_many_weights_is_said_to_have_them() -> None:
    panel = nv.WeightsOverTime(run_of(np.ones((65, 2))))
    panel.selection = {"layer": "L1", "unit": 0}
    drawn(panel, lambda: "unit 0 has more than 64 of them" in note(panel), "the words")
    assert panel.table().shape == (1, 7)
    panel.close()


def test_the_cursor_is_where_the_playhead_is_and_steps_left_out_are_said() -> None:
    run = run_of(np.eye(3))
    for step in range(1, 200):
        append(run, np.eye(3) * step, None, step)
    panel = nv.WeightsOverTime(run)
    assert "101 of 200 kept snapshots drawn" in note(panel)
    panel.step = 50
    drawn(panel, lambda: "step 50" in head(panel), "the step")
    (cursor,) = lines(panel, "ink", line_style="dotted")
    assert list(cursor.x) == [50, 50]
    panel.close()


def test_what_is_no_number_is_a_gap_and_counted() -> None:
    kernels = [np.ones((2, 2)), np.array([[np.nan, 1.0], [np.inf, 2.0]]), np.array([[np.nan, 1.0], [3.0, 2.0]])]
    panel = nv.WeightsOverTime(run_of_all(kernels))
    assert "1 NaN" in note(panel)
    np.testing.assert_array_equal(panel.table()["[0, 0]"], [1, np.nan, np.nan])
    (grey,) = lines(panel, "ink-3", **GREY)
    assert np.isfinite(np.asarray(grey.y)[:, -1]).all()  # the browser needs an end that is a number
    panel.close()


def test_one_snapshot_and_one_weight_are_drawn() -> None:
    for shape in ((1, 1), (2, 1), (3, 2)):
        panel = nv.WeightsOverTime(run_of(np.ones(shape)))
        assert panel.table().shape == (1, shape[0] * shape[1])
        panel.close()


def test_it_follows_the_training_and_the_selected_layer() -> None:
    trainer = plane_trainer()
    panel = nv.WeightsOverTime(trainer)
    trainer.run_epochs(2)
    trainer.wait(60)
    panel.selection = {"layer": trainer.graph.by_name("out").id, "unit": 0}
    drawn(panel, lambda: ">out<" in head(panel) and "epoch 2.0" in head(panel), "the other layer")
    kernel = np.asarray(trainer.model.get_layer("out").kernel)
    np.testing.assert_array_equal(panel.table().iloc[-1], kernel[:, 0])
    assert "colour: the 5 into unit 0" in note(panel)
    panel.close()


def test_what_there_is_not_is_refused() -> None:
    model = plane_model()
    with pytest.raises(ModelError, match=r"'hidden' \(Dense\) has no 'gamma'"):
        nv.WeightsOverTime(model, "hidden", parameter="gamma")
    with pytest.raises(ModelError, match="The nearest: 'hidden'"):
        nv.WeightsOverTime(model, "hiden")
    panel = nv.WeightsOverTime(model, "hidden", parameter="bias")
    assert list(panel.table().columns) == [f"[{unit}]" for unit in range(5)]
    panel.close()
