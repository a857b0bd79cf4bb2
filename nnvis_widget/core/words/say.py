"""A text of the catalogue. Its twin is js/src/lib/say.ts."""

from __future__ import annotations

from nnvis_widget.core.words.catalogue import ENGLISH, words_of
from nnvis_widget.core.words.language import LANGUAGE


def say(key: str, **values: object) -> str:
    """The text of a key in the language that is spoken now.

    Args:
        key: A key of the catalogue.
        values: What stands in the text for `{name}`, once and as it is; a number `count` is written with commas and
            decides the plural.

    Raises:
        KeyError: If there is no such key, or a value is missing.
    """
    return _text(LANGUAGE.now, key, values)


def english(key: str, **values: object) -> str:
    """As `say`, but in English: for errors, which are searched for."""
    return _text(ENGLISH, key, values)


def capital(text: str) -> str:
    """The beginning of a sentence. Its twin is js/src/lib/capital.ts."""
    return f"{text[:1].upper()}{text[1:]}"


def _text(language: str, key: str, values: dict[str, object]) -> str:
    entry = words_of(language)[key]
    count = values.get("count")
    if not isinstance(entry, str):
        is_one = language == ENGLISH and count == 1
        entry = entry["one" if is_one else "other"]
    if isinstance(count, (int, float)):
        values["count"] = f"{count:,.0f}"
    return entry.format_map(values)
