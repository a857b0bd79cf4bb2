"""Does Python still say what the page says? js/tests/descriptions.test.ts reads the same files."""

import json

from tests.contract.make_descriptions import (
    DESCRIPTIONS,
    NUMBER_TEXTS,
    SUM_TEXTS,
    descriptions,
    number_texts,
    sum_texts,
    written,
)


def test_the_descriptions_are_those_that_the_page_gives():
    expected = DESCRIPTIONS.read_text(encoding="utf-8")
    assert written(descriptions()) == expected, "change js/src/ui/words/describe.ts too, then make_descriptions again"


def test_numbers_and_names_are_written_as_on_the_page():
    expected = NUMBER_TEXTS.read_text(encoding="utf-8")
    assert written(number_texts()) == expected, "change js/src/lib/numberFormat.ts too, then make_descriptions again"


def test_sums_are_written_as_in_the_inspector():
    expected = SUM_TEXTS.read_text(encoding="utf-8")
    assert written(sum_texts()) == expected, "change js/src/ui/inspector/addUp.ts too, then make_descriptions again"


def test_there_is_a_text_for_every_golden_snapshot():
    described = {one["frame"] for one in json.loads(DESCRIPTIONS.read_text(encoding="utf-8"))}
    assert described == {"moons", "digits", "nan_everywhere", "empty_model", None}
