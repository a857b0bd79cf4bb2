"""Variables that a step leaves as they are."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np

from nnvis_widget.keras_adapter.to_numpy import to_numpy


@contextmanager
def kept(variables: Sequence[Any]) -> Iterator[None]:
    """Whatever a step within makes of these variables, afterwards they are bit for bit what they were.

    Cost: a copy to the host and back of each.
    """
    values = [np.array(to_numpy(variable)) for variable in variables]
    try:
        yield
    finally:
        for variable, value in zip(variables, values, strict=True):
            variable.assign(value)
