"""Who watches what."""

from __future__ import annotations

from nnvis_widget.core.command import Watch
from nnvis_widget.core.want import Want, Wants

UNWATCHED: Wants = frozenset({Want("activation", sample=0), Want("field")})
"""What is measured of a small model when nobody watches, for looking back later."""


class WatchList:
    """The union of what all views want. One thread writes and reads it: the training thread.

    Attributes:
        is_asked: Whether somebody waits for the answer to another wish than the last snapshot was made for.
        is_owed: Whether that snapshot left out what takes too long while steps are taken; it is measured once they end.
    """

    def __init__(self) -> None:
        self._by_view: dict[str, Watch] = {}
        self.is_asked = self.is_owed = False

    def watch(self, watch: Watch) -> None:
        """Note what a view shows now; another wish than before asks."""
        previous, self._by_view[watch.view] = self._by_view.get(watch.view), watch
        is_new = previous is None or previous.wants != watch.wants
        if is_new or (watch.step is not None and previous is not None and watch.step != previous.step):
            self.is_asked = True

    def unwatch(self, view: str) -> None:
        """Forget a view."""
        self._by_view.pop(view, None)

    @property
    def is_followed(self) -> bool:
        """Whether any view waits for new snapshots."""
        return any(watch.is_following for watch in self._by_view.values())

    @property
    def is_seen(self) -> bool:
        """Whether any view is on a page."""
        return any(watch.is_seen for watch in tuple(self._by_view.values()))

    @property
    def looks_back(self) -> tuple[tuple[int, Wants], ...]:
        """Kept steps that lack something, each with all that is wanted of it."""
        return tuple((watch.step, watch.wants) for watch in self._by_view.values() if watch.step is not None)

    @property
    def is_watched(self) -> bool:
        """Whether there is any view."""
        return bool(self._by_view)

    @property
    def wants(self) -> Wants:
        """What anybody wants."""
        return frozenset().union(*(watch.wants for watch in self._by_view.values()))
