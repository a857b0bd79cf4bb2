"""Samples that a person has drawn: none of the data, and nobody knows what is right of them."""

from __future__ import annotations

from collections.abc import Sequence
from threading import Lock

import numpy as np

from nnvis_widget.core.limits import FIRST_DRAWN
from nnvis_widget.errors import DataError

MOST = 32


def is_drawn(sample: int) -> bool:
    """Whether the index of a sample is that of a drawing."""
    return sample >= FIRST_DRAWN


class Drawings:
    """The newest drawings, each with an index of its own: what was measured of one is never taken for another.

    Any thread may use them.
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self._next = FIRST_DRAWN
        self._kept: dict[int, tuple[np.ndarray, ...]] = {}

    def add(self, inputs: Sequence[np.ndarray]) -> int:
        """Its index as a sample.

        Args:
            inputs: One array per input of the model, for one sample, without its batch axis.
        """
        with self._lock:
            index, self._next = self._next, self._next + 1
            self._kept[index] = tuple(inputs)
            while len(self._kept) > MOST:
                del self._kept[next(iter(self._kept))]
            return index

    def of(self, index: int) -> tuple[np.ndarray, ...]:
        """Its inputs.

        Raises:
            DataError: If it is no longer kept.
        """
        with self._lock:
            if index not in self._kept:
                raise DataError(f"Expected a drawing that is still kept, got sample={index}. Draw it again.")
            return self._kept[index]
