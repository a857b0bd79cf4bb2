"""Do the planted breaks still fit the product, and is a break that no test can notice told as that?

Whether each is noticed is asked by `python -m tests.planted`, which takes some minutes.
"""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import pytest

from .breaks import BREAKS
from .planting import Break, RunPytest, failing, planted

ROOT = Path(__file__).parents[2]
LEAST = 40


def text_of(name: str) -> str:
    return (ROOT / name).read_text("utf-8")


def pytest_in(root: Path) -> RunPytest:
    """Without what it loads by itself: a process of 0.5 s."""

    def run(arguments: Sequence[str]) -> tuple[int, str]:
        ended = subprocess.run(
            [sys.executable, "-m", "pytest", *arguments],
            cwd=root,
            env=os.environ | {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
            capture_output=True,
            text=True,
            check=False,
        )
        return ended.returncode, ended.stdout

    return run


def test_each_break_changes_one_place_of_the_product_of_today() -> None:
    for one in BREAKS:
        assert one.file.startswith(("nnvis_widget/", "js/src/")), one.claim
        broken = one.planted_in(text_of(one.file))
        if one.file.endswith(".py"):
            ast.parse(broken, one.file)


def test_the_tests_that_have_to_notice_are_there() -> None:
    for one in BREAKS:
        assert one.tests, one.claim
        for test in one.tests:
            file, _, name = test.partition("::")
            said = f"def {name.partition('[')[0]}(" if file.endswith(".py") else name
            assert said in text_of(file), test


def test_each_break_has_a_claim_of_its_own_and_there_are_enough_in_both_languages() -> None:
    assert [claim for claim, count in Counter(one.claim for one in BREAKS).items() if count > 1] == []
    languages = Counter(Path(one.file).suffix for one in BREAKS)
    assert min(languages[".py"], languages[".ts"]) >= LEAST // 2
    assert len(BREAKS) >= LEAST


@pytest.mark.parametrize(("new", "noticed"), [("return 2", ["test_it.py::test_it"]), ("return 1 + 0", [])])
def test_a_break_is_told_as_noticed_only_where_a_test_fails(tmp_path: Path, new: str, noticed: list[str]) -> None:
    (tmp_path / "it.py").write_text("def it():\n    return 1\n")
    (tmp_path / "test_it.py").write_text("import it\n\n\ndef test_it():\n    assert it.it() == 1\n")
    one = Break("it is one", "it.py", "return 1", new, ("test_it.py::test_it",))
    with planted(one, tmp_path):
        assert failing(one.tests, tmp_path, pytest_in(tmp_path)) == noticed
    assert (tmp_path / "it.py").read_text() == "def it():\n    return 1\n"


def test_tests_that_do_not_run_notice_nothing(tmp_path: Path) -> None:
    (tmp_path / "test_it.py").write_text("import what_there_is_not\n\n\ndef test_it():\n    pass\n")
    with pytest.raises(RuntimeError, match="ran no test to its end"):
        failing(["test_it.py::test_it"], tmp_path, pytest_in(tmp_path))
