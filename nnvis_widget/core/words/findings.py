"""What is said of findings: `findings.en.json` and its twins, by groups; own rules have no words there."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Literal, overload

from nnvis_widget.core.words.language import LANGUAGE

Group = Literal["rules", "families", "advice", "evidence"]
Texts = Mapping[str, str]


@cache
def finding_words(language: str) -> Mapping[str, Mapping[str, str | Texts]]:
    """All of it in a language: names of `rules` and `families`, `texts` by rule and kind, `advice`, `evidence`."""
    text = files("nnvis_widget.core.words").joinpath(f"findings.{language}.json").read_text("utf-8")
    words: dict[str, dict[str, str | Texts]] = json.loads(text)
    return words


@overload
def said(group: Literal["texts"], key: str) -> Texts | None: ...
@overload
def said(group: Group, key: str) -> str | None: ...
def said(group: str, key: str) -> str | Texts | None:
    """What the language of now has for a key; `None` where it has nothing."""
    return finding_words(LANGUAGE.now)[group].get(key)


def rule_name(rule: str) -> str:
    """What a rule is called: `dead units`."""
    return said("rules", rule) or rule.replace("_", " ")
