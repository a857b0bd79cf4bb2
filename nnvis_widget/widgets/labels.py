"""The fixed texts of widgets, in the language of now."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from nnvis_widget.core.words.language import LANGUAGE
from nnvis_widget.core.words.say import say

Widget = TypeVar("Widget")
Text = str | Callable[[], Any]


class Labels:
    """Sets texts of widgets now, and anew each time another language is spoken, as long as it lives."""

    def __init__(self) -> None:
        self._texts: list[tuple[Any, str, Text]] = []
        LANGUAGE.follow(self)

    def put(self, widget: Widget, **texts: Text) -> Widget:
        """Give traits of a widget their texts.

        Args:
            widget: Any widget; it is given back.
            texts: By the name of the trait a key of the catalogue, or what makes its value.
        """
        for trait, text in texts.items():
            self._texts.append((widget, trait, text))
            self._set(widget, trait, text)
        return widget

    def forget(self) -> None:
        """Let go of all widgets."""
        self._texts.clear()

    def speak(self) -> None:
        """Set all texts again."""
        for widget, trait, text in list(self._texts):
            self._set(widget, trait, text)

    @staticmethod
    def _set(widget: Any, trait: str, text: Text) -> None:
        value = say(text) if isinstance(text, str) else text()
        if getattr(widget, trait) != value:
            setattr(widget, trait, value)
