"""A language that nobody speaks, to find what is in no catalogue: its every text is that of English, in brackets."""

from __future__ import annotations

import re
from collections.abc import Iterable

from nnvis_widget.core.words.catalogue import Entry

BROKEN = re.compile(r"⟦[^⟦⟧]*⟧")
LETTERS = re.compile("[A-Za-z]{2,}")


def in_brackets(entry: Entry) -> Entry:
    if isinstance(entry, str):
        return f"⟦{entry}⟧"
    return {form: f"⟦{text}⟧" for form, text in entry.items()}


def uncatalogued(texts: Iterable[str], own: Iterable[str]) -> list[str]:
    """The texts with letters that are neither in brackets nor a name of the model or of its data."""
    names = sorted({part for name in own for part in (name, name.replace("_", " ")) if part}, key=len, reverse=True)
    found = []
    for text in texts:
        rest = text
        for name in names:
            rest = re.sub(rf"(?<!\w){re.escape(name)}(?!\w)", "", rest)
        while (shorter := BROKEN.sub("", rest)) != rest:
            rest = shorter
        rest = re.sub(r"⟦.*|.*⟧", "", rest, flags=re.DOTALL)  # what was cut to fit has lost one of its brackets
        if LETTERS.search(rest):
            found.append(text)
    return found
