"""What was done to a training, over the steps, in words."""

from __future__ import annotations

MOST_NOTES = 100


class NoteLog:
    """Notes in the order in which they came. One thread writes, any thread reads.

    Attributes:
        notes: The step after which something was done, and what; the last 100.
    """

    def __init__(self) -> None:
        self.notes: tuple[tuple[int, str], ...] = ()

    def note(self, step: int, text: str) -> None:
        """Something was done after a step."""
        self.notes = (*self.notes, (step, text))[-MOST_NOTES:]
