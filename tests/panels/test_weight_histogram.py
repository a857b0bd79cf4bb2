from __future__ import annotations

import numpy as np
import pytest

import nnvis_widget as nv
from nnvis_widget.errors import ModelError
from nnvis_widget.widgets.panels.reading.over_time import even_steps

from .helpers import drawn, head, lines, note, pictures, plane_model, plane_trainer
from .test_weight_heatmap import append, run_of


def test_the_bands_are_the_quantiles_of_every_snapshot() -> None:
    kernels = [np.random.default_rng(step).normal(size=(40, 8)) * (1 + step) for step in range(5)]
    run = run_of(kernels[0])
    for step, kernel in enumerate(kernels[1:], 1):
        append(run, kernel, None, 10 * step)
    panel = nv.WeightHistogram(run)
    table = panel.table()
    assert list(table.index) == [0, 10, 20, 30, 40]
    for row, kernel in zip(np.asarray(table), kernels, strict=True):
        np.testing.assert_allclose(
            row, np.percentile(kernel.astype(np.float32), [0, 5, 25, 50, 75, 95, 100]), rtol=1e-6
        )
    (median,) = lines(panel, "ink", line_style="solid")
    np.testing.assert_allclose(median.y, table["50%"])
    panel.close()


def test_the_histogram_counts_every_number_of_the_step_looked_at() -> None:
    first, later = np.random.default_rng(0).normal(size=(2, 50, 4)).astype(np.float32)
    run = run_of(first)
    append(run, later, None, 5)
    panel = nv.WeightHistogram(run)
    for step, said, kernel in ((None, "step 5", later), (0, "step 0", first)):
        panel.step = step
        drawn(panel, lambda said=said: said in head(panel), "the step")
        counts = panel.counts()
        expected, _ = np.histogram(kernel.astype(np.float64), bins=len(counts), range=(kernel.min(), kernel.max()))
        assert counts["count"].sum() == kernel.size
        np.testing.assert_array_equal(counts["count"], expected)
    assert "200 numbers" in note(panel)
    panel.close()


def test_more_snapshots_than_are_drawn_are_said() -> None:
    run = run_of(np.eye(3))
    for step in range(1, 200):
        append(run, np.eye(3) * step, None, step)
    panel = nv.WeightHistogram(run)
    assert "101 of 200 kept snapshots drawn" in note(panel)
    assert list(panel.table().index[[0, -1]]) == [0, 199]
    panel.close()


def test_what_is_no_number_is_counted_and_left_out() -> None:
    run = run_of(np.array([[np.nan, 1.0], [np.inf, 3.0]]))
    append(run, np.full((2, 2), np.nan), None, 1)
    panel = nv.WeightHistogram(run)
    assert "4 NaN" in note(panel)
    assert list(panel.table().index) == [0]
    panel.step = 0
    drawn(panel, lambda: "1 NaN and 1 infinite" in note(panel), "the first step")
    panel.close()


def test_a_ridge_counts_every_number_of_at_most_24_snapshots_in_the_same_bins() -> None:
    kernels = [np.random.default_rng(step).normal(size=(20, 8)) + step / 10 for step in range(40)]
    run = run_of(kernels[0])
    for step, kernel in enumerate(kernels[1:], 1):
        append(run, kernel, None, step)
    panel = nv.WeightHistogram(run, kind="ridge")
    table = panel.table()
    assert (len(table), list(table.index[[0, -1]])) == (21, [0, 39])
    assert "21 of 40 kept snapshots drawn" in note(panel)
    drawn_ones = np.array([kernels[step].astype(np.float32) for step in table.index])
    edges = np.linspace(drawn_ones.min(), drawn_ones.max(), table.shape[1] + 1)
    for step, counts in zip(table.index, table.to_numpy(), strict=True):
        assert counts.sum() == 160
        np.testing.assert_array_equal(counts, np.histogram(kernels[step].astype(np.float32).astype(float), edges)[0])
    (ridge,) = pictures(panel)[0].marks
    rows = np.asarray(ridge.y)
    assert rows.shape[0] == 21
    np.testing.assert_array_equal(rows[:, 0], np.arange(21)[::-1])
    for step, row in ((None, 20), (0, 0)):
        panel.step = step
        is_blue = lambda row=row: "info" in ridge.colors[row]  # noqa: E731
        drawn(panel, is_blue, "the row looked at")
        assert sum("info" in one for one in ridge.colors) == 1
    panel.close()


def test_a_ridge_of_one_snapshot_and_of_equal_numbers_is_drawn() -> None:
    panel = nv.WeightHistogram(run_of(np.ones((3, 3))), kind="ridge")
    assert panel.table().to_numpy().sum() == 9
    assert np.asarray(pictures(panel)[0].marks[0].y).ndim == 1
    panel.close()
    empty = nv.WeightHistogram(run_of(np.full((2, 2), np.nan)), kind="ridge")
    assert empty.table().empty
    empty.close()


def test_gradients_are_measured_when_they_are_looked_at() -> None:
    trainer = plane_trainer()
    panel = nv.WeightHistogram(trainer, "hidden", quantity="gradient")
    drawn(panel, lambda: "10 numbers" in note(panel), "the gradient")
    assert panel.counts()["count"].sum() == 10
    panel.close()


def test_the_activations_of_the_sample_are_counted() -> None:
    trainer = plane_trainer()
    panel = nv.WeightHistogram(trainer, "hidden", quantity="activation")
    assert panel.counts()["count"].sum() == 5
    panel.close()


def test_what_there_is_not_is_refused() -> None:
    model = plane_model()
    with pytest.raises(ModelError, match="Expected one of weight, gradient, activation, got quantity='weights'"):
        nv.WeightHistogram(model, quantity="weights")
    with pytest.raises(ModelError, match="Expected one of bands, ridge, got kind='lines'"):
        nv.WeightHistogram(model, kind="lines")
    with pytest.raises(ModelError, match="'hidden' \\(Dense\\) has no 'gamma'; its parameters are: 'kernel', 'bias'"):
        nv.WeightHistogram(model, "hidden", parameter="gamma")
    with pytest.raises(ModelError, match="The nearest: 'hidden'"):
        nv.WeightHistogram(model, "hiden")


@pytest.mark.parametrize("count", [0, 1, 118, 119, 120, 121, 237, 1_000, 5_001])
def test_the_steps_drawn_are_few_and_even_and_hold_both_ends(count: int) -> None:
    steps = np.arange(0, 7 * count, 7)
    chosen = even_steps(steps)
    assert len(chosen) <= 120
    assert set(chosen[:1]) == set(steps[:1])
    assert set(chosen[-1:]) == set(steps[-1:])
    assert len(set(np.diff(chosen[:-1]).tolist())) <= 1
    assert len(chosen) >= min(count, 60)


def test_a_growing_run_draws_the_steps_that_it_drew_before() -> None:
    before = even_steps(np.arange(700))
    after = even_steps(np.arange(760))
    assert set(before[:-1]) <= set(after)
