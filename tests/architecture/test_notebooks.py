"""Every notebook of the project is run from top to bottom by a real host, whose pages fail where a cell raised."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
OPENS = re.compile(r'(?:voila_page|opened|lab)\.open\("([\w-]+\.ipynb)"|preheated_voila\("([\w-]+\.ipynb)"')


def test_every_notebook_is_run_by_a_host() -> None:
    notebooks = {file.name for file in (ROOT / "notebooks").glob("*.ipynb")}
    tests = (file.read_text("utf-8") for file in (ROOT / "tests/browser").glob("test_*.py"))
    assert {name for text in tests for found in OPENS.findall(text) for name in found if name} == notebooks
