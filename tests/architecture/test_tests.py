"""Tests ask what a person sees: none reaches inside the product."""

from __future__ import annotations

from pathlib import Path

from . import python_imports

TESTS = Path(__file__).parents[1]

# IPython's protocol for what a cell shows, and the synced trait by which classes of CSS reach a page.
PUBLIC = ("._repr_mimebundle_", "._dom_classes")


def test_tests_use_no_private_name_of_the_product() -> None:
    found = []
    for path in sorted(TESTS.rglob("*.py")):
        uses = python_imports.private_attributes(path.relative_to(TESTS).as_posix(), path.read_text("utf-8"))
        found += [use for use in uses if not use.endswith(PUBLIC)]
    assert found == []


def test_a_use_of_a_private_name_is_found() -> None:
    source = "panel._note.value\nself._own\nview.describe()\n"
    assert python_imports.private_attributes("test_panel.py", source) == ["test_panel.py:1 ._note"]
