"""What the browser may write."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

MAX_INDEX = 1_000_000_000
MAX_ID = 32
MAX_BOOKMARKS = 100
MAX_REASON = 500


def _index(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= MAX_INDEX


def _selection(value: object) -> bool:
    if not isinstance(value, dict):
        return False
    if not value:
        return True
    layer = value.get("layer")
    if not isinstance(layer, str) or not 0 < len(layer) <= MAX_ID:
        return False
    return set(value) == {"layer"} or (set(value) == {"layer", "unit"} and _index(value["unit"]))


def _bookmarks(value: object) -> bool:
    return isinstance(value, list) and len(value) <= MAX_BOOKMARKS and all(map(_index, value))


ALLOWED: Mapping[str, Callable[[Any], bool]] = {
    "selection": _selection,
    "step": lambda value: value is None or _index(value),
    "sample": _index,
    "edges": lambda value: isinstance(value, str) and value in ("weight", "signal", "gradient"),
    "units": lambda value: isinstance(value, str) and value in ("field", "activation"),
    "detail": lambda value: isinstance(value, str) and value in ("bundles", "top", "all"),
    "top_k": lambda value: _index(value) and 50 <= value <= 1000,
    "bookmarks": _bookmarks,
    "height": lambda value: _index(value) and 360 <= value <= 1200,
}


def admit(state: object) -> dict[str, Any]:
    """The part of a state from the browser that is on the allow-list and in range; the rest is dropped silently.

    Dropped before ipywidgets echoes it to other pages, so that a bad value is seen nowhere.
    """
    if not isinstance(state, Mapping):
        return {}
    return {name: value for name, value in state.items() if name in ALLOWED and ALLOWED[name](value)}


def admit_sign(content: object, sent: int) -> tuple[str, int | None] | None:
    """What a page says of a panel, if it is well formed: the page's name, and the number of the drawing that it has
    painted and shows, 0 for none, `None` for a page that has just made a place for the panel; else `None`.

    Args:
        content: `{"kind": "taken", "page": name, "taken": number}`, or the kind `attached` or `hidden` with the page.
        sent: The number of the last drawing; a page cannot have painted a later one.
    """
    if not isinstance(content, Mapping):
        return None
    page, taken = content.get("page"), content.get("taken")
    if not isinstance(page, str) or not 0 < len(page) <= MAX_ID:
        return None
    if content.get("kind") == "attached":
        return page, None
    if content.get("kind") == "hidden":
        return page, 0
    if content.get("kind") == "taken" and isinstance(taken, int) and _index(taken) and 0 < taken <= sent:
        return page, taken
    return None


def admit_file(content: object) -> tuple[int, str | None] | None:
    """What a page says of a picture file that a panel was asked for, if it is well formed: the number of the order, and
    why there will be no file, `None` where it comes with the message; else `None`.

    Args:
        content: `{"kind": "exported", "export": number}` or `{"kind": "failed", "export": number, "reason": text}`.
    """
    if not isinstance(content, Mapping) or not _index(content.get("export")):
        return None
    reason = content.get("reason")
    if content.get("kind") == "exported":
        return content["export"], None
    if content.get("kind") == "failed" and isinstance(reason, str) and len(reason) <= MAX_REASON:
        return content["export"], reason
    return None
