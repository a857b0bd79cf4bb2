"""Commands wait here for the training thread."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from threading import Lock

from nnvis_widget.core.command import Command, kind_of
from nnvis_widget.errors import CommandError

MOST_OF_A_KIND = 64


class CommandQueue:
    """Any thread puts, the training thread drains.

    A command whose kind has `newest_by` (a setting, a `Watch`) replaces the one that waits for the same thing, so a
    flood of slider messages costs one command per block. Of each other kind at most 64 wait.

    Args:
        wake: Called after each put, on the caller's thread.
    """

    def __init__(self, wake: Callable[[], None] = lambda: None) -> None:
        self._waiting: list[Command] = []
        self._current: Command | None = None
        self._lock = Lock()
        self._wake = wake

    def put(self, command: Command, check: Callable[[Sequence[Command]], None] = lambda _: None) -> None:
        """Add a command; the last value of a setting wins.

        Args:
            command: What to do.
            check: Called with the commands that wait, the one that is being obeyed first; none goes or comes before
                this one is added. Raises to keep it off.

        Raises:
            CommandError: If too many of its kind wait.
        """
        with self._lock:
            check([*([self._current] if self._current is not None else []), *self._waiting])
            key = _newest_of(command)
            if key is not None:
                self._waiting = [other for other in self._waiting if _newest_of(other) != key]
            elif sum(type(other) is type(command) for other in self._waiting) >= MOST_OF_A_KIND:
                raise CommandError(
                    f"Expected at most {MOST_OF_A_KIND} {type(command).__name__} to wait, got one more. "
                    "Ask again when they are obeyed."
                )
            self._waiting.append(command)
        self._wake()

    def take(self) -> Command | None:
        """The oldest command that waits, or `None`. It counts as pending until the next call."""
        with self._lock:
            self._current = self._waiting.pop(0) if self._waiting else None
            return self._current

    def is_pending(self, command: Command) -> bool:
        """Whether a command waits or is being obeyed; a replaced one is not."""
        with self._lock:
            return command is self._current or any(command is other for other in self._waiting)

    @property
    def is_busy(self) -> bool:
        """Whether any command waits or is being obeyed."""
        with self._lock:
            return self._current is not None or bool(self._waiting)

    def __len__(self) -> int:
        return len(self._waiting)


def _newest_of(command: Command) -> tuple[str, object] | None:
    """What the command names of which only the newest counts."""
    name = kind_of(command).newest_by
    return None if name is None else (name, getattr(command, name))
