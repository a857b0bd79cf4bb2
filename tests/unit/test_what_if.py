"""Are changes read as they are written, and refused in words where they are none?"""

import math

import pytest

from nnvis_widget.core.what_if import KINDS, MOST_CHANGES, read_change, read_changes

EXAMPLES = [kind.example for kind in KINDS.values()]


@pytest.mark.parametrize("written", EXAMPLES, ids=KINDS)
def test_a_change_is_read_as_it_is_written(written):
    assert read_change(written).to_dict() == written
    assert read_change(read_change(written)) == read_change(written)


def test_of_two_changes_of_the_same_place_the_later_counts():
    first, other = KINDS["unit"].example, KINDS["freeze"].example
    changes = read_changes([first, other, {**first, "to": 0.5}])
    assert [change.to_dict() for change in changes] == [{**first, "to": 0.5}, other]


@pytest.mark.parametrize(
    ("kind", "wrong", "words"),
    [
        ("weight", {"value": math.nan}, "a finite number"),
        ("weight", {"value": math.inf}, "a finite number"),
        ("weight", {"value": "0.5"}, "a finite number"),
        ("weight", {"value": 10**400}, "a finite number"),
        ("weight", {"index": [-1, 0]}, "a whole number from 0"),
        ("weight", {"index": "00"}, "a list of whole numbers"),
        ("weight", {"index": [0] * 9}, "a list of whole numbers"),
        ("unit", {"unit": True}, "a whole number from 0"),
        ("unit", {"to": "nought"}, "'zero', 'mean' or a finite number"),
        ("edge", {"to": 0.5}, "change its weight"),
        ("freeze", {"layer": ""}, "a text"),
        ("freeze", {"kind": "melt"}, "one of weight, input, unit, edge, freeze"),
        ("freeze", {"more": 1}, "with layer"),
    ],
)
def test_what_is_no_change_is_refused_with_what_was_expected_and_an_example(kind, wrong, words):
    with pytest.raises(ValueError, match="Expected") as refusal:
        read_change({**KINDS[kind].example, **wrong})
    assert words in str(refusal.value)
    assert "Write one such as" in str(refusal.value) or "change its weight" in str(refusal.value)


@pytest.mark.parametrize("value", [None, "weight", [3], [None], {"kind": "unit"}, [{}]])
def test_what_is_no_list_of_changes_is_refused(value):
    with pytest.raises(ValueError, match=r"Expected .*, got"):
        read_changes(value)


def test_there_are_at_most_64():
    many = [{**KINDS["unit"].example, "unit": unit} for unit in range(MOST_CHANGES + 1)]
    assert len(read_changes(many[1:])) == MOST_CHANGES
    with pytest.raises(ValueError, match="Undo some first"):
        read_changes(many)
