"""How fast a training goes, as a person writes it: "10 steps/s", "30 epochs/s", "1 epoch/redraw"."""

from __future__ import annotations

import re
from dataclasses import dataclass
from math import isfinite
from typing import Literal

from nnvis_widget.core.argument import JsonType
from nnvis_widget.core.words.say import say

AUTOMATIC = "automatic"
FASTEST = "as fast as it can"
MOST = 1e6
_WORDS = {
    ("step", "s"): "stepsPerSecond",
    ("epoch", "s"): "epochsPerSecond",
    ("epoch", "redraw"): "epochsPerRedraw",
}
_PATTERN = re.compile(r"\s*(\S+?)\s*(step|epoch)s?\s*/\s*(s|redraw)\s*")


@dataclass(frozen=True)
class Pace:
    """So many steps or epochs in each second, or from one redraw of the picture to the next."""

    amount: float
    unit: Literal["step", "epoch"]
    per: Literal["s", "redraw"]

    def __str__(self) -> str:
        return f"{self.amount:g} {self.unit}{'' if self.amount == 1 else 's'}/{self.per}"


LESSON = Pace(30, "epoch", "s")
"""What a small model shown on a page goes at of its own accord: fast enough to wait for, slow enough to follow."""


CHOICES = ("1 step/s", "10 steps/s", "1 epoch/redraw", str(LESSON), FASTEST)
"""What a dial offers, the slowest first."""


def read_pace(text: str) -> Pace | None:
    """The pace that a text names; `None` for as fast as the machine can.

    Raises:
        ValueError: If it names none, or `AUTOMATIC`.
    """
    if text == FASTEST:
        return None
    match = _PATTERN.fullmatch(text)
    if match is None:
        raise ValueError(text)
    amount, unit, per = float(match[1]), match[2], match[3]
    is_possible = isfinite(amount) and 0 < amount <= MOST
    if not is_possible or (per == "redraw" and (unit == "step" or not amount.is_integer())):
        raise ValueError(text)
    return Pace(amount, unit, per)  # type: ignore[arg-type]


def pace_text(pace: str) -> str:
    """A pace as a person reads it, in the language that is spoken."""
    if pace == FASTEST:
        return say("fastest")
    match = _PATTERN.fullmatch(pace)
    key = _WORDS.get((match[2], match[3])) if match is not None else None
    return pace if match is None or key is None else say(key, count=float(match[1]), amount=match[1])


@dataclass(frozen=True)
class PaceText:
    """The text of a pace, or one of the two words."""

    json_type: JsonType = "string"
    words: str = (
        f"steps/s, epochs/s or whole epochs/redraw, above 0 and up to {MOST:,.0f}, or '{FASTEST}', or '{AUTOMATIC}'"
    )
    example: str = str(LESSON)

    def accepts(self, value: object) -> bool:
        """Whether it is one."""
        if not isinstance(value, str):
            return False
        try:
            return value == AUTOMATIC or isinstance(read_pace(value), Pace | None)
        except ValueError:
            return False
