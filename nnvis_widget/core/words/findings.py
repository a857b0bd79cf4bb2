"""What is said of findings: `findings.en.json` and its twins, by groups; own rules have no words there."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Literal, overload

from nnvis_widget.core.words.catalogue import ENGLISH
from nnvis_widget.core.words.language import LANGUAGE

Group = Literal["rules", "families", "advice", "evidence", "reasons"]
Texts = Mapping[str, str]


@cache
def finding_words(language: str) -> Mapping[str, Mapping[str, str | Texts]]:
    """All of it in a language: names of `rules` and `families`, `texts` by rule and kind, `advice`, and so on."""
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


def reason_text(reason: str) -> str:
    """Why something is not checked, which Python keeps in English; what is no text of ours stays as it is."""
    return said("reasons", _reasons().get(reason, "")) or reason


@cache
def _reasons() -> Mapping[str, str]:
    return {str(text): key for key, text in finding_words(ENGLISH)["reasons"].items()}
