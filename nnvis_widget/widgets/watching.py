"""What one view or panel asks its source to measure."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from threading import RLock
from uuid import uuid4

from nnvis_widget.core.command import Unwatch, Watch
from nnvis_widget.core.want import Want, Wants
from nnvis_widget.run.gaze import Look
from nnvis_widget.run.lacking import lacking
from nnvis_widget.sources.source import Source


class Watching:
    """What one view or panel asks its source to measure, and whether it waits for new snapshots.

    Args:
        wants: What it shows of a source; called with `lock` held.
        look: Where it looks.
        is_followed: Whether it waits for new snapshots before a page has shown it.

    Attributes:
        id: By which a source knows it; opaque.
        lock: Held while what `wants` answers is changed, so that the last wish is of the newest.
        source: Who is asked, or `None`.
        is_followed: Whether it waits for new snapshots.
    """

    def __init__(self, wants: Callable[[Source], Iterable[Want]], look: Callable[[], Look], is_followed: bool) -> None:
        self.id = uuid4().hex
        self.lock = RLock()
        self.source: Source | None = None
        self.is_followed = is_followed
        self._is_seen = False
        self._wants = wants
        self._look = look

    def turn_to(self, source: Source | None) -> None:
        """Ask another source, or none, and the one before no longer; `ask` comes next."""
        with self.lock:
            left, self.source = self.source, source
            if left is not None:
                left.post(Unwatch(self.id))

    def close(self) -> None:
        """Ask nobody any more, and let go of who has asked."""
        self.turn_to(None)
        with self.lock:
            del self._wants, self._look

    def follow(self, is_seen: bool) -> None:
        """Wait for new snapshots, or, while no page shows it, for none."""
        with self.lock:
            self.is_followed = self._is_seen = is_seen
            self.ask()

    def ask(self) -> None:
        """Send the wish of this moment."""
        with self.lock:
            if self.source is not None:
                wants = frozenset(self._wants(self.source))
                step = self._lacking_step(self.source, wants)
                self.source.post(Watch(self.id, wants, self.is_followed, self._is_seen, step))

    def _lacking_step(self, source: Source, wants: Wants) -> int | None:
        """The kept step that is looked at, where it was not measured for what is shown now."""
        look = self._look()
        if look.step is None or not source.graph.is_small:
            return None
        snapshot = look.resolve(source.run)
        return snapshot.step if snapshot is not None and lacking(snapshot, wants) else None
