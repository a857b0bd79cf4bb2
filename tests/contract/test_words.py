"""Do the catalogues of all languages say the same things, and do both sides ask for what is in them?"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

import pytest

from nnvis_widget.core.words.catalogue import LANGUAGES, Entry, page_words, read_part

ROOT = Path(__file__).parents[2]
SCRIPTS = "\n".join(file.read_text("utf-8") for file in sorted((ROOT / "js/src").rglob("*.ts")))
MODULES = [file.read_text("utf-8") for file in sorted((ROOT / "nnvis_widget").rglob("*.py"))]
PARTS = ("page", "kernel")
FORMS = {"en": {"one", "other"}, "zh": {"other"}}


def texts_of(entry: Entry) -> list[str]:
    return [entry] if isinstance(entry, str) else list(entry.values())


def names_in(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


def fault_of(given: set[str], entry: Entry) -> bool:
    """Whether a text names what it is not given, or is given what no form of it names."""
    wanted = [names_in(text) for text in texts_of(entry)]
    needed = set().union(*wanted) | ({"count"} if not isinstance(entry, str) else set())
    return given != needed


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_every_key_with_the_same_names_in_it(part: str, language: str) -> None:
    english, own = read_part(part, "en"), read_part(part, language)
    assert list(own) == list(english)  # in one order, so that the two can be read side by side
    for key, entry in own.items():
        for text in texts_of(entry):
            assert names_in(text) == set().union(*map(names_in, texts_of(english[key]))), key
        if not isinstance(entry, str):
            assert set(entry) == FORMS[language], key


def test_no_key_means_two_things() -> None:
    assert set(read_part("page", "en")) & set(read_part("kernel", "en")) == set()
    assert len(page_words("zh")) == len(read_part("page", "en"))


def calls_in_scripts() -> Iterator[tuple[str, set[str] | None]]:
    """Each `say("key", { names })`; `None` where they are not written there."""
    for call in re.finditer(r'\bsay\(\s*"(\w+)"\s*([,)])', SCRIPTS):
        if call[2] == ")":
            yield call[1], set()
            continue
        rest = SCRIPTS[call.end() :].lstrip()
        yield call[1], names_of_literal(rest) if rest.startswith("{") else None


def names_of_literal(text: str) -> set[str] | None:
    """The names at the top of an object literal; `None` where it takes others in."""
    depth, top, tops = 0, "", []
    for sign in text:
        depth += (sign in "{[(") - (sign in "}])")
        if depth == 0:
            tops.append(top)
            break
        if depth == 1 and sign == ",":
            tops.append(top)
            top = ""
        elif sign != "{" or depth > 1:
            top += sign
    names = [one.strip().split(":")[0].strip() for one in tops if one.strip()]
    return None if any(name.startswith("...") for name in names) else set(names)


def calls_in_modules() -> Iterator[tuple[str, set[str] | None]]:
    for module in MODULES:
        for node in ast.walk(ast.parse(module)):
            is_call = isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "say"
            if not is_call or not isinstance(node.args[0], ast.Constant):
                continue
            names = {keyword.arg for keyword in node.keywords}
            yield node.args[0].value, None if None in names else {name for name in names if name}


def test_each_text_is_given_what_it_names() -> None:
    page, everything = read_part("page", "en"), read_part("page", "en") | read_part("kernel", "en")
    assert [key for key, _ in calls_in_scripts() if key not in page] == []
    assert [key for key, _ in calls_in_modules() if key not in everything] == []
    calls = [*calls_in_scripts(), *calls_in_modules()]
    assert [key for key, given in calls if given is not None and fault_of(given, everything[key])] == []
    assert len(calls) > 400


def test_each_key_is_said_somewhere() -> None:
    """A text that nobody says any longer is dead."""
    strings = {node.value for one in MODULES for node in ast.walk(ast.parse(one)) if isinstance(node, ast.Constant)}
    named = set(re.findall(r'\b(?:say|keyOf)\(\s*"(\w+)"', SCRIPTS))
    assert [key for key in read_part("page", "en") if key not in named] == []
    assert [key for key in read_part("kernel", "en") if key not in strings] == []
