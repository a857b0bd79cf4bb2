"""How large a value gets the full colour."""

from __future__ import annotations

import numpy as np

SHARE = 98.0
UPDATES = 20


class ColourScale:
    """The 98th percentile of the sizes, steady enough that two pictures in a row can be compared.

    It grows at once and shrinks over some 20 updates; while it is locked (somebody looks back in time) it stays.

    Attributes:
        limit: The value that gets the full colour, above 0.
        is_clipped: Whether some value of the last update was beyond it.
    """

    def __init__(self) -> None:
        self.limit = 0.0
        self.is_clipped = False

    def update(self, values: np.ndarray, is_locked: bool = False) -> float:
        """Follow new values, any shape; what is not finite is left out. Returns the limit."""
        sizes = np.abs(values[np.isfinite(values)]).astype(np.float64)
        wanted = float(np.percentile(sizes, SHARE)) if sizes.size else 0.0
        largest = float(sizes.max()) if sizes.size else 0.0
        wanted = wanted or largest
        if not self.limit:
            self.limit = wanted
        elif not is_locked:
            self.limit = max(wanted, self.limit + (wanted - self.limit) / UPDATES)
        limit = self.limit or 1.0
        self.is_clipped = largest > limit * 1.005
        return limit
