"""The curves of 100,000 steps against numpy: whatever happened is still in the picture."""

from __future__ import annotations

import ipywidgets
import numpy as np
import pytest

import nnvis_widget as nv

from .helpers import parts
from .test_training_curves import raw_line, recorded

STEPS = 100_000


def losses() -> np.ndarray:
    """Noise with single spikes up and down, many of them side by side with quiet stretches."""
    rng = np.random.default_rng(5)
    values = 1 + 0.01 * rng.normal(size=STEPS)
    places = rng.choice(STEPS, 500, replace=False)
    values[places] += rng.choice([-0.9, 3.0], 500) * rng.random(500)
    return values


@pytest.mark.parametrize("log", [False, True])
def test_every_extreme_of_every_stretch_is_drawn(log: bool) -> None:
    values = losses()
    panel = nv.TrainingCurves(recorded(values), log=log)
    places, heights = raw_line(panel)
    lows, highs = heights[::2], heights[1::2]
    np.testing.assert_array_equal(places[::2], places[1::2])
    # each step belongs to the nearest stretch before or after it; there its value lies between what is drawn
    middles = places[::2]
    after = np.clip(np.searchsorted(middles, np.arange(1, STEPS + 1)), 1, len(middles) - 1)
    low = np.minimum(lows[after - 1], lows[after])
    high = np.maximum(highs[after - 1], highs[after])
    assert (values >= low * (1 - 1e-6)).all()
    assert (values <= high * (1 + 1e-6)).all()
    # and nothing is drawn that was not there
    drawn = np.unique(np.concatenate([lows, highs]))
    nearest = np.sort(values)[np.clip(np.searchsorted(np.sort(values), drawn * (1 - 1e-6)), 0, STEPS - 1)]
    np.testing.assert_allclose(drawn, nearest, rtol=1e-5)
    panel.close()


def test_the_spikes_of_a_training_that_goes_on_stay_where_they_are() -> None:
    values = losses()
    run = recorded(values[: STEPS // 2])
    panel = nv.TrainingCurves(run, log=False)
    for start in range(STEPS // 2, STEPS, STEPS // 8):
        part = values[start : start + STEPS // 8]
        run.record_scalars(np.arange(start + 1, start + len(part) + 1), ["loss"], part[:, None])
        panel.describe()
        so_far = values[: start + len(part)]
        _, heights = raw_line(panel)
        assert heights.max() == pytest.approx(so_far.max())
        assert heights.min() == pytest.approx(so_far.min())
        assert len(heights) <= 800
    panel.close()


def test_the_page_sends_back_no_step_that_it_was_only_told() -> None:
    # a slider that answers to every change of its range moves the playhead of a training that goes on
    panel = nv.TrainingCurves(recorded(losses()[:100]))
    (slider,) = parts(panel, ipywidgets.IntSlider)
    assert not slider.continuous_update
    panel.close()
