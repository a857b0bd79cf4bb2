"""Is what a page has to load before it shows anything small?"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from nnvis_widget.widgets.front_end import built
from nnvis_widget.widgets.parts import PARTS

BUILD = Path(__file__).parents[2] / "js/src/session/partList.ts"
LIMIT_BYTES = 330_000
PART_BYTES = 33_000


def size_of(*names: str) -> int:
    return sum(len(built(name).encode()) for name in names)


def test_a_view_with_its_panels_is_at_most_330_kb() -> None:
    assert size_of("widget.js", "widget.css", "panel.js") <= LIMIT_BYTES


@pytest.mark.parametrize("name", PARTS)
def test_what_comes_apart_is_small_too(name: str) -> None:
    assert size_of(f"{name}.js") <= PART_BYTES


def test_python_knows_every_part_there_is() -> None:
    assert re.findall(r"(\w+): \(\) => import", BUILD.read_text("utf-8")) == list(PARTS)


def test_the_script_of_a_view_has_nothing_of_what_comes_apart() -> None:
    script = built("widget.js")
    for name, word in (
        ("levels", "nv-barcode-strip"),
        ("maps", "nv-map-grid"),
        ("sequences", "nv-lane-chosen"),
        ("plane", "xtick"),
        ("extras", "xml:space"),
        ("tables", "nv-table-choice"),
        ("asked", "nv-keys"),
        ("asked", "nv-tooltip"),
        ("learning", "nv-learning-table"),
        ("steps", "nv-step-picture"),
        ("whatIf", "nv-whatif-changes"),
        ("findings", "nv-found-list"),
    ):
        assert word not in script
        assert word in built(f"{name}.js")
