"""What is drawn on a pad: what a page may say of it, and the data that come of it."""

from __future__ import annotations

import struct
from typing import Any

import numpy as np
import pytest
import traitlets

import nnvis_widget as nv
from nnvis_widget.errors import DataError
from nnvis_widget.widgets.picture_choice import PictureChoice, rows_of

from .helpers import receive


def say(pad: Any, *numbers: float, author: object = "page", kind: object = "drawing", buffers: int = 1) -> None:
    """As a page does it."""
    data = struct.pack(f"<{len(numbers)}f", *numbers)
    receive(pad, [data] * buffers, method="custom", content={"kind": kind, "author": author})


def test_a_page_draws_points() -> None:
    pad = nv.PointPad()
    strokes = []
    pad.observe(strokes.append, "drawing")
    say(pad, 0.5, -1, 0, 3, 3, 1)
    np.testing.assert_array_equal(pad.points, np.float32([[0.5, -1], [3, 3]]))
    assert pad.classes.tolist() == [0, 1]
    assert pad.author == "page"
    assert len(strokes) == 1
    say(pad)
    assert len(pad.points) == 0
    pad.close()


NAN, INF = float("nan"), float("inf")
BAD: dict[str, dict[str, Any]] = {
    "outside": {"numbers": (3.01, 0, 0)},
    "NaN": {"numbers": (NAN, 0, 0)},
    "infinite": {"numbers": (0, INF, 0)},
    "a class that there is not": {"numbers": (0, 0, 2)},
    "half a class": {"numbers": (0, 0, 0.5)},
    "no class": {"numbers": (0, 0, NAN)},
    "part of a point": {"numbers": (0, 0)},
    "too many": {"numbers": (0, 0, 1) * 10_001},
    "nobody's": {"numbers": (0, 0, 0), "author": ""},
    "a long name": {"numbers": (0, 0, 0), "author": "x" * 33},
    "no name": {"numbers": (0, 0, 0), "author": None},
    "another kind": {"numbers": (0, 0, 0), "kind": "click"},
    "no kind": {"numbers": (0, 0, 0), "kind": ["drawing"]},
    "no drawing": {"numbers": (0, 0, 0), "buffers": 0},
    "two drawings": {"numbers": (0, 0, 0), "buffers": 2},
}


@pytest.mark.parametrize("message", BAD.values(), ids=BAD)
def test_what_is_no_drawing_is_dropped(message: dict[str, Any]) -> None:
    pad = nv.PointPad([[1, 2]], [1])
    say(pad, *message["numbers"], **{name: value for name, value in message.items() if name != "numbers"})
    receive(pad, method="update", state={"drawing": "x", "author": "me", "extent": 9, "pad": "x"})
    assert (pad.points.tolist(), pad.classes.tolist(), pad.author) == ([[1, 2]], [1], "")
    assert (pad.extent, pad.pad) == (3, "points")
    pad.close()


def test_a_drawing_becomes_data_as_it_was_just_then() -> None:
    rng = np.random.default_rng(0)
    points, classes = rng.uniform(-3, 3, (40, 2)).astype(np.float32), np.arange(40) % 2
    points[1] = points[0]  # of the other class
    pad = nv.PointPad(points, classes)
    data = pad.dataset()
    pad.draw([], [])
    assert (len(data.inputs), len(data.validation_inputs)) == (30, 10)
    together = {(*point.tolist(), int(of)) for point, of in zip(points, classes, strict=True)}
    split = [(data.inputs, data.targets), (data.validation_inputs, data.validation_targets)]
    found = {(*point.tolist(), int(of)) for part in split for point, of in zip(*part, strict=True)}
    assert found == together
    assert [np.bincount(targets).tolist() for _, targets in split] == [[15, 15], [5, 5]]
    with pytest.raises(DataError, match="Expected 2 points of each class or more, got no points"):
        pad.dataset()
    pad.draw([[0, 0], [1, 1], [2, 2]], [0, 0, 1])
    with pytest.raises(DataError, match="got 2 of class 0 and 1 of class 1"):
        pad.dataset()
    pad.close()


@pytest.mark.parametrize(
    ("points", "classes"),
    [
        ([[1, 2]], []),
        ([[1, 9]], [0]),
        ([[1, 2]], [2]),
        ("ab", "a"),
        ([[1, NAN]], [0]),
        (np.zeros((10_001, 2)), [0] * 10_001),
    ],
)
def test_points_that_are_none_are_refused(points: Any, classes: Any) -> None:
    with pytest.raises(DataError, match="Expected at most 10,000 points"):
        nv.PointPad(points, classes)


OPTIONS = [("Two moons", "moons"), ("Rings", "circles"), ("Mine", "own")]


def test_a_data_set_is_chosen_by_a_picture_of_its_own_points() -> None:
    choice = PictureChoice(OPTIONS, "circles", description="Data")
    data = {"moons": nv.datasets.moons(n=400), "circles": nv.datasets.circles(n=20)}
    choice.show({name: rows_of(given) for name, given in data.items()})
    assert choice.counts == [120, 20, 0]
    rows = np.frombuffer(choice.drawing, "<f4").reshape(-1, 3)
    circles = data["circles"]
    points = np.concatenate([circles.inputs, circles.validation_inputs])
    np.testing.assert_allclose(rows[120:, :2], points / np.abs(points).max(), rtol=1e-5)
    assert rows[120:, 2].tolist() == [*circles.targets, *circles.validation_targets]
    for content in (
        *({"kind": "choose", "index": index} for index in (-1, 3, True, 0.0, "0", None)),
        {"kind": "choose"},
        {"kind": "chosen", "index": 0},
    ):
        receive(choice, method="custom", content=content)
        assert choice.value == "circles"
    receive(choice, method="update", state={"value": "own", "options": []})
    receive(choice, [bytes(12)], method="custom", content={"kind": "drawing", "author": "page"})
    assert (choice.value, len(choice.options), len(choice.drawing)) == ("circles", 3, 12 * 140)
    receive(choice, method="custom", content={"kind": "choose", "index": 2})
    assert choice.value == "own"
    with pytest.raises(traitlets.TraitError, match="Expected one of moons, circles, own"):
        choice.value = "spiral"
    choice.close()
