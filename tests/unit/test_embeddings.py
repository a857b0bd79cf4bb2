"""The nearest rows of a table, and the plane that points differ in: beside numpy's other roads."""

import numpy as np
import pytest

from nnvis_widget.reduce.nearest_rows import nearest_rows
from nnvis_widget.reduce.principal_plane import principal_plane


def test_the_nearest_rows_are_those_of_a_plain_sort_of_all_cosines():
    table = np.random.default_rng(0).normal(size=(500, 7)).astype("float32")
    table[7] = 3 * table[2]  # the same way
    numbers, cosines = nearest_rows(table, 2, 12)
    wide = table.astype(np.float64)
    every = np.array([wide[2] @ row / np.linalg.norm(wide[2]) / np.linalg.norm(row) for row in wide])
    order = [one for one in np.argsort(-every) if one != 2][:12]
    assert numbers[0] == 7
    np.testing.assert_array_equal(numbers, order)
    np.testing.assert_allclose(cosines, every[order], rtol=1e-5)


def test_rows_that_point_nowhere_are_near_to_nothing():
    table = np.array([[1, 0], [0, 0], [np.nan, 1], [np.inf, 0], [1, 1], [-1, 0]], "float32")
    assert nearest_rows(table, 0, 9)[0].tolist() == [4, 5]
    for lost in (1, 2, 3):
        assert nearest_rows(table, lost, 9)[0].size == 0
    assert nearest_rows(table[:1], 0, 9)[0].size == 0


def test_the_plane_is_that_of_the_covariance():
    rows = np.random.default_rng(1).normal(size=(30, 5)) * [5, 1, 3, 0.1, 0.2] + 7
    plane = principal_plane(rows)
    variances, axes = np.linalg.eigh(np.cov(rows.T))
    assert plane.shares == pytest.approx(tuple(variances[::-1][:2] / variances.sum()))
    points = (rows - rows.mean(0)) @ axes[:, ::-1][:, :2]
    np.testing.assert_allclose(np.abs(plane.points), np.abs(points), atol=1e-9)


def test_an_axis_goes_on_to_point_the_way_it_did():
    rows = np.random.default_rng(2).normal(size=(8, 3)) * [4, 2, 1]
    before = principal_plane(rows)
    turned = type(before)(-before.points, -before.axes, before.shares)
    np.testing.assert_allclose(principal_plane(rows * 1.001, turned).points, -1.001 * before.points, atol=1e-9)


def test_points_on_a_line_have_one_axis_and_too_few_or_unknown_ones_none():
    line = principal_plane(np.outer([1.0, 2, 4], [1, 1]))
    assert line.shares == pytest.approx((1, 0))
    assert (line.points[:, 1] == 0).all()
    assert principal_plane(np.zeros((3, 2))).shares == (0, 0)
    assert principal_plane(np.ones((1, 2))) is None
    assert principal_plane(np.array([[1, np.nan], [0, 0]])) is None
