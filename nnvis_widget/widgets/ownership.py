"""What a widget has made: a page can do with each part only what a person can, and all are closed with the whole."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import ipywidgets

from nnvis_widget.widgets.gate import Gate
from nnvis_widget.widgets.labels import Labels


def own(*widgets: Any, but: Any = None) -> list[Any]:
    """Put a gate before widgets and all that they are made of; gives those that had none.

    Args:
        *widgets: Open ones; of what has a gate, the parts have theirs.
        but: What a person has handed in, and closes.
    """
    new: list[Any] = []
    for widget in widgets:
        if widget is but or widget.comm is None or is_own(widget):
            continue
        widget.comm.handle_msg = Gate(widget)
        new += [widget, *own(*parts_of(widget), but=but)]
    return new


def is_own(widget: Any) -> bool:
    """Whether a widget is open and was made here: it has a gate."""
    return isinstance(getattr(widget.comm, "handle_msg", None), Gate)


def close_parts(widget: Any, made: list[Any] | None = None) -> None:
    """Close all that a widget is made of now, and what else was made for it: what a person has put in its place.

    The widget itself is closed next.
    """
    for part in (*parts_of(widget), *(made or ())):
        if part is not widget and is_own(part):
            close_parts(part)
            part.close()
    if made is not None:
        made.clear()  # of which the widget itself is one
    _hear_nothing(widget)


def _hear_nothing(widget: Any) -> None:
    """Forget who listens to what is closed: they hold what it was part of, which only a collection would free."""
    widget.unobserve_all()
    traits = [getattr(widget, name) for name in widget.trait_names() if widget.trait_has_value(name)]
    for held in (*vars(widget).values(), *traits):
        if isinstance(held, ipywidgets.CallbackDispatcher):
            held.callbacks.clear()
        elif isinstance(held, Labels):
            held.forget()


def parts_of(widget: Any) -> Iterator[Any]:
    """What a widget is made of: children, layout, style; figure, marks, axes, scales."""
    if isinstance(widget, ipywidgets.Layout | ipywidgets.Style):
        return
    for value in (*(getattr(widget, name) for name in widget.keys), getattr(widget, "spares", ())):
        inner = value.values() if isinstance(value, dict) else value if isinstance(value, list | tuple) else [value]
        yield from (one for one in inner if isinstance(one, ipywidgets.Widget))


def all_parts_of(*widgets: Any) -> Iterator[Any]:
    """The widgets, all that they are made of, and all that these are made of; parts before the whole."""
    for widget in widgets:
        yield from all_parts_of(*parts_of(widget))
        yield widget
