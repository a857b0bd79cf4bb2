"""What an argument of a command may be, as data: read where a message or a command is checked."""

from __future__ import annotations

from dataclasses import dataclass
from numbers import Integral, Real
from typing import Any, Literal, Protocol

MOST_SHOWN = 256

JsonType = Literal["number", "boolean", "string", "strings"]


class Argument(Protocol):
    """What an argument may be."""

    @property
    def json_type(self) -> JsonType:
        """Its type on the wire."""

    @property
    def words(self) -> str:
        """What is expected, for a sentence."""

    @property
    def example(self) -> Any:
        """A value that is accepted."""

    def accepts(self, value: object) -> bool:
        """Whether a value is of the type and in range; never raises."""


@dataclass(frozen=True)
class Whole:
    """A whole number from `low` to `high`."""

    low: int
    high: int
    json_type: JsonType = "number"

    @property
    def words(self) -> str:
        """What is expected."""
        return f"a whole number from {self.low:,} to {self.high:,}"

    @property
    def example(self) -> int:
        """The one nearest to 1."""
        return max(self.low, min(self.high, 1))

    def accepts(self, value: object) -> bool:
        """Whether it is one; `True` is none."""
        return isinstance(value, Integral) and not isinstance(value, bool) and self.low <= int(value) <= self.high


@dataclass(frozen=True)
class Positive:
    """A number above 0 and below `below`."""

    below: float
    json_type: JsonType = "number"
    example: float = 0.001

    @property
    def words(self) -> str:
        """What is expected."""
        return f"a number above 0 and below {self.below:g}"

    def accepts(self, value: object) -> bool:
        """Whether it is one; NaN and `True` are none."""
        if isinstance(value, bool) or not isinstance(value, Real):
            return False
        try:
            return 0 < float(value) < self.below
        except OverflowError:  # a whole number beyond every float
            return False


@dataclass(frozen=True)
class Flag:
    """True or false."""

    json_type: JsonType = "boolean"
    words: str = "true or false"
    example: bool = True

    def accepts(self, value: object) -> bool:
        """Whether it is one of the two; 0 and 1 are not."""
        return isinstance(value, bool)


@dataclass(frozen=True)
class OneOf:
    """One of some names."""

    names: tuple[str, ...]
    json_type: JsonType = "string"

    @property
    def words(self) -> str:
        """What is expected."""
        return f"one of {', '.join(self.names)}"

    @property
    def example(self) -> str:
        """The first."""
        return self.names[0]

    def accepts(self, value: object) -> bool:
        """Whether it is one of them."""
        return isinstance(value, str) and value in self.names


@dataclass(frozen=True)
class Text:
    """A text of at most so many characters."""

    most: int
    json_type: JsonType = "string"
    example: str = ""

    @property
    def words(self) -> str:
        """What is expected."""
        return f"a text of at most {self.most:,} characters"

    def accepts(self, value: object) -> bool:
        """Whether it is one."""
        return isinstance(value, str) and len(value) <= self.most


@dataclass(frozen=True)
class Texts:
    """At most `most` texts of 1 to `length` characters."""

    most: int
    length: int
    json_type: JsonType = "strings"
    example: tuple[str, ...] = ()

    @property
    def words(self) -> str:
        """What is expected."""
        return f"a list of at most {self.most:,} texts of 1 to {self.length:,} characters"

    def accepts(self, value: object) -> bool:
        """Whether it is one."""
        return (
            isinstance(value, list | tuple)
            and len(value) <= self.most
            and all(isinstance(text, str) and 1 <= len(text) <= self.length for text in value)
        )


def refusal(of: str, name: str, argument: Argument, value: object) -> str:
    """What to say of a value that is not accepted."""
    return (
        f"Expected {of} with {name} as {argument.words}, got {name}={shown(value)}. "
        f"Choose one such as {argument.example!r}."
    )


def shown(value: object) -> str:
    """A value for a sentence, cut to 256 characters."""
    try:
        return repr(value)[:MOST_SHOWN]
    except Exception:
        # such as a whole number of more than 4,300 digits
        return f"a {type(value).__name__} without a text"
