"""Callbacks of a widget that its own parts hold: they do not keep it, so what is closed is freed at once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar
from weakref import WeakMethod

Result = TypeVar("Result")


def weakly(method: Callable[..., Result], *first: Any) -> Callable[..., Result]:
    """The method of an object that is not kept by it; `None` comes of a call when the object has gone.

    Args:
        method: A bound method.
        *first: Arguments that come before those of each call.
    """
    weak = WeakMethod(method)

    def call(*arguments: Any) -> Any:
        found = weak()
        return None if found is None else found(*first, *arguments)

    return call
