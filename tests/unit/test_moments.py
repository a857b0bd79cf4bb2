"""Eight numbers a tensor, none estimated: against numpy, however the tensors are taken together or apart."""

import numpy as np
import pytest

from nnvis_widget.reduce.moments import BLOCK, Moments, moments

RNG = np.random.default_rng(11)
LARGE = RNG.normal(1e4, 1e-2, 3 * BLOCK + 17).astype(np.float32)


def expected(values):
    numbers = np.asarray(values, np.float64).ravel()
    finite = numbers[np.isfinite(numbers)]
    spread = [finite.mean(), finite.std(), finite.min(), finite.max()] if finite.size else [np.nan] * 4
    return [numbers.size, (numbers == 0).sum(), np.isnan(numbers).sum(), np.isinf(numbers).sum(), *spread]


def broken(values, *places):
    values = values.copy()
    for place, value in places:
        values.flat[place] = value
    return values


TENSORS = {
    "small": RNG.normal(size=(7, 5)).astype(np.float32),
    "zeros": np.zeros((3, 3), np.float32),
    "empty": np.zeros((0, 4), np.float32),
    "one": np.float32(-2.5).reshape(()),
    "integers": RNG.integers(-5, 5, (4, 6)),
    "bools": RNG.random((5, 5)) < 0.4,
    "narrow": LARGE,
    "one not a number": broken(RNG.normal(size=300), (7, np.nan)),
    "both infinities": broken(RNG.normal(size=300), (7, np.inf), (9, -np.inf)),
    "nothing finite": np.full(9, np.nan),
    "a bad number in a later block": broken(LARGE, (2 * BLOCK + 3, np.inf), (5, np.nan)),
    "large floats": np.full(40, 3e38, np.float32),
}


@pytest.mark.parametrize("name", TENSORS)
def test_they_are_those_of_numpy(name):
    (row,) = moments([TENSORS[name]])
    np.testing.assert_allclose(row, expected(TENSORS[name]), rtol=1e-11, atol=1e-12)


def test_tensors_taken_together_do_not_touch_each_other():
    rows = moments(list(TENSORS.values()))
    for row, values in zip(rows, TENSORS.values(), strict=True):
        np.testing.assert_allclose(row, expected(values), rtol=1e-11, atol=1e-12)
    assert moments([]).shape == (0, 8)


def test_a_small_deviation_beside_a_large_mean_is_not_lost():
    found = Moments(*moments([LARGE])[0])
    assert found.deviation == pytest.approx(LARGE.astype(np.float64).std(), rel=1e-9)


def test_the_norm_is_the_root_of_the_sum_of_squares_or_not_a_number():
    values = TENSORS["small"]
    assert Moments(*moments([values])[0]).norm == pytest.approx(float(np.linalg.norm(values.astype(np.float64))))
    assert np.isnan(Moments(*moments([TENSORS["both infinities"]])[0]).norm)
