"""How wide a text is in a figure, before a page has drawn it."""

from __future__ import annotations

from unicodedata import east_asian_width

CHARACTER_PX = 7.5
WIDE_PX = 12.0


def width_px(text: str) -> float:
    """Pixels of a text of 12 px, rather too many than too few; Chinese characters are square."""
    return sum(WIDE_PX if east_asian_width(character) in "WF" else CHARACTER_PX for character in text)
