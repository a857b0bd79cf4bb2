"""Callables that want to hear of a change."""

from __future__ import annotations

import threading
import warnings
from collections.abc import Callable
from typing import Generic, TypeVar

Value = TypeVar("Value")


class Listeners(Generic[Value]):
    """A thread-safe list of listeners; one that fails is detached and never stops the caller."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._listeners: dict[object, Callable[[Value], object]] = {}

    def subscribe(self, listener: Callable[[Value], object]) -> Callable[[], None]:
        """Call `listener` on every change from now on; the result, called, ends that."""
        token = object()
        with self._lock:
            self._listeners[token] = listener

        def unsubscribe() -> None:
            with self._lock:
                self._listeners.pop(token, None)

        return unsubscribe

    def notify(self, value: Value) -> None:
        """Tell every listener, on this thread; hold no lock that a listener may want."""
        with self._lock:
            listeners = tuple(self._listeners.items())
        failures: list[tuple[Callable[[Value], object], Exception]] = []
        for token, listener in listeners:
            try:
                listener(value)
            except Exception as error:
                with self._lock:
                    self._listeners.pop(token, None)
                failures.append((listener, error))
        for listener, failure in failures:
            warnings.warn(
                f"Expected the listener {listener!r} to return, it raised {failure!r}. "
                "It was detached; everything else goes on. Subscribe it again once it is mended.",
                RuntimeWarning,
                stacklevel=3,
            )
