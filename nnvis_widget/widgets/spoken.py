"""Widgets whose page says words out of the catalogue."""

from __future__ import annotations

import traitlets

from nnvis_widget.core.words.catalogue import ENGLISH, page_words
from nnvis_widget.core.words.language import LANGUAGE


class Spoken(traitlets.HasTraits):
    """A widget that brings its page the words of a language: of the one that is chosen, or that the page asks for."""

    _language = traitlets.Unicode().tag(sync=True)
    _words = traitlets.Dict().tag(sync=True)

    def _follow_language(self) -> None:
        """From now on; for a widget with a method `speak`."""
        self._take_language()
        LANGUAGE.follow(self)

    def _take_language(self) -> None:
        with self.hold_sync():
            self._bring(LANGUAGE.now)
            self._language = LANGUAGE.chosen or ""

    def _meet_page(self, language: str) -> None:
        """A page speaks a language whose words it has not."""
        self._bring(language)
        LANGUAGE.met_page(language)

    def _bring(self, language: str) -> None:
        if language != ENGLISH and language not in self._words:
            self._words = {**self._words, language: page_words(language)}
