"""Is what a frame says of findings small, at its place, and no more than is known?"""

import json
from dataclasses import replace

import pytest

from nnvis_widget.core.clock import STEPS
from nnvis_widget.core.finding import Finding, Place
from nnvis_widget.core.graph import Layer
from nnvis_widget.core.structure import Group, NetworkStructure
from nnvis_widget.core.words.language import set_language
from nnvis_widget.stream.found import MOST, MOST_BYTES, found_header, found_lines

LAYERS = tuple(
    Layer(f"L{i}", name, "Dense", ((None, 4),), units=4, path=name) for i, name in enumerate(("in", "inner", "out"))
)
BLOCK = Group(Layer("G", "block", "Functional", ((None, 4),), path="block"), "model", ("L1",))
NET = NetworkStructure("net", LAYERS, (BLOCK,), ("L0", "G", "L2"), (), ("L0",), ("L2",), 0, 0)


def told(*findings, opened=(), structure=NET):
    outermost = structure.folded()
    return found_header(findings, outermost, structure.folded(opened), structure)


def finding(rule="dead_relu", place=None, **more):
    return Finding(rule, place or Place("layer", "L1", "inner", (1, 3)), 5, 9, "fault", 0.5, 0.4, **more)


DEAD = {"says": {"count": 2, "units": 4}}


def test_what_is_within_a_closed_group_stands_at_its_card():
    (one,) = told(finding(**DEAD))
    assert (one["layer"], one["badge"], one["units"]) == ("G", "2/4 dead", [1, 3])
    assert one["at"] == "L1"  # for the barcode, which has it whatever is open
    (opened,) = told(finding(**DEAD), opened=("block",))
    assert (opened["layer"], "at" in opened) == ("L1", False)


def test_where_not_all_units_are_known_none_is_marked():
    assert told(finding(says={"count": 3, "units": 4}))[0]["units"] == []


def test_data_stand_where_they_come_in_targets_where_they_are_compared_and_steps_nowhere():
    data, targets = Place("data", features=(2,)), Place("data")
    found = told(
        finding("unshuffled", data), finding("class_imbalance", targets), finding("lr_too_high", Place("optimizer"))
    )
    assert [(one["layer"], one["units"]) for one in found] == [("L0", [2]), ("L2", []), ("", [])]
    several = replace(NET, inputs=("L0", "L2"))
    assert told(finding("unshuffled", data), structure=several)[0]["layer"] == ""


@pytest.mark.parametrize("language", ["en", "zh"])
def test_many_findings_with_long_names_stay_within_four_kilobytes(language):
    set_language(language)
    try:
        many = [finding(place=Place("layer", "L1", "名" * 400, tuple(range(64))), **DEAD) for _ in range(60)]
        found = told(*many)
    finally:
        set_language(None)
    assert 1 <= len(found) <= MOST
    assert len(json.dumps(found)) <= MOST_BYTES + 2 * MOST
    assert 15 <= len(told(*[finding(because_of="nan", **DEAD)] * 60)) <= MOST


def test_causes_have_room_before_consequences_what_stands_before_what_is_over_and_the_rest_is_counted():
    chain = [finding("input_not_normalised"), *[finding(because_of="input_not_normalised", **DEAD)] * 40]
    found = told(*chain, finding("lr_too_low", Place("optimizer")), finding("unshuffled", Place("data"), is_over=True))
    assert [one["rule"] for one in found if not one["follows"]] == ["input_not_normalised", "lr_too_low"]
    assert [one.get("left", 0) for one in found] == [0] * (len(found) - 1) + [43 - len(found)]
    assert list(found_lines(found, STEPS))[-1] == f"And {43 - len(found)} more findings."
    assert "left" not in told(finding(**DEAD))[0]
