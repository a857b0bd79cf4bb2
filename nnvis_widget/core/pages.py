"""Large arrays in pages of their own, which go back to the system when the array does."""

from __future__ import annotations

import mmap
from math import prod
from typing import Any

import numpy as np

LEAST_BYTES = 64 * 2**10

_PRIVATE: dict[str, Any] = {"flags": mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS} if hasattr(mmap, "MAP_ANONYMOUS") else {}


def in_own_pages(array: np.ndarray) -> np.ndarray:
    """A copy of an array of 64 KiB or more outside of the heap; a smaller one as it is.

    Snapshots come and are thinned out for hours. On the heap of glibc their arrays left free pages between what lives:
    26 MiB in 10 minutes of a 784-64-10 network at 10 snapshots a second; so none.
    """
    if array.nbytes < LEAST_BYTES:
        return array
    copy = empty(array.shape, array.dtype)
    copy[...] = array
    return copy


def empty(shape: int | tuple[int, ...], dtype: Any) -> np.ndarray:
    """An array like `numpy.empty`, outside of the heap where it has 64 KiB or more."""
    byte_count = prod((shape,) if isinstance(shape, int) else shape) * np.dtype(dtype).itemsize
    if byte_count < LEAST_BYTES:
        return np.empty(shape, dtype)
    return np.frombuffer(mmap.mmap(-1, byte_count, **_PRIVATE), dtype).reshape(shape)
