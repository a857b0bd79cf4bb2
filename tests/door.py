"""What a source is asked by its public doors, `post` and `subscribe`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from nnvis_widget.control.watch_list import WatchList
from nnvis_widget.core.command import Command, Unwatch, Watch

Subscribe = Callable[[Callable[[Any], object]], Callable[[], None]]


class Door:
    """Stands at the doors of a source, for all that comes from now on.

    Attributes:
        watches: Who watches what.
        open: A token for each subscription to the source, its run or its gaze that was not ended.
    """

    def __init__(self, source: Any) -> None:
        self.watches = WatchList()
        self.open: set[object] = set()
        self._post = source.post
        source.post = self._note
        for heard in (source, source.run, source.gaze):
            heard.subscribe = self._counted(heard.subscribe)

    def _note(self, command: Command) -> None:
        if isinstance(command, Watch):
            self.watches.watch(command)
        elif isinstance(command, Unwatch):
            self.watches.unwatch(command.view)
        self._post(command)

    def _counted(self, subscribe: Subscribe) -> Subscribe:
        def counted(listener: Callable[[Any], object]) -> Callable[[], None]:
            end, token = subscribe(listener), object()
            self.open.add(token)

            def end_it() -> None:
                self.open.discard(token)
                end()

            return end_it

        return counted
