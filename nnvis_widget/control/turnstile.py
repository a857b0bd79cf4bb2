"""Letting through what comes from a page, however fast it comes."""

from __future__ import annotations

import logging
from collections.abc import Callable
from threading import Lock
from time import monotonic
from typing import Generic, TypeVar

from nnvis_widget.control.token_bucket import TokenBucket
from nnvis_widget.control.worker import Worker

PER_S = 100.0
"""Of a kind, in the long run and at once: more than a person's hand does, or a screen of 60 Hz."""

Item = TypeVar("Item")

log = logging.getLogger("nnvis_widget")


class Turnstile(Generic[Item]):
    """Passes on at once what comes at a person's pace; of a flood, the newest of each kind when its turn comes.

    Any thread may call it. What is held back is passed on by a thread that exists only as long.

    Args:
        pass_on: Takes what is let through, on the caller's thread or that one.
        join: What of a kind is held back, and a newer one, give what is held back now.
    """

    def __init__(self, pass_on: Callable[[Item], None], join: Callable[[Item, Item], Item]) -> None:
        self._pass_on = pass_on
        self._join = join
        self._buckets: dict[str, TokenBucket] = {}
        self._held: dict[str, Item] = {}
        self._passing: set[str] = set()
        self._lock = Lock()
        self._worker = Worker("nnvis-turnstile", self._let_through, lambda: bool(self._held))

    def __call__(self, kind: str, item: Item) -> None:
        """Pass an item on, or hold it back until its turn.

        Args:
            kind: One of few.
            item: Of this kind.
        """
        with self._lock:
            bucket = self._buckets.get(kind)
            if bucket is None:
                bucket = self._buckets[kind] = TokenBucket(PER_S, PER_S)
            is_more = kind in self._held
            is_held = is_more or kind in self._passing or not bucket.take(monotonic())
            if is_held:
                self._held[kind] = self._join(self._held[kind], item) if is_more else item
        if not is_held:
            self._pass_on(item)
        elif not is_more:
            self._worker.wake()

    def _let_through(self) -> None:
        self._worker.is_exiting.wait(1 / PER_S)
        with self._lock:
            due = {kind: self._held[kind] for kind in self._held if self._buckets[kind].take(monotonic())}
            for kind in due:
                del self._held[kind]
            self._passing = set(due)  # what comes meanwhile waits, so that the newest is the last
        for item in due.values():
            try:
                self._pass_on(item)
            except Exception:
                log.info("what a page sent could not be taken", exc_info=True)
        with self._lock:
            self._passing = set()
