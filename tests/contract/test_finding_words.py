"""Do all languages have the words of every finding, and is each name in them given?"""

import re
from pathlib import Path
from string import Formatter

import pytest

from nnvis_widget.core.words.catalogue import LANGUAGES
from nnvis_widget.core.words.findings import finding_words
from nnvis_widget.diagnosis.rule import FAMILIES
from nnvis_widget.diagnosis.rules import RULES

PACKAGE = Path(__file__).parents[2] / "nnvis_widget"
RULES_FOLDER = PACKAGE / "diagnosis/rules"
GIVEN = {"place", "value", "percent", "threshold"}
OF_CHECK = "does_not_fit"
ENGLISH = finding_words("en")


def names_in(text):
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_says_all_of_every_finding(language):
    words = finding_words(language)
    assert {group: list(texts) for group, texts in words.items()} == {group: list(ENGLISH[group]) for group in ENGLISH}
    for kind, texts in words["texts"].items():
        assert list(texts) == ["title", "text", "disproof", "badge"]
        for part, text in texts.items():
            assert names_in(text) == names_in(ENGLISH["texts"][kind][part]), (kind, part)
            assert bool(text) == bool(ENGLISH["texts"][kind][part]), (kind, part)


def test_every_rule_and_kind_has_words_and_no_other_has():
    known = {rule.name for rule in RULES}
    assert set(ENGLISH["rules"]) == known | {OF_CHECK}
    assert {kind.partition(".")[0] for kind in ENGLISH["texts"]} == known | {OF_CHECK}
    assert tuple(ENGLISH["families"]) == FAMILIES
    source = "\n".join(file.read_text("utf-8") for file in RULES_FOLDER.glob("*.py"))
    strings = set(re.findall(r'"(\w+)"', source))
    kinds = {kind.partition(".")[2] for kind in ENGLISH["texts"]} - {""}
    assert kinds | set(ENGLISH["evidence"]) <= strings
    assert set(re.findall(r'evidence\(\s*"(\w+)"', source)) == set(ENGLISH["evidence"])
    said = {name for texts in ENGLISH["texts"].values() for text in texts.values() for name in names_in(text)}
    assert said - GIVEN - {"why"} <= strings


def test_every_reason_that_is_told_has_its_words():
    files = [*(PACKAGE / "diagnosis").rglob("*.py"), PACKAGE / "keras_adapter/read_facts.py"]
    source = "\n".join(file.read_text("utf-8") for file in files)
    told = set(re.findall(r'NotChecked\((?:[^()"]*\("\w+"\) or )?"([^"]+)"', source))
    told |= set(re.findall(r'(?:unknown\["\w+"\] =|return "" if is_mean else|return) "((?:the|there) [^"]+)"', source))
    assert len(told) > 20
    assert told - set(ENGLISH["reasons"].values()) == set()
    assert [text for text in ENGLISH["reasons"].values() if f'"{text}"' not in source] == []
