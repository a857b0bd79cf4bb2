"""What a probe is."""

from __future__ import annotations

from typing import Protocol

import numpy as np

from nnvis_widget.core.snapshot import TensorKey
from nnvis_widget.core.want import Want, Wants
from nnvis_widget.keras_adapter.forward import Forward

Tensors = dict[TensorKey, np.ndarray]


class Probe(Protocol):
    """Measures some quantities of a model, only what is wanted. One is made for each model and keeps what it can reuse.

    A new kind is a file of its own, a row of `probes.PROBES`, and a row of `core.quantity` where the quantity is new.

    Attributes:
        name: What it measures, for the report of its failure: "The … cannot be measured".
    """

    name: str

    def answers(self, want: Want) -> bool:
        """Whether a want is its to fulfil, as far as it can."""
        ...

    def measure(self, wants: Wants, forward: Forward) -> Tensors:
        """Measure what it is asked for; never empty-handed asked.

        Args:
            wants: All that anybody wants and that it answers; at least one.
            forward: The way through the model.

        Returns:
            Arrays that are never changed again; a want that does not fit the model or its data is left out.
        """
        ...
