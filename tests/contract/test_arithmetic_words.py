"""Is every text of the arithmetic in the catalogue of every other language, and none there that nobody says?"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from nnvis_widget.core.anatomy import GATES
from nnvis_widget.core.words.catalogue import ENGLISH, LANGUAGES
from nnvis_widget.core.words.language import LANGUAGE
from nnvis_widget.core.words.phrase import arithmetic_words, phrase

from .test_words import names_in

ROOT = Path(__file__).parents[2] / "nnvis_widget"
FILES = [*(ROOT / "workings").rglob("*.py"), *(ROOT / "keras_adapter/one_batch").glob("*.py")]
OTHERS = [language for language in LANGUAGES if language != ENGLISH]
SAID = {
    "given": [2],
    "let": [2],
    "append": [0],
    "Term": [0],
    "compare": [0, 1],
    "phrase": [0],
    "NotCoveredError": [0],
    "Draft": [0],
}
"""Which arguments of these are texts. What is appended to something else than notes is no text of ours."""
NAMES = {"beta_1", "beta_2", "rho", "epsilon", "momentum", "weight_decay", "ema_momentum"}
"""As Keras calls them."""
WORDS, OTHER = re.compile("[A-Za-z]{2,} [A-Za-z]{2,}"), re.compile(r"doi:|arXiv:|\\\\|^Expected |<")


def calls() -> Iterator[tuple[ast.expr, str]]:
    """What is said in the modules, and where."""
    for file in FILES:
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            name = getattr(node.func, "attr", getattr(node.func, "id", ""))
            if name == "append" and "notes" not in ast.unparse(node.func):
                continue
            for place in SAID.get(name, ()):
                if place < len(node.args):
                    yield node.args[place], f"{file.name}:{node.lineno}"


def constants(expression: ast.expr) -> Iterator[str]:
    """A text, or each of those that it is one of."""
    match expression:
        case ast.Constant(value=str(text)):
            yield text
        case ast.IfExp(body=body, orelse=orelse):
            yield from constants(body)
            yield from constants(orelse)


def test_no_text_is_put_together_where_no_catalogue_has_it() -> None:
    gates = 'f"{name} gate"'  # the names of the gates are few: below
    made = [(place, ast.unparse(one)) for one, place in calls() if isinstance(one, ast.JoinedStr)]
    assert [one for one in made if one[1].replace("'", '"') != gates] == []


def sentences() -> Iterator[str]:
    """Every constant of some words, wherever it stands: only docstrings, errors, sources and code are for no page."""
    for file in FILES:
        if file.name == "as_code.py":
            continue
        tree = ast.parse(file.read_text("utf-8"))
        apart = [node for node in ast.walk(tree) if isinstance(node, ast.Raise | ast.JoinedStr)]
        apart += [
            node for node in ast.walk(tree) if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
        ]
        left_out = {id(inner) for node in apart for inner in ast.walk(node) if "phrase" not in ast.unparse(node)}
        for node in ast.walk(tree):
            is_text = isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in left_out
            if is_text and WORDS.search(node.value) and not OTHER.search(node.value):
                yield node.value


@pytest.mark.parametrize("language", OTHERS)
def test_every_text_is_in_the_catalogue_with_the_same_names_in_it(language: str) -> None:
    words = arithmetic_words(language)
    said = {text for one, _ in calls() for text in constants(one)} - NAMES
    said |= set(sentences())
    said |= {f"{gate} gate" for gates in GATES.values() for gate in gates}
    assert sorted(said - words.keys()) == []
    assert len(said) > 200
    assert [text for text, own in words.items() if names_in(text) != names_in(own)] == []


@pytest.mark.parametrize("language", OTHERS)
def test_no_text_of_the_catalogue_is_said_by_nobody(language: str) -> None:
    strings = {
        node.value
        for file in FILES
        for node in ast.walk(ast.parse(file.read_text("utf-8")))
        if isinstance(node, ast.Constant)
    }
    gates = {f"{gate} gate" for gates in GATES.values() for gate in gates}
    assert [text for text in arithmetic_words(language) if text not in strings | gates] == []


def test_a_text_is_said_in_the_language_of_now(monkeypatch: pytest.MonkeyPatch) -> None:
    assert phrase("{layer} unit {unit}", layer="dense", unit=3) == "dense unit 3"
    monkeypatch.setattr(LANGUAGE, "chosen", "zh")
    assert phrase("{layer} unit {unit}", layer="dense", unit=3) == "dense 单元 3"
    assert phrase("conv{2}d") == "conv{2}d"  # a name stays
