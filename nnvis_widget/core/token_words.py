"""Tokens by their names in changes of an input: what is written is found, what is told is named."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from nnvis_widget.core.argument import shown

TokenNames = Mapping[str, Sequence[str]]
"""What the tokens of an input are called, by its layer's id and the token's number."""


def numbered(change: object, names: TokenNames) -> object:
    """A change as it is written, with the number of a token in the place of its name.

    Raises:
        ValueError: If no token of the input is called so.
    """
    if not isinstance(change, Mapping) or change.get("kind") != "input" or not isinstance(change.get("value"), str):
        return change
    word, known = change["value"], list(map(str, names.get(str(change.get("layer")), ())))
    if word not in known:
        told = f"one of {len(known):,}, such as {known[-1]!r}" if known else "whose tokens have no names"
        raise ValueError(
            f"Expected the name of a token of input {shown(change.get('layer'))}, {told}, got value={shown(word)}. "
            "Write one of them, or its number."
        )
    return {**change, "value": known.index(word)}


def token_name(number: float, names: Sequence[str] | None) -> str:
    """What a token is called; empty of one without a name, and of what is the number of none."""
    is_known = names is not None and 0 <= number < len(names) and number == int(number)
    return str(names[int(number)]) if names is not None and is_known else ""
