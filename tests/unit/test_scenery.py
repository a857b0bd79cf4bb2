"""The samples a model is looked at with, and their frame."""

import numpy as np
import pytest

from nnvis_widget.core.scenery import Scenery
from nnvis_widget.core.task import Task
from nnvis_widget.stream.frame import decode_frame
from nnvis_widget.stream.scenery_frame import scenery_frame

POINTS = np.array([[0.0, 1.0], [4.0, 3.0], [np.nan, 9.0], [2.0, np.inf]], np.float32)


def test_the_extent_is_a_square_a_tenth_wider_than_the_finite_points():
    assert Scenery((POINTS,)).extent == pytest.approx((2 - 2.2, 2 + 2.2, 2 - 2.2, 2 + 2.2))


def test_points_of_one_place_and_no_finite_point_have_an_extent_too():
    x0, x1, *_ = Scenery((np.ones((3, 2)),)).extent
    assert x0 < 1 < x1
    assert Scenery((np.full((3, 2), np.nan),)).extent == (-1, 1, -1, 1)


@pytest.mark.parametrize(
    "inputs", [(), (np.zeros((4, 3)),), (np.zeros((4, 2)), np.zeros((4, 2))), (np.zeros((4, 2, 1)),)]
)
def test_only_one_pair_of_numbers_is_a_plane(inputs):
    scenery = Scenery(inputs)
    assert not scenery.is_plane
    assert scenery.extent is None


def test_samples_beyond_the_data_wrap_around():
    scenery = Scenery((np.arange(3), np.arange(3) * 10), targets=np.array([5, 6, 7]))
    assert [part.tolist() for part in scenery.batch([1, 4, 10**9])] == [[1, 1, 1], [10, 10, 10]]
    assert scenery.target(10**9) == 6.0


def test_a_target_is_flat_numbers_or_none():
    assert Scenery((np.zeros((2, 2)),), targets=np.array([[[1, 2]], [[3, 4]]])).target(3).tolist() == [3, 4]
    assert Scenery((np.zeros((2, 2)),), targets=np.array(["a", "b"])).target(0) is None
    assert Scenery((np.zeros((2, 2)),)).target(0) is None


@pytest.mark.parametrize(
    ("targets", "task", "labels"),
    [
        ([2, 1, 7], Task("one_of_several"), [2, 1, 7]),
        ([[0, 0, 1], [1, 0, 0]], Task("one_of_several"), [2, 0]),
        ([-1, 1, 1], Task("one_of_two", no=-1), [0, 1, 1]),
        ([[0.5], [1.0]], Task("numbers"), [0.5, 1.0]),
        ([[1, 1], [0, 1]], Task("labels"), None),
        ([[0.1, 0.2], [1, 0]], Task("numbers"), None),
        ([0, 1], Task(), None),
    ],
)
def test_points_have_a_class_or_a_number_where_the_task_has(targets, task, labels):
    x = np.random.default_rng(0).random((len(targets), 2))
    section = decode_frame(scenery_frame(Scenery((x,), np.array(targets), task=task), 0)).find("point_target")
    assert (section.values.tolist() if section else None) == labels


def test_points_are_thinned_evenly_with_their_targets():
    x = np.arange(5_000, dtype=np.float64).reshape(2_500, 2)
    scenery = Scenery((x,), np.arange(2_500), (x[:3],), np.arange(3), task=Task("one_of_several"))
    frame = decode_frame(scenery_frame(scenery, 4))
    index = frame.find("point_index", name="train").values
    assert len(index) == 1_000
    assert (index[0], index[-1]) == (0, 2_499)
    assert set(np.diff(index)) <= {2, 3}
    np.testing.assert_array_equal(frame.find("points", name="train").values, x[index])
    np.testing.assert_array_equal(frame.find("point_target", name="train").values, index)
    np.testing.assert_array_equal(frame.find("points", name="validation").values, x[:3])
    assert frame.header["generation"] == 4


def test_pictures_have_one_thumbnail_a_class():
    pictures = np.random.default_rng(0).random((20, 64)).astype(np.float32)
    labels = np.arange(20)[::-1] % 4
    scenery = Scenery((pictures,), labels, task=Task("one_of_several"), image_shape=(8, 8))
    frame = decode_frame(scenery_frame(scenery, 0))
    chosen = frame.find("thumbnail_index").values
    assert labels[chosen].tolist() == frame.find("thumbnail_target").values.tolist() == [0, 1, 2, 3]
    section = frame.find("thumbnail")
    low, high = section.attributes["lo"], section.attributes["hi"]
    shown = low + (section.values.astype(float) - 1) * (high - low) / 254
    assert np.abs(shown - pictures[chosen].reshape(-1, 8, 8)).max() <= (high - low) / 254 / 2 + 1e-6


@pytest.mark.parametrize("shape", [(5, 8, 8, 1), (5, 8, 8, 3), (5, 8, 8)])
def test_pictures_of_any_channels_are_shown_in_grey(shape):
    frame = decode_frame(scenery_frame(Scenery((np.random.default_rng(0).random(shape),)), 0))
    assert frame.find("thumbnail").values.shape == (5, 8, 8)


@pytest.mark.parametrize("shape", [(5, 65, 65), (5, 3), (0, 8, 8), (5, 8, 1)])
def test_what_is_no_small_picture_has_no_thumbnail(shape):
    assert decode_frame(scenery_frame(Scenery((np.zeros(shape),)), 0)).find("thumbnail") is None


def test_an_empty_scenery_is_a_frame_too():
    frame = decode_frame(scenery_frame(Scenery(), 1))
    assert (frame.header["sample_count"], frame.header["extent"], frame.sections) == (0, None, ())
