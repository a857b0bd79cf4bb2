"""The point of a run that is looked at."""

from __future__ import annotations

import threading
from collections.abc import Callable

from nnvis_widget.core.snapshot import Snapshot
from nnvis_widget.run.listeners import Listeners
from nnvis_widget.run.run import Run


class Playhead:
    """Where in a run one looks: at a step, or following the newest snapshot. Thread-safe."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._step: int | None = None
        self._listeners: Listeners[int | None] = Listeners()

    @property
    def step(self) -> int | None:
        """The step looked at; `None` follows the newest snapshot."""
        return self._step

    def seek(self, step: int) -> None:
        """Look at a step and stay there while the training goes on.

        Raises:
            ValueError: If the step is negative.
        """
        if step < 0:
            raise ValueError(f"Expected a step of 0 or more, got step={step}. Call go_live() to follow the training.")
        with self._lock:
            has_moved = self._move(int(step))
        self._tell(has_moved, int(step))

    def seek_by(self, run: Run, count: int) -> None:
        """Move by `count` kept snapshots of the run, not beyond its ends.

        While following, forwards leads nowhere; an empty run leaves the playhead where it is.
        """
        with self._lock:
            latest = run.latest
            if latest is None or (self._step is None and count >= 0):
                return
            try:
                step = run.neighbour(latest.step if self._step is None else self._step, count).step
            except KeyError:  # cleared meanwhile
                return
            has_moved = self._move(step)
        self._tell(has_moved, step)

    def go_live(self) -> None:
        """Follow the newest snapshot."""
        with self._lock:
            has_moved = self._move(None)
        self._tell(has_moved, None)

    def resolve(self, run: Run) -> Snapshot | None:
        """The snapshot to show: the kept one nearest to the step, or the newest; `None` while the run is empty."""
        step = self._step
        if step is None:
            return run.latest
        try:
            return run.at(step)
        except KeyError:
            return None

    def subscribe(self, listener: Callable[[int | None], object]) -> Callable[[], None]:
        """Call `listener(step)` after every move, on the thread that moved; the result, called, ends that."""
        return self._listeners.subscribe(listener)

    def _move(self, step: int | None) -> bool:
        has_moved = step != self._step
        self._step = step
        return has_moved

    def _tell(self, has_moved: bool, step: int | None) -> None:
        if has_moved:
            self._listeners.notify(step)
