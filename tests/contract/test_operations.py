"""May a page ask for what Python obeys, and for nothing else? js/tests/operations.test.ts reads the same file."""

from tests.contract.make_operations import CONTRACT, written


def test_the_operations_are_those_of_the_page():
    assert written() == CONTRACT.read_text(encoding="utf-8"), "change js/src/stream/protocol.ts, write it again"
