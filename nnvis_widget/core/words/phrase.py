"""The words of the arithmetic of learning. Their English stands where the formula stands; other languages have
`arithmetic.zh.json` and its twins, in which the English text is the key."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from nnvis_widget.core.words.catalogue import ENGLISH
from nnvis_widget.core.words.language import LANGUAGE


def phrase(text: str, **values: object) -> str:
    """A text in the language that is spoken now.

    Args:
        text: In English. One that is in no catalogue, such as the name of a layer, stays as it is.
        values: What stands in the text for `{name}`; without any, braces mean nothing.
    """
    said = text if LANGUAGE.now == ENGLISH else arithmetic_words(LANGUAGE.now).get(text, text)
    return said.format_map(values) if values else said


@cache
def arithmetic_words(language: str) -> Mapping[str, str]:
    """All of it in a language other than English."""
    words: dict[str, str] = json.loads(
        files("nnvis_widget.core.words").joinpath(f"arithmetic.{language}.json").read_text("utf-8")
    )
    return words
