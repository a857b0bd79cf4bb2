"""How many steps a block takes."""

from __future__ import annotations

BLOCK_S = 0.05
GROWTH = 2


class BlockSize:
    """Sizes blocks so that one ends about every 50 ms: then commands are heard and probes run.

    Args:
        block_s: The time a block should take, in seconds.
    """

    def __init__(self, block_s: float = BLOCK_S) -> None:
        self._block_s = block_s
        self.steps = 1

    def measured(self, steps: int, elapsed_s: float) -> None:
        """Learn from a block of `steps` that took `elapsed_s`; the size at most doubles at a time."""
        fitting = int(self._block_s * steps / elapsed_s) if elapsed_s > 0 else GROWTH * self.steps
        self.steps = max(1, min(fitting, GROWTH * self.steps))
