from __future__ import annotations

from math import log10

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nnvis_widget.core.png import encode_png
from nnvis_widget.reduce.axis_ticks import decade_ticks, round_ticks, step_ticks
from nnvis_widget.reduce.smooth import smooth


def plain_average(values: np.ndarray, share: float) -> list[float]:
    """The recurrence as it is written down."""
    state, result = np.nan, []
    for value in values:
        if np.isfinite(value):
            state = value if np.isnan(state) else state + share * (value - state)
        result.append(state)
    return result


@pytest.mark.parametrize("count", [0, 1, 2, 127, 128, 129, 130, 1000])
@pytest.mark.parametrize("share", [0.15, 0.9, 1.0])
def test_the_average_is_that_of_the_recurrence(count: int, share: float) -> None:
    values = np.random.default_rng(1).normal(size=count)
    values[::11] = np.nan
    values[5:8] = np.inf
    np.testing.assert_allclose(smooth(values, share), plain_average(values, share))


@given(st.floats(-1e6, 1e6), st.floats(1e-3, 1e6))
def test_round_ticks_are_few_within_the_range_and_say_their_place(low: float, width: float) -> None:
    ticks = round_ticks(low, low + width)
    assert len(ticks) <= 5
    assert all(low - 1e-6 * width <= place <= low + width * (1 + 1e-6) for place, _ in ticks)
    for place, name in ticks:
        said = float(name.replace(",", "").replace("−", "-"))
        assert said == pytest.approx(place, rel=0.06, abs=1e-9 * (1 + abs(low)))


@given(st.integers(0, 10**7), st.integers(1, 10**6))
def test_ticks_of_steps_are_steps(first: int, count: int) -> None:
    ticks = step_ticks(first, first + count)
    assert 1 <= len(ticks) <= 5
    for place, name in ticks:
        assert place == int(name.replace(",", ""))
        assert first <= place <= first + count


@given(st.floats(1e-8, 1e6), st.floats(1.05, 1e9))
def test_ticks_of_a_logarithmic_axis_say_the_number_itself(low: float, factor: float) -> None:
    ticks = decade_ticks(log10(low), log10(low * factor))
    assert len(ticks) <= 5
    for place, name in ticks:
        assert log10(float(name.replace(",", "").replace("−", "-"))) == pytest.approx(place, abs=0.03)


def test_a_range_without_width_is_one_tick() -> None:
    assert [name for _, name in round_ticks(0.5, 0.5)] == ["0.50"]


def test_a_png_holds_the_pixels() -> None:
    image = pytest.importorskip("PIL.Image")
    from io import BytesIO

    pixels = np.random.default_rng(0).integers(0, 256, (5, 7, 4), dtype=np.uint8)
    np.testing.assert_array_equal(np.asarray(image.open(BytesIO(encode_png(pixels)))), pixels)


def test_other_pixels_are_refused() -> None:
    with pytest.raises(ValueError, match="got float64"):
        encode_png(np.zeros((2, 2, 4)))
