"""What the browser may write: to each widget, what a person can do with it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from math import isfinite
from threading import Lock
from typing import Any
from weakref import WeakMethod

from nnvis_widget.control.turnstile import Turnstile
from nnvis_widget.core.words.catalogue import LANGUAGES
from nnvis_widget.stream.protocol import OPERATIONS

SAID = frozenset(
    {*OPERATIONS, "hidden", "taken", "failed", "drawing", "turn", "choose", "click", "element_click", "hover", "update"}
)
"""What pages say; each is a kind of its own in a flood."""
MAX_INDEX = 1_000_000_000
MAX_ID = 32
MAX_BOOKMARKS = 100
MAX_OPENED = 256
MAX_PATH = 2_000
MAX_REASON = 500
SIZES = (1.0, 1.35, 1.7)
LAYER_COLORS = ("size", "gradient", "dead", "change")
LEARNING = ("closed", "open", "latex", "numpy")
ROUNDING = 1e-9


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
    if set(value) == {"layer"}:
        return True
    place = value.get("place", [0, 0])
    is_place = isinstance(place, list) and len(place) == 2 and all(map(_index, place))
    return set(value) - {"place"} == {"layer", "unit"} and _index(value["unit"]) and is_place


def _bookmarks(value: object) -> bool:
    return isinstance(value, list) and len(value) <= MAX_BOOKMARKS and all(map(_index, value))


def _opened(value: object) -> bool:
    is_list = isinstance(value, list) and len(value) <= MAX_OPENED
    return is_list and all(isinstance(path, str) and 0 < len(path) <= MAX_PATH for path in value)  # type: ignore[attr-defined]


ALLOWED: Mapping[str, Callable[[Any], bool]] = {
    "selection": _selection,
    "step": lambda value: value is None or _index(value),
    "sample": _index,
    "edges": lambda value: isinstance(value, str) and value in ("weight", "signal", "gradient"),
    "units": lambda value: isinstance(value, str) and value in ("field", "activation"),
    "detail": lambda value: isinstance(value, str) and value in ("bundles", "top", "all"),
    "top_k": lambda value: _index(value) and 50 <= value <= 1000,
    "bookmarks": _bookmarks,
    "validation_points": lambda value: isinstance(value, bool),
    "discrete": lambda value: isinstance(value, bool),
    "opened": _opened,
    "layer_color": lambda value: isinstance(value, str) and value in LAYER_COLORS,
    "learning": lambda value: isinstance(value, str) and value in LEARNING,
    "size": lambda value: _is_number(value) and value in SIZES,
    "height": lambda value: _index(value) and 360 <= value <= 1200,
}
"""The traits of a `NetworkView` that a page may write, and what."""


def _whatever_its_state(may_be: Callable[[Any], bool], _: Any, value: object) -> bool:
    return may_be(value)


def _whole_within(widget: Any, value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and widget.min <= value <= widget.max


def _range_within(widget: Any, value: object) -> bool:
    is_pair = isinstance(value, list) and len(value) == 2 and all(_whole_within(widget, end) for end in value)
    return is_pair and value[0] <= value[1]  # type: ignore[index]


def _is_number(value: object) -> bool:
    return (isinstance(value, int) and not isinstance(value, bool)) or (isinstance(value, float) and isfinite(value))


def _number_within(widget: Any, value: Any) -> bool:
    return _is_number(value) and bool(widget.min <= value <= widget.max)


def _power_within(widget: Any, value: Any) -> bool:
    if not _is_number(value):
        return False
    low, high = widget.base**widget.min, widget.base**widget.max
    return bool(low * (1 - ROUNDING) <= value <= high * (1 + ROUNDING))


def _option(widget: Any, value: object) -> bool:
    return _index(value) and value < len(widget.options)  # type: ignore[operator]


def _truth(_: Any, value: object) -> bool:
    return isinstance(value, bool)


def _pointed(_: Any, value: object) -> bool:
    """Where the pointer is over a figure, as bqplot tells it (0.13.1): one number, or nowhere."""
    if value is None:
        return True
    return (
        isinstance(value, list) and len(value) <= 1 and all(_is_number(one) and abs(one) <= MAX_INDEX for one in value)
    )


def _event(*names: str) -> Callable[[object], bool]:
    return lambda content: isinstance(content, dict) and any(content.get("event") == name for name in names)


@dataclass(frozen=True)
class Rule:
    """What a page may do with a kind of widget.

    Attributes:
        writes: The traits that it may write, each with whether a value may be written now.
        says: Which messages it may send, by their content.
    """

    writes: Mapping[str, Callable[[Any, Any], bool]] = field(default_factory=dict)
    says: Callable[[object], bool] = lambda _: False

    def admit(self, widget: Any, state: Mapping[str, Any]) -> dict[str, Any]:
        """The part of a state that may be written to a widget now."""
        may_be = self.writes
        return {name: value for name, value in state.items() if name in may_be and may_be[name](widget, value)}


NOTHING = Rule()
RULES: Mapping[str, Rule] = {
    "ipywidgets.Button": Rule(says=_event("click")),
    "ipywidgets.Checkbox": Rule({"value": _truth}),
    "ipywidgets.BoundedIntText": Rule({"value": _whole_within}),
    "ipywidgets.FloatSlider": Rule({"value": _number_within}),
    "ipywidgets.IntSlider": Rule({"value": _whole_within}),
    "ipywidgets.IntRangeSlider": Rule({"value": _range_within}),
    "ipywidgets.FloatLogSlider": Rule({"value": _power_within}),
    "ipywidgets.SelectionSlider": Rule({"index": _option}),
    "ipywidgets.Dropdown": Rule({"index": _option}),
    "ipywidgets.ToggleButtons": Rule({"index": _option}),
    "bqplot.IndexSelector": Rule({"selected": _pointed}),
    "bqplot.Image": Rule(says=_event("element_click")),
    "bqplot.GridHeatMap": Rule(says=_event("element_click", "hover")),
    # these check each message themselves
    "nnvis_widget.NetworkView": Rule(
        {name: partial(_whatever_its_state, may_be) for name, may_be in ALLOWED.items()}, lambda _: True
    ),
    "nnvis_widget.PageLink": Rule(says=lambda _: True),
    "nnvis_widget.Pad": Rule(says=lambda _: True),
}
"""By package and class; a widget of another class takes nothing from a page, nor does one that is disabled."""


class Gate:
    """Stands before a widget: a message of a page goes on only as far as a person could have meant it.

    What is not admitted is dropped before ipywidgets sees it: it is echoed to no other page and raises nothing. Writes
    go on one after the other, also where the kernel takes messages on several threads. Of a flood the newest of each
    kind goes on, a hundred times a second.

    Args:
        widget: What is written to.

    Attributes:
        dropped: How many messages were not admitted, or not as a whole.
    """

    _building = Lock()

    def __init__(self, widget: Any) -> None:
        self.dropped = 0
        self._widget = widget
        self._rule = _rule_of(widget)
        self._go_on = WeakMethod(widget.comm.handle_msg)  # the comm has us: what is closed is freed at once
        self._writing = Lock()
        self._turnstile: Turnstile[Any] | None = None  # most widgets never hear of a page

    def __call__(self, message: Any) -> None:
        """Take a message of a page, in place of the widget's comm."""
        with self._building:
            if self._turnstile is None:
                self._turnstile = Turnstile(self._take, _joined)
        self._turnstile(_kind_of(_data_of(message)), message)

    def _take(self, message: Any) -> None:
        data, buffers = _data_of(message), message.get("buffers") or []
        method = data.get("method")
        if method == "request_state":
            self._pass(message, method=method)
        elif method == "custom" and self._is_enabled and self._rule.says(data.get("content")):
            self._pass(message, buffers, method=method, content=data.get("content"))
        elif method == "update" and self._is_enabled:
            self._write(message, {} if data.get("buffer_paths") else data.get("state"))  # nothing comes in buffers
        else:
            self.dropped += 1

    @property
    def _is_enabled(self) -> bool:
        return not getattr(self._widget, "disabled", False)

    def _write(self, message: Any, wanted: object) -> None:
        wanted = wanted if isinstance(wanted, Mapping) else {}
        with self._writing:
            state = self._rule.admit(self._widget, wanted)
            if not state or len(state) < len(wanted):
                self.dropped += 1
            if state:
                self._pass(message, method="update", state=state)

    def _pass(self, message: Any, buffers: Sequence[Any] = (), **data: Any) -> None:
        go_on = self._go_on()
        if go_on is not None:
            go_on({**message, "content": {"data": data}, "buffers": buffers})


