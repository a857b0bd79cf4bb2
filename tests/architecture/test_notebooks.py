"""Every notebook of the project is run from top to bottom by a real host, whose pages fail where a cell raised.

One in another language is not: its code is that of a notebook that is, but for its words.
"""

from __future__ import annotations

import ast
import json
import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
TRANSLATED = {"tutorial.zh.ipynb": ("tutorial.ipynb", "zh")}
OPENS = re.compile(r'(?:voila_page|opened|lab)\.open\("([\w-]+\.ipynb)"|preheated_voila\("([\w-]+\.ipynb)"')


def test_every_notebook_is_run_by_a_host() -> None:
    notebooks = {file.name for file in (ROOT / "notebooks").glob("*.ipynb")} - set(TRANSLATED)
    tests = (file.read_text("utf-8") for file in (ROOT / "tests/browser").glob("test_*.py"))
    assert {name for text in tests for found in OPENS.findall(text) for name in found if name} == notebooks


def cells(notebook: str, kind: str) -> list[str]:
    whole = json.loads((ROOT / "notebooks" / notebook).read_text("utf-8"))
    return ["".join(cell["source"]) for cell in whole["cells"] if cell["cell_type"] == kind]


class WithoutWords(ast.NodeTransformer):
    """Code without its texts; a text with numbers in it keeps the numbers."""

    def visit_Constant(self, node: ast.Constant) -> ast.Constant:
        return ast.Constant("") if isinstance(node.value, str) else node

    def visit_JoinedStr(self, node: ast.JoinedStr) -> ast.JoinedStr:
        numbers = [part for part in node.values if isinstance(part, ast.FormattedValue)]
        return ast.JoinedStr(sorted(numbers, key=ast.dump))  # languages put them in another order


def code_of(notebook: str) -> list[str]:
    return [ast.unparse(WithoutWords().visit(ast.parse(source))) for source in cells(notebook, "code")]


def test_a_notebook_in_another_language_is_the_same_but_for_its_words() -> None:
    for translated, (original, language) in TRANSLATED.items():
        chosen = f'nv.set_language("{language}")'
        assert sum(chosen in source for source in cells(translated, "code")) == 1
        spoken = [source.replace("\nnv.set_language('')", "") for source in code_of(translated)]
        assert spoken == code_of(original)
        texts, own = cells(original, "markdown"), cells(translated, "markdown")
        assert len(own) == len(texts)
        assert [text for text, other in zip(own, texts, strict=True) if text == other] == []


def test_no_notebook_styles_by_what_it_contains() -> None:
    """With `:has()` each change in a notebook styles the whole of it anew: 30 ms a change stopped the tutorial."""
    styled = [file.name for file in (ROOT / "notebooks").glob("*.ipynb") if ":has(" in file.read_text("utf-8")]
    assert styled == []
