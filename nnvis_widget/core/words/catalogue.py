"""The catalogues as they lie here, in JSON: a key means one text, or one for each plural form of the language."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

Entry = str | Mapping[str, str]

ENGLISH = "en"
LANGUAGES = (ENGLISH, "zh")


@cache
def words_of(language: str) -> Mapping[str, Entry]:
    """All words of a language, by their keys."""
    return read_part("page", language) | read_part("kernel", language)


@cache
def page_words(language: str) -> list[Entry]:
    """What a page says, in the order of the English catalogue: the keys of the built page are places in it."""
    own = read_part("page", language)
    return [own[key] for key in read_part("page", ENGLISH)]


def read_part(part: str, language: str) -> dict[str, Entry]:
    """The words of a page (`page`), or those of Python alone (`kernel`)."""
    catalogue: dict[str, Entry] = json.loads(
        files("nnvis_widget.core.words").joinpath(f"{part}.{language}.json").read_text("utf-8")
    )
    return catalogue