def _data_of(message: Any) -> Mapping[str, Any]:
    content = message.get("content")
    data = content.get("data") if isinstance(content, Mapping) else None
    return data if isinstance(data, Mapping) else {}


def _kind_of(data: Mapping[str, Any]) -> str:
    """What floods by itself: what a page says by its name, a write, everything else."""
    content = data.get("content")
    named = content if isinstance(content, Mapping) else {}
    said = (*(named.get(key) for key in ("op", "kind", "event")), data.get("method"))
    return next((name for name in said if isinstance(name, str) and name in SAID), "")


def _joined(held: Any, newer: Any) -> Any:
    """Of two messages of a kind the newer, with what the other writes beside."""
    one, other = _data_of(held), _data_of(newer)
    states = one.get("state"), other.get("state")
    if not all(isinstance(state, Mapping) for state in states) or one.get("buffer_paths") or other.get("buffer_paths"):
        return newer
    return {**newer, "content": {"data": {**other, "state": {**states[0], **states[1]}}}}  # type: ignore[dict-item]


def _rule_of(widget: Any) -> Rule:
    names = (f"{kind.__module__.partition('.')[0]}.{kind.__name__}" for kind in type(widget).__mro__)
    return next((RULES[name] for name in names if name in RULES), NOTHING)


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


def admit_drawing(content: object) -> str | None:
    """Who has drawn, by the page's name, if what a page says of a pad is well formed; else `None`.

    Args:
        content: `{"kind": "drawing", "author": name}`; the drawing comes in a buffer beside it.
    """
    if not isinstance(content, Mapping) or content.get("kind") != "drawing":
        return None
    author = content.get("author")
    return author if isinstance(author, str) and 0 < len(author) <= MAX_ID else None


def admit_language(content: object) -> str | None:
    """The language that the page of a pad speaks, `{"kind": "speak", "language": name}`; `None` for anything else."""
    if not isinstance(content, Mapping) or content.get("kind") != "speak":
        return None
    language = content.get("language")
    return language if isinstance(language, str) and language in LANGUAGES else None


def admit_turn(content: object) -> str | None:
    """What a page of a pad turns to, `{"kind": "turn", "to": "data"}` or `"drawing"`; `None` for anything else."""
    if not isinstance(content, Mapping) or content.get("kind") != "turn":
        return None
    to = content.get("to")
    return to if isinstance(to, str) and to in ("data", "drawing") else None


def admit_choice(content: object, count: int) -> int | None:
    """Which of some options a page chooses, `{"kind": "choose", "index": number}`; `None` for anything else."""
    if not isinstance(content, Mapping) or content.get("kind") != "choose":
        return None
    index = content.get("index")
    return index if isinstance(index, int) and _index(index) and index < count else None
