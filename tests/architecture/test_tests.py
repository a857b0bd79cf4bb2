"""Tests ask what a person sees: none begins to reach inside the product."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from . import python_imports

TESTS = Path(__file__).parents[1]

# IPython's protocol for what a cell shows, and the synced trait by which classes of CSS reach a page.
PUBLIC = ("._repr_mimebundle_", "._dom_classes")
# How many private names of the product each of these files still uses; a number here may only become smaller.
STILL_INSIDE = {
    "keras/page.py": 2,  # a view that is closed has no comm, and is spoken to all the same
    "keras/test_commands.py": 2,
    "keras/test_network_view.py": 12,
}


def uses_of_private_names() -> Counter[str]:
    found: Counter[str] = Counter()
    for path in sorted(TESTS.rglob("*.py")):
        file = path.relative_to(TESTS).as_posix()
        uses = python_imports.private_attributes(file, path.read_text("utf-8"))
        found[file] = sum(not use.endswith(PUBLIC) for use in uses)
    return +found


def test_tests_use_no_more_private_names_than_they_did() -> None:
    assert {file: count for file, count in uses_of_private_names().items() if count > STILL_INSIDE.get(file, 0)} == {}


def test_a_use_of_a_private_name_is_found() -> None:
    source = "panel._note.value\nself._own\nview.describe()\n"
    assert python_imports.private_attributes("test_panel.py", source) == ["test_panel.py:1 ._note"]
