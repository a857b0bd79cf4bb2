"""Do both languages keep the same limits and colours? js/tests/twins.test.ts reads the same files."""

from tests.contract import make_limits, make_tokens


def test_the_limits_are_those_of_the_page():
    expected = make_limits.PATH.read_text(encoding="utf-8")
    assert make_limits.written() == expected, "change js/src/core/limits.ts too, then make_limits again"


def test_the_tokens_are_those_of_the_page():
    expected = make_tokens.PATH.read_text(encoding="utf-8")
    assert make_tokens.written() == expected, "change js/src/theme/tokens.css too, then make_tokens again"
