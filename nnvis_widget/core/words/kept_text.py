"""A text that is kept, and said anew where the language is another by the time it is shown."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from nnvis_widget.core.words.say import english, say


class KeptText(str):
    """A text that knows how it was said.

    Attributes:
        again: Says it in the language of now.
    """

    again: Callable[[], str]


def kept_text(said_by: Callable[..., str], *told: str, **values: object) -> str:
    """What `said_by(*told, **values)` says, to be said anew by `anew`.

    Args:
        said_by: `say`, `phrase`, or a function that puts several of their texts together.
        told: Its key or text; texts that were kept themselves are said anew with it.
        values: What stands in it; likewise.
    """
    text = KeptText(said_by(*told, **values))
    text.again = partial(_again, said_by, told, values)
    return text


def english_text(key: str, **values: object) -> str:
    """A text of the catalogue in English, to be compared and written down; `anew` says it in the language of now."""
    text = KeptText(english(key, **values))
    text.again = partial(say, key, **values)
    return text


def anew(text: str) -> str:
    """A text in the language of now where it was kept, else as it is."""
    return text.again() if isinstance(text, KeptText) else text


def _again(said_by: Callable[..., str], told: tuple[str, ...], values: dict[str, object]) -> str:
    said = {name: anew(value) if isinstance(value, str) else value for name, value in values.items()}
    return said_by(*map(anew, told), **said)
