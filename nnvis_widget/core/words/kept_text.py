"""A text that is kept, and said anew where the language is another by the time it is shown."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial


class KeptText(str):
    """A text that knows how it was said.

    Attributes:
        again: Says it in the language of now.
    """

    again: Callable[[], str]


def kept_text(say: Callable[..., str], *told: str, **values: object) -> str:
    """What `say(*told, **values)` says, to be said anew by `anew`.

    Args:
        say: `say`, `phrase`, or a function that puts several of their texts together.
        told: Its key or text; texts that were kept themselves are said anew with it.
        values: What stands in it; likewise.
    """
    text = KeptText(say(*told, **values))
    text.again = partial(_again, say, told, values)
    return text


def anew(text: str) -> str:
    """A text in the language of now where it was kept, else as it is."""
    return text.again() if isinstance(text, KeptText) else text


def _again(say: Callable[..., str], told: tuple[str, ...], values: dict[str, object]) -> str:
    said = {name: anew(value) if isinstance(value, str) else value for name, value in values.items()}
    return say(*map(anew, told), **said)
