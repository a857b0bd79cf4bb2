"""The curves of 100,000 steps against numpy: whatever happened is still in the picture."""

from __future__ import annotations

import ipywidgets
import numpy as np
import pytest

import nnvis_widget as nv

from .helpers import parts, pictures
from .test_training_curves import beyond, drawn_line, recorded

STEPS = 100_000


def losses() -> np.ndarray:
    """Noise with single spikes up and down, many of them side by side with quiet stretches."""
    rng = np.random.default_rng(5)
    values = 1 + 0.01 * rng.normal(size=STEPS)
    places = rng.choice(STEPS, 500, replace=False)
    values[places] += rng.choice([-0.9, 3.0], 500) * rng.random(500)
    return values


@pytest.mark.parametrize("log", [False, True])
def test_every_value_beyond_the_frame_has_its_stroke_there(log: bool) -> None:
    values = losses()
    panel = nv.TrainingCurves(recorded(values), log=log)
    places, _ = drawn_line(panel)
    assert len(places) <= 400
    (figure,) = pictures(panel)
    scale = figure.marks[0].scales["y"]
    low, high = (10**scale.min, 10**scale.max) if log else (scale.min, scale.max)
    for strokes, is_beyond in zip(beyond(panel), (values < low * (1 - 1e-6), values > high * (1 + 1e-6)), strict=True):
        # each step belongs to the nearest stretch before or after it
        steps = 1 + np.flatnonzero(is_beyond)
        gaps = np.abs(strokes[None, :] - steps[:, None]).min(axis=1)
        assert gaps.max() <= 256
        # and no stroke stands where there was nothing
        assert np.abs(strokes[:, None] - steps[None, :]).min(axis=1).max() <= 256
    panel.close()


def test_the_spikes_of_a_training_that_goes_on_stay_where_they_are() -> None:
    values = losses()
    run = recorded(values[: STEPS // 2])
    panel = nv.TrainingCurves(run, log=False)
    before = beyond(panel)[1]
    for start in range(STEPS // 2, STEPS, STEPS // 8):
        part = values[start : start + STEPS // 8]
        run.record_scalars(np.arange(start + 1, start + len(part) + 1), ["loss"], part[:, None])
        panel.describe()
        now = beyond(panel)[1]
        assert np.abs(now[:, None] - before[None, :]).min(axis=0).max() <= 256
        assert len(drawn_line(panel)[0]) <= 400
        before = now
    panel.close()


def test_the_page_sends_back_no_step_that_it_was_only_told() -> None:
    # a slider that answers to every change of its range moves the playhead of a training that goes on
    panel = nv.TrainingCurves(recorded(losses()[:100]))
    (slider,) = parts(panel, ipywidgets.IntSlider)
    assert not slider.continuous_update
    panel.close()
