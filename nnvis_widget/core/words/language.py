"""Which language is spoken. One for a kernel, as everything that it shows is for one person."""

from __future__ import annotations

from typing import Protocol
from weakref import WeakSet

from nnvis_widget.core.words.catalogue import ENGLISH, LANGUAGES
from nnvis_widget.errors import CommandError

AUTOMATIC = "auto"


class Speaker(Protocol):
    """What shows words, and can show them anew."""

    def speak(self) -> None:
        """Say everything again, in the language of now."""


class Language:
    """The language that was chosen, else that of the page that asked for another than English first.

    Attributes:
        chosen: What `set_language` was told; `None` for the page's.
    """

    def __init__(self) -> None:
        self.chosen: str | None = None
        self._of_page: str | None = None
        self._speakers: WeakSet[Speaker] = WeakSet()

    @property
    def now(self) -> str:
        """What Python writes in."""
        return self.chosen or self._of_page or ENGLISH

    @property
    def of_words(self) -> str:
        """The same, and empty for English: what is told in words is kept by it."""
        return "" if self.now == ENGLISH else self.now

    def follow(self, speaker: Speaker) -> None:
        """Have `speaker` speak anew when the language changes, as long as it lives."""
        self._speakers.add(speaker)

    def choose(self, language: str | None) -> None:
        """Speak this one, or the page's with `None`."""
        self.chosen = language
        self._tell()

    def met_page(self, language: str) -> None:
        """A page speaks another language than English. The first one counts: pages take no turns."""
        if self._of_page is None:
            self._of_page = language
            self._tell()

    def _tell(self) -> None:
        for speaker in list(self._speakers):
            speaker.speak()


LANGUAGE = Language()


def set_language(language: str | None) -> None:
    """Choose the language of everything on the page, now and from now on.

    By default the network view, which the page writes, speaks the language of its page: what JupyterLab is set to, or
    what the browser prefers. What Python writes (panels, controls, `describe()`) then follows the first page that asks
    for another language than English. Errors, warnings and logs are always English, so that they can be searched for.

    Args:
        language: `"en"`, `"zh"` for 简体中文, or `"auto"` (or `None`) for that of the page.

    Raises:
        CommandError: If there is no such language.

    Example:
        >>> nv.set_language("zh")
    """
    if language is not None and language != AUTOMATIC and language not in LANGUAGES:
        known = ", ".join(map(repr, (*LANGUAGES, AUTOMATIC)))
        raise CommandError(
            f"Expected one of {known} as the language, got language={language!r:.80}. Choose one of them."
        )
    LANGUAGE.choose(None if language in (None, AUTOMATIC) else language)
